"""What fails while a program trades in a sandbox, and how big its process is then."""

import json
import random
import re
import time
import urllib.error
import urllib.request
from collections import Counter
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.clients.client_programs import RunningSandbox


def control(sandbox: RunningSandbox, method: str, path: str, body: Any = None) -> Any:
    request = urllib.request.Request(
        sandbox.described["control"] + path,
        method=method,
        data=None if body is None else json.dumps(body).encode(),
        headers={"Content-Type": "application/json"},
    )
    try:
        with urllib.request.urlopen(request, timeout=60) as answer:
            return json.load(answer)
    except urllib.error.HTTPError as error:
        raise AssertionError(f"{method} {path} {body}: {error.read().decode()}") from error


KINDS = ("drop_reply", "status", "latency")


def unmet(met: Counter[str]) -> set[str]:
    """The kinds of faults that no request has met."""
    return set(KINDS) - {what.partition(" ")[0] for what in met.elements()}


class Faults:
    """Seeded faults, one after the other, each for requests of a kind that the bot has sent lately.

    A kind that was not met yet comes first.
    """

    def __init__(
        self,
        sandbox: RunningSandbox,
        venue: str,
        places: str,
        streams: bool,
        chance: random.Random,
        pause: float,
        timeout_ms: int,
        refuses: bool = True,
    ) -> None:
        """`places` is a pattern of the path by which orders are placed, and `timeout_ms` how long the program
        waits for an answer. Without `refuses`, each order comes to be, whatever becomes of its answer."""
        self.refuses = refuses
        self.sandbox = sandbox
        self.venue = venue
        self.places = places
        self.streams = streams
        self.timeout_ms = timeout_ms
        self.chance = chance
        self.pause = pause
        self.met: Counter[str] = Counter()
        self._pending: dict[int, tuple[str, float]] = {}
        self._next = time.monotonic() + 2 * pause

    def turn(self) -> None:
        now = time.monotonic()
        for id, (what, until) in list(self._pending.items()):
            told = control(self.sandbox, "GET", f"/faults?id={id}")
            if not told["left"] or now > until:
                self.met[what] += told["met"]
                del self._pending[id]
                if told["left"]:
                    control(self.sandbox, "DELETE", "/faults", {"id": id})
        if now >= self._next:
            self._next = now + self.chance.expovariate(1 / self.pause)
            self._put()

    def _put(self) -> None:
        if self.streams and self.chance.random() < 0.1:
            fault, what = {"kind": "ws_close"}, "ws_close"
        else:
            which, name = self._requests()
            kind = self.chance.choice(sorted(unmet(self.met)) or KINDS)
            if kind == "status" and not self.refuses and which.get("method") == "POST":
                kind = "drop_reply"
            fault = {"kind": kind, "count": self.chance.choice([1, 1, 2]), **which}
            if kind == "latency":
                fault["ms"] = self.chance.choice([300, 1_000, self.timeout_ms + 1_000])
            if kind == "status":
                fault |= {
                    "status": self.chance.choice([500, 502, 503, 504]),
                    "body": "<html>try later</html>",
                }
            what = f"{kind} {name}"
        id = control(self.sandbox, "POST", "/faults", {"venue": self.venue, **fault})["id"]
        self._pending[id] = what, time.monotonic() + 10

    def _requests(self) -> tuple[dict[str, Any], str]:
        """Those that a fault is for: every third time those that place or cancel orders."""
        which = self.chance.random()
        if which < 0.22:
            return {"method": "POST", "path": self.places}, "orders"
        if which < 0.34:
            return {"cancels": True}, "cancels"
        seen = control(self.sandbox, "GET", f"/requests?venue={self.venue}&limit=150")
        kinds = {(request["method"], pattern_of(request["path"])) for request in seen}
        method, path = self.chance.choice(sorted(kinds) or [("GET", "/")])
        return {"method": method, "path": path}, f"{method} {path}"

    def lift(self) -> None:
        for id, (what, _) in self._pending.items():
            self.met[what] += control(self.sandbox, "GET", f"/faults?id={id}")["met"]
        self._pending.clear()
        control(self.sandbox, "DELETE", "/faults")


def pattern_of(path: str) -> str:
    """A regular expression for a path and those that differ from it by an id."""
    parts = [
        r"[^/]+" if any(map(str.isdigit, part)) and not VERSION.match(part) else part
        for part in path.split("/")
    ]
    return f"^{'/'.join(parts)}$"


VERSION = re.compile(r"v\d+$")


@dataclass
class Measured:
    """A program's process, at one moment: seconds after it was started, or after all began."""

    seconds: float
    resident_kb: int
    sockets: int


def measured(pid: int, seconds: float) -> Measured | None:
    """None if there is no such process any more."""
    with suppress(OSError):
        status = Path(f"/proc/{pid}/status").read_text()
        found = re.search(r"VmRSS:\s+(\d+) kB", status)
        links = [str(link.readlink()) for link in Path(f"/proc/{pid}/fd").iterdir()]
        if found is not None:
            return Measured(seconds, int(found[1]), sum(link.startswith("socket:") for link in links))
    return None
