"""Warnings, each of them once in a process."""

from __future__ import annotations

import sys
import warnings

_told: set[str] = set()


def warn(message: str) -> None:
    """Warn. If warnings are turned into errors, write it only: nothing else may fail because of it."""
    if message in _told:
        return
    _told.add(message)
    try:
        warnings.warn(message, RuntimeWarning, stacklevel=3)
    except RuntimeWarning:
        sys.stderr.write(f"{message}\n")
