"""Who may use a key's token and who fetches a new one. No I/O.

BitMart forbids placing and cancelling with more than one token at a time, grants five logins a minute,
and many clients make an instance for each call. So a key has one `TokenState` for all instances of this
process: one login at a time, shared by all who wait, and none while order calls are under way.
"""

import enum
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field, replace

from ccxt_ext.base.shared import Registry, Waiting

WINDOW = 60.0  # seconds in which logins are counted


@dataclass(frozen=True)
class Token:
    value: str = field(repr=False)
    lifetime: float
    expires: float


class Step(enum.Enum):
    LOG_IN = enum.auto()  # fetch a token, then call logged_in() or login_failed()
    WAIT = enum.auto()  # enlist, then claim again


class TokenState(Waiting):
    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        super().__init__()
        self._clock = clock
        self._token: Token | None = None
        self._logging_in = False
        self._trading = 0
        self._logins: deque[float] = deque()

    @property
    def token(self) -> Token | None:
        """The newest token, be it fresh, expired or refused."""
        return self._token

    def claim(self, margin: float, trading: bool) -> Token | Step:
        """A token with more than `margin` seconds left, or what to do for it.

        A claim with `trading` that got a token is given back with `release()`.
        """
        with self._lock:
            left = self._token.expires - self._clock() if self._token else 0.0
            # A token that lives shorter than the margin would never be fresh.
            if self._token and left > min(margin, self._token.lifetime / 2):
                self._trading += trading
                return self._token
            if not self._logging_in and not self._trading:
                self._logging_in = True
                return Step.LOG_IN
            # Renewal waits for the order calls; a reading call may use the old token meanwhile.
            if self._token and left > 0 and not trading:
                return self._token
            return Step.WAIT

    def _is_busy(self) -> bool:
        return self._logging_in or self._trading > 0

    def release(self) -> None:
        with self._lock:
            self._trading -= 1
            woken = self._take_waiting() if not self._trading else []
        self._wake(woken)

    def pause_before_login(self, most: int) -> float:
        """Seconds until a login is allowed; if there are none, it counts as begun."""
        with self._lock:
            now = self._clock()
            while self._logins and self._logins[0] <= now - WINDOW:
                self._logins.popleft()
            if len(self._logins) >= most:
                return self._logins[-most] + WINDOW - now
            self._logins.append(now)
            return 0.0

    def logged_in(self, value: str, lifetime: float) -> Token:
        token = Token(value, lifetime, self._clock() + lifetime)
        self._end_login(token=token)
        return token

    def login_failed(self, error: Exception | None) -> None:
        """Without an error (a cancelled call), the next who waits tries."""
        self._end_login(error=error)

    def drop(self, token: Token) -> None:
        """The venue has refused this token: it counts as expired."""
        with self._lock:
            if self._token is token:
                self._token = replace(token, expires=self._clock())

    def _end_login(self, token: Token | None = None, error: Exception | None = None) -> None:
        with self._lock:
            self._logging_in = False
            self._token = token or self._token
            if error is not None:
                self._note_failure(error)
            woken = self._take_waiting()
        self._wake(woken)


_states = Registry(TokenState)


def token_state(url: str, *credentials: str) -> TokenState:
    """The state that all instances with these credentials share."""
    return _states.of(url, *credentials)
