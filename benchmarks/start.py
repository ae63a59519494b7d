"""What the import hook adds to a Python start."""

import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROUNDS = 150
TARGET = 0.5
HEADER = ["Python start", "a start without", "added", "target", "reached"]
PROJECT = Path(__file__).parent.parent

# What site does for the directory of installed packages, with and without the .pth file in it.
START = "import site, sys; site.addsitedir(sys.argv[1])"


def measure() -> list[list[str]]:
    with tempfile.TemporaryDirectory() as directory:
        packages = {"without": Path(directory, "without"), "with": Path(directory, "with")}
        for path in packages.values():
            path.mkdir()
            shutil.copytree(
                PROJECT / "ccxt_ext", path / "ccxt_ext", ignore=shutil.ignore_patterns("__pycache__")
            )
        shutil.copy(PROJECT / "ccxt_ext_autoload.pth", packages["with"])
        times: dict[str, list[float]] = {name: [] for name in packages}
        for _ in range(ROUNDS):
            for name, path in packages.items():
                start = time.perf_counter()
                subprocess.run([sys.executable, "-I", "-S", "-c", START, path], check=True)
                times[name].append(1000 * (time.perf_counter() - start))
    without = statistics.median(times["without"])
    added = statistics.median(b - a for a, b in zip(times["without"], times["with"], strict=True))
    reached = "yes" if round(added, 2) <= TARGET else "no"
    return [["with the import hook", f"{without:.1f} ms", f"**{added:.2f} ms**", f"{TARGET} ms", reached]]
