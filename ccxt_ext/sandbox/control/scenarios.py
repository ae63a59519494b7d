"""Calls about scenarios."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ccxt_ext.sandbox.control.calls import Call, Calls
from ccxt_ext.sandbox.fields import LARGEST, BadCall, Fields, check_names, integer
from ccxt_ext.sandbox.scenarios.named import names, read_scenario


class ScenarioCalls(Calls):
    def table(self) -> dict[tuple[str, str], Call]:
        return {
            ("GET", "/scenario"): self.scenario,
            ("POST", "/scenario"): self.play,
            ("DELETE", "/scenario"): self.end,
        }

    def scenario(self, fields: Fields) -> Any:
        check_names(fields)
        player = self.world.player
        told: dict[str, Any] = {"names": names(), "scenario": None}
        if player is None:
            return told
        return {
            **told,
            "scenario": player.scenario.name,
            "about": player.scenario.about,
            "bot": player.scenario.bot,
            "began": player.begin_ms,
            "steps": len(player.scenario.steps),
            "done": player.done,
            "next": player.next_event(),
            "failures": player.failures,
        }

    def play(self, fields: Fields) -> Any:
        """Reset the sandbox, and play a scenario from there."""
        check_names(fields, "scenario", "seed")
        given = fields.get("scenario")
        if isinstance(given, str) and given not in names():
            raise BadCall(f"there is no scenario {given!r}; there are {', '.join(names())}")
        if not isinstance(given, str | Mapping):
            raise BadCall("'scenario' is the name of one, or a table with its steps")
        scenario = read_scenario(given)
        seed = integer(fields, "seed", -LARGEST, LARGEST, self.world.seed)
        self.world.rehearse(scenario)
        self.world.reset(seed)
        self.world.play(scenario)
        return self.scenario({})

    def end(self, fields: Fields) -> Any:
        """Let the rest of the scenario not happen."""
        check_names(fields)
        self.world.player = None
        return self.scenario({})
