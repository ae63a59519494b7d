"""Calls about faults."""

from __future__ import annotations

from typing import Any

from ccxt_ext.sandbox.control.calls import Call, Calls
from ccxt_ext.sandbox.faults import parse_fault
from ccxt_ext.sandbox.fields import LARGEST, Fields, check_names, integer, integer_text
from ccxt_ext.sandbox.world import World


class FaultCalls(Calls):
    def __init__(self, world: World) -> None:
        super().__init__(world)
        self._latest = 0
        """The number of the latest fault. It goes on rising when the sandbox is reset."""

    def table(self) -> dict[tuple[str, str], Call]:
        return {
            ("GET", "/faults"): self.faults,
            ("POST", "/faults"): self.add_fault,
            ("DELETE", "/faults"): self.clear_faults,
        }

    def faults(self, fields: Fields) -> Any:
        """All that are still to come; or of one, by its id, how often it was met and is still to come."""
        check_names(fields, "id")
        id = integer_text(fields, "id")
        faults = self.world.faults
        if id is None:
            return {"faults": faults.describe()}
        return {"id": id, "met": faults.met(id), "left": faults.left(id)}

    def add_fault(self, fields: Fields) -> Any:
        frontends = self.world.frontends
        fault = parse_fault(
            fields,
            self.world.settings.all_venues,
            [venue for venue, frontend in frontends.items() if frontend.has_streams],
            [venue for venue, frontend in frontends.items() if frontend.numbers_frames],
        )
        fault.id = self._latest = 1 + max(self._latest, self.world.faults.latest)
        self.world.faults.add(fault)
        return {"faults": self.world.faults.describe(), "id": fault.id}

    def clear_faults(self, fields: Fields) -> Any:
        """Take all away, or one by its id."""
        check_names(fields, "id")
        if "id" not in fields:
            return {"removed": self.world.faults.clear()}
        return {"removed": self.world.faults.remove(integer(fields, "id", 1, LARGEST, 1))}
