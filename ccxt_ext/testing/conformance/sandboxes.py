"""One sandbox a venue, started when a case first needs it and kept for the others."""

from __future__ import annotations

from ccxt_ext.sandbox import Sandbox

SEED = 7


class Shared:
    """A reset makes the history of the markets anew, so it is done when needed."""

    def __init__(self, id: str) -> None:
        self.sandbox = Sandbox([id], seed=SEED).start()
        self._fit = True  # for cases of any state

    def prepare(self, any_state: bool) -> Sandbox:
        """The sandbox in its first state, or as the last case of any state left it."""
        self.sandbox.control("DELETE", "/faults")
        if not (any_state and self._fit):
            self.sandbox.control("POST", "/reset", {"seed": SEED})
        self._fit = any_state
        return self.sandbox


class Sandboxes:
    def __init__(self) -> None:
        self._running: dict[str, Shared] = {}

    def of(self, id: str) -> Shared:
        if id not in self._running:
            self._running[id] = Shared(id)
        return self._running[id]

    def stop(self) -> None:
        for shared in self._running.values():
            shared.sandbox.stop()
        self._running.clear()


def check_balance(sandbox: Sandbox) -> None:
    """Whatever a case does, no money appears or vanishes."""
    for venue, currencies in sandbox.control("GET", "/ledger").items():
        for currency, sums in currencies.items():
            assert sums["total"] == sums["deposited"], (venue, currency)
