"""What is followed at each address of a venue's streams. It outlives the connections to there."""

import random
import time
from collections.abc import Collection, Sequence
from typing import Any, ClassVar, NamedTuple
from urllib.parse import urlsplit

from ccxt_ext.venue.streams.subjects import Subject

__all__ = ["Address", "Followed", "Topic"]

# A connection that was lost sooner than this counts as a failure, as if it had not been made.
STEADY_S = 10.0


class Topic(NamedTuple):
    """Something that a connection can be subscribed to."""

    key: Any
    """Tells it from the other topics of its address."""
    channel: Any = None
    """What the venue's feed makes its messages of."""


class Followed:
    """A topic that is followed, and the subjects that it serves."""

    def __init__(self, topic: Topic) -> None:  # internal
        #: the topic
        self.topic = topic
        #: the subjects that it serves
        self.users: set[Subject] = set()


class Dialling:
    """How long to wait before the next connection to an address is made."""

    # When each host may be dialled again. It is shared, as venues count connections by the client's address,
    # whichever instance makes them.
    _next: ClassVar[dict[str, float]] = {}

    def __init__(self, url: str) -> None:
        self.host = urlsplit(url).netloc
        self.failures = 0

    def delay(self, options: dict[str, Any]) -> float:
        """Seconds to wait. Asking takes the turn."""
        now = time.monotonic()
        delay = 0.0
        if self.failures:
            ceiling = min(options["maxReconnectDelay"], options["reconnectDelay"] * 2 ** (self.failures - 1))
            # Jittered, so that many clients do not come back all at once.
            delay = ceiling / 1000 * random.uniform(0.5, 1)
        at = max(now + delay, self._next.get(self.host, 0.0))
        if options["connectInterval"]:
            self._next[self.host] = at + options["connectInterval"] / 1000
        return at - now

    def ended(self, lived_s: float) -> None:
        """A connection has ended after so many seconds."""
        self.failures = 1 if lived_s >= STEADY_S else self.failures + 1


class Address:
    """One address, and the topics that are followed there."""

    def __init__(self, url: str) -> None:  # internal
        #: the address
        self.url = url
        self.dialling = Dialling(url)
        #: what is followed, by the keys of the topics
        self.followed: dict[Any, Followed] = {}

    def join(self, topics: Sequence[Topic], subjects: Sequence[Subject]) -> list[Topic]:
        """Follow topics, each for the subject at its place. Those that were not followed before."""
        fresh = []
        for topic, subject in zip(topics, subjects, strict=True):
            if topic.key not in self.followed:
                self.followed[topic.key] = Followed(topic)
                fresh.append(topic)
            self.followed[topic.key].users.add(subject)
        return fresh

    def leave(self, topics: Sequence[Topic], subjects: Sequence[Subject]) -> list[Topic]:
        """Follow topics no longer for these subjects. Those that serve no other and are not followed now."""
        left = []
        for topic, subject in zip(topics, subjects, strict=True):
            if topic.key in self.followed:
                self.followed[topic.key].users.discard(subject)
                if not self.followed[topic.key].users:
                    del self.followed[topic.key]
                    left.append(topic)
        return left

    def topics(self, subjects: Collection[Any] | None = None) -> list[Topic]:
        """The topics that are followed; with `subjects`, only those that serve any of these."""
        return [
            each.topic
            for each in self.followed.values()
            if subjects is None or not each.users.isdisjoint(subjects)
        ]

    def users_of(self, key: Any) -> list[Subject]:
        """The subjects that a topic serves, such as all who watch orders. News of the topic resolve them."""
        followed = self.followed.get(key)
        return [] if followed is None else list(followed.users)
