"""Tells the sandbox's time to its clients on this machine, by a file that they read."""

from __future__ import annotations

import os
import stat
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import suppress

from ccxt_ext._told_time import ToldTime
from ccxt_ext.sandbox.engine import Clock

if sys.platform != "win32":
    import fcntl

PREFIX = "ccxt-ext-clock-"
NOTICEABLE_MS = 2
"""If the machine's clock was corrected by more than this, the file is written anew."""


class ClockFile:
    """The file. There is none if it cannot be made; clients then ask the control port.

    Whoever keeps one holds a lock on it, which ends with the process however that ends. So those that killed
    sandboxes have left behind are told from all others, and the next one takes them away.
    """

    def __init__(self) -> None:
        self.path: str | None = None
        self._file: int | None = None
        self._told: ToldTime | None = None

    def open(self, clock: Clock) -> None:
        take_away_left_behind()
        try:
            self._file, self.path = _new_file()
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
            with suppress(OSError):  # it is gone; or on Windows, while a client reads it
                os.unlink(path)


def _new_file() -> tuple[int, str]:
    """A file that is locked, and so not taken for one that was left behind."""
    while True:
        file, path = tempfile.mkstemp(prefix=PREFIX)
        if _lock(file) is not False and os.path.exists(path):
            return file, path
        os.close(file)  # another sandbox was faster to take it away


def _lock(file: int) -> bool | None:
    """Hold a file as long as it is open. False if another one does; None where files have no locks."""
    if sys.platform != "win32":
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        except OSError:  # some file systems have none
            return None
        return True
    return None


def take_away_left_behind() -> None:
    """Remove the files of this user that no sandbox keeps any more."""
    with suppress(OSError):  # the folder cannot be read
        for path in list(_own_files()):
            with suppress(OSError):  # it is gone by now, or cannot be removed
                _remove_if_left(path)


def _own_files() -> Iterator[str]:
    with os.scandir(tempfile.gettempdir()) as entries:
        for entry in entries:
            if entry.name.startswith(PREFIX):
                with suppress(OSError):
                    about = entry.stat(follow_symlinks=False)
                    if stat.S_ISREG(about.st_mode) and (
                        sys.platform == "win32" or about.st_uid == os.geteuid()
                    ):
                        yield entry.path


def _remove_if_left(path: str) -> None:
    if sys.platform != "win32":
        file = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
        try:
            if _lock(file):
                os.unlink(path)
        finally:
            os.close(file)
    else:
        os.unlink(path)  # which fails while a sandbox has it open


def _differs(told: ToldTime, before: ToldTime) -> bool:
    if told.still_at != before.still_at or abs(told.ticking_ahead - before.ticking_ahead) > NOTICEABLE_MS:
        return True
    return told.still_at is None and abs(told.ahead - before.ahead) > NOTICEABLE_MS
