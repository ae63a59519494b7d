"""What a cassette holds."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from ccxt_ext.testing.cassettes.comparing import Asked, asked

ORIGINS = ("live", "sandbox", "documented")


@dataclass(eq=False)
class Interaction:
    """A request, and what was answered. Not answered at first."""

    method: str
    url: str
    body: str
    at: int  # the exchange's clock
    headers: dict[str, list[str]] = field(default_factory=dict)
    by_stream: bool = False
    """Whether a streaming method made it, which sync and async classes do not have."""
    status: int = 0
    reason: str = ""
    answer_headers: dict[str, list[str]] = field(default_factory=dict)
    answer: str | bytes = ""

    @property
    def answered(self) -> bool:
        return self.status != 0

    def asked(self) -> Asked:
        return asked(self.method, self.url, self.body, self.at)


@dataclass(frozen=True)
class Event:
    """Something that happened over streams, or something that these have to wait for."""

    ms: int  # since the start
    what: str
    number: int
    told: Any = None


@dataclass
class Head:
    """What a cassette says of itself."""

    origin: str
    recorded: str
    ccxt: str
    kind: str  # of the class that recorded it; the pro class has streams, too
    seed: int
    begun: int
    steps: list[int] = field(default_factory=list)
    exchanges: list[dict[str, Any]] = field(default_factory=list)


@dataclass
class Record:
    head: Head
    interactions: list[Interaction] = field(default_factory=list)
    events: list[Event] = field(default_factory=list)
