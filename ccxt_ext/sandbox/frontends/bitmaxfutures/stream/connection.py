"""A connection to BitMax's streams: greeting, signing on, pings, channels, requests."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ccxt_ext.sandbox.frontend import Request, Stream, Wire
from ccxt_ext.sandbox.frontends.bitmaxfutures.bars import INTERVALS
from ccxt_ext.sandbox.frontends.bitmaxfutures.keys import STREAM_PATH, Key
from ccxt_ext.sandbox.frontends.bitmaxfutures.parameters import json_fields
from ccxt_ext.sandbox.frontends.bitmaxfutures.refusals import NO_ACCOUNT, NO_AUTHORIZATION, Declined
from ccxt_ext.sandbox.frontends.bitmaxfutures.stream.desk import Desk
from ccxt_ext.sandbox.frontends.bitmaxfutures.stream.requests import Requests
from ccxt_ext.sandbox.frontends.bitmaxfutures.stream.rooms import (
    ACCOUNT,
    BAR,
    OF_MARKETS,
    ORDERS,
    PRICES,
    PRIVATE,
    REALTIME,
    Channel,
)

MOST_SYMBOLS = 10
PING_PERIOD_MS = 15_000
PING_PAUSE_MS = 30_000  # after a client's own ping
HEALTH = 3
MOST_MISSED = 2
NO_PONG = "Session is disconnected due to missing pong message from the client"


class Connection(Stream):
    def __init__(self, desk: Desk, request: Request, wire: Wire, group: str | None, key: Key | None) -> None:
        """`group`: the one of the address. `key`: of a client that has signed the handshake."""
        super().__init__(desk.feed, request, wire)
        self._desk = desk
        self._group = group
        self._key = key
        self._requests = Requests(desk)
        self._channels: dict[Channel, None] = {}
        self._missed = 0
        self._asked = False
        self._next_ping = 0
        self._nameless = 0

    # life

    def opened(self) -> None:
        self._next_ping = self._now() + PING_PERIOD_MS
        self.send({"m": "connected", "type": "unauth" if self._key is None else "auth"})

    def closed(self) -> None:
        for channel in self._channels:
            self._desk.channels.leave(self.wire, channel)
        self._channels.clear()

    def tick(self) -> None:
        self._desk.channels.tick()
        if self._now() < self._next_ping:
            return
        self._missed += self._asked
        if self._missed >= MOST_MISSED:
            self._disconnect()
            return
        self._asked = True
        self._next_ping = self._now() + PING_PERIOD_MS
        self.send({"m": "ping", "hp": self._health})

    def _disconnect(self) -> None:
        refusal = Declined(100005, NO_PONG)
        self.send({"m": "disconnected", "code": 100005, "reason": refusal.reason, "info": NO_PONG})
        self.closed()
        self.wire.close()

    @property
    def _health(self) -> int:
        return HEALTH - self._missed

    def _now(self) -> int:
        return self._desk.clock.unmoved()

    # messages from the client

    def received(self, text: str) -> None:
        self._desk.engine.catch_up()
        try:
            message = json_fields(text)
        except Declined as refusal:
            self.send(general_error("", refusal))
            return
        id = self._id(message)
        act = {
            "auth": self._auth,
            "sub": self._sub,
            "unsub": self._unsub,
            "req": self._req,
            "ping": self._ping,
            "pong": self._pong,
        }.get(str(message.get("op")))
        if act is None:
            self.send(general_error(id, Declined(100005, f"Invalid op: {message.get('op')}")))
        else:
            act(message, id)

    def _id(self, message: Mapping[str, Any]) -> str:
        """The message's id; one without gets one."""
        given = message.get("id")
        if isinstance(given, str | int) and not isinstance(given, bool) and given != "":
            return str(given)
        self._nameless += 1
        return f"nameless{self._nameless}"

    def _ping(self, message: Mapping[str, Any], id: str) -> None:
        self._hear_sign_of_life(PING_PAUSE_MS)
        self.send({"m": "pong", "code": 0, "ts": self._desk.clock.now(), "hp": self._health})

    def _pong(self, message: Mapping[str, Any], id: str) -> None:
        self._hear_sign_of_life(0)

    def _hear_sign_of_life(self, pause_ms: int) -> None:
        self._missed, self._asked = 0, False
        self._next_ping = max(self._next_ping, self._now() + pause_ms)

    def _req(self, message: Mapping[str, Any], id: str) -> None:
        with self._desk.news:
            self.send(self._requests.answer(message, id, self._key))

    # signing on

    def _auth(self, message: Mapping[str, Any], id: str) -> None:
        try:
            self._key = self._find_key(message)
        except Declined as refusal:
            self.send({"m": "auth", "id": id, "code": refusal.code, "err": refusal.message})
        else:
            self.send({"m": "auth", "id": id, "code": 0})

    def _find_key(self, message: Mapping[str, Any]) -> Key:
        api_key, time, signature = (message.get(name) for name in ("key", "t", "sig"))
        if not isinstance(time, str | int) or isinstance(time, bool):
            raise Declined(100011, "Invalid timestamp")
        if not isinstance(api_key, str) or not isinstance(signature, str):
            raise Declined(100009, NO_AUTHORIZATION)
        if not self._desk.signatures.knows(api_key):
            raise Declined(200006, NO_ACCOUNT)
        key = self._desk.signatures.find_key(api_key, str(time), signature, STREAM_PATH)
        key.check_stream(self._group)
        return key

    # channels

    def _sub(self, message: Mapping[str, Any], id: str) -> None:
        name = str(message.get("ch", ""))
        try:
            channels = self._find_channels(name)
        except Declined as refusal:
            refused = {"code": refusal.code, "reason": refusal.message}
            self.send({"m": "sub", "id": id, "ch": name, **refused})
            return
        self.send({"m": "sub", "id": id, "ch": name, "code": 0})
        for channel in channels:
            self._channels[channel] = None
            if channel.name == REALTIME:
                self.send(self._requests.realtime_book(self._desk.engine.markets[channel.subject]))
            self._desk.channels.join(self.wire, channel)

    def _find_channels(self, text: str) -> list[Channel]:
        name, _, rest = text.partition(":")
        if name in PRIVATE and self._key is None:
            raise Declined(100009, NO_AUTHORIZATION)
        if text == PRICES:
            return [Channel(PRICES)]
        if text in (ORDERS, ACCOUNT) and self._key is not None:
            return [Channel(text, self._key.account)]
        interval = ""
        if name == BAR:
            interval, _, rest = rest.partition(":")
            if interval not in INTERVALS:
                raise Declined(100006, f"Invalid interval: {interval}")
        elif name not in OF_MARKETS:
            raise Declined(100005, f"Invalid channel: {text}")
        symbols = rest.split(",")
        if len(symbols) > MOST_SYMBOLS:
            raise Declined(100006, f"Too many symbols: {MOST_SYMBOLS} at most")
        for symbol in symbols:
            if symbol not in self._desk.engine.markets:
                raise Declined(100008, f"Unable to handle symbol {symbol}")
        return [Channel(name, symbol, interval) for symbol in symbols]

    def _unsub(self, message: Mapping[str, Any], id: str) -> None:
        text = str(message.get("ch", ""))
        name, _, rest = text.partition(":")
        if name not in (*OF_MARKETS, BAR, ORDERS, ACCOUNT, PRICES):
            refused = {"code": 100005, "reason": f"Invalid channel: {text}"}
            self.send({"m": "unsub", "id": id, "ch": text, **refused})
            return
        interval, symbols = "", rest
        if name == BAR:
            interval, _, symbols = rest.partition(":")
        for channel in list(self._channels):
            if (
                channel.name == name
                and interval in ("", "*", channel.interval)
                and (symbols in ("", "*") or channel.subject in symbols.split(","))
            ):
                del self._channels[channel]
                self._desk.channels.leave(self.wire, channel)
        self.send({"m": "unsub", "id": id, "ch": text})


def general_error(id: str, refusal: Declined) -> dict[str, Any]:
    return {
        "m": "error",
        "id": id,
        "code": refusal.code,
        "reason": refusal.reason,
        "info": refusal.message,
    }
