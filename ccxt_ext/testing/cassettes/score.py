"""The order in which things happen over streams, and between streams and requests: written down, and kept."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from ccxt_ext.testing.cassettes.clock import Clock
from ccxt_ext.testing.cassettes.comparing import Comparison, asked, parted
from ccxt_ext.testing.cassettes.errors import CassetteError
from ccxt_ext.testing.cassettes.frames import text_of, with_text
from ccxt_ext.testing.cassettes.mismatch import differences
from ccxt_ext.testing.cassettes.record import Event
from ccxt_ext.testing.cassettes.secrets.redaction import Secrets

BY_CLIENT = ("call", "request", "connect", "sent")
_SETTLE_S = 0.002


async def settle() -> None:
    """Let the client see what it was just told, so that it comes before what follows also for the client."""
    await asyncio.sleep(_SETTLE_S)
    for _ in range(20):
        await asyncio.sleep(0)


@dataclass(eq=False)
class Place:
    """A connection, as it goes on now."""

    number: int = 0
    inbox: asyncio.Queue[Event | Exception] = field(default_factory=asyncio.Queue)


class Writing:
    """Takes down what happens while it is recorded."""

    def __init__(self, clock: Clock) -> None:
        self.events: list[Event] = []
        self.clock = clock
        self._connections = 0
        self._turns: dict[asyncio.AbstractEventLoop, asyncio.Lock] = {}

    def note(self, what: str, number: int, told: Any = None) -> None:
        self.events.append(Event(self.clock.look() - self.clock.begun, what, number, told))

    def connection(self) -> Place:
        self._connections += 1
        return Place(self._connections)

    async def deliver(self, what: str, number: int, told: Any = None) -> None:
        """Something is told to the client, once it has seen what it was told before."""
        loop = asyncio.get_running_loop()
        turn = self._turns.setdefault(loop, asyncio.Lock())
        await turn.acquire()
        self.note(what, number, told)

        async def seen() -> None:
            await settle()
            turn.release()

        self._seen = asyncio.ensure_future(seen())


@dataclass(eq=False)
class Done:
    """Something that the client did, which is not in order yet."""

    what: str
    told: Any
    place: Place | None
    met: asyncio.Event = field(default_factory=asyncio.Event)


class Playing:
    """Says what the exchange said, each thing as soon as the client has done what it had done before."""

    def __init__(
        self,
        events: list[Event],
        clock: Clock,
        secrets: Secrets,
        patience_s: float,
        fail: Callable[[str], CassetteError],
    ) -> None:
        self.events = events
        self.place_of: dict[int, Place] = {}
        self.next = 0
        self.error: CassetteError | None = None
        self._clock = clock
        self._secrets = secrets
        self._patience_s = patience_s
        self._fail = fail
        self._pool: list[Done] = []
        self._more = asyncio.Event()
        self._answers: dict[int, asyncio.Event] = {}
        self._calls: set[object] = set()  # that go on
        self._ids: dict[int, dict[str, Any]] = {}  # of requests, by connection: as on file, and as now
        self._task: asyncio.Task[None] | None = None

    # -- what the client does -----------------------------------------------------------------------

    def happened(self, what: str, told: Any, place: Place | None = None) -> Done:
        done = Done(what, told, place)
        self._pool.append(done)
        self._more.set()
        if self._task is None:
            self._task = asyncio.get_running_loop().create_task(self._play())
        return done

    async def connected(self, url: str) -> Place:
        place = Place()
        await self._until(self.happened("connect", url, place).met)
        return place

    async def answer_of(self, number: int) -> None:
        """Wait until the answer to a request is in its turn."""
        if any(event.what == "answer" and event.number == number for event in self.events):
            await self._until(self._answers.setdefault(number, asyncio.Event()))

    def called(self, told: Any) -> Callable[[], None]:
        """A call begins. Returns what to call when it ends."""
        mark = object()
        self.happened("call", told)
        self._calls.add(mark)

        def ended() -> None:
            self._calls.discard(mark)
            self._more.set()

        return ended

    async def _until(self, event: asyncio.Event) -> None:
        await event.wait()
        if self.error is not None:
            raise self.error

    def stop(self) -> None:
        if self._task is not None and not self._task.get_loop().is_closed():
            self._task.cancel()

    # -- what the exchange does ---------------------------------------------------------------------

    async def _play(self) -> None:
        try:
            while self.next < len(self.events):
                event = self.events[self.next]
                if event.what in BY_CLIENT:
                    await self._meet(event)
                    self.next += 1
                    self._clock.reach(self._clock.begun + event.ms)
                else:
                    self.next += 1
                    self._clock.reach(self._clock.begun + event.ms)
                    self._tell(event)
                    await settle()
            await self._after()
        except CassetteError as error:
            self._give_up(error)

    def _tell(self, event: Event) -> None:
        if event.what == "answer":
            self._answers.setdefault(event.number, asyncio.Event()).set()
            return
        if event.what == "received":
            event = Event(event.ms, event.what, event.number, self._readdressed(event.told, event.number))
        self.place_of[event.number].inbox.put_nowait(event)

    def _readdressed(self, frame: Any, number: int) -> Any:
        """With the client's own credentials, and the ids of its own requests."""
        text = self._secrets.restored(text_of(frame))
        ids = self._ids.get(number, {})
        if any(recorded != str(live) for recorded, live in ids.items()):
            start, content = parted(text)
            comparison = Comparison(self._clock.at, self._clock.at, ids=ids)
            if comparison.with_ids(content) != content:
                text = start + json.dumps(comparison.with_ids(content), separators=(",", ":"))
        return with_text(frame, text)

    async def _meet(self, event: Event) -> None:
        while True:
            for loose in (False, True):
                for done in self._pool:
                    if self._fits(event, done, loose):
                        self._pool.remove(done)
                        if done.place is not None:
                            self.place_of.setdefault(event.number, done.place)
                        done.met.set()
                        return
            self._look_for_strangers()
            await self._wait(
                f"it did not do in {self._patience_s:g} s what the recording has next: {_text(event)}"
            )

    def _fits(self, event: Event, done: Done, loose: bool) -> bool:
        if event.what != done.what:
            return False
        recorded_at, now = self._clock.begun + event.ms, self._clock.at
        if event.what == "call":
            return Comparison(recorded_at, now, loose).same(event.told, self._secrets.clean_call(done.told))
        if event.what == "request":
            return bool(event.number == done.told)
        if event.what == "connect":
            url = self._secrets.clean(done.told, True)
            one, other = asked("GET", event.told, None, recorded_at), asked("GET", url, None, now)
            return Comparison(recorded_at, now, loose).requests(one, other)
        if event.number in self.place_of and self.place_of[event.number] is not done.place:
            return False
        ids = dict(self._ids.get(event.number, {}))
        frame = self._secrets.clean(text_of(done.told), True)
        if not Comparison(recorded_at, now, loose, ids).frames(text_of(event.told), frame):
            return False
        self._ids[event.number] = ids
        return True

    def _look_for_strangers(self) -> None:
        """Fail on what is nowhere in the rest of the recording."""
        for done in self._pool:
            if done.what == "call":
                calls = [event for event in self.events if event.what == "call"]
                if not any(self._fits(event, done, loose=True) for event in calls):
                    raise self._fail(f"{_text(Event(0, 'call', 0, done.told))} is not in the cassette")
                continue
            if done.what == "request" or (done.what == "sent" and not self._is_placed(done)):
                continue
            ids = dict(self._ids)
            left = [event for event in self.events[self.next :] if event.what == done.what]
            found = any(self._fits(event, done, loose=True) for event in left)
            self._ids = ids
            if not found:
                raise self._fail(self._stranger(done, left))

    def _is_placed(self, done: Done) -> bool:
        return any(place is done.place for place in self.place_of.values())

    def _stranger(self, done: Done, left: list[Event]) -> str:
        said = self._secrets.clean(text_of(done.told), True)
        if done.what == "connect":
            lines = [f"a connection to {said} is not in the cassette"]
            for event in left[:1]:
                one = asked("GET", event.told, None, self._clock.begun + event.ms)
                other = asked("GET", said, None, self._clock.at)
                lines += ["but this is next: " + event.told, *differences(one, other)]
            return "\n    ".join(lines)
        lines = [f"over a stream the client sent {said}", "which is not in the cassette"]
        own = [event for event in left if self.place_of.get(event.number) is done.place]
        if own:
            lines.append(f"but this is next: {text_of(own[0].told)}")
        return "\n    ".join(lines)

    async def _after(self) -> None:
        """All is played. More may be asked for, but there is none."""
        while True:
            self._look_for_strangers()
            await self._wait(
                f"all of the recording was played {self._patience_s:g} s ago, and the client waits for more"
            )

    async def _wait(self, complaint: str) -> None:
        """Wait until the client does more; if it waits itself, not for ever."""
        overdue = False

        def late() -> None:
            nonlocal overdue
            overdue = not self._more.is_set()
            self._more.set()

        while True:
            self._more.clear()
            # Not wait_for(), which may take the end of this task for that of its wait.
            timer = asyncio.get_running_loop().call_later(self._patience_s, late)
            try:
                await self._more.wait()
            finally:
                timer.cancel()
            if not overdue:
                return
            if self._calls:
                raise self._fail(complaint)

    def _give_up(self, error: CassetteError) -> None:
        self.error = error
        for done in self._pool:
            done.met.set()
        for event in self.events:
            if event.what == "answer":
                self._answers.setdefault(event.number, asyncio.Event()).set()
        for place in {*self.place_of.values(), *(done.place for done in self._pool if done.place)}:
            place.inbox.put_nowait(error)

    def late_requests(self) -> set[int]:
        """Those after the last call, which a stream may make by itself while nobody waits for it any more."""
        calls = [place for place, event in enumerate(self.events) if event.what == "call"]
        rest = self.events[calls[-1] + 1 :] if calls else []
        return {event.number for event in rest if event.what == "request"}

    def unmet(self) -> list[str]:
        """What the client did in the recording, and has not done now."""
        left = [event for event in self.events[self.next :] if event.what in ("sent", "connect")]
        pool = [done for done in self._pool if done.what in ("sent", "connect")]
        for done in pool:  # in order yet to be: that it was done is enough
            fitting = next((event for event in left if self._fits(event, done, loose=True)), None)
            if fitting is not None:
                left.remove(fitting)
        return [_text(event) for event in left]


def _text(event: Event) -> str:
    if event.what == "call":
        method, *arguments = event.told
        return f"{method}({', '.join(map(json.dumps, arguments))})"
    if event.what == "request":
        return f"request {event.number} of the cassette"
    if event.what == "connect":
        return f"a connection to {event.told}"
    return f"to send {text_of(event.told)}"
