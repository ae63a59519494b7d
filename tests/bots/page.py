"""The programs that a page of the docs prints: the blocks below a line that ends in "In `FILE`:"."""

from __future__ import annotations

import re
from pathlib import Path

DOCS = Path(__file__).parents[2] / "docs"
_BLOCK = re.compile(r"In\s`([\w./]+\.py)`:\n\n```python\n(.*?)^```$", re.DOTALL | re.MULTILINE)
_FENCE = re.compile(r"^```python\n", re.MULTILINE)


def printed(name: str) -> dict[str, str]:
    """The files of a page, by their names."""
    text = (DOCS / name).read_text()
    found = dict(_BLOCK.findall(text))
    assert len(found) == len(_FENCE.findall(text)), "a block of Python says nothing of its file"
    return found


def lines_of_tests(source: str) -> int:
    """How many lines a user writes, without empty ones."""
    return sum(bool(line.strip()) for line in source.splitlines())
