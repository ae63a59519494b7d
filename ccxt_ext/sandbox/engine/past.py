"""The lock under which the histories of markets are made."""

from __future__ import annotations

from threading import Lock
from types import TracebackType


class PastLock:
    """A lock that is left out when the state of an engine is saved: nobody holds it then."""

    def __init__(self) -> None:
        self.made = 0
        """How many histories were made under it."""
        self._lock = Lock()

    def __enter__(self) -> None:
        self._lock.acquire()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._lock.release()

    def __getstate__(self) -> dict[str, object]:
        return {"made": self.made}

    def __setstate__(self, state: dict[str, object]) -> None:
        vars(self).update(state)
        self._lock = Lock()
