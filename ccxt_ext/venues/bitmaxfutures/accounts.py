"""What is known of a key's account, once for all instances of the process. No I/O."""

from dataclasses import astuple, dataclass

from ccxt_ext.venue.keys.lines import Line
from ccxt_ext.venue.keys.shared import Shared, shared
from ccxt_ext.venues.bitmaxfutures.fills import FillBook
from ccxt_ext.venues.bitmaxfutures.sent_orders import SentOrders


@dataclass(frozen=True)
class Account:
    group: str
    uid: str | None  # it is a part of every order's id
    futures: str | None  # the futures account's own id


class AccountState:
    """A key's account, and the orders that this process has sent for it."""

    def __init__(self, shared: Shared) -> None:
        self._shared = shared
        self.orders = SentOrders(shared)
        self.fills = FillBook(shared)

    @property
    def line(self) -> Line:
        return self._shared.line("account")

    @property
    def account(self) -> Account | None:
        kept = self._shared.kept("account")
        return None if kept is None else Account(*kept.value)

    def know(self, account: Account) -> Account:
        self._shared.keep("account", "", list(astuple(account)))
        return account


def account_state(url: str, *credentials: str) -> AccountState:
    return AccountState(shared("bitmaxfutures", url, *credentials))
