"""The client ids under which this process has sent orders of a key, and the ids of these orders. No I/O."""

import threading
from collections import OrderedDict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

REMEMBERED = 10_000


@dataclass
class Sent:
    left: bool = False  # its request is on its way
    predicted: str | None = None  # the order's id as computed from what was sent
    told: str | None = None  # and as the venue has it


class SentOrders:
    """The venue takes a client id again, for another order: so one that was sent is not sent again, unless
    its order is known to be refused."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._sent: OrderedDict[str, Sent] = OrderedDict()
        self._client_ids: dict[str, str] = {}
        self._predictable = True

    @property
    def predictable(self) -> bool:
        """Whether the venue has given every order the id that was predicted."""
        return self._predictable

    def used(self, client_ids: Iterable[str]) -> str | None:
        """The first of them that was sent before."""
        return next((id for id in client_ids if id in self._sent), None)

    def claim(self, client_ids: Sequence[str]) -> str | None:
        """Take all of them for orders about to be sent; or none, and tell the first that was sent before."""
        with self._lock:
            taken = self.used(client_ids)
            if taken is None:
                self._sent.update((id, Sent()) for id in client_ids)
                while len(self._sent) > REMEMBERED:
                    self._forget(next(iter(self._sent)))
            return taken

    def release(self, client_ids: Iterable[str]) -> None:
        """Their orders are known not to be there."""
        with self._lock:
            for client_id in client_ids:
                self._forget(client_id)

    def have_left(self, client_ids: Iterable[str]) -> bool:
        return any(id in self._sent and self._sent[id].left for id in client_ids)

    def leaves(self, client_id: str, order_id: str | None) -> None:
        """The order is sent; `order_id` is the one that it will have, if that can be computed."""
        with self._lock:
            sent = self._sent.get(client_id)
            if sent is not None:
                self._disown(sent.predicted, client_id)
                sent.left, sent.predicted = True, order_id
                if order_id is not None:
                    self._client_ids.setdefault(order_id, client_id)

    def told(self, client_id: str, order_id: str) -> bool:
        """The id that the venue gave an order. False if it is the first that was not as expected."""
        with self._lock:
            sent = self._sent.setdefault(client_id, Sent())
            sent.told = order_id
            as_expected = sent.predicted in (None, order_id)
            surprise = self._predictable and not as_expected
            if not as_expected:
                self._predictable = False
                self._disown(sent.predicted, client_id)
            self._client_ids[order_id] = client_id
            return not surprise

    def _forget(self, client_id: str) -> None:
        sent = self._sent.pop(client_id, None)
        if sent is not None:
            self._disown(sent.predicted, client_id)
            self._disown(sent.told, client_id)

    def _disown(self, order_id: str | None, client_id: str) -> None:
        if order_id is not None and self._client_ids.get(order_id) == client_id:
            del self._client_ids[order_id]

    def order_id(self, client_id: str) -> str | None:
        sent = self._sent.get(client_id)
        if sent is None:
            return None
        return sent.told or (sent.predicted if self._predictable else None)

    def client_id(self, order_id: str) -> str | None:
        return self._client_ids.get(order_id)
