"""Numbers that follow one another."""

from __future__ import annotations


class Serial:
    """Gives one number after the other."""

    __slots__ = ("next",)

    def __init__(self, first: int = 1) -> None:
        self.next = first

    def take(self) -> int:
        number = self.next
        self.next += 1
        return number
