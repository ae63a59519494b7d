"""The lines that a venue has in files which it shares with others, in the project of ccxt-ext."""

from __future__ import annotations

import re
from pathlib import Path
from typing import NamedTuple

from ccxt_ext.authoring.new_venue.answers import Answers
from ccxt_ext.authoring.new_venue.layout import repository_words
from ccxt_ext.authoring.new_venue.rendering import rendered, templates


class NoCheckout(Exception):
    """There is no project of ccxt-ext here, or none as it is known."""


class Place(NamedTuple):
    path: str
    pattern: str
    """What the lines are put behind."""
    template: str
    """The file in templates/lines that has them."""


GROUPS = ("sync", "async_support", "pro", "sandbox", "freqtrade")
PLACES = (
    *(Place("setup.cfg", rf"^ccxt_ext\.{group} =\n(?:    .*\n)+", f"setup-{group}.cfg") for group in GROUPS),
    Place("README.md", r"^\| id \| API.*\n(?:\|.*\n)+", "readme-venue.md"),
    Place("README.md", r"^\| id \| market type.*\n(?:\|.*\n)+", "readme-credentials.md"),
    Place("docs/streams.md", r"^\| \| streamed \| polled \|\n(?:\|.*\n)+", "streams.md"),
    Place("docs/limits.md", r"^\| venue \| `rateLimit`.*\n(?:\|.*\n)+", "limits.md"),
    Place("docs/sandbox-venues.md", r"(?s).*\Z", "sandbox.md"),
    Place("tests/cassettes/recorded_venues.py", r"(?s).*(?=\n\nPROFILES = \{\n)", "recorded-signature.txt"),
    Place("tests/cassettes/recorded_venues.py", r"^PROFILES = \{\n", "recorded-profile.txt"),
    Place("tests/clients/client_venues.py", r"^VENUES = \{\n", "client-venue.txt"),
)


def checkout(here: Path) -> Path:
    """The project of ccxt-ext that this folder is in."""
    for folder in (here, *here.parents):
        settings = folder / "setup.cfg"
        if settings.is_file() and re.search(r"^name = ccxt-ext$", settings.read_text("utf-8"), re.MULTILINE):
            return folder
    raise NoCheckout(f"{here} is in no checkout of ccxt-ext: say --external DIR for a project of your own")


def changed_files(root: Path, answers: Answers) -> dict[str, str]:
    """The shared files with the venue's lines, by their paths."""
    lines, words = dict(templates("lines")), repository_words(answers)
    texts: dict[str, str] = {}
    for path, pattern, template in PLACES:
        text = texts.get(path) or read(root / path)
        found = re.search(pattern, text, re.MULTILINE)
        added = rendered(lines[template], words, answers.flags)
        if found is None:
            raise NoCheckout(f"{root / path} has changed: there is no place for a venue's lines")
        texts[path] = text[: found.end()] + (added or "") + text[found.end() :]
    return texts


def read(path: Path) -> str:
    if not path.is_file():
        raise NoCheckout(f"{path} is missing")
    return path.read_text(encoding="utf-8")
