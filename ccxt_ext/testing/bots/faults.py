"""Faults that a test arms, and what became of them."""

from __future__ import annotations

from typing import Any

from ccxt_ext.sandbox.errors import SandboxError
from ccxt_ext.sandbox.steering import Steering

__tracebackhide__ = True  # pytest shows the line of the test that called this


class Fault:
    """Something that was made to go wrong. As a context manager, it goes wrong in its block alone."""

    def __init__(self, box: Steering, spec: dict[str, Any], optional: bool) -> None:  # internal
        self._box = box
        self._spec = spec
        self.optional = optional
        """Whether it may never be met."""
        self._id: int = box.control("POST", "/faults", spec)["id"]
        self._met = 0
        self._left = int(spec.get("count", 1))
        self._is_told = False

    @property
    def kind(self) -> str:
        """What goes wrong, such as "status"."""
        return str(self._spec["kind"])

    @property
    def met(self) -> int:
        """How often it was met."""
        self._look()
        return self._met

    @property
    def left(self) -> int:
        """How often it is still to come."""
        self._look()
        return self._left

    @property
    def is_missed(self) -> bool:
        """Whether it was never met and has to be; not if its block has already failed for that."""
        return not (self.optional or self._is_told or self.met)

    def remove(self) -> None:
        """Let it happen no more."""
        self._look()
        if self._left:
            self._box.control("DELETE", "/faults", {"id": self._id})
            self._look()

    def settle(self) -> None:  # internal
        """Look for the last time, before the sandbox is another test's."""
        self._look()
        self._box = _Gone()

    def _look(self) -> None:
        try:
            told = self._box.control("GET", f"/faults?id={self._id}")
        except SandboxError:  # the test has reset the sandbox since, or has ended
            self._left = 0
        else:
            self._met, self._left = told["met"], told["left"]

    def __enter__(self) -> Fault:
        return self

    def __exit__(self, kind: object, error: object, traceback: object) -> None:
        self.remove()
        if error is None and self.is_missed:
            self._is_told = True
            raise AssertionError(
                f"{self} was never met in its block: nothing came that it is for (optional=True allows that)"
            )

    def __str__(self) -> str:
        given = [f"{name}={value!r}" for name, value in self._spec.items() if name != "kind"]
        return f"fault({', '.join([repr(self.kind), *given])})"

    def __repr__(self) -> str:
        return f"<{self}, met {self._met} times>"


class _Gone(Steering):
    """A sandbox that is another test's by now."""

    def control(self, method: str, path: str, json: Any = None) -> Any:
        raise SandboxError("the test has ended")
