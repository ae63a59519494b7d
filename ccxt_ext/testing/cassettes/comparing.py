"""Whether a request or a frame is the one that is recorded, moments and nonces aside."""

from __future__ import annotations

import json
import re
import urllib.parse
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from ccxt_ext.testing.cassettes.secrets.names import plain

NEAR_MS = 60_000
"""Two moments are the same when they are as far from their clocks, give or take this."""

_NONCE = re.compile(r".*nonce|tonce|.*timestamp(ms)?|recvwindow")
_IDS = re.compile(r"id|reqid|requestid|cid|msgid|seq")
_ISO = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|\+00:00)?")
_UNITS_MS = (1000.0, 1.0, 0.001, 0.000001)


@dataclass(frozen=True)
class Asked:
    """A request as it is compared."""

    method: str
    place: str  # scheme, host and port
    path: str
    query: Any
    body: Any
    at: int  # the exchange's clock, in milliseconds

    def parts(self) -> dict[str, Any]:
        return {
            "method": self.method,
            "host": self.place,
            "path": self.path,
            "query": self.query,
            "body": self.body,
        }


def asked(method: str, url: str, body: bytes | str | None, at: int) -> Asked:
    parts = urllib.parse.urlsplit(url)
    place = f"{parts.scheme}://{parts.hostname or ''}"
    if parts.port and (parts.scheme, parts.port) not in (
        ("http", 80),
        ("https", 443),
        ("ws", 80),
        ("wss", 443),
    ):
        place += f":{parts.port}"
    query = pairs(parts.query)
    return Asked(method.upper(), place, urllib.parse.unquote(parts.path) or "/", query, content_of(body), at)


def pairs(form: str) -> dict[str, Any]:
    """The fields of a form by name; those that come more than once as lists."""
    found: dict[str, Any] = {}
    for name, value in urllib.parse.parse_qsl(form, keep_blank_values=True):
        if name in found:
            before = found[name]
            found[name] = [*before, value] if isinstance(before, list) else [before, value]
        else:
            found[name] = value
    return found


def content_of(body: bytes | str | None) -> Any:
    """JSON, the fields of a form, or the text itself."""
    text = body.decode(errors="backslashreplace") if isinstance(body, bytes) else body or ""
    try:
        return json.loads(text, parse_float=str, parse_int=str)
    except ValueError:
        return pairs(text) if re.match(r"[^=&\s{]+=", text) else text


def parted(frame: str) -> tuple[str, Any]:
    """What socket.io has in front of a frame's content, and the content."""
    start = re.match(r"\d*(?=[\[{])", frame)
    if start:
        try:
            return start[0], json.loads(frame[start.end() :])
        except ValueError:
            pass
    return "", frame


@dataclass
class Comparison:
    """Compares what is on file with what is said now, each with its clock."""

    recorded_at: int
    now: int
    loose: bool = False
    """Whether moments may be a little off."""
    ids: dict[str, Any] = field(default_factory=dict)
    """Of requests over a stream: as they are on file, and as they are now."""

    def requests(self, recorded: Asked, live: Asked) -> bool:
        return (recorded.method, recorded.place, recorded.path) == (live.method, live.place, live.path) and (
            self.same(recorded.query, live.query) and self.same(recorded.body, live.body)
        )

    def frames(self, recorded: str, live: str) -> bool:
        (start, one), (other_start, other) = parted(recorded), parted(live)
        return start == other_start and self.same(one, other, has_ids=True)

    def same(self, recorded: Any, live: Any, name: str = "", has_ids: bool = False) -> bool:
        if isinstance(recorded, Mapping) and isinstance(live, Mapping):
            return recorded.keys() == live.keys() and all(
                self.same(recorded[key], live[key], str(key), has_ids) for key in recorded
            )
        if isinstance(recorded, list) and isinstance(live, list):
            return len(recorded) == len(live) and all(
                self.same(one, other, name, has_ids) for one, other in zip(recorded, live, strict=True)
            )
        if has_ids and _IDS.fullmatch(plain(name)) and _is_text(recorded) and _is_text(live):
            return str(self.ids.setdefault(str(recorded), live)) == str(live)
        if recorded == live:
            return True
        if _NONCE.fullmatch(plain(name)):
            return _is_text(recorded) and _is_text(live)
        one, other = since(recorded, self.recorded_at), since(live, self.now)
        if one is None or other is None:
            return False
        return abs(one - other) <= NEAR_MS if self.loose else one == other

    def with_ids(self, content: Any, name: str = "") -> Any:
        """What the exchange said, with the ids of the client's own requests."""
        if isinstance(content, dict):
            return {key: self.with_ids(value, key) for key, value in content.items()}
        if isinstance(content, list):
            return [self.with_ids(value, name) for value in content]
        if _IDS.fullmatch(plain(name)) and _is_text(content):
            return self.ids.get(str(content), content)
        return content


def _is_text(value: Any) -> bool:
    return isinstance(value, str | int | float) and not isinstance(value, bool)


def since(value: Any, clock: int) -> float | None:
    """How long after the clock a moment is, in milliseconds; None if a value is none, or one far away."""
    text = str(value)
    if _ISO.fullmatch(text):
        from datetime import datetime, timezone

        moment = datetime.fromisoformat(text.rstrip("Z").partition("+")[0]).replace(tzinfo=timezone.utc)
        return moment.timestamp() * 1000 - clock
    if not re.fullmatch(r"\d{9,20}(\.\d+)?", text):
        return None
    for unit in _UNITS_MS:
        moment_ms = float(text) * unit
        # Within some ten years, so that a number is a moment in one unit at most.
        if abs(moment_ms - clock) < 3e11:
            return moment_ms - clock
    return None
