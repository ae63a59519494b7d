"""What the import hook adds to a Python start."""

import os
import shutil
import statistics
import sys
import tempfile
from pathlib import Path

ROUNDS = 150
TARGET = 0.5
HEADER = ["Python start", "a start without", "added", "target", "reached"]
PROJECT = Path(__file__).parent.parent

# What site does for the directory of installed packages, with and without the .pth file in it.
START = "import site, sys; site.addsitedir(sys.argv[1])"


def processor_time(packages: Path) -> float:
    """Milliseconds of work that a start is; whatever else the machine does hardly counts."""
    command = [sys.executable, "-I", "-S", "-c", START, str(packages)]
    process = os.posix_spawn(sys.executable, command, os.environ)
    _, status, usage = os.wait4(process, 0)
    if status:
        raise RuntimeError(f"Python ended with status {status}")
    return 1000 * (usage.ru_utime + usage.ru_stime)


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
                times[name].append(processor_time(path))
    without = statistics.median(times["without"])
    added = statistics.median(b - a for a, b in zip(times["without"], times["with"], strict=True))
    reached = "yes" if round(added, 2) <= TARGET else "no"
    return [["with the import hook", f"{without:.1f} ms", f"**{added:.2f} ms**", f"{TARGET} ms", reached]]
