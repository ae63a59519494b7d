"""What the sandbox costs: a call beside an echo, calls after many orders, and memory."""

import subprocess
import sys
from pathlib import Path

from benchmarks.measure import table
from benchmarks.sandbox import echo, growth
from ccxt_ext.plugins import ours

HOUR = "60"
NOTES = """\
"Times the echo" is the processor time of the server's thread for a call of ccxt's sync client, beside an
aiohttp server that only sends the same bodies to the same requests. Both take turns within a run; the figures
are medians. `tests/sandbox/test_work.py` keeps the work of a call from growing, counted and not timed.
"""
GROWTH = """\
The sandbox's own processor time for a call, the least of some. Orders that are past, or open, are of one
account; a tenth of those that are past were filled. A list of all open orders has to grow with them.
"""
MEMORY = """\
All venues live, with a request of 2,000 bytes for each of them four times a second of the sandbox's time.
"""


def measure() -> tuple[str, list[list[str]]]:
    """The text for the results, and the rows that have a target."""
    rows, parts = [], ["## The sandbox\n", NOTES]
    for id in ours():
        lines = echo.measure(id)
        parts += [f"### {id}\n", table(echo.HEADER, lines)]
        rows += [[f"{id} {line[0]}", *line[1:]] for line in lines]
    parts += ["### Calls after many orders\n", GROWTH]
    for id in ours():
        parts += [f"#### {id}\n", growth.report(id)]
    hour = [sys.executable, "-m", "benchmarks.sandbox.memory", HOUR]  # in a process that has nothing else
    memory = subprocess.run(
        hour, capture_output=True, text=True, check=True, cwd=Path(__file__).parent.parent.parent
    )
    parts += ["### Memory in an hour\n", MEMORY, memory.stdout]
    return "\n".join(parts), rows
