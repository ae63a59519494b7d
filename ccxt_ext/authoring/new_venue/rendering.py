"""Makes files of templates, which are files of a venue called acme that has everything.

There are two rules. Some words stand for others, such as `acme` for the venue's id. And a line that ends in
the comment `with --swap`, or `without --external`, is only for who has asked so. If this comment is all of
the first line, it is about the whole file.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from pathlib import Path

TEMPLATES = Path(__file__).with_name("templates")

MARK = re.compile(r"[ \t]*(?:#|//|<!--) with(?P<out>out)? --(?P<flag>[a-z]+)(?: -->)?$")


def rendered(text: str, words: Mapping[str, str], flags: Collection[str]) -> str | None:
    """The text of a file; None if it is for who asks for more."""
    lines: list[str] = []
    leaves_out = False
    for number, line in enumerate(text.splitlines()):
        mark = MARK.search(line)
        plain = line[: mark.start()] if mark else line
        if mark and (mark["flag"] in flags) is bool(mark["out"]):
            if not number and not plain:
                return None
            leaves_out = True
            continue
        if leaves_out and not plain:
            drop_blank_lines(lines)  # there are some on the other side as well
        leaves_out = False
        if plain or not mark:
            lines.append(plain)
    drop_blank_lines(lines)
    return replaced("\n".join([*lines, ""]) if lines else "", words)


def drop_blank_lines(lines: list[str]) -> None:
    while lines and not lines[-1]:
        lines.pop()


def replaced(text: str, words: Mapping[str, str]) -> str:
    """With all words at once, so that none is replaced in what another one stands for."""
    pattern = "|".join(map(re.escape, sorted(words, key=len, reverse=True)))
    return re.sub(pattern, lambda found: words[found[0]], text)


def templates(part: str) -> Iterator[tuple[str, str]]:
    """The templates of one part: their paths in it, and their texts."""
    root = TEMPLATES / part
    for path in sorted(root.rglob("*")):
        name = path.relative_to(root).as_posix()
        # Not what tools leave behind, such as .ruff_cache.
        if path.is_file() and not name.startswith(".") and "__pycache__" not in name:
            yield name, path.read_text(encoding="utf-8")
