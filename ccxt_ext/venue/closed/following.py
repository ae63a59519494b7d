"""Clients that go by a sandbox's time: `milliseconds()`, `seconds()`, `microseconds()` and `nonce()`.

The sandbox writes its time into a file whenever it is moved or made to stand still, before it answers the
call that did so. So whoever asks for the time next has the new one, in any process of the machine. Where
there is no such file, such as in another container, the control port is asked each time.
"""

import http.client
import json
import os
import threading
import time
import weakref
from collections.abc import Callable, Mapping
from typing import Any, TypeVar
from urllib.parse import urlsplit

from ccxt.base.exchange import Exchange

from ccxt_ext._hosts import may_be_a_sandbox
from ccxt_ext._told_time import OPTION, SIZE, ToldTime, decode

# The methods of ccxt's that tell the time, and what they tell it in.
TELLING = ("milliseconds", "seconds", "microseconds")

# How long the control port may take to answer, and how long it is left alone when it has not.
PATIENCE_S = 2.0
PAUSE_S = 1.0

# How often a file is read that may just be being written.
MOST_READS = 20

_CLOCK = "_ccxt_ext_clock"
_LAST_NONCE = "_ccxt_ext_last_nonce"

Method = TypeVar("Method", bound=Callable[..., Any])


def follow(exchange: Any, clock: Mapping[str, Any] | None = None) -> bool:
    """Let a client go by the time of a sandbox, and return whether it does.

    `clock` says where that is told, as the option `sandboxClock` of a configuration does; that of the client
    is used if none is given. A method that the client's class has of its own, and not from ccxt, stays as it
    is.
    """
    where = exchange.options.get(OPTION) if clock is None else clock
    if not isinstance(where, Mapping):
        return False
    file, url = where.get("file"), where.get("url")
    told_by = clock_at(file if isinstance(file, str) else "", url if isinstance(url, str) else "")
    own = vars(exchange)
    own[_CLOCK] = told_by
    for name in TELLING:
        if getattr(type(exchange), name) is getattr(Exchange, name):
            own[name] = getattr(told_by, name)
    _let_nonces_rise(type(exchange))
    return True


def follows(exchange: Any) -> bool:
    """Whether a client goes by the time of a sandbox."""
    return _CLOCK in vars(exchange)


class SandboxClock:
    """A sandbox's time, as a client on the same machine or elsewhere knows it."""

    def __init__(self, file: str, url: str) -> None:
        self._where = file, url
        self._file = _opened(file)
        if isinstance(self._file, int):
            weakref.finalize(self, os.close, self._file)
        self._read: tuple[bytes, ToldTime] | None = None
        self._port = urlsplit(url)
        self._silent_until = 0.0
        self._local = threading.local()

    def milliseconds(self) -> int:
        return self.nanoseconds() // 1_000_000

    def seconds(self) -> int:
        return self.nanoseconds() // 1_000_000_000

    def microseconds(self) -> int:
        return self.nanoseconds() // 1_000

    def nanoseconds(self) -> int:
        told, wall = self.told(), time.time_ns()
        if told is None:
            return wall
        if getattr(self._local, "ticks", False):
            return wall + told.ticking_ahead * 1_000_000
        return wall + told.ahead * 1_000_000 if told.still_at is None else told.still_at * 1_000_000

    def ticking(self, method: Callable[[], Any]) -> Any:
        """Call a method for which the time has never stood still."""
        self._local.ticks = True
        try:
            return method()
        finally:
            self._local.ticks = False

    def stands_still(self) -> bool:
        told = self.told()
        return told is not None and told.still_at is not None

    def told(self) -> ToldTime | None:
        """What the sandbox says; None if it says nothing, so that the machine's clock is as good as any."""
        if self._file is not None:
            for _ in range(MOST_READS):
                written = _start_of(self._file)
                if self._read is not None and written == self._read[0]:
                    return self._read[1]
                told = decode(written)
                if told is not None:
                    self._read = written, told
                    return told
        return self._asked()

    def _asked(self) -> ToldTime | None:
        host = self._port.hostname
        if not host or not may_be_a_sandbox(host) or time.monotonic() < self._silent_until:
            return None
        connection = http.client.HTTPConnection(host, self._port.port, timeout=PATIENCE_S)
        try:
            connection.request("GET", "/clock")
            answer = json.loads(connection.getresponse().read())
            now, wall = int(answer["now"]), time.time_ns() // 1_000_000
            return ToldTime(now if answer["frozen"] else None, now - wall, int(answer["ticking"]) - wall)
        except (OSError, http.client.HTTPException, ValueError, KeyError, TypeError):
            self._silent_until = time.monotonic() + PAUSE_S
            return None
        finally:
            connection.close()

    def __deepcopy__(self, memo: Any) -> "SandboxClock":
        return self

    def __reduce__(self) -> tuple[Any, tuple[str, str]]:
        return clock_at, self._where


_clocks: "weakref.WeakValueDictionary[tuple[str, str], SandboxClock]" = weakref.WeakValueDictionary()


def clock_at(file: str, url: str) -> SandboxClock:
    """The one clock of this process for what is told there."""
    found = _clocks.get((file, url))
    if found is None:
        found = _clocks[file, url] = SandboxClock(file, url)
    return found


def _opened(file: str) -> int | str | None:
    """What to read the file by: its descriptor, or its name where another's place in it would be moved."""
    try:
        descriptor = os.open(file, os.O_RDONLY)
    except (OSError, ValueError):
        return None
    if hasattr(os, "pread"):
        return descriptor
    os.close(descriptor)
    return file


def _start_of(file: int | str) -> bytes:
    try:
        if isinstance(file, int):
            return os.pread(file, 2 * SIZE, 0)
        with open(file, "rb") as opened:
            return opened.read(2 * SIZE)
    except OSError:
        return b""


# -- nonces -----------------------------------------------------------------------------------------------


def tells_time(method: Method) -> Method:
    """Mark a `nonce()` that tells the time, and is not meant to rise with each call."""
    method.tells_time = True  # type: ignore[attr-defined]
    return method


def _let_nonces_rise(cls: type) -> None:
    """Have nonces of clients that follow rise although the time stands still."""
    original = cls.nonce  # type: ignore[attr-defined]
    if getattr(original, "tells_time", False):
        return

    def nonce(self: Any) -> Any:
        clock: SandboxClock | None = vars(self).get(_CLOCK)
        if clock is None or not clock.stands_still():
            return original(self)
        number = clock.ticking(lambda: original(self))
        last = vars(self).get(_LAST_NONCE)
        if isinstance(number, int) and isinstance(last, int) and number <= last:
            number = last + 1
        vars(self)[_LAST_NONCE] = number
        return number

    cls.nonce = tells_time(nonce)  # type: ignore[attr-defined]
