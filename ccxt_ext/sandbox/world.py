"""The state of a running sandbox: its clock, the venues' frontends, faults to come, and latest requests."""

from __future__ import annotations

import sys
import time
import traceback
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from functools import partial
from typing import Any

from ccxt_ext.sandbox.books import changed
from ccxt_ext.sandbox.engine import Actor, BadRows, BookShape, Clock, Market, Refused
from ccxt_ext.sandbox.engine.synthetic.traders import STILL_PACE_MS
from ccxt_ext.sandbox.faults import HARMLESS, INSTEAD, ControlCall, Fault, Faults
from ccxt_ext.sandbox.fields import BadCall, market_named
from ccxt_ext.sandbox.frontend import (
    BaseFrontend,
    Request,
    Response,
    Stream,
    VenueClock,
    Wire,
    json_response,
)
from ccxt_ext.sandbox.frontends import Description, create, simulate
from ccxt_ext.sandbox.funds import funds_by_venue
from ccxt_ext.sandbox.scenarios.player import Player
from ccxt_ext.sandbox.scenarios.scenario import Scenario
from ccxt_ext.sandbox.seen import Seen, SeenRequests
from ccxt_ext.sandbox.settings import Settings, check_simulated

STATE = ("seed", "clock", "clocks", "frontends", "actors", "player", "faults", "requests")
"""What a reset makes anew."""
PASSING_PACES_MS = (STILL_PACE_MS, 60_000, 300_000, 900_000, 3_600_000, 14_400_000, 86_400_000)
"""How often the synthetic traders act while time is passed: as often as that many steps suffice."""
MOST_STEPS = 8640
PART_S = 0.02
"""How long, in real time, time is passed without a pause."""


class World:
    """One clock, a frontend for each venue, the faults to come, and the latest requests."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.crashes: list[str] = []
        self.is_passing = False
        """Whether time is being passed."""
        self.on_reset: Callable[[], None] = lambda: None
        """Called after a reset; the sockets set it."""
        self.on_time: Callable[[Clock], None] = lambda clock: None
        """Called when the clock has been moved, made to stand still, or exchanged; the server sets it."""
        self.carry_out: Callable[[ControlCall], Any] | None = None
        """Makes a call of the control port; the control port sets it."""
        self.rehearse: Callable[[Scenario], None] = lambda scenario: None
        """Raises BadScenario if a scenario cannot be played here; the control port sets it."""
        self.reset(settings.seed)
        if settings.loaded is not None:
            self._check_state(settings.loaded.state)
            self.bring_back(settings.loaded.state)

    def reset(self, seed: int) -> None:
        self.seed = seed
        self.clock = Clock(self.settings.start_ms, frozen=self.settings.clock == "frozen")
        self.clocks: dict[str, VenueClock] = {}
        self.frontends: dict[str, BaseFrontend[Any]] = {}
        for venue in self.settings.all_venues:
            self._make(venue)
        self._shape_books(self.frontends)
        self._open_accounts()
        self._play_candles()
        self.actors: list[Actor] = []
        """What else happens as time passes. At the same instant they come before the venues."""
        self.player: Player | None = None
        """The scenario that is played. At the same instant its steps come before all else."""
        self.faults = Faults()
        self.requests = SeenRequests(self.settings.all_venues)
        self._begin()
        if self.settings.scenario is not None:
            self.play(self.settings.scenario)

    def _make(self, venue: str) -> None:
        """Make a venue's frontend, as it is at first."""
        settings, clock = self.settings, VenueClock(self.clock)
        described = settings.simulated.get(venue)
        frontend = (
            create(venue, clock, self.seed, settings.limits, settings.options.get(venue))
            if described is None
            else simulate(venue, clock, self.seed, settings.limits, described)
        )
        frontend.engine.live = settings.live
        if settings.prices is not None:
            settings.prices.check(venue, [each.spec for each in frontend.engine.markets.values()])
            frontend.engine.start_at(settings.prices.of(venue))
        self.clocks[venue], self.frontends[venue] = clock, frontend

    def simulate(self, venue: str, described: Description) -> None:
        """Serve another venue from now on, also after resets. Raises ValueError if that cannot be."""
        known = self.settings.simulated.get(venue)
        if known == described:
            return
        if known is not None:
            raise ValueError(f"{venue} is here already, with other markets")
        check_simulated(venue, self.settings.venues)
        before, simulated = self.settings, {**self.settings.simulated, venue: described}
        self.settings = replace(before, simulated=simulated)
        try:
            self._add(venue)
        except ValueError:
            self.settings = before
            self.clocks.pop(venue, None)
            self.frontends.pop(venue, None)
            raise

    def _add(self, venue: str) -> None:
        """Make a venue while others are in use."""
        self._make(venue)
        self._shape_books([venue])
        self._open_accounts(venue)
        self.requests.serve(venue)
        self._attend(venue)

    def play(self, scenario: Scenario) -> None:
        """Play a scenario from now on, in place of the one before."""
        self.player = Player(scenario, self.clock.now())
        self.play_due()

    def _shape_books(self, venues: Iterable[str]) -> None:
        usual = self.settings.books.get("", {})
        single = {self._place("book", name): shape for name, shape in self.settings.books.items() if name}
        for venue in venues:
            frontend = self.frontends[venue]
            if usual:
                frontend.engine.helm.usual_book = changed(BookShape(), usual)
            for id, market in frontend.engine.markets.items():
                figures = {**usual, **single.get((venue, id), {})}
                if figures:
                    frontend.engine.helm.shape_book(id, changed(market.crowd.shape, figures))

    def _play_candles(self) -> None:
        for given in self.settings.candles:
            name = f"{given.venue}:{given.market}"
            venue, market = self._place("candles", name)
            try:
                self.frontends[venue].engine.helm.play(market, given.rows, given.step_ms, given.fit)
            except BadRows as error:
                raise ValueError(f"candles: {name}: {error}") from None
            except Refused:
                raise ValueError(f"candles: {name} takes no orders, so nobody trades there") from None

    def _place(self, what: str, name: str) -> tuple[str, str]:
        """The venue and the market that a setting is for."""
        venue, _, given = name.partition(":")
        try:
            market = market_named(self.frontends[venue].engine.markets, given)
        except BadCall as error:
            raise ValueError(f"{what}: {error}") from None
        if market is None:
            raise ValueError(f"{what}: {venue} has no market {given!r}")
        return venue, market

    def _open_accounts(self, added: str | None = None) -> None:
        """Those of all venues, or of one that was added."""
        engines = {venue: frontend.engine for venue, frontend in self.frontends.items()}
        for venue, accounts in funds_by_venue(self.settings.accounts, engines).items():
            if added not in (None, venue):
                continue
            frontend = self.frontends[venue]
            for account, funds in accounts.items():
                if account in frontend.accounts:
                    frontend.endow(account, funds)
                else:
                    frontend.add_account(account, funds)

    def state(self) -> dict[str, Any]:
        """All that a reset makes anew. It can be pickled, but goes on changing until it is."""
        return {name: getattr(self, name) for name in STATE}

    def _check_state(self, state: Mapping[str, Any]) -> None:
        """Raise ValueError unless all of a state from outside is of the kind that it is here."""
        mine = self.state()
        fits = state.keys() == mine.keys() and all(
            type(state[name]) is type(mine[name]) for name in STATE if name != "player"
        )
        fits = fits and isinstance(state["player"], Player | None)  # there may be no scenario
        for name in ("frontends", "clocks") if fits else ():
            kinds = ({key: type(each) for key, each in table[name].items()} for table in (state, mine))
            fits = fits and len({frozenset(kind.items()) for kind in kinds}) == 1
        if not fits:
            raise ValueError("what was loaded is not the state of these venues")

    @contextmanager
    def at_rest(self) -> Iterator[None]:
        """While the state is read, no other thread makes the history of a market."""
        with ExitStack() as stack:
            for frontend in self.frontends.values():
                stack.enter_context(frontend.engine.at_rest())
            yield

    def bring_back(self, state: Mapping[str, Any]) -> None:
        """Go on from a state that was unpickled."""
        for name in STATE:
            setattr(self, name, state[name])
        for venue in self.settings.simulated:
            if venue not in self.frontends:  # it came after the state was kept
                self._add(venue)
        self._set_pace(None)  # it may be a state of time that was being passed
        self._begin()

    def _begin(self) -> None:
        for venue in self.frontends:
            self._attend(venue)
        self.on_reset()
        self.on_time(self.clock)

    def _attend(self, venue: str) -> None:
        self.frontends[venue].feed.report = partial(self.note_crash, venue)

    def receive(self, venue: str, request: Request) -> tuple[Response, Fault | None, Seen]:
        """Process a request, unless its fault prevents that. The server applies the fault to the answer."""
        now = self.clock.now()
        fault, seen = self._arrive(venue, request, now)
        if fault is not None and fault.kind in INSTEAD:
            return self._instead(venue, request, fault), fault, seen
        response = self._process(venue, request, now)
        if fault is not None:
            self._go_on(fault, seen)
        return response, fault, seen

    def upgrade(
        self, venue: str, request: Request, wire: Wire
    ) -> tuple[Stream | Response, Fault | None, Seen]:
        """The same for a request for a WebSocket: a stream, unless the venue or a fault refuses it."""
        now = self.clock.now()
        fault, seen = self._arrive(venue, request, now)
        if fault is not None and fault.kind in INSTEAD:
            return self._instead(venue, request, fault), fault, seen
        outcome = self._process(venue, request, now, wire)
        if fault is not None:
            self._go_on(fault, seen)
        if fault is not None and fault.kind not in HARMLESS and isinstance(outcome, Stream):
            # The fault spoils the answer, so there is no handshake, and nothing can be sent on the wire.
            outcome = json_response({})
        return outcome, fault, seen

    def _arrive(self, venue: str, request: Request, now: int) -> tuple[Fault | None, Seen]:
        fault = self.faults.take(venue, request, self.frontends[venue].is_cancel)
        seen = self.requests.add(venue, now, request, fault)
        return fault, seen

    def _go_on(self, fault: Fault, seen: Seen) -> None:
        """Make the control call of a fault of kind "then", before the next request comes."""
        if fault.call is not None and self.carry_out is not None:
            seen.then = self.carry_out(fault.call)

    def _instead(self, venue: str, request: Request, fault: Fault) -> Response:
        frontend = self.frontends[venue]
        if fault.kind == "maintenance":
            return frontend.maintenance()
        if fault.kind == "refuse":
            message = "Refused by the sandbox" if fault.message is None else fault.message
            return frontend.refuse(request, fault.status, message, fault.code)
        status = fault.status or 500
        if fault.body is None:
            return frontend.error(status, "Fault of the sandbox")
        return Response(status, fault.body, {"Content-Type": fault.content_type})

    def _process(self, venue: str, request: Request, now: int, wire: Wire | None = None) -> Any:
        """Let the venue process a request. All of that is at one instant, when the request came."""
        frontend, clock = self.frontends[venue], self.clock
        before, clock.instant = clock.instant, now
        try:
            return frontend.handle(request) if wire is None else frontend.stream(request, wire)
        except Exception:
            self.note_crash(venue, f"{request.method} {request.path}")
            return json_response({"message": "Internal Server Error"}, 500)
        finally:
            clock.instant = before

    def note_crash(self, venue: str, doing: str) -> None:
        """Record and show a failure of the sandbox itself. The client gets a status of 500."""
        self.crashes.append(traceback.format_exc())
        print(
            f"ccxt-ext sandbox: the frontend of {venue} failed on {doing}\n{self.crashes[-1]}",
            file=sys.stderr,
            flush=True,
        )

    def cold_market(self) -> Market | None:
        """A market whose history is not made yet, if there is one."""
        markets = (each for frontend in self.frontends.values() for each in frontend.engine.markets.values())
        return next((market for market in markets if not market.is_warm), None)

    # time

    def freeze(self) -> None:
        """Let time stand until it is passed."""
        self.clock.freeze()
        self.on_time(self.clock)

    def unfreeze(self) -> None:
        """Let time run on."""
        self.clock.unfreeze()
        self.on_time(self.clock)

    def move_markets(self) -> None:
        """Let whatever acts by itself do what is due. While the clock stands still, nothing is."""
        if not self.is_passing:
            self._act_now()

    def _act_now(self) -> None:
        if self.clock.is_frozen:
            return
        self.play_due()
        now = self.clock.now()
        for actor in self.actors.copy():
            try:
                _let_act(actor, now)
            except Exception:
                self.actors.remove(actor)
                self.note_crash(type(actor).__name__, "what it does by itself")
        for venue, frontend in self.frontends.items():
            # Markets without a history stay as they are: making it takes long, and nobody would be answered.
            markets = frontend.engine.driven(None)
            try:
                _let_act(frontend, now)
                if markets:
                    frontend.engine.act(markets)
            except Exception:
                self.note_crash(venue, "what it does by itself")

    def pass_time(self, ms: int, trade: bool | None = None) -> None:
        """Let time pass, and do everything in it at its own instant and in that order.

        The markets move if `trade` is true; without a value, those that are live or have a driver given. If
        it is false, what would have moved them in that time is left out.
        """
        for _ in self.passing(ms, trade):
            pass

    def passing(
        self, ms: int, trade: bool | None = None, stop: Callable[[], bool] = lambda: False
    ) -> Iterator[None]:
        """The same in parts. Between them the clock stands at the instant that is reached.

        It ends before all of the time has passed if `stop` says so after what happens at an instant.
        """
        if self.is_passing:
            raise ValueError("time is being passed already")
        self.is_passing = True
        try:
            if trade is False:
                self._act_now()  # so that nothing of before is left out
            yield from self._passing(ms, trade, stop)
            if trade is False:
                for frontend in self.frontends.values():
                    for market in frontend.engine.driven(None):
                        market.driver.skip(self.clock.now())
        finally:
            self.is_passing = False
            self.on_time(self.clock)

    def _passing(self, ms: int, trade: bool | None, stop: Callable[[], bool]) -> Iterator[None]:
        begin = reached = self.clock.now()
        if not any(frontend.engine.driven(trade) for frontend in self.frontends.values()) and not any(
            at <= begin + ms for at in self._own_instants(begin)
        ):
            self.clock.advance(ms)
            return
        pace_ms = next((pace for pace in PASSING_PACES_MS if ms <= pace * MOST_STEPS), PASSING_PACES_MS[-1])
        paused = time.monotonic()
        self.clock.advance(0)  # whoever goes by the time until now is right while it passes
        try:
            while True:
                with self.clock.at(reached):
                    instant = self._next_instant(reached, trade, pace_ms)
                if instant is None or instant > begin + ms:
                    break
                reached = instant
                with self.clock.at(instant):
                    self._act(instant, trade)
                    if stop():
                        return
                    if time.monotonic() - paused >= PART_S:
                        self.on_time(self.clock)
                        yield
                        paused = time.monotonic()
            reached = begin + ms
        finally:
            self._set_pace(None)
            self.clock.advance(reached - begin)

    def _set_pace(self, pace_ms: int | None) -> None:
        """How often traders act while time is passed; None when that is over."""
        for frontend in self.frontends.values():
            for market in frontend.engine.markets.values():
                market.traders.passing_pace_ms = pace_ms

    def _others(self) -> list[Actor]:
        """Who acts as time passes, beside the engines and what moves the markets; in their order."""
        return [*self.actors, *self.frontends.values()]

    def _own_instants(self, after: int) -> list[int]:
        """When something happens next that neither the engines nor what moves the markets do."""
        instants = [each.next_event() for each in self._others()]
        if self.player is not None:
            instants.append(self.player.next_event())
        return [max(at, after + 1) for at in instants if at is not None]

    def _next_instant(self, after: int, trade: bool | None, pace_ms: int) -> int | None:
        """When something happens next, later than `after`."""
        instants = self._own_instants(after)
        for frontend in self.frontends.values():
            markets = frontend.engine.driven(trade)
            for market in markets:
                market.warm_up()
                market.traders.passing_pace_ms = pace_ms
            at = frontend.engine.next_event(after, markets)
            if at is not None:
                instants.append(at)
        return min(instants, default=None)

    def _act(self, instant: int, trade: bool | None) -> None:
        self.play_due()
        for actor in self._others():
            _let_act(actor, instant)
        for frontend in self.frontends.values():
            frontend.engine.act(frontend.engine.driven(trade))

    def play_due(self) -> None:
        """Make the steps of the scenario that are due by now."""
        if self.player is not None and self.carry_out is not None:
            engines = {venue: frontend.engine for venue, frontend in self.frontends.items()}
            self.player.act(self.clock.now(), engines, self.carry_out)


def _let_act(actor: Actor, now: int) -> None:
    """Let it do all that is due by now."""
    while (at := actor.next_event()) is not None and at <= now:
        actor.act(now)
