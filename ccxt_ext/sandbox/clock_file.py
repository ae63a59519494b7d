"""Tells the sandbox's time to its clients on this machine, by a file that they read."""

from __future__ import annotations

import os
import tempfile
import time

from ccxt_ext._told_time import ToldTime
from ccxt_ext.sandbox.engine import Clock

NOTICEABLE_MS = 2
"""If the machine's clock was corrected by more than this, the file is written anew."""


class ClockFile:
    """The file. There is none if it cannot be made; clients then ask the control port."""

    def __init__(self) -> None:
        self.path: str | None = None
        self._file: int | None = None
        self._told: ToldTime | None = None

    def open(self, clock: Clock) -> None:
        try:
            self._file, self.path = tempfile.mkstemp(prefix="ccxt-ext-clock-")
        except OSError:
            return
        self.tell(clock)

    def tell(self, clock: Clock) -> None:
        """Write the time, unless that is what the file says already."""
        if self._file is None:
            return
        now, wall = clock.now(), time.time_ns() // 1_000_000
        told = ToldTime(now if clock.is_frozen else None, now - wall, clock.ticking() - wall)
        if self._told is None or _differs(told, self._told):
            self._told = told
            os.lseek(self._file, 0, os.SEEK_SET)
            os.write(self._file, told.encode())

    def close(self) -> None:
        file, path, self._file, self.path = self._file, self.path, None, None
        if file is not None and path is not None:
            os.close(file)
            try:
                os.unlink(path)
            except (PermissionError, FileNotFoundError):  # on Windows, while a client reads it; or it is gone
                return


def _differs(told: ToldTime, before: ToldTime) -> bool:
    if told.still_at != before.still_at or abs(told.ticking_ahead - before.ticking_ahead) > NOTICEABLE_MS:
        return True
    return told.still_at is None and abs(told.ahead - before.ahead) > NOTICEABLE_MS
