"""The listeners of an engine, and the events that wait to be sent to them."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from functools import partial

from .events import Event

Listener = Callable[[list[Event]], None]


class Outbox:
    """Collects the events of an operation, and delivers them together when it has ended."""

    def __init__(self) -> None:
        self.heard = False
        """Whether anybody listens. If not, no events have to be made."""
        self.listeners: list[Listener] = []
        self._events: list[Event] = []
        self.add = self._events.append
        self._batches: deque[list[Event]] = deque()
        self._delivering = False

    def subscribe(self, listener: Listener) -> Callable[[], None]:
        """Call `listener` with all events of an operation at once. Returns a function to end it."""
        self.listeners.append(listener)
        self.heard = True
        return partial(self.unsubscribe, listener)

    def unsubscribe(self, listener: Listener) -> None:
        if listener in self.listeners:
            self.listeners.remove(listener)
            self.heard = bool(self.listeners)

    def deliver(self) -> None:
        """Deliver the events to all listeners.

        A listener may act on the engine itself. The events of that are delivered after these.
        """
        if self._events:
            self._batches.append(self._events.copy())
            self._events.clear()
        if self._delivering:
            return
        self._delivering = True
        try:
            while self._batches:
                batch = self._batches.popleft()
                for listener in self.listeners.copy():
                    listener(batch)
        finally:
            self._batches.clear()
            self._delivering = False
