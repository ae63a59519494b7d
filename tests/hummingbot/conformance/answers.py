"""Documented answers of venues, as aioresponses gives them to the requests that ccxt sends."""

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from aiohttp import ClientConnectionError
from aioresponses import CallbackResult, aioresponses

DATA = Path(__file__).parents[2] / "data"


def documented(venue: str, name: str) -> Any:
    """A payload of the venue's documents."""
    return json.loads((DATA / venue / "documented" / f"{name}.json").read_text(encoding="utf-8"))


def json_of(request: Any) -> dict[str, Any]:
    """The body of a request."""
    found: dict[str, Any] = json.loads(request.kwargs["data"])
    return found


def form_of(request: Any) -> dict[str, str]:
    """The fields of a request's body."""
    data = request.kwargs.get("data") or b""
    return dict(parse_qsl(data.decode() if isinstance(data, bytes) else data))


def query_of(request: Any) -> dict[str, str]:
    """The fields of a request's address."""
    return dict(parse_qsl(urlsplit(str(request.url)).query))


@dataclass(frozen=True)
class Request:
    """One that was sent."""

    url: Any
    kwargs: dict[str, Any]


@dataclass(frozen=True)
class Answer:
    """What a venue answers to a request."""

    method: str
    url: str
    body: Any
    status: int = 200
    asked: Mapping[str, str] = field(default_factory=dict)
    """Fields of a form, where requests for different things go to one address."""

    @property
    def pattern(self) -> re.Pattern[str]:
        return re.compile(rf"^{re.escape(self.url)}(\?.*)?$")

    def is_for(self, request: Any) -> bool:
        return not self.asked or self.asked.items() <= form_of(request).items()

    def refused(self, status: int, body: Any) -> "Answer":
        """The same request, refused."""
        return Answer(self.method, self.url, body, status, self.asked)


class Expected:
    """The answers that one test expects to be asked for. Each is given once."""

    def __init__(self, mock: aioresponses) -> None:
        self.mock = mock
        self.waiting: list[tuple[Answer, Callable[..., Any] | None]] = []
        self.known: set[tuple[str, str]] = set()

    def add(self, answer: Answer, callback: Callable[..., Any] | None = None) -> None:
        self.waiting.append((answer, callback))
        if (answer.method, answer.url) not in self.known:
            self.known.add((answer.method, answer.url))
            self._listen(answer)

    def _listen(self, answer: Answer) -> None:
        def told(url: Any, **kwargs: Any) -> CallbackResult:
            found = self._taken(answer, Request(url, kwargs))
            if found is None:
                raise ClientConnectionError(f"Nothing is expected at {url}")
            given, callback = found
            if callback is not None:
                callback(url, **kwargs)
            return CallbackResult(status=given.status, body=json.dumps(given.body))

        self.mock.add(answer.pattern, method=answer.method, repeat=True, callback=told)

    def _taken(self, like: Answer, request: Request) -> tuple[Answer, Callable[..., Any] | None] | None:
        for number, (answer, callback) in enumerate(self.waiting):
            if (answer.method, answer.url) == (like.method, like.url) and answer.is_for(request):
                del self.waiting[number]
                return answer, callback
        return None


def requests_for(mock: aioresponses, answer: Answer) -> list[Request]:
    """The requests that were sent for this answer."""
    return [
        Request(url, call.kwargs)
        for (method, url), calls in mock.requests.items()
        if method == answer.method and answer.pattern.match(str(url))
        for call in calls
        if answer.is_for(call)
    ]
