"""The HTTP status of the latest answer, as far as the task or thread goes that asked."""

from contextvars import ContextVar

_status: ContextVar[int] = ContextVar("status", default=0)


def note_status(code: int) -> None:
    """Of an answer that has just come; 0 while there is none."""
    _status.set(code)


def answered_5xx() -> bool:
    """Whether the latest answer of this call leaves open what became of the request."""
    return _status.get() >= 500
