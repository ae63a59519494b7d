"""The client ids under which this process has sent orders of a key, and the ids of these orders. No I/O."""

from collections.abc import Iterable, Sequence
from dataclasses import astuple, dataclass, replace

from ccxt_ext.venue.keys.shared import Shared


@dataclass(frozen=True)
class Sent:
    left: bool = False  # its request is on its way
    predicted: str | None = None  # the order's id as computed from what was sent
    told: str | None = None  # and as the venue has it


class SentOrders:
    """The venue takes a client id again, for another order: so one that was sent is not sent again, unless
    its order is known to be refused."""

    def __init__(self, shared: Shared) -> None:
        self._shared = shared

    @property
    def predictable(self) -> bool:
        """Whether the venue has given every order the id that was predicted."""
        return self._shared.kept("unpredictable") is None

    def used(self, client_ids: Iterable[str]) -> str | None:
        """The first of them that was sent before."""
        return next((id for id in client_ids if self._sent(id) is not None), None)

    def claim(self, client_ids: Sequence[str]) -> str | None:
        """Take all of them for orders about to be sent; or none, and tell the first that was sent before."""
        for number, id in enumerate(client_ids):
            if not self._shared.keep("sent", id, list(astuple(Sent())), instead_of=None):
                self.release(client_ids[:number])
                return id
        return None

    def release(self, client_ids: Iterable[str]) -> None:
        """Their orders are known not to be there."""
        for client_id in client_ids:
            sent = self._sent(client_id)
            if sent is not None:
                self._shared.forget("sent", client_id)
                self._disown(sent.predicted, client_id)
                self._disown(sent.told, client_id)

    def have_left(self, client_ids: Iterable[str]) -> bool:
        return any(sent.left for sent in map(self._sent, client_ids) if sent is not None)

    def leaves(self, client_id: str, order_id: str | None) -> None:
        """The order is sent; `order_id` is the one that it will have, if that can be computed."""
        sent = self._sent(client_id)
        if sent is not None:
            self._disown(sent.predicted, client_id)
            self._keep(client_id, replace(sent, left=True, predicted=order_id))
            if order_id is not None:
                self._shared.keep("client id", order_id, client_id, instead_of=None)

    def told(self, client_id: str, order_id: str) -> bool:
        """The id that the venue gave an order. False if it is the first that was not as expected."""
        sent = self._sent(client_id) or Sent()
        self._keep(client_id, replace(sent, told=order_id))
        surprise = False
        if sent.predicted not in (None, order_id):
            surprise = self._shared.keep("unpredictable", "", True, instead_of=None)
            self._disown(sent.predicted, client_id)
        self._shared.keep("client id", order_id, client_id)
        return not surprise

    def order_id(self, client_id: str) -> str | None:
        sent = self._sent(client_id)
        if sent is None:
            return None
        return sent.told or (sent.predicted if self.predictable else None)

    def client_id(self, order_id: str) -> str | None:
        kept = self._shared.kept("client id", order_id)
        return None if kept is None else kept.value

    def _sent(self, client_id: str) -> Sent | None:
        kept = self._shared.kept("sent", client_id)
        return None if kept is None else Sent(*kept.value)

    def _keep(self, client_id: str, sent: Sent) -> None:
        self._shared.keep("sent", client_id, list(astuple(sent)))

    def _disown(self, order_id: str | None, client_id: str) -> None:
        if order_id is not None and self.client_id(order_id) == client_id:
            self._shared.forget("client id", order_id)
