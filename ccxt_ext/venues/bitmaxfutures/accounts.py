"""What is known of a key's account, once for all instances of the process. No I/O."""

from dataclasses import dataclass

from ccxt_ext.base.shared import Registry, SingleFlight
from ccxt_ext.venues.bitmaxfutures.sent_orders import SentOrders


@dataclass(frozen=True)
class Account:
    group: str
    uid: str | None  # it is a part of every order's id
    futures: str | None  # the futures account's own id


class AccountState:
    """A key's account, and the orders that this process has sent for it."""

    def __init__(self) -> None:
        self.flight: SingleFlight[Account] = SingleFlight()
        self.orders = SentOrders()


_states = Registry(AccountState)


def account_state(url: str, *credentials: str) -> AccountState:
    return _states.of(url, *credentials)
