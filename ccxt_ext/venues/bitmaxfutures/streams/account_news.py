"""News of the account. What nobody takes is kept for the next watcher, as nothing else may come for long."""

from collections.abc import Iterable, Sequence
from typing import Any

from ccxt_ext.venue.streams.connection import Connection
from ccxt_ext.venue.streams.subjects import Subject

LONGEST_PAUSE_S = 10.0  # between two attempts to ask for what was missed


class AccountNews:
    def __init__(self) -> None:
        self.untold: dict[Subject, Any] = {}

    def tell(self, connection: Connection, news: Any, subject: Subject, key: str) -> None:
        """Tell those who wait for a subject that the topic of this key serves."""
        if subject in connection.address.users_of(key):
            self.untold[subject] = news
        connection.resolve(news, subject)

    def take(self, subjects: Sequence[Subject]) -> list[Any]:
        """What nobody has taken yet."""
        return [self.untold.pop(subject) for subject in subjects if subject in self.untold]

    def drop(self, subjects: Iterable[Subject]) -> None:
        for subject in subjects:
            self.untold.pop(subject, None)
