"""Records or plays one cassette, for all its exchanges."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable
from contextlib import ExitStack
from typing import Any

from ccxt_ext.testing.cassettes import frames, rest, store
from ccxt_ext.testing.cassettes.clock import Clock
from ccxt_ext.testing.cassettes.comparing import parted
from ccxt_ext.testing.cassettes.credentials import now_in
from ccxt_ext.testing.cassettes.errors import CassetteError, Mismatch
from ccxt_ext.testing.cassettes.network import no_network
from ccxt_ext.testing.cassettes.record import Event, Interaction, Record
from ccxt_ext.testing.cassettes.rest import Asking
from ccxt_ext.testing.cassettes.score import Place, Playing, Writing
from ccxt_ext.testing.cassettes.secrets.redaction import Secrets
from ccxt_ext.testing.cassettes.settings import Settings
from ccxt_ext.testing.cassettes.sockets import PlayedSocket, WritingSocket, sockets_of

__tracebackhide__ = True  # pytest shows the line of the test that called this


class Deck:
    """What goes on while a cassette is recorded or played."""

    def __init__(self, record: Record, clock: Clock, settings: Settings, secrets: Secrets) -> None:
        self.record = record
        self.clock = clock
        self.settings = settings
        self.secrets = secrets
        self.exchanges: list[Any] = []
        self.problems: list[str] = []
        self.pings: deque[Any] = deque(maxlen=8)
        self.routes: dict[str, str] = {}
        """Addresses that are asked in place of others, while it is recorded."""
        self.has_streams = False
        self._stack = ExitStack()
        self._numbers: dict[Interaction, int] = {}
        self._asked: list[Interaction] = []
        self._writing = Writing(clock)
        self._playing = Playing(record.events, clock, secrets, settings.patience, self._mismatch)
        self._requests: rest.Requests

    @property
    def recording(self) -> bool:
        return self.settings.recording

    def start(self) -> None:
        self._requests = self._stack.enter_context(rest.requests_of(self, self.recording))
        self._requests.secrets = self.secrets
        self._requests.record_command = self.settings.command
        self._requests.on_mismatch = self._mismatch
        self._requests.on_played = self._played
        self._requests.interactions = self.record.interactions
        self._numbers = {one: number for number, one in enumerate(self.record.interactions, 1)}
        self._stack.enter_context(sockets_of(self._connection))
        if not self.recording:
            self._stack.enter_context(no_network(self.settings.allow_hosts, self.problems.append))

    def stop(self) -> None:
        self._playing.stop()
        self._stack.close()

    def _mismatch(self, text: str) -> CassetteError:
        self.problems.append(text)
        return Mismatch(f"{self.settings.name}: {text}")

    # -- requests -----------------------------------------------------------------------------------

    def routed(self, url: str) -> str:
        """Where a request goes."""
        if not self.recording or not self.routes:
            return url
        found = [start for start in self.routes if url.startswith(start)]
        if not found:
            raise CassetteError(
                f"{url} is at none of the addresses that have others in their place: {', '.join(self.routes)}"
            )
        start = max(found, key=len)
        return self.routes[start] + url[len(start) :]

    def begin(self, current: Asking) -> None:
        if not self.recording:
            return
        interaction = Interaction(
            current.method,
            current.url,
            current.body,
            current.at,
            rest.recorded_headers(current.headers),
            current.by_stream,
        )
        current.hops.append(interaction)
        self.record.interactions.append(interaction)
        self._numbers[interaction] = len(self.record.interactions)
        self._writing.note("request", self._numbers[interaction])

    def _played(self, interaction: Interaction) -> None:
        self.clock.reach(interaction.at)
        if self.has_streams and _loop() is not None and len(self._hops()) == 1:
            self._playing.happened("request", self._numbers[interaction])

    def _hops(self) -> list[Interaction]:
        current = rest.asking.get()
        return current.hops if current is not None else []

    async def end(self, current: Asking) -> None:
        if not current.hops:
            return
        number = self._numbers[current.hops[0]]
        if self.recording:
            await self._writing.deliver("answer", number)
        elif self.has_streams:
            await self._playing.answer_of(number)

    def went_wrong(self, current: Asking, error: Exception) -> None:
        """What got no answer cannot be replayed."""
        if self.recording and not all(interaction.answered for interaction in current.hops):
            url, why = self.secrets.clean(current.url, True), type(error).__name__
            self.problems.append(f"{current.method} {url} got no answer ({why})")

    # -- streams ------------------------------------------------------------------------------------

    def called(self, told: list[Any]) -> Callable[[], None]:
        if not self.recording:
            return self._playing.called(told)
        self._writing.note("call", 0, told)
        return lambda: None

    def _connection(
        self, session: Any, url: str, settings: dict[str, Any], real: Any
    ) -> Awaitable[Any] | None:
        exchange = next((one for one in self.exchanges if _is_session_of(session, one)), None)
        if exchange is None:
            return None
        if self.recording:
            return self._record_connection(session, url, settings, real)
        return self._play_connection(url)

    async def _record_connection(self, session: Any, url: str, settings: dict[str, Any], real: Any) -> Any:
        place = self._writing.connection()
        self._writing.note("connect", place.number, url)
        try:
            socket = await real(session, self.routed(url), **settings)
        except Exception as error:
            self.problems.append(
                f"a connection to {self.secrets.clean(url, True)} was not made ({type(error).__name__})"
            )
            raise
        return WritingSocket(socket, place, self._writing, self._is_ping)

    async def _play_connection(self, url: str) -> Any:
        if not self.record.events:
            raise self._mismatch(
                f"there are no streams in the cassette, and a connection was made to {url}; "
                f"to record it anew: {self.settings.command}"
            )
        place: Place = await self._playing.connected(url)
        return PlayedSocket(place, self._playing, self._is_ping)

    def _is_ping(self, data: str) -> bool:
        return parted(data)[1] in self.pings

    # -- credentials --------------------------------------------------------------------------------

    def note_credentials(self, exchange: Any) -> None:
        """A test may give them to an instance later."""
        for name, value in now_in(exchange):
            self.secrets.credential(f"{exchange.id}.{name}", value)

    # -- the end ------------------------------------------------------------------------------------

    def finished(self) -> Record:
        """What was recorded, without secrets."""
        for exchange in self.exchanges:
            self.note_credentials(exchange)
        interactions = [interaction for interaction in self.record.interactions if interaction.answered]
        frames_received = [event for event in self._writing.events if event.what == "received"]
        for interaction in interactions:
            if isinstance(interaction.answer, str):
                self.secrets.learn(interaction.answer)
        for event in frames_received:
            self.secrets.learn(frames.text_of(event.told))
        numbers = {
            self._numbers[one]: number for number, one in enumerate(interactions, 1) if one in self._numbers
        }
        for interaction in interactions:
            self._clean(interaction)
        events = (
            []
            if not self.has_streams
            else [
                cleaned
                for event in self._writing.events
                if (cleaned := self._cleaned(event, numbers)) is not None
            ]
        )
        if not any(event.what == "connect" for event in events):
            events = []
        self.record.head.steps = list(self.clock.steps)
        return Record(self.record.head, interactions, events)

    def _clean(self, interaction: Interaction) -> None:
        interaction.url = self.secrets.clean(interaction.url, True)
        interaction.body = self.secrets.clean(interaction.body, True)
        interaction.answer_headers = {
            name: [self.secrets.clean(value, False) for value in values]
            for name, values in interaction.answer_headers.items()
        }
        if isinstance(interaction.answer, str):
            interaction.answer = self.secrets.clean(interaction.answer, False)

    def _cleaned(self, event: Event, numbers: dict[int, int]) -> Event | None:
        if event.what in ("request", "answer"):
            number = numbers.get(event.number)
            return None if number is None else Event(event.ms, event.what, number)
        told = event.told
        if event.what == "call":
            told = self.secrets.clean_call(told)
        elif event.what == "connect":
            told = self.secrets.clean(told, True)
        elif event.what in ("sent", "received"):
            told = frames.with_text(told, self.secrets.clean(frames.text_of(told), event.what == "sent"))
        return Event(event.ms, event.what, event.number, told)

    def write(self) -> None:
        if self.problems:
            raise CassetteError(
                f"nothing was written to {self.settings.shown_path}: "
                + "; ".join(dict.fromkeys(self.problems))
            )
        main, streams = store.texts_of(self.finished())
        for text in filter(None, (main, streams)):
            self.secrets.look(text)
        store.write(self.settings.path, main, streams)

    def unplayed(self) -> list[str]:
        """What the recording has, and the test did not do."""
        late = self._playing.late_requests()
        left = [
            f"{one.method} {one.url}"
            for one in self._requests.unplayed(self.has_streams)
            if not (one.by_stream and self._numbers[one] in late)
        ]
        return [*left, *(self._playing.unmet() if self.has_streams else ())]


def _is_session_of(session: Any, exchange: Any) -> bool:
    others = (getattr(exchange, "socks_proxy_sessions", None) or {}).values()
    return session is exchange.session or any(session is other for other in others)


def _loop() -> asyncio.AbstractEventLoop | None:
    try:
        return asyncio.get_running_loop()
    except RuntimeError:
        return None
