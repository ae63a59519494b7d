"""A wire that keeps what a stream says."""

from __future__ import annotations

import json
from typing import Any


class FakeWire:
    def __init__(self) -> None:
        self.frames: list[str] = []
        self.sequenced: list[bool] = []
        self.ended: tuple[int, str] | None = None

    def send(self, text: str, *, sequenced: bool = False) -> None:
        assert self.ended is None
        self.frames.append(text)
        self.sequenced.append(sequenced)

    def close(self, code: int = 1000, reason: str = "") -> None:
        self.ended = self.ended or (code, reason)

    def take(self) -> list[Any]:
        """What was said since the last look."""
        told = [json.loads(frame) for frame in self.frames]
        self.frames.clear()
        return told
