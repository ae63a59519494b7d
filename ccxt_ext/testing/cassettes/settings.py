"""What a test's marker, its name and pytest's options say of its cassette."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

from ccxt_ext.testing.cassettes.errors import CassetteError
from ccxt_ext.testing.cassettes.record import ORIGINS
from ccxt_ext.testing.cassettes.store import streams_path

KINDS = ("sync", "async", "pro")
MARKER = "ccxt_cassette"


@dataclass
class Settings:
    name: str
    path: Path
    command: str
    """That records it anew."""
    mode: str | None = None
    source: str = "live"
    freeze: bool = False
    allow_unplayed: bool = False
    allow_hosts: tuple[str, ...] = ()
    patience: float = 30.0
    """Seconds that a replay waits for what the client has to do next."""
    start_ms: int | None = None
    """Where the clock begins when documented answers or a sandbox are recorded."""
    recording: bool = False

    @property
    def shown_path(self) -> str:
        try:
            return str(self.path.relative_to(Path.cwd()))
        except ValueError:
            return str(self.path)

    @property
    def exists(self) -> bool:
        return self.path.exists()

    @property
    def has_streams(self) -> bool:
        return streams_path(self.path).exists()


_OF_MARKER = frozenset(
    field.name
    for field in fields(Settings)
    if field.name not in ("name", "path", "command", "mode", "recording")
)


def settings_of(item: Any) -> Settings:
    """Those of a test. The nearest marker that says something has the say."""
    given: dict[str, Any] = {}
    name: str | None = None
    for marker in item.iter_markers(MARKER):
        if len(marker.args) > 1 or not all(isinstance(argument, str) for argument in marker.args):
            raise CassetteError(f"the marker {MARKER} takes one name, not {marker.args}")
        unknown = sorted(marker.kwargs.keys() - _OF_MARKER)
        if unknown:
            raise CassetteError(
                f"the marker {MARKER} does not know {', '.join(unknown)}; "
                f"there are {', '.join(sorted(_OF_MARKER))}"
            )
        name = name if name is not None else next(iter(marker.args), None)
        given = {**marker.kwargs, **given}
    given["allow_hosts"] = _hosts(given.get("allow_hosts", ()))
    if given.get("source", "live") not in ORIGINS:
        raise CassetteError(f"source={given['source']!r} is not known; there are {', '.join(ORIGINS)}")
    if "ccxt_sandbox" in item.fixturenames:
        given["allow_hosts"] += ("loopback",)
    name = _safe(name) if name is not None else name_of(item)
    return Settings(
        name=name,
        path=folder_of(item) / f"{name}.yaml",
        command=f"pytest {_quoted(item.nodeid)} --ccxt-record=all",
        mode=item.config.getoption("ccxt_record"),
        **given,
    )


def _hosts(given: Any) -> tuple[str, ...]:
    return (given,) if isinstance(given, str) else tuple(given)


def folder_of(item: Any) -> Path:
    folder = item.config.getini("ccxt_cassette_dir")
    return Path(item.config.rootpath, folder) if folder else item.path.parent / "cassettes"


def name_of(item: Any) -> str:
    """MODULE/TEST. What tells kinds of classes, or of event loops, apart is no part of it."""
    own = getattr(item, "originalname", None) or item.name
    classes = [node.name for node in item.listchain() if hasattr(node, "obj") and isinstance(node.obj, type)]
    parameters = _parameters(item)
    test = ".".join([*classes, own]) + (f"[{parameters}]" if parameters else "")
    return f"{_safe(item.path.stem)}/{_safe(test.replace('/', '_'))}"


def _parameters(item: Any) -> str:
    call = getattr(item, "callspec", None)
    if call is None:
        return ""
    values: Mapping[str, Any] = call.params
    loops = values.get("anyio_backend", ())
    left_out = [value for value in values.values() if value in KINDS]
    left_out += (
        [loops] if isinstance(loops, str) else [value for value in loops[:1] if isinstance(value, str)]
    )
    parts = []
    for part in call.id.split("-"):
        plain = part.partition("+")[0]
        if part in left_out or plain in left_out:
            left_out.remove(part if part in left_out else plain)
        else:
            parts.append(part)
    return "-".join(parts)


def _safe(name: str) -> str:
    parts = [re.sub(r"[^\w.,+=@\[\]-]", "_", part) for part in name.split("/")]
    if not all(parts) or any(part in (".", "..") for part in parts):
        raise CassetteError(
            f"{name!r} is no name of a cassette: give one such as 'ticker' or 'binance/ticker'"
        )
    return "/".join(parts)


def _quoted(nodeid: str) -> str:
    return f"'{nodeid}'" if re.search(r"[\[\]() *?]", nodeid) else nodeid
