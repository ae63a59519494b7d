"""Writes files: all of them, or none."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path


class WouldOverwrite(Exception):
    """Something is in the way."""


def write_all(root: Path, new: Mapping[str, str], changed: Mapping[str, str] | None = None) -> None:
    """Write new files, and others anew. If that fails or is interrupted, all is as it was before."""
    changed = changed or {}
    in_the_way = [path for path in new if (root / path).exists()]
    if in_the_way:
        raise WouldOverwrite(f"{root / in_the_way[0]} exists")
    before = {path: (root / path).read_bytes() for path in changed}
    made: list[Path] = []
    try:
        for path, text in new.items():
            make_folder((root / path).parent, made)
            made.append(root / path)
            (root / path).write_bytes(text.encode())
        for path, text in changed.items():
            (root / path).write_bytes(text.encode())
    except BaseException:
        for path, content in before.items():
            (root / path).write_bytes(content)
        for each in reversed(made):
            if each.is_dir():
                each.rmdir()
            else:
                each.unlink(missing_ok=True)
        raise


def make_folder(folder: Path, made: list[Path]) -> None:
    if not folder.is_dir():
        make_folder(folder.parent, made)
        folder.mkdir()
        made.append(folder)
