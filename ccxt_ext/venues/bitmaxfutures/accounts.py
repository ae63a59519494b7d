"""What is known of a key's account, once for all instances of the process. No I/O."""

from collections.abc import Mapping
from dataclasses import astuple, dataclass
from typing import Any

from ccxt.base.errors import BadResponse, ExchangeError
from ccxt.base.exchange import Exchange

from ccxt_ext.venue.answers import reading
from ccxt_ext.venue.keys.lines import Line
from ccxt_ext.venue.keys.shared import Shared, shared
from ccxt_ext.venues.bitmaxfutures import answers
from ccxt_ext.venues.bitmaxfutures.fills import FillBook
from ccxt_ext.venues.bitmaxfutures.sent_orders import SentOrders

ACCOUNT_TYPES = {"cashAccount": "spot", "marginAccount": "margin", "futuresAccount": "swap"}


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


def state_of(exchange: Exchange) -> AccountState:
    """Of its key, as that is now."""
    key = (exchange.apiKey or "", exchange.secret or "")
    return AccountState(shared("bitmaxfutures", exchange.urls["api"]["rest"], *key))


def account_in_options(exchange: Exchange) -> Account | None:
    """The account as the options tell it."""
    group = exchange.options["accountGroup"]
    if group is None:  # 0 is one
        return None
    return Account(str(group), exchange.options["userUID"], exchange.options["accountId"])


def known_account(exchange: Exchange) -> Account | None:
    return account_in_options(exchange) or state_of(exchange).account


def account_group(exchange: Exchange) -> str:
    account = known_account(exchange)
    if account is None:
        raise ExchangeError(f"{exchange.id} does not know the account group yet: call fetchAccounts() first")
    return account.group


def parse_account_info(exchange: Exchange, answer: Any) -> Account:
    info = answers.record_of(exchange, answer)
    group = reading.integer(exchange, info, "accountGroup")
    if group is None or group < 0:
        raise BadResponse(f"{exchange.id} told no account group")
    futures = account_ids(exchange, info, "futuresAccount")
    return Account(str(group), exchange.safe_string(info, "userUID"), futures[0] if futures else None)


def parse_account_list(exchange: Exchange, answer: Any) -> list[Any]:
    info = answers.record_of(exchange, answer)
    return [
        {"id": id, "type": type, "code": None, "info": info}
        for key, type in ACCOUNT_TYPES.items()
        for id in account_ids(exchange, info, key)
    ]


def account_ids(exchange: Exchange, info: Mapping[str, Any], key: str) -> list[str]:
    ids = info.get(key)
    if ids is None:
        return []
    if isinstance(ids, list) and all(isinstance(id, str) and id for id in ids):
        return ids
    raise BadResponse(f"{exchange.id} expected a list of account ids under {key}")
