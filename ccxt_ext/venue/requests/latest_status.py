"""Remembers the HTTP status of the latest answer, for each task or thread."""

from contextvars import ContextVar

_status: ContextVar[int] = ContextVar("status", default=0)


def note_status(code: int) -> None:
    """Remember the status of the answer that has just come; 0 means that there is none yet."""
    _status.set(code)


def answered_5xx() -> bool:
    """Whether the latest answer had a status of 5xx, so that nobody knows what became of the request."""
    return _status.get() >= 500
