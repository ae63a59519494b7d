"""Requests, recorded and replayed by vcrpy. Only those of the exchanges of a cassette are its business."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Any
from unittest.mock import patch

import aiohttp
import vcr.cassette
from vcr.record_mode import RecordMode

from ccxt_ext.testing.cassettes import answers, mismatch
from ccxt_ext.testing.cassettes.comparing import Asked, Comparison, asked
from ccxt_ext.testing.cassettes.record import Interaction
from ccxt_ext.testing.cassettes.secrets.redaction import MASK, Secrets

__tracebackhide__ = True  # pytest shows the line of the test that called this

_REQUEST = "_request"  # what vcrpy puts itself in front of


@dataclass(eq=False)
class Asking:
    """One call of an exchange's fetch()."""

    owner: Any  # the cassette whose exchange it is
    method: str
    url: str
    body: str
    headers: dict[str, Any]
    at: int
    by_stream: bool = False
    hops: list[Interaction] = field(default_factory=list)
    """What was played, or recorded: one, but for redirects."""


asking: ContextVar[Asking | None] = ContextVar("ccxt_cassette_asking", default=None)


# Not all releases of vcrpy tell the types of their classes.
class Requests(vcr.cassette.Cassette):  # type: ignore[misc, unused-ignore]
    """What vcrpy keeps requests in."""

    def __init__(self, **settings: Any) -> None:
        super().__init__(**settings)
        self.owner: Any = None
        self.interactions: list[Interaction] = []
        self.secrets = Secrets()
        self.played: set[Interaction] = set()
        self.record_command = ""
        self.on_played: Callable[[Interaction], None] = lambda interaction: None
        self.on_mismatch: Callable[[str], Exception] = AssertionError

    # What vcrpy reads and writes is done by this cassette's owner.
    def _load(self) -> None:
        self.rewound = True

    def _save(self, force: bool = False) -> None:
        self.dirty = False

    @property
    def write_protected(self) -> bool:
        return bool(self.record_mode == RecordMode.NONE)

    def _asking(self) -> Asking | None:
        current = asking.get()
        return current if current is not None and current.owner is self.owner else None

    # -- recording ----------------------------------------------------------------------------------

    def filter_request(self, request: Any) -> Any:
        return request if self._asking() is not None else None

    def append(self, request: Any, response: Any) -> None:
        current = self._asking()
        if current is None:
            return
        if not current.hops or current.hops[-1].answered:  # a redirect led there
            interaction = Interaction(
                request.method, request.uri, "", current.at, by_stream=current.by_stream
            )
            current.hops.append(interaction)
            self.interactions.append(interaction)
        interaction = current.hops[-1]
        headers = dict(response["headers"])
        interaction.status = response["status"]["code"]
        interaction.reason = response["status"]["message"] or ""
        interaction.answer_headers = answers.kept_headers(headers)
        interaction.answer = answers.plain_body(response["body"].get("string") or b"", headers)

    # -- replay -------------------------------------------------------------------------------------

    def can_play_response_for(self, request: Any) -> bool:
        current = self._asking()
        if current is None or not self.write_protected:
            return False
        if self._find(current, request) is None:
            text = mismatch.request_text(
                self._asked(current, request),
                [(interaction.asked(), interaction in self.played) for interaction in self.interactions],
                self.record_command,
            )
            raise self.on_mismatch(text)
        return True

    def find_requests_with_most_matches(self, request: Any) -> list[tuple[Any]]:
        """Where a redirect leads to."""
        return [(request,)]

    def play_response(self, request: Any) -> dict[str, Any]:
        current = self._asking()
        interaction = None if current is None else self._find(current, request)
        if current is None or interaction is None:
            raise self.on_mismatch(f"{request.method} {request.uri} is not in the cassette")
        self.played.add(interaction)
        current.hops.append(interaction)
        self.on_played(interaction)
        answer = interaction.answer
        body = answer if isinstance(answer, bytes) else self.secrets.restored(answer).encode()
        return answers.for_vcr(interaction.status, interaction.reason, interaction.answer_headers, body)

    def _asked(self, current: Asking, request: Any) -> Asked:
        if current.hops:
            return asked(request.method, self.secrets.clean(request.uri, True), "", current.at)
        url, body = (self.secrets.clean(text, True) for text in (current.url, current.body))
        return asked(current.method, url, body, current.at)

    def _find(self, current: Asking, request: Any) -> Interaction | None:
        """The first that fits and was not played yet. One whose moments are a little off is second best."""
        live = self._asked(current, request)
        left = [interaction for interaction in self.interactions if interaction not in self.played]
        for loose in (False, True):
            for interaction in left:
                recorded = interaction.asked()
                if Comparison(recorded.at, live.at, loose).requests(recorded, live):
                    return interaction
        return None

    def unplayed(self, streams: bool) -> list[Interaction]:
        return [
            interaction
            for interaction in self.interactions
            if interaction not in self.played and (streams or not interaction.by_stream)
        ]


@contextmanager
def requests_of(owner: Any, recording: bool) -> Iterator[Requests]:
    """While this lasts, vcrpy sees what the exchanges of a cassette ask."""
    real = getattr(aiohttp.ClientSession, _REQUEST)
    mode = RecordMode.ALL if recording else RecordMode.NONE
    with Requests.use(path="ccxt_cassette", record_mode=mode, match_on=()) as requests:
        requests.owner = owner
        by_vcr = getattr(aiohttp.ClientSession, _REQUEST)

        async def request(session: Any, *args: Any, **kwargs: Any) -> Any:
            # vcrpy would read the answer to an upgrade as one that ends.
            return await (by_vcr if asking.get() else real)(session, *args, **kwargs)

        with patch.object(aiohttp.ClientSession, _REQUEST, request):
            yield requests


def recorded_headers(headers: dict[str, Any]) -> dict[str, list[str]]:
    """The names of an exchange's headers. As matching goes without them, only a content's type is told."""
    return {
        name: [str(value) if name.lower() == "content-type" else MASK]
        for name, value in sorted(headers.items())
    }
