"""Generates files from others: sync twins of async sources, stubs for type checkers, a table in the README.

With --check it writes nothing, and fails if one of them is out of date.
"""

from __future__ import annotations

import argparse
import difflib
import re
import subprocess
import sys
import tempfile
from pathlib import Path

import tokenize_rt
import unasync

ROOT = Path(__file__).resolve().parent.parent
# The async sources. Each has a sync twin beside it.
SOURCES = (
    "ccxt_ext/venue/rest_client.py",
    "ccxt_ext/venue/answers/new_markets.py",
    "ccxt_ext/venue/answers/failures.py",
    "ccxt_ext/venue/keys/waiting.py",
    "ccxt_ext/venue/orders/cancelling.py",
    "ccxt_ext/venue/orders/market_as_limit.py",
    "ccxt_ext/venue/requests/attempts.py",
    "ccxt_ext/venue/requests/turns.py",
    "ccxt_ext/venue/surface/unsupported.py",
    "ccxt_ext/venues/*/rest.py",
    "ccxt_ext/venues/*/rest_*.py",
)
TWIN = "_sync"

# Names to replace. By itself, unasync drops async and await, and renames Async* to Sync*.
REPLACEMENTS = {
    "aio": "blocking",
    "rest_client": "rest_client_sync",
    # Modules that have a twin.
    "attempts": "attempts_sync",
    "cancelling": "cancelling_sync",
    "failures": "failures_sync",
    "market_as_limit": "market_as_limit_sync",
    "new_markets": "new_markets_sync",
    "turns": "turns_sync",
    "unsupported": "unsupported_sync",
    "waiting": "waiting_sync",
}

TABLE_BEGINS = "<!-- made by scripts/generate.py -->"
TABLE_ENDS = "<!-- end -->"


def twin_of(source: Path) -> Path:
    return source.with_name(f"{source.stem}{TWIN}.py")


def sources(root: Path) -> list[Path]:
    found = (path for pattern in SOURCES for path in root.glob(pattern))
    return sorted(path for path in found if not path.stem.endswith(TWIN))


def orphans(root: Path) -> list[Path]:
    """Twins whose source does not exist any more."""
    twins = {path for pattern in SOURCES for path in root.glob(pattern.replace(".py", f"{TWIN}.py"))}
    return sorted(twin for twin in twins if not twin.with_name(twin.name.replace(TWIN, "")).exists())


def unused_replacements(texts: list[str]) -> list[str]:
    """Replacements that no source needs any more."""
    names = {token.src for text in texts for token in tokenize_rt.src_to_tokens(text)}
    return sorted(set(REPLACEMENTS) - names)


def generate(found: list[Path]) -> list[str]:
    """The texts of the sync twins of these sources, which import the twins of each other."""
    parts = {source.stem: f"{source.stem}{TWIN}" for source in found if source.stem.startswith("rest_")}
    with tempfile.TemporaryDirectory() as folder:
        for number, source in enumerate(found):
            copy = Path(folder, "async", str(number), source.name)
            copy.parent.mkdir(parents=True)
            copy.write_text(source.read_text())
        copies = [str(path) for path in Path(folder).glob("async/*/*")]
        unasync.unasync_files(copies, [unasync.Rule("/async/", "/sync/", {**parts, **REPLACEMENTS})])
        made = [Path(folder, "sync", str(number), source.name) for number, source in enumerate(found)]
        for twin in made:
            banner = f"# Generated from {twin.name} by scripts/generate.py. Do not edit.\n"
            twin.write_text(banner + twin.read_text())
        tidy(folder)
        return [twin.read_text() for twin in made]


def tidy(folder: str) -> None:
    """Format the files in a folder, and sort their imports."""
    for command in ("check --select I --fix-only --quiet", "format --quiet"):
        ruff = [sys.executable, "-m", "ruff", *command.split(), "--no-cache"]
        subprocess.run([*ruff, "--config", ROOT / "pyproject.toml", folder], cwd=ROOT, check=True)


def stubs() -> dict[str, str]:
    """The texts of the stubs, by their paths in the project."""
    import faces

    texts = faces.stubs()
    with tempfile.TemporaryDirectory() as folder:
        for path, text in texts.items():
            copy = Path(folder, path)
            copy.parent.mkdir(parents=True, exist_ok=True)
            copy.write_text(text)
        tidy(folder)
        return {path: Path(folder, path).read_text() for path in texts}


def in_words(cell: str) -> str:
    """`True:swap,future;emulated:spot` as "yes: swap, future; emulated: spot"."""
    said = cell.replace("True", "yes").removeprefix("-")
    return re.sub(r"([:;,])", r"\1 ", said)


def with_capabilities(text: str) -> str:
    """The README's text, with the table of what each venue can do, as its class says."""
    from ccxt_ext._ids import IDS
    from ccxt_ext.cli.exchanges import capability_rows, describe

    head, *rows = capability_rows({id: describe(id) for id in IDS})
    lines = [
        "| " + " | ".join(f"`{id}`" if id in IDS else id for id in head) + " |",
        "| --- |" + " :-: |" * len(IDS),
        *("| " + " | ".join([f"`{name}`", *map(in_words, cells)]) + " |" for name, *cells in rows),
    ]
    before, rest = text.split(TABLE_BEGINS)
    _, after = rest.split(TABLE_ENDS)
    return before + TABLE_BEGINS + "\n".join(["", *lines, ""]) + TABLE_ENDS + after


def difference(twin: Path, wanted: str) -> str:
    present = twin.read_text() if twin.exists() else ""
    return "".join(
        difflib.unified_diff(
            present.splitlines(keepends=True), wanted.splitlines(keepends=True), str(twin), "generated anew"
        )
    )


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="write nothing, fail if a twin is out of date")
    parser.add_argument("--root", type=Path, default=ROOT, help="the project's folder")
    options = parser.parse_args(arguments)
    root = options.root.resolve()

    problems = [f"{twin}: its source is gone, delete it" for twin in orphans(root)]
    found = sources(root)
    unused = unused_replacements([source.read_text() for source in found])
    problems += [f"{name!r} in REPLACEMENTS is not used by any source" for name in unused]

    def put(path: Path, wanted: str) -> None:
        if path.exists() and path.read_bytes() == wanted.encode():
            return
        if options.check:
            state = "is out of date" if path.exists() else "is missing"
            problems.append(f"{path} {state}, run `make generate`\n{difference(path, wanted)}")
        else:
            path.write_bytes(wanted.encode())
            print(f"wrote {path.relative_to(root)}")

    for source, wanted in zip(found, generate(found), strict=True):
        put(twin_of(source), wanted)
    # These come last, as they are made from the classes, which use the twins.
    if (root / "ccxt_ext/__init__.py").exists():
        for path, wanted in stubs().items():
            put(root / path, wanted)
    readme = root / "README.md"
    if readme.exists():
        put(readme, with_capabilities(readme.read_text()))
    if not found:
        problems.append(f"no sources under {root}")
    for problem in problems:
        print(problem, file=sys.stderr)
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
