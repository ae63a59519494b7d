"""Answers the calls of the control port."""

from __future__ import annotations

import json
from collections.abc import Callable, Generator
from dataclasses import replace
from typing import Any

from ccxt_ext.sandbox.control.accounts import AccountCalls
from ccxt_ext.sandbox.control.calls import Call, Calls
from ccxt_ext.sandbox.control.candles import CandleCalls
from ccxt_ext.sandbox.control.clock import ClockCalls
from ccxt_ext.sandbox.control.faults import FaultCalls
from ccxt_ext.sandbox.control.looking import LookingCalls
from ccxt_ext.sandbox.control.markets import MarketCalls
from ccxt_ext.sandbox.control.prices import PriceCalls
from ccxt_ext.sandbox.control.scenarios import ScenarioCalls
from ccxt_ext.sandbox.control.snapshots import SnapshotCalls
from ccxt_ext.sandbox.engine import Refused
from ccxt_ext.sandbox.faults import ControlCall
from ccxt_ext.sandbox.fields import LARGEST, BadCall, Fields, check_names, integer, json_fields, query_fields
from ccxt_ext.sandbox.frontends import described
from ccxt_ext.sandbox.scenarios.scenario import BadScenario, Scenario
from ccxt_ext.sandbox.world import World

GROUPS: tuple[type[Calls], ...] = (
    FaultCalls,
    ClockCalls,
    PriceCalls,
    CandleCalls,
    SnapshotCalls,
    ScenarioCalls,
    MarketCalls,
    LookingCalls,
)


class Control:
    """Finds the call for a request, and answers it."""

    def __init__(
        self,
        world: World,
        describe: Callable[[str | None], dict[str, Any]],
        open_port: Callable[[str], None] = lambda venue: None,
    ) -> None:
        """`describe` tells the addresses and accounts, for who reaches the sandbox by this name.

        `open_port` gives a port to a venue that was added.
        """
        self._world = world
        self._describe = describe
        self._open_port = open_port
        world.carry_out = self._carry_out
        world.rehearse = self._rehearse
        self._calls: dict[tuple[str, str], Call] = {
            ("GET", "/"): self.overview,
            ("POST", "/reset"): self.reset,
            ("POST", "/venues"): self.simulate,
        }
        accounts = AccountCalls(world)
        for group in (*(kind(world) for kind in GROUPS), accounts):
            self._calls.update(group.table())
        self._open_account = accounts.open

    def handle(
        self, method: str, path: str, query_string: str = "", body: bytes = b"", host: str | None = None
    ) -> tuple[int, Any]:
        """The HTTP status and the JSON of the answer to a call.

        `host` is the name by which the caller reaches the sandbox.
        """
        handling = self.handling(method, path, query_string, body, host)
        while True:
            try:
                next(handling)
            except StopIteration as ended:
                answer: tuple[int, Any] = ended.value
                return answer

    def handling(
        self, method: str, path: str, query_string: str = "", body: bytes = b"", host: str | None = None
    ) -> Generator[None, None, tuple[int, Any]]:
        """The same, with a pause here and there, if the call takes long."""
        try:
            call = self._calls.get((method, path))
            if call is None:
                raise self._no_such_call(method, path)
            fields = query_fields(query_string) if method == "GET" else json_fields(body)
            if call == self.overview:
                return 200, self.overview(fields, host)
            answer = call(fields)
            if isinstance(answer, Generator):
                answer = yield from answer
            if call == self._open_account:
                return 200, self._with_config(answer, host)
            if call == self.simulate:
                return 200, {**answer, "accounts": self._describe(host)["venues"][answer["venue"]]}
            return 200, answer
        except BadCall as error:
            return error.status, {"error": str(error)}
        except Refused as error:
            return 400, {"error": str(error)}

    def _carry_out(self, call: ControlCall) -> Any:
        return self.handle(call.method, call.path, "", json.dumps(call.body).encode())[1]

    def _with_config(self, opened: Any, host: str | None) -> Any:
        """An account that was just opened, with the constructor argument for a client."""
        venue, account = opened["venue"], opened["account"]
        return {**opened, "config": self._describe(host)["venues"][venue][account]}

    def _rehearse(self, scenario: Scenario) -> None:
        """Make the calls of a scenario in a world like this one, one right after the other."""
        world = World(replace(self._world.settings, scenario=None))
        rehearsal = Control(world, self._describe)
        engines = {venue: frontend.engine for venue, frontend in world.frontends.items()}
        for step in scenario.steps:
            for call in step.calls(engines):
                body = json.dumps(call.body).encode()
                status, answer = rehearsal.handle(call.method, call.path, "", body)
                if status != 200:
                    raise BadScenario(f"{scenario.name}: {step}: {answer['error']}")

    def _no_such_call(self, method: str, path: str) -> BadCall:
        methods = sorted(known for known, known_path in self._calls if known_path == path)
        if methods:
            return BadCall(f"{path} takes {' and '.join(methods)}, not {method}", 405)
        known = ", ".join(f"{known} {known_path}" for known, known_path in self._calls)
        return BadCall(f"no such call; there are {known}", 404)

    def overview(self, fields: Fields, host: str | None = None) -> Any:
        check_names(fields)
        settings = self._world.settings
        return {
            **self._describe(host),
            "seed": self._world.seed,
            "live": settings.live,
            "limits": settings.limits,
            "crashes": len(self._world.crashes),
            "calls": [f"{method} {path}" for method, path in self._calls],
        }

    def reset(self, fields: Fields) -> Any:
        check_names(fields, "seed")
        self._world.reset(integer(fields, "seed", -LARGEST, LARGEST, self._world.seed))
        return {"seed": self._world.seed}

    def simulate(self, fields: Fields) -> Any:
        """Add a simulated venue, with a port of its own. One that is here as it is asked for stays so."""
        venue = fields.get("venue")
        if not isinstance(venue, str):
            raise BadCall("'venue' must be an id of ccxt's, such as \"kraken\"")
        try:
            given = {name: value for name, value in fields.items() if name != "venue"}
            self._world.simulate(venue, described(venue, given))
        except ValueError as error:
            raise BadCall(str(error)) from None
        self._open_port(venue)
        return {"venue": venue, "markets": list(self._world.frontends[venue].engine.markets)}
