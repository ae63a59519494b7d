"""`python -m benchmarks` measures every venue and writes benchmarks/RESULTS.md."""

import importlib
import platform
import sys
from collections.abc import Mapping, Sequence
from importlib.metadata import version
from pathlib import Path

import ccxt_ext
from benchmarks import calls, entry_points, limits, parsing, pytest_start, signing, start
from benchmarks.measure import table
from benchmarks.sandbox import passing
from benchmarks.sandbox import report as sandbox
from benchmarks.streams import report as streams
from ccxt_ext import async_support
from ccxt_ext.plugins import ours

RESULTS = Path(__file__).with_name("RESULTS.md")

LEFT = """\
What is missed, and why it was left: signing a request without a body takes 3 to 7 µs more than by hand, for
the checks of its path and of the credentials. Candles have one mechanism with all other lists; reading their
rows at once as a grid was tried, and was no faster. A call has the checks of redirects, order outcomes and
secrets; `bitexbit` also reads JSON with the digits as they came. The import hook reads two small modules.
"""

INTRODUCTION = """# Speed

Made by `make bench`. All figures of one table come from one run in which the things compared take turns;
they are medians. The floor is `orjson.loads` of the same bytes; the time of that decoding is not counted.
"Generic" is ccxt's way: its own `parse_*` loops over the venue's row parsers. "Inherited" are those with
the checks of numbers, times and sides, which ccxt's own venues do without and ours have; that is what runs
for answers that are odd. "Reached" compares with generic. The results of all of them are identical.
Where a venue's class has no columns for a kind of rows (columns.py), only what is inherited runs, which
checks what it reads and saves nothing: it cannot reach the target. What a venue does not have, such as a list
of trades, is not in its table.
"""

NOTES = """
Signing by hand: the standard library's urlencode and hmac, and the same headers. The calls run without
ccxt's rate limiter, against a server that does nothing; the answer is a book in the venue's own form. The
start of Python is measured with the package beside a `.pth` file, as a wheel installs it. To the import of
ccxt are added: the hook's modules, reading the entry points of all that is installed, and putting the venues
into ccxt's module. To a start of pytest: finding the plugin, importing it, its options and its markers.
"""


def missed(tables: Mapping[str, Sequence[Sequence[str]]]) -> str:
    """How many targets each part reached, and which it did not."""
    rows = []
    for title, lines in tables.items():
        names = [line[0] for line in lines if line[-1] != "yes"]
        rows.append([title, f"{len(lines) - len(names)} of {len(lines)}", "; ".join(names) or "none"])
    return table(["part", "targets reached", "missed"], rows)


def main() -> None:
    packages = [f"{name} {version(name)}" for name in ("ccxt", "orjson", "aiohttp", "requests")]
    python = f"{platform.python_implementation()} {platform.python_version()}"
    measured: dict[str, list[list[str]]] = {}
    parts: list[str] = []
    missing = [id for id in ours() if not Path(__file__).with_name("payloads").joinpath(f"{id}.py").exists()]
    for id in ours():
        if id in missing:
            continue
        payloads = importlib.import_module(f"benchmarks.payloads.{id}")
        venue, async_venue = getattr(ccxt_ext, id), getattr(async_support, id)
        parts.append(f"## {id}\n")
        measured[id] = []
        for header, lines in (
            (parsing.HEADER, parsing.measure(venue, payloads)),
            (signing.HEADER, signing.measure(venue, payloads)),
            (calls.HEADER, calls.measure(venue, async_venue, payloads)),
        ):
            parts.append(table(header, lines))
            measured[id] += lines
    streamed, measured["streams"] = streams.measure()
    parts.append(streamed)
    measured["limits"] = limits.measure()
    parts += ["## Limits\n", table(limits.HEADER, measured["limits"]), limits.NOTES]
    measured["the sandbox's time"] = passing.measure()
    parts += ["## The sandbox's time\n", table(passing.HEADER, measured["the sandbox's time"])]
    leaned_on, measured["the sandbox's calls"] = sandbox.measure()
    parts.append(leaned_on)
    measured["the import hook"] = start.measure()
    measured["plug-ins"] = entry_points.measure()
    measured["the plugin of pytest"] = pytest_start.measure()
    parts += [
        "## The import hook\n",
        table(start.HEADER, measured["the import hook"]),
        table(entry_points.HEADER, measured["plug-ins"]),
        table(pytest_start.HEADER, measured["the plugin of pytest"]),
        NOTES.lstrip(),
    ]
    head = [INTRODUCTION, f"With {python}, {', '.join(packages)}.\n", "## Targets\n", missed(measured), LEFT]
    RESULTS.write_text("\n".join(head + parts), encoding="utf-8")
    print(RESULTS.read_text(encoding="utf-8"))
    if missing:
        sys.exit(f"not measured, as benchmarks/payloads has no module for them: {', '.join(missing)}")


if __name__ == "__main__":
    main()
