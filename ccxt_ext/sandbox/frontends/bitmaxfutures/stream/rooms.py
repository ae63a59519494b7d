"""Who is in which of BitMax's channels."""

from __future__ import annotations

import json
from typing import Any, NamedTuple

from ccxt_ext.sandbox.frontend import Wire

ORDERS, ACCOUNT, PRICES = "futures-order", "futures-account-update", "futures-pricing-data"
DEPTH, REALTIME, BBO, TRADES, BAR = "depth", "depth-realtime", "bbo", "trades", "bar"
OF_BOOKS = (BBO, DEPTH, REALTIME)
OF_MARKETS = (*OF_BOOKS, TRADES)
PRIVATE = (ORDERS, ACCOUNT, REALTIME)


class Channel(NamedTuple):
    name: str
    subject: str = ""
    """The symbol; for channels about an account, the account."""
    interval: str = ""
    """The length of bars, for channels of bars."""


class Rooms:
    """A room for each channel that anybody is in."""

    def __init__(self) -> None:
        self._members: dict[Channel, dict[Wire, None]] = {}

    def __getstate__(self) -> dict[str, Any]:
        """A snapshot of the sandbox is without connections."""
        return {"_members": {}}

    def __bool__(self) -> bool:
        return bool(self._members)

    def __contains__(self, channel: Channel) -> bool:
        return channel in self._members

    def enter(self, wire: Wire, channel: Channel) -> None:
        self._members.setdefault(channel, {})[wire] = None

    def leave(self, wire: Wire, channel: Channel) -> None:
        members = self._members.get(channel, {})
        members.pop(wire, None)
        if not members:
            self._members.pop(channel, None)

    def close(self, code: int) -> None:
        """End all connections."""
        for members in list(self._members.values()):
            for wire in list(members):
                wire.close(code)

    def tell(self, channel: Channel, frame: Any, *, sequenced: bool = False) -> None:
        members = self._members.get(channel)
        if members:
            text = to_text(frame)
            for wire in list(members):
                wire.send(text, sequenced=sequenced)

    def greet(self, newcomer: Wire | None, channel: Channel, frame: Any, *, is_new: bool) -> None:
        """Send it to all, if it is new; else only to the newcomer, if there is one."""
        if is_new:
            self.tell(channel, frame)
        elif newcomer is not None:
            newcomer.send(to_text(frame))


def to_text(frame: Any) -> str:
    return json.dumps(frame, ensure_ascii=False, separators=(",", ":"))
