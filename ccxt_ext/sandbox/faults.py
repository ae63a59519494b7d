"""Faults: what is to go wrong with the next requests, or with the next frames of streams."""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

from ccxt_ext.sandbox.fields import BadCall, integer
from ccxt_ext.sandbox.frontend import Request
from ccxt_ext.sandbox.patterns import BadPattern, Pattern

KINDS = (
    *("latency", "status", "refuse", "reset", "drop_reply", "truncate", "garbage", "empty", "maintenance"),
    "then",
)
STREAM_KINDS = ("ws_close", "ws_stall", "ws_gap", "ws_garbage")
# With these, the request is not processed, and something else is answered.
INSTEAD = frozenset(("status", "refuse", "reset", "maintenance"))
# With these, the answer is the venue's own.
HARMLESS = frozenset(("latency", "then"))
FIELDS = frozenset(
    ("venue", "kind", "count", "path", "method", "cancels", "ms", "status", "body", "message", "code", "call")
)
# Calls of the control port that a fault of kind "then" may make after a request.
CALLS = (
    *(("POST", path) for path in ("/deposit", "/withdraw", "/cancel", "/accounts", "/markets", "/clock")),
    *(("POST", path) for path in ("/price", "/book")),
    ("PATCH", "/markets"),
    ("DELETE", "/markets"),
)
NOT_OF_STREAMS = ("method", "cancels", "ms")
GARBAGE = b'\x00\xff\xfe<html>{"message": [1, 2,'
LONGEST_WAIT_MS = 3_600_000


class BadFault(BadCall):
    """The fault makes no sense. The text says why."""


class ControlCall(NamedTuple):
    """A call of the control port."""

    method: str
    path: str
    body: dict[str, Any]


@dataclass
class Fault:
    """What goes wrong, with which requests or frames, and how often. The fields depend on the kind."""

    kind: str
    venue: str | None = None
    count: int = 1
    path: Pattern | None = None
    method: str | None = None
    cancels: bool = False
    """Whether it is for requests that cancel orders alone."""
    ms: int = 0
    status: int | None = None
    message: str | None = None
    code: str | int | None = None
    call: ControlCall | None = None
    body: bytes | None = None
    content_type: str = "application/json"
    id: int = 0
    """Its number, by which it is asked for."""
    met: int = 0
    """How often it was suffered."""

    def matches(self, venue: str, path: str) -> bool:
        return self.venue in (None, venue) and (self.path is None or self.path.is_in(path))

    def matches_request(self, venue: str, request: Request, is_cancel: Callable[[Request], bool]) -> bool:
        return (
            self.kind not in STREAM_KINDS
            and self.method in (None, request.method)
            and self.matches(venue, request.path)
            and (not self.cancels or is_cancel(request))
        )

    def matches_frame(self, venue: str, path: str, sequenced: bool) -> bool:
        """Whether a frame suffers this fault. A gap needs frames with numbers: else nobody could see it."""
        return (
            self.kind in STREAM_KINDS and (sequenced or self.kind != "ws_gap") and self.matches(venue, path)
        )

    def describe(self) -> dict[str, Any]:
        described: dict[str, Any] = {"kind": self.kind, "venue": self.venue, "count": self.count}
        described |= {"id": self.id, "met": self.met}
        if self.path is not None:
            described["path"] = self.path.text
        if self.method is not None:
            described["method"] = self.method
        if self.cancels:
            described["cancels"] = True
        if self.ms:
            described["ms"] = self.ms
        for name in ("status", "message", "code"):
            if getattr(self, name) is not None:
                described[name] = getattr(self, name)
        if self.call is not None:
            described["call"] = self.call._asdict()
        if self.body is not None:
            described["body"] = self.body.decode("utf-8", "replace")
        return described


class Faults:
    """The faults to come. A request or frame suffers the oldest one that fits, until its count is used up."""

    def __init__(self) -> None:
        self._faults: list[Fault] = []
        self._met: dict[int, int] = {}
        """How often each fault since the reset was suffered, by its number."""

    @property
    def latest(self) -> int:
        """The number of the latest fault since the reset; 0 if there was none."""
        return max(self._met, default=0)

    def add(self, fault: Fault) -> None:
        self._met[fault.id] = 0
        self._faults.append(fault)

    def clear(self) -> int:
        removed = len(self._faults)
        self._faults.clear()
        return removed

    def remove(self, id: int) -> int:
        """Take one away, unless it is used up. Raises BadFault if there was none with this number."""
        self._check(id)
        before = len(self._faults)
        self._faults = [fault for fault in self._faults if fault.id != id]
        return before - len(self._faults)

    def met(self, id: int) -> int:
        """How often one was suffered, whether it is used up or not. Raises BadFault if there was none."""
        self._check(id)
        return self._met[id]

    def left(self, id: int) -> int:
        """How often it is still to come."""
        return next((fault.count for fault in self._faults if fault.id == id), 0)

    def _check(self, id: int) -> None:
        if id not in self._met:
            raise BadFault(f"since the reset there was no fault {id}")

    def take(self, venue: str, request: Request, is_cancel: Callable[[Request], bool]) -> Fault | None:
        """The fault for a request that has just come, if there is one."""
        if not self._faults:
            return None
        return self._use_up(lambda fault: fault.matches_request(venue, request, is_cancel))

    def take_frame(self, venue: str, path: str, sequenced: bool) -> Fault | None:
        """The fault for a frame that is about to be sent, on a connection with this path."""
        if not self._faults:
            return None
        return self._use_up(lambda fault: fault.matches_frame(venue, path, sequenced))

    def _use_up(self, fits: Callable[[Fault], bool]) -> Fault | None:
        for fault in self._faults:
            if fits(fault):
                fault.count -= 1
                fault.met += 1
                self._met[fault.id] += 1
                if fault.count == 0:
                    self._faults.remove(fault)
                return fault
        return None

    def describe(self) -> list[dict[str, Any]]:
        return [fault.describe() for fault in self._faults]


def parse_fault(
    spec: Mapping[str, Any],
    venues: tuple[str, ...],
    streaming: Collection[str] = (),
    numbering: Collection[str] = (),
) -> Fault:
    """A fault from the JSON of the control port. Raises BadFault if that makes no sense.

    `streaming` are the venues that have streams, `numbering` those whose frames have numbers.
    """
    unknown = sorted(set(spec) - FIELDS)
    if unknown:
        raise BadFault(f"unknown field {unknown[0]!r}; a fault has {', '.join(sorted(FIELDS))}")
    kind = spec.get("kind")
    if kind not in KINDS + STREAM_KINDS:
        raise BadFault(f"'kind' must be one of {', '.join(KINDS + STREAM_KINDS)}")
    venue = spec.get("venue")
    if venue is not None and venue not in venues:
        raise BadFault(f"unknown venue {venue!r}; there are {', '.join(venues)}")
    if kind in STREAM_KINDS:
        _check_stream_fault(spec, kind, venue, streaming, numbering)
    method = spec.get("method")
    if method is not None and (not isinstance(method, str) or not method.isalpha()):
        raise BadFault("'method' must be a name such as GET")
    fault = Fault(
        kind=kind,
        venue=venue,
        count=integer(spec, "count", 1, 1_000_000_000, 1, BadFault),
        path=_pattern(spec.get("path")),
        method=method.upper() if method else None,
        ms=integer(spec, "ms", 0, LONGEST_WAIT_MS, 0, BadFault),
    )
    cancels = spec.get("cancels", False)
    if not isinstance(cancels, bool):
        raise BadFault("'cancels' must be true or false")
    fault.cancels = cancels
    if kind == "latency" and "ms" not in spec:
        raise BadFault("a latency needs 'ms'")
    if kind == "status":
        if "status" not in spec:
            raise BadFault("a fault of kind 'status' needs 'status'")
        fault.status = integer(spec, "status", 200, 599, 500, BadFault)
    elif kind == "refuse":
        _read_refusal(spec, fault)
    elif "status" in spec:
        raise BadFault(f"'status' goes with the kinds 'status' and 'refuse', not with {kind!r}")
    for name in ("message", "code"):
        if name in spec and kind != "refuse":
            raise BadFault(f"{name!r} goes with kind 'refuse', not with {kind!r}")
    if (kind == "then") != ("call" in spec):
        raise BadFault("'call' and kind 'then' go together")
    if kind == "then":
        fault.call = _call(spec["call"])
    if "body" in spec:
        if kind not in ("status", "garbage", "ws_garbage"):
            raise BadFault(
                f"'body' goes with the kinds 'status', 'garbage' and 'ws_garbage', not with {kind!r}"
            )
        fault.body, fault.content_type = _body(spec["body"])
    return fault


def _read_refusal(spec: Mapping[str, Any], fault: Fault) -> None:
    """Read the fields of a refusal. It is answered in the venue's own form, which has defaults for them."""
    if "status" in spec:
        fault.status = integer(spec, "status", 200, 599, 400, BadFault)
    message, code = spec.get("message"), spec.get("code")
    if message is not None and not isinstance(message, str):
        raise BadFault("'message' must be text")
    if code is not None and (isinstance(code, bool) or not isinstance(code, str | int)):
        raise BadFault("'code' must be text or a whole number")
    fault.message, fault.code = message, code


def _call(call: Any) -> ControlCall:
    if not isinstance(call, dict) or set(call) - {"method", "path", "body"}:
        raise BadFault("'call' has 'path' and 'body', and may have 'method'")
    method, path, body = call.get("method", "POST"), call.get("path"), call.get("body", {})
    if not isinstance(method, str) or (method, path) not in CALLS:
        raise BadFault(f"'call' must be one of {', '.join(' '.join(known) for known in CALLS)}")
    if not isinstance(body, dict):
        raise BadFault("the 'body' of a 'call' must be a JSON object")
    return ControlCall(method, str(path), body)


def _check_stream_fault(
    spec: Mapping[str, Any],
    kind: str,
    venue: str | None,
    streaming: Collection[str],
    numbering: Collection[str],
) -> None:
    for name in NOT_OF_STREAMS:
        if name in spec:
            raise BadFault(f"{name!r} goes with faults of requests, not with {kind!r}")
    if venue is not None and venue not in streaming:
        raise BadFault(f"{venue} has no streams")
    if venue is not None and kind == "ws_gap" and venue not in numbering:
        raise BadFault(f"the streams of {venue} have no sequence numbers")


def _pattern(text: Any) -> Pattern | None:
    if text is None:
        return None
    if not isinstance(text, str):
        raise BadFault("'path' must be a regular expression")
    try:
        return Pattern(text)
    except BadPattern as error:
        raise BadFault(f"'path' is not a regular expression that can be used: {error}") from None


def _body(body: Any) -> tuple[bytes, str]:
    if isinstance(body, str):
        kind = "text/html" if body.lstrip().startswith("<") else "application/json"
        return body.encode("utf-8", "replace"), kind
    return json.dumps(body).encode("utf-8"), "application/json"
