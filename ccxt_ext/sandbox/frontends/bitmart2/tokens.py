"""BitMart's keys and the tokens that it gives for them. An account trades with one token at a time."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

from ccxt_ext.sandbox.frontend import Keys, Refusal, Request, VenueClock, Window, parameters
from ccxt_ext.sandbox.frontends.bitmart2.parameters import missing
from ccxt_ext.sandbox.frontends.bitmart2.signature import is_same, sign

TOKEN_LIFE_MS = 900_000
TWO_TOKENS = "Trading with more than one token at the same time is forbidden"


@dataclass(frozen=True)
class Key:
    account: str
    api_key: str
    secret: str
    memo: str


@dataclass(frozen=True)
class Token:
    value: str
    key: Key
    expires: int


class Tokens:
    def __init__(self, keys: Keys[Key], clock: VenueClock, logins: Window, *, secret_is_plain: bool) -> None:
        """`secret_is_plain`: a login sends the key's secret itself, instead of a signature made with it."""
        self._keys = keys
        self._clock = clock
        self._logins = logins
        self._secret_is_plain = secret_is_plain
        self._tokens: dict[str, Token] = {}
        self._trading: dict[str, list[str]] = {}

    def login(self, request: Request) -> Any:
        if request.content_type != "application/x-www-form-urlencoded":
            raise Refusal(400, "Content type must be application/x-www-form-urlencoded")
        form = dict(parameters(request.body.decode("utf-8", "replace")))
        if not self._logins.allow(form.get("client_id", ""), self._clock.ticking()):
            raise Refusal(429, "Too many requests")
        for name in ("grant_type", "client_id", "client_secret"):
            if not form.get(name):
                raise missing(name)
        if form["grant_type"] != "client_credentials":
            raise Refusal(400, "Invalid grant_type")
        key = self._keys.get(form["client_id"])
        if key is None or not is_same(form["client_secret"], self._expected(key)):
            raise Refusal(401, "Unauthorized")
        now = self._clock.now()
        self._tokens = {value: token for value, token in self._tokens.items() if token.expires > now}
        token = Token("m" + secrets.token_hex(32), key, now + TOKEN_LIFE_MS)
        self._tokens[token.value] = token
        return {"access_token": token.value, "expires_in": TOKEN_LIFE_MS // 1000}

    def _expected(self, key: Key) -> str:
        if self._secret_is_plain:
            return key.secret
        return sign(key.secret, f"{key.api_key}:{key.secret}:{key.memo}")

    def of(self, request: Request) -> Token:
        scheme, _, value = request.headers.get("x-bm-authorization", "").partition(" ")
        token = self._tokens.get(value)
        if scheme != "Bearer" or token is None or self._clock.now() >= token.expires:
            raise Refusal(401, "Unauthorized")
        return token

    def check_trades_alone(self, token: Token) -> None:
        """Refuse a token while another one of its account is trading."""
        if any(other != token.value for other in self._trading.get(token.key.account, ())):
            raise Refusal(403, TWO_TOKENS)

    def begin_trading(self, token: Token) -> Callable[[], None]:
        """From now on the token counts as trading, until the returned function is called."""
        trading = self._trading.setdefault(token.key.account, [])
        trading.append(token.value)
        return partial(trading.remove, token.value)

    def __getstate__(self) -> dict[str, Any]:
        """A snapshot of the sandbox is without requests that are still being answered."""
        return {**self.__dict__, "_trading": {}}
