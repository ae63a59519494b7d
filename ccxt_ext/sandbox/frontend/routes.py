"""Finds the endpoint that a path belongs to."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any
from urllib.parse import unquote

Route = tuple[str, str, str]
"""Method, path and the endpoint's name: `('GET', '/v2/symbols/{symbol}/kline', 'candles')`."""

PATHS_KNOWN = 500


class Routes:
    """A table of endpoints. In a path, a name in braces stands for any text without a slash."""

    def __init__(self, table: Sequence[Route]) -> None:
        self._fixed: dict[tuple[str, str], str] = {}
        self._patterns: dict[tuple[str, int], list[tuple[re.Pattern[str], str]]] = {}
        """By method and number of slashes."""
        self._found: dict[tuple[str, str], tuple[str, dict[str, str]]] = {}
        """What some paths have led to."""
        for method, template, name in table:
            if "{" in template:
                pattern = re.sub(r"\\{(\w+)\\}", r"(?P<\1>[^/]+)", re.escape(template))
                same = self._patterns.setdefault((method, template.count("/")), [])
                same.append((re.compile(pattern), name))
            else:
                self._fixed[method, template] = name

    def find(self, method: str, path: str) -> tuple[str, dict[str, str]] | None:
        """The endpoint's name, and the texts that stand for the names in braces."""
        name = self._fixed.get((method, path))
        if name is not None:
            return name, {}
        key = method, path
        if key in self._found:
            return self._found[key]
        for pattern, route_name in self._patterns.get((method, path.count("/")), ()):
            match = pattern.fullmatch(path)
            if match:
                if len(self._found) == PATHS_KNOWN:
                    self._found.clear()
                found = {name: unquote(value) for name, value in match.groupdict().items()}
                self._found[key] = route_name, found
                return route_name, found
        return None

    def __getstate__(self) -> dict[str, Any]:
        return {**vars(self), "_found": {}}  # it can be found again
