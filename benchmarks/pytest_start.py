"""What the plugin of pytest adds to a start of pytest that does not use it.

`python -m benchmarks.pytest_start` measures it.
"""

import os
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

from benchmarks.measure import table

ROUNDS = 21
TARGET = 5.0
HEADER = ["start of pytest", "pytest's own import", "added", "target", "reached"]
PROJECT = Path(__file__).parent.parent

# Milliseconds of work, all in one process: to import pytest; and to find the plugin as pytest does, to read
# its entry point, to import it, to add its options, and to configure it.
START = """
import importlib.metadata, os, sys
from time import process_time
import ccxt_ext
began = process_time()
import pytest
imported = process_time()
from _pytest.config import _iter_rewritable_modules, _prepareconfig, get_config
parser = get_config()._parser
before = process_time()
[found] = importlib.metadata.Distribution.discover(name="ccxt-ext-pytest")
assert found.metadata["Name"] == "ccxt-ext-pytest"
[point] = [point for point in found.entry_points if point.group == "pytest11"]
list(_iter_rewritable_modules(map(str, found.files or ())))
plugin = point.load()
plugin.pytest_addoption(parser)
after = process_time()
config = _prepareconfig(["-c", os.devnull], [plugin])
parsed = process_time()
plugin.pytest_configure(config)
configured = process_time()
assert "ccxt" not in sys.modules and "ccxt_ext.testing" not in sys.modules
print(1000 * (imported - began), 1000 * (after - before + configured - parsed))
"""


def times(rounds: int = ROUNDS) -> list[tuple[float, float]]:
    """For each of some new Pythons: pytest's own import, and what the plugin adds."""
    environment = {
        **os.environ,
        "PYTHONPATH": str(PROJECT),
        "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1",
        "PYTEST_ADDOPTS": "-c /dev/null",
    }
    command = [sys.executable, "-c", START]
    found = []
    with tempfile.TemporaryDirectory() as folder:  # where there are no tests
        for _ in range(rounds):
            done = subprocess.run(command, env=environment, cwd=folder, capture_output=True, check=True)
            own, added = map(float, done.stdout.split())
            found.append((own, added))
    return found


def measure() -> list[list[str]]:
    own, added = map(statistics.median, zip(*times(), strict=True))
    reached = "yes" if added <= TARGET else "no"
    return [["with the plugin", f"{own:.0f} ms", f"**{added:.2f} ms**", f"{TARGET:.0f} ms", reached]]


if __name__ == "__main__":
    print(table(HEADER, measure()))
