"""Calls about faults."""

from __future__ import annotations

from typing import Any

from ccxt_ext.sandbox.control.calls import Call, Calls
from ccxt_ext.sandbox.faults import parse_fault
from ccxt_ext.sandbox.fields import Fields, check_names


class FaultCalls(Calls):
    def table(self) -> dict[tuple[str, str], Call]:
        return {
            ("GET", "/faults"): self.faults,
            ("POST", "/faults"): self.add_fault,
            ("DELETE", "/faults"): self.clear_faults,
        }

    def faults(self, fields: Fields) -> Any:
        check_names(fields)
        return {"faults": self.world.faults.describe()}

    def add_fault(self, fields: Fields) -> Any:
        frontends = self.world.frontends
        fault = parse_fault(
            fields,
            self.world.settings.venues,
            [venue for venue, frontend in frontends.items() if frontend.has_streams],
            [venue for venue, frontend in frontends.items() if frontend.numbers_frames],
        )
        self.world.faults.add(fault)
        return {"faults": self.world.faults.describe()}

    def clear_faults(self, fields: Fields) -> Any:
        check_names(fields)
        return {"removed": self.world.faults.clear()}
