"""Frames of a stream in which one number is another than the venue sent."""

from __future__ import annotations

import json
import re
from decimal import Decimal
from typing import Any

NUMBER = re.compile(r'"?(?<![\w.+-])-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?(?![\w.])"?')


class Spoiler:
    """Stands before what an exchange makes of its frames; to be made before it connects."""

    def __init__(self, exchange: Any) -> None:
        self._handle = exchange.handle_message
        exchange.handle_message = self._spoiled
        self._right: Decimal | None = None
        self._wrong = ""
        self.spoiled = 0
        """How many numbers it has changed."""

    def begin(self, right: float, wrong: str) -> None:
        """Where a frame has the one number, let it have the other; "null" also takes its quotes away."""
        self._right, self._wrong, self.spoiled = Decimal(repr(right)), wrong, 0

    def end(self) -> None:
        self._right = None

    def _spoiled(self, client: Any, message: Any) -> Any:
        if self._right is None or isinstance(message, bytes):
            return self._handle(client, message)
        if isinstance(message, str):
            return self._handle(client, NUMBER.sub(self._other, message))
        return self._handle(client, json.loads(NUMBER.sub(self._other, json.dumps(message))))

    def _other(self, found: re.Match[str]) -> str:
        told = found[0]
        if Decimal(told.strip('"')) != self._right:
            return told
        self.spoiled += 1
        before, after = ('"' if quoted else "" for quoted in (told[0] == '"', told[-1] == '"'))
        return "null" if self._wrong == "null" and before == after else before + self._wrong + after
