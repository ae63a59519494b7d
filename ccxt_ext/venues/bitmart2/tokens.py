"""Who may use a key's token and who fetches a new one. No I/O.

BitMart forbids placing and cancelling with more than one token at a time, grants five logins a minute,
and many clients make an instance for each call. So a key has one token for all instances of this process:
one login at a time, shared by all who wait, and none while order calls are under way. Who logs in stands in
the key's line by itself, and order calls stand there together.

An order call whose answer did not come may be under way at the venue: the token that it was sent with is used
for longer then.
"""

from dataclasses import dataclass, field

from ccxt_ext.venue.keys.lines import Line
from ccxt_ext.venue.keys.shared import Shared, shared

WINDOW = 60.0  # seconds in which logins are counted
LEAST_LEFT = 5.0  # seconds that a token must have left, whatever is under way


@dataclass(frozen=True)
class Token:
    value: str = field(repr=False)
    lifetime: float
    left: float = field(compare=False)


class TokenState:
    def __init__(self, shared: Shared) -> None:
        self._shared = shared

    @property
    def line(self) -> Line:
        return self._shared.line("token")

    @property
    def token(self) -> Token | None:
        """The newest token, be it fresh, expired or refused."""
        kept = self._shared.kept("token")
        if kept is None:
            return None
        value, lifetime = kept.value
        return Token(value, lifetime, kept.left)

    def fresh(self, margin: float) -> Token | None:
        """The token, if it has more than `margin` seconds left."""
        token = self.token
        if token is None:
            return None
        # A token that lives shorter than the margin would never be fresh.
        least = min(margin, token.lifetime / 2)
        if self._goes_on(token):
            least = min(least, LEAST_LEFT)
        return token if token.left > least else None

    def may_go_on(self, token: Token, seconds: float) -> None:
        """An order call with this token has no answer, and may be under way for so many seconds."""
        self._shared.keep("order call", "", token.value, seconds)

    def _goes_on(self, token: Token) -> bool:
        kept = self._shared.kept("order call")
        return kept is not None and kept.left > 0 and kept.value == token.value

    def last_resort(self) -> Token | None:
        """For a reading call: the old token, while a login waits for order calls or is under way."""
        token = self.token
        return token if token and token.left > 0 and self.line.is_busy() else None

    def pause_before_login(self, most: int) -> float:
        """Seconds until a login is allowed; if there are none, it counts as begun."""
        return self._shared.pause("login", most, WINDOW)

    def logged_in(self, value: str, lifetime: float, earlier: Token | None) -> Token:
        """The token to use: this one, unless another login has brought one meanwhile."""
        old = None if earlier is None else [earlier.value, earlier.lifetime]
        is_kept = self._shared.keep("token", "", [value, lifetime], lifetime, instead_of=old)
        newest = self.token
        return newest if newest is not None and not is_kept else Token(value, lifetime, lifetime)

    def drop(self, token: Token) -> None:
        """The venue has refused this token: it counts as expired."""
        self._shared.expire("token", "", [token.value, token.lifetime])


def token_state(url: str, *credentials: str) -> TokenState:
    """The state that all instances with these credentials share."""
    return TokenState(shared("bitmart2", url, *credentials))
