"""How a sandbox tells its time to clients on the same machine: by a small file. Both sides read this page.

Each side keeps to the machine's clock, and the file says how far from it the sandbox's time is. So it changes
only when that does, and a client that asks for the time reads a few bytes.
"""

from __future__ import annotations

import json
from typing import NamedTuple

OPTION = "sandboxClock"
"""The option in a client's configuration: `file`, the path of that file, and `url`, the control port's."""
SIZE = 128
"""The file has two lines of this size, one like the other. If they differ, it is being written."""


class ToldTime(NamedTuple):
    """The sandbox's time."""

    still_at: int | None
    """The time at which it stands, in milliseconds since the epoch; None while it runs."""
    ahead: int
    """How far it is ahead of the machine's clock while it runs, in milliseconds."""
    ticking_ahead: int
    """The same, had it never stood still."""

    def encode(self) -> bytes:
        line = json.dumps(self).ljust(SIZE - 1).encode() + b"\n"
        return line + line


def decode(written: bytes) -> ToldTime | None:
    """What a file says; None if it is being written, or is another file."""
    line = written[:SIZE]
    if len(written) != 2 * SIZE or line != written[SIZE:]:
        return None
    try:
        return ToldTime(*json.loads(line))
    except (ValueError, TypeError):
        return None
