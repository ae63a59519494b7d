"""What a conversation made of its cassette, beside it: the same for each class, whenever it is replayed."""

import json
from pathlib import Path

CASSETTES = Path(__file__).resolve().parents[2] / "cassettes"


# What ccxt itself fills in is another thing from release to release.
BY_CCXT = ("markets", "currencies")


def told_path(path):
    return path.with_name(path.stem + ".told.json")


def check_told(cassette, transcript):
    """The first replay of a recording writes it: before, it may hold what is kept out of cassettes."""
    path = told_path(cassette.path)
    if isinstance(transcript, dict):
        transcript = {name: entry for name, entry in transcript.items() if name not in BY_CCXT}
    if cassette.recording:
        path.unlink(missing_ok=True)
    elif not path.exists():
        path.write_text(written(transcript))
    else:
        told, expected = json.loads(json.dumps(transcript)), json.loads(path.read_text())
        assert comparable(told) == comparable(expected), f"{path.name} says something else"


def comparable(tree, raw=False):
    """Older releases of ccxt leave a venue's own numbers, in `info`, as text."""
    if isinstance(tree, dict):
        return {name: comparable(each, raw or name == "info") for name, each in tree.items()}
    if isinstance(tree, list):
        return [comparable(each, raw) for each in tree]
    return str(tree) if raw and type(tree) in (int, float) else tree


def written(transcript):
    """JSON with a line for each entry."""
    start, end = "{}" if isinstance(transcript, dict) else "[]"
    entries = [json.dumps(entry, sort_keys=True) for entry in transcript]
    if isinstance(transcript, dict):
        entries = [
            f"{json.dumps(name)}: {json.dumps(entry, sort_keys=True)}" for name, entry in transcript.items()
        ]
    return "\n".join([start, ",\n".join(entries), end, ""])
