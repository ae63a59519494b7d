"""The requests that have come: the latest ones, within bounds."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from ccxt_ext.sandbox.faults import Fault
from ccxt_ext.sandbox.frontend import Request

REQUESTS_KEPT = 2000
"""So many of each venue."""
BYTES_KEPT = 16_000_000
"""So many bytes of the requests of all venues together."""
BODY_KEPT = 100_000
"""So many bytes of a body."""
ROW_BYTES = 800
"""About what a request takes beside its texts."""
HEADER_BYTES = 110
"""The same for each of its headers."""


@dataclass(slots=True)
class Seen:
    """A request that has come, and what became of it."""

    time: int
    method: str
    path: str
    query: str
    headers: Mapping[str, str]
    body: bytes
    body_cut: bool = False
    """Whether the body was longer than this."""
    status: int | None = None
    fault: str | None = None
    then: Any = None
    """The answer to the control call that a fault of kind "then" made."""

    def row(self) -> dict[str, Any]:
        """The request as the control port shows it."""
        return {
            "time": self.time,
            "method": self.method,
            "path": self.path,
            "query": self.query,
            "headers": dict(self.headers),
            "body": self.body.decode("utf-8", "replace"),
            "body_cut": self.body_cut,
            "status": self.status,
            "fault": self.fault,
            "then": self.then,
        }


class SeenRequests:
    """The latest requests of each venue. The oldest of all is dropped first where they take too much."""

    def __init__(self, venues: Iterable[str]) -> None:
        self._seen: dict[str, deque[tuple[int, int, Seen]]] = {venue: deque() for venue in venues}
        """Each with its number and its size."""
        self.count = 0
        """How many there were."""
        self._bytes = 0

    def serve(self, venue: str) -> None:
        """Keep the requests of another venue too."""
        self._seen.setdefault(venue, deque())

    def add(self, venue: str, time: int, request: Request, fault: Fault | None) -> Seen:
        seen = Seen(
            time,
            request.method,
            request.path,
            request.query_string,
            request.headers,
            request.body[:BODY_KEPT],
            len(request.body) > BODY_KEPT,
            fault=fault.kind if fault else None,
        )
        headers, kept = request.headers, self._seen[venue]
        texts = "".join([request.path, request.query_string, *headers, *headers.values()])
        size = ROW_BYTES + HEADER_BYTES * len(headers) + len(texts) + len(seen.body)
        self.count += 1
        self._bytes += size
        kept.append((self.count, size, seen))
        if len(kept) > REQUESTS_KEPT:
            self._drop(venue)
        while self._bytes > BYTES_KEPT:
            self._drop(min((kept[0][0], name) for name, kept in self._seen.items() if kept)[1])
        return seen

    def _drop(self, venue: str) -> None:
        _, size, _ = self._seen[venue].popleft()
        self._bytes -= size

    def cleaned(self, clean: Callable[[str], str]) -> SeenRequests:
        """A copy in which all that clients have sent is cleaned."""
        copy = SeenRequests(self._seen)
        copy.count, copy._bytes = self.count, self._bytes
        for venue, seen in self._seen.items():
            for number, size, each in seen:
                given = replace(
                    each,
                    path=clean(each.path),
                    query=clean(each.query),
                    headers={name: clean(value) for name, value in each.headers.items()},
                    body=clean(each.body.decode("utf-8", "replace")).encode(),
                )
                copy._seen[venue].append((number, size, given))
        return copy

    def rows(self, venue: str, limit: int | None = None) -> list[dict[str, Any]]:
        """The latest ones of a venue, oldest first."""
        seen = self._seen[venue]
        first = 0 if limit is None else max(len(seen) - limit, 0)
        return [each.row() for _, _, each in list(seen)[first:]]
