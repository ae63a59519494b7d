"""What is known of a key's account, once for all instances of the process. No I/O."""

import threading
from collections import OrderedDict
from dataclasses import dataclass

from ccxt_ext.base.shared import Registry, SingleFlight

REMEMBERED_ORDERS = 10_000


@dataclass(frozen=True)
class Account:
    group: str
    uid: str | None  # it is a part of every order's id
    futures: str | None  # the futures account's own id


class AccountState:
    """A key's account, and the ids of the orders that were sent with client ids of their own."""

    def __init__(self) -> None:
        self.flight: SingleFlight[Account] = SingleFlight()
        self._lock = threading.Lock()
        self._order_ids: OrderedDict[str, str] = OrderedDict()
        self._client_ids: dict[str, str] = {}

    def remember(self, client_id: str, order_id: str) -> None:
        with self._lock:
            self._forget(client_id)
            self._order_ids[client_id] = order_id
            self._client_ids[order_id] = client_id
            if len(self._order_ids) > REMEMBERED_ORDERS:
                self._forget(next(iter(self._order_ids)))

    def _forget(self, client_id: str) -> None:
        order_id = self._order_ids.pop(client_id, None)
        if order_id is not None:
            self._client_ids.pop(order_id, None)

    def order_id(self, client_id: str) -> str | None:
        return self._order_ids.get(client_id)

    def client_id(self, order_id: str) -> str | None:
        return self._client_ids.get(order_id)


_states = Registry(AccountState)


def account_state(url: str, *credentials: str) -> AccountState:
    return _states.of(url, *credentials)
