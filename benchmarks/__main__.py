"""`python -m benchmarks` measures every venue and writes benchmarks/RESULTS.md."""

import importlib
import platform
import sys
from collections.abc import Sequence
from importlib.metadata import version
from pathlib import Path

import ccxt_ext
from benchmarks import calls, parsing, signing, start
from ccxt_ext import async_support

RESULTS = Path(__file__).with_name("RESULTS.md")

INTRODUCTION = """# Speed

Made by `make bench`. All figures of one table come from one run in which the things compared take turns;
they are medians. The floor is `orjson.loads` of the same bytes; the time of that decoding is not counted.
"Generic" is ccxt's way: its own `parse_*` loops over the venue's row parsers. "Inherited" are those with
the checks of numbers, times and sides, which ccxt's own venues do without and ours have; that is what runs
for answers that are odd. "Reached" compares with generic. The results of all of them are identical.
"""

NOTES = """
Signing by hand: the standard library's urlencode and hmac, and the same headers. The calls run without
ccxt's rate limiter, against a server that does nothing; the answer is a book of rows with four fields. The
start of Python is measured with the package beside a `.pth` file, as a wheel installs it.
"""


def table(header: Sequence[str], lines: Sequence[Sequence[str]]) -> str:
    rule = ["---"] * len(header)
    return "\n".join(f"| {' | '.join(cells)} |" for cells in (header, rule, *lines)) + "\n"


def main() -> None:
    packages = [f"{name} {version(name)}" for name in ("ccxt", "orjson", "aiohttp", "requests")]
    python = f"{platform.python_implementation()} {platform.python_version()}"
    parts = [INTRODUCTION, f"With {python}, {', '.join(packages)}.\n"]
    missing = [
        id
        for id in ccxt_ext.exchanges
        if not Path(__file__).with_name("payloads").joinpath(f"{id}.py").exists()
    ]
    for id in ccxt_ext.exchanges:
        if id in missing:
            continue
        payloads = importlib.import_module(f"benchmarks.payloads.{id}")
        venue, async_venue = getattr(ccxt_ext, id), getattr(async_support, id)
        parts += [
            f"## {id}\n",
            table(parsing.HEADER, parsing.measure(venue, payloads)),
            table(signing.HEADER, signing.measure(venue, payloads)),
            table(calls.HEADER, calls.measure(venue, async_venue, payloads)),
        ]
    parts += ["## The import hook\n", table(start.HEADER, start.measure()), NOTES.lstrip()]
    RESULTS.write_text("\n".join(parts), encoding="utf-8")
    print(RESULTS.read_text(encoding="utf-8"))
    if missing:
        sys.exit(f"not measured, as benchmarks/payloads has no module for them: {', '.join(missing)}")


if __name__ == "__main__":
    main()
