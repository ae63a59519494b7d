"""What looking for plug-ins adds to the import of ccxt, in an environment of many distributions.

`python -m benchmarks.entry_points` measures it.
"""

import os
import statistics
import subprocess
import sys
import sysconfig
import tempfile
from pathlib import Path

from benchmarks.measure import table

DISTRIBUTIONS = 300
ROUNDS = 21
TARGET = 0.1
HEADER = ["import of ccxt", "ccxt's own", "added", "target", "reached"]
PROJECT = Path(__file__).parent.parent

# Milliseconds of work: of ccxt's own import, and of all that the hook does after it.
IMPORT = """
import sys
sys.path += sys.argv[1:]
from time import process_time
moments = [process_time()]
import ccxt
moments.append(process_time())
import ccxt_ext
moments.append(process_time())
assert "btex" in ccxt.exchanges
print(*(1000 * (after - before) for before, after in zip(moments, moments[1:])))
"""


def fill(folder: Path, count: int) -> None:
    """Make as many distributions, every third one with entry points, as in most environments."""
    for number in range(count):
        info = folder / f"package_{number}-1.0.dist-info"
        info.mkdir()
        (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: package-{number}\nVersion: 1.0\n")
        if number % 3 == 0:
            (info / "entry_points.txt").write_text("[console_scripts]\ncommand = package:main\n")


def times(rounds: int) -> list[tuple[float, float]]:
    """For each of some new Pythons: ccxt's own import, and what the hook adds to it."""
    packages = {sysconfig.get_path("purelib"), sysconfig.get_path("platlib")}
    there = sum(len(list(Path(path).glob("*.dist-info"))) for path in packages)
    environment = {name: text for name, text in os.environ.items() if not name.startswith("CCXT_EXT")}
    found = []
    with tempfile.TemporaryDirectory() as folder:
        fill(Path(folder), DISTRIBUTIONS - there)
        command = [sys.executable, "-I", "-S", "-c", IMPORT, str(PROJECT), folder, *sorted(packages)]
        for _ in range(rounds):
            done = subprocess.run(command, env=environment, stdout=subprocess.PIPE, text=True, check=True)
            own, added = map(float, done.stdout.split())
            found.append((own, added))
    return found


def measure() -> list[list[str]]:
    found = times(ROUNDS)
    own = statistics.median(own for own, _ in found)
    share = statistics.median(added / own for own, added in found)
    reached = "yes" if round(share, 3) <= TARGET else "no"
    name = f"with the entry points of {DISTRIBUTIONS} distributions"
    return [[name, f"{own:.0f} ms", f"**{share:.1%}**", f"{TARGET:.0%}", reached]]


if __name__ == "__main__":
    print(table(HEADER, measure()))
