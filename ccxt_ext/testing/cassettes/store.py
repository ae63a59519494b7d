"""Reads and writes cassettes: requests as vcrpy's YAML with more in it, streams as JSON beside it."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Any

import yaml

from ccxt_ext.testing.cassettes.errors import CassetteError
from ccxt_ext.testing.cassettes.record import Event, Head, Interaction, Record

_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_DUMPER: Any = getattr(yaml, "CSafeDumper", yaml.SafeDumper)
_VERSION = 1
_UNFOLDED = 2**31 - 1


def streams_path(path: Path) -> Path:
    return path.with_name(path.name.removesuffix(".yaml") + ".ws.jsonl")


def texts_of(record: Record) -> tuple[str, str | None]:
    """The two files. There is no second one without streams."""
    head = {name: value for name, value in asdict(record.head).items() if name != "steps"}
    content = {
        **head,
        "steps": " ".join(map(str, record.head.steps)),
        "version": _VERSION,
        "interactions": [_row(interaction) for interaction in record.interactions],
    }
    main = yaml.dump(content, Dumper=_DUMPER, sort_keys=False, allow_unicode=True, width=_UNFOLDED)
    if not record.events:
        return main, None
    first = {"recorded": record.head.recorded, "origin": record.head.origin}
    rows = [
        first,
        *(
            {name: value for name, value in asdict(event).items() if value is not None}
            for event in record.events
        ),
    ]
    return main, "".join(f"{json.dumps(row, ensure_ascii=False)}\n" for row in rows)


def write(path: Path, main: str, streams: str | None) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    _replace(path, main)
    if streams is None:
        streams_path(path).unlink(missing_ok=True)
    else:
        _replace(streams_path(path), streams)


def _replace(path: Path, text: str) -> None:
    """No half of a file is left, whatever happens."""
    new = path.with_name(f".{path.name}.new")
    new.write_text(text, encoding="utf-8", newline="\n")
    os.replace(new, path)


def read(path: Path) -> Record:
    try:
        content = yaml.load(path.read_text(encoding="utf-8"), Loader=_LOADER)
        head = Head(
            **{name: content[name] for name in Head.__dataclass_fields__ if name != "steps"},
            steps=[
                int(step) for step in str(content["steps"] if content["steps"] is not None else "").split()
            ],
        )
        interactions = [_interaction(row) for row in content["interactions"]]
        events = []
        if streams_path(path).exists():
            _, *rows = map(json.loads, streams_path(path).read_text(encoding="utf-8").splitlines())
            events = [Event(**row) for row in rows]
    except (KeyError, TypeError, ValueError, AttributeError, yaml.YAMLError) as error:
        raise CassetteError(
            f"{path} is no cassette of ccxt_cassette ({type(error).__name__}: {error}); record it anew"
        ) from None
    return Record(head, interactions, events)


def _row(interaction: Interaction) -> dict[str, Any]:
    row: dict[str, Any] = {"at": interaction.at}
    if interaction.by_stream:
        row["by_stream"] = True
    row["request"] = {
        "method": interaction.method,
        "uri": interaction.url,
        "body": interaction.body or None,
        "headers": interaction.headers,
    }
    row["response"] = {
        "status": {"code": interaction.status, "message": interaction.reason},
        "headers": interaction.answer_headers,
        "body": {"string": interaction.answer},
    }
    return row


def _interaction(row: dict[str, Any]) -> Interaction:
    request, response = row["request"], row["response"]
    return Interaction(
        method=request["method"],
        url=request["uri"],
        body=request["body"] or "",
        at=row["at"],
        headers=request["headers"],
        by_stream=row.get("by_stream", False),
        status=response["status"]["code"],
        reason=response["status"]["message"],
        answer_headers=response["headers"],
        answer=response["body"]["string"],
    )


def found_under(folder: Path) -> Iterator[Path]:
    """The cassettes in a folder, however deep. What belongs to others is left out."""
    for place, folders, names in os.walk(folder):
        folders[:] = sorted(name for name in folders if not name.startswith(".") and name not in _OTHERS)
        for name in sorted(names):
            path = Path(place, name)
            if name.endswith(".yaml") and _is_cassette(path):
                yield path


_OTHERS = frozenset({"node_modules", "site-packages", "__pycache__", "build", "dist"})


def _is_cassette(path: Path) -> bool:
    with path.open("rb") as file:
        start = file.read(4096)
    return start.startswith(b"origin: ") and b"\nrecorded: " in start and b"\nccxt: " in start
