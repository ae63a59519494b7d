"""The listeners of an engine, and the events that wait to be sent to them."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from functools import partial

from .events import Event

Listener = Callable[[list[Event]], None]


def one_by_one(listener: Callable[[Event], None]) -> Listener:
    """A listener to batches for one to single events."""

    def hear(batch: list[Event]) -> None:
        for event in batch:
            listener(event)

    return hear


class Outbox:
    """Collects the events of an operation, and delivers them together when it has ended."""

    def __init__(self) -> None:
        self.heard = False
        """Whether anybody listens. If not, no events have to be made."""
        self.heard_in_full = False
        """Whether somebody listens who wants more than what changes in books."""
        self.listeners: list[Listener] = []
        self._of_books: list[Listener] = []
        """Those of them that need only the events of books."""
        self._events: list[Event] = []
        self.add = self._events.append
        self._batches: deque[list[Event]] = deque()
        self._delivering = False

    def subscribe(self, listener: Listener, *, books_only: bool = False) -> Callable[[], None]:
        """Call `listener` with all events of an operation at once. Returns a function to end it.

        With `books_only`, it needs the events of books alone. It may be called with others all the same.
        """
        self.listeners.append(listener)
        if books_only:
            self._of_books.append(listener)
        self._count()
        return partial(self.unsubscribe, listener)

    def unsubscribe(self, listener: Listener) -> None:
        for listeners in (self.listeners, self._of_books):
            if listener in listeners:
                listeners.remove(listener)
        self._count()

    def _count(self) -> None:
        self.heard = bool(self.listeners)
        self.heard_in_full = len(self.listeners) > len(self._of_books)

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
