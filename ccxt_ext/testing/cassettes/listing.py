"""`pytest --ccxt-cassettes`: which cassettes there are, where they come from, and how old they are."""

from __future__ import annotations

import os
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

from ccxt_ext.testing.cassettes import store
from ccxt_ext.testing.cassettes.errors import CassetteError
from ccxt_ext.testing.cassettes.record import Record


def show(config: Any) -> int:
    """Print them all. Returns the exit code: 1 if one cannot be read."""
    rows, wrong = [], []
    for path in _paths(config):
        shown = os.path.relpath(path, config.invocation_params.dir)
        try:
            rows.append(_row(shown, store.read(path)))
        except CassetteError as error:
            wrong.append(str(error))
    if rows:
        heads = ["cassette", "exchanges", "origin", "recorded", "age", "ccxt", "requests", "frames"]
        widths = [max(len(row[place]) for row in [heads, *rows]) for place in range(len(heads))]
        for row in [heads, *rows]:
            print("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip())
    else:
        print("there are no cassettes; pytest --ccxt-record=missing records those that tests ask for")
    for text in wrong:
        print(text)
    return 1 if wrong else 0


def _paths(config: Any) -> list[Path]:
    folders = [
        Path(config.invocation_params.dir, str(argument).partition("::")[0]) for argument in config.args
    ]
    folders = [folder if folder.is_dir() else folder.parent for folder in folders if folder.exists()]
    own = config.getini("ccxt_cassette_dir")
    if own:
        folders = [Path(config.rootpath, own)]
    return sorted({path for folder in folders for path in store.found_under(folder.resolve())})


def _row(shown: str, record: Record) -> list[str]:
    head = record.head
    told = datetime.fromisoformat(head.recorded.replace("Z", "+00:00"))
    frames = sum(event.what in ("sent", "received") for event in record.events)
    ids = dict.fromkeys(exchange["id"] for exchange in head.exchanges)
    return [
        shown,
        ", ".join(ids),
        head.origin,
        told.strftime("%Y-%m-%d"),
        age(told, datetime.now(timezone.utc)),
        head.ccxt,
        str(len(record.interactions)),
        str(frames),
    ]


def age(then: datetime, now: datetime) -> str:
    days = (now - then).days
    if days < 1:
        return "today"
    for length, name in ((365, "year"), (30, "month"), (1, "day")):
        if days >= length:
            count = days // length
            return f"{count} {name}{'s' if count > 1 else ''}"
    raise AssertionError("a day is one")
