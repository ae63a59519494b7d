"""Generates files from others: sync twins of async sources, stubs for type checkers, the reference of what is
public, the page of the conformance suite, tables in the README and the pages about scenarios and freqtrade.

With --check it writes nothing, and fails if one of them is out of date.
"""

from __future__ import annotations

import argparse
import re
import subprocess
import sys
import tempfile
from pathlib import Path

import freqtrade_tables
import reference

from ccxt_ext.authoring.packages import Package
from ccxt_ext.authoring.twins import Generated, twins

ROOT = Path(__file__).resolve().parent.parent
# Those of a venue that `ccxt-ext new-venue` writes.
TEMPLATES = "ccxt_ext/authoring/new_venue/templates/client"
TABLE_BEGINS = "<!-- made by scripts/generate.py -->"
TABLE_ENDS = "<!-- end -->"


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
    from ccxt_ext.cli.exchanges import capability_rows
    from ccxt_ext.cli.facts import facts_of
    from ccxt_ext.plugins import ours

    ids = ours()
    facts = facts_of(ids)
    head, *rows = capability_rows(facts)
    lines = [
        "| " + " | ".join(f"`{id}`" if id in ids else id for id in head) + " |",
        "| --- |" + " :-: |" * len(ids),
        "| " + " | ".join(["*level*", *(f"*{facts[id]['conformance']}*" for id in ids)]) + " |",
        *("| " + " | ".join([f"`{name}`", *map(in_words, cells)]) + " |" for name, *cells in rows),
    ]
    return with_lines(text, lines)


def with_scenarios(text: str) -> str:
    """The text of the page about scenarios, with a table of those that have a name."""
    from ccxt_ext.sandbox.scenarios.named import names, read_scenario

    lines = ["| name | what happens | what a bot should be seen to do |", "| --- | --- | --- |"]
    for scenario in map(read_scenario, names()):
        about, bot = (" ".join(said.split()) for said in (scenario.about, scenario.bot))
        lines.append(f"| `{scenario.name}` | {about} | {bot} |")
    return with_lines(text, lines)


def with_lines(text: str, lines: list[str]) -> str:
    """A text with these lines in the place that is made by this script."""
    before, rest = text.split(TABLE_BEGINS)
    _, after = rest.split(TABLE_ENDS)
    return before + TABLE_BEGINS + "\n".join(["", *lines, ""]) + TABLE_ENDS + after


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="write nothing, fail if a twin is out of date")
    parser.add_argument("--root", type=Path, default=ROOT, help="the project's folder")
    options = parser.parse_args(arguments)
    root = options.root.resolve()

    found, wrong = twins(Package(root / "ccxt_ext", "ccxt_ext"))
    if (root / TEMPLATES).exists():
        more, wrong_there = twins(Package(root / TEMPLATES, "client"))
        found, wrong = [*found, *more], [*wrong, *wrong_there]
    problems = [f"{problem.path}: {problem.what}" for problem in wrong]

    def put(file: Generated) -> None:
        if file.is_there:
            return
        if options.check:
            problems.append(f"{file.path} {file.state}, run `make generate`\n{file.difference()}")
        else:
            file.write()
            print(f"wrote {file.path.relative_to(root)}")

    for twin in found:
        put(twin)
    if not found:
        problems.append(f"no sources under {root}")
    # The rest is made from the classes, which use the twins.
    if problems:
        return failed(problems)
    if (root / "ccxt_ext/__init__.py").exists():
        for path, wanted in stubs().items():
            put(Generated(root / path, wanted))
        for path, wanted in reference.pages(root).items():
            put(Generated(root / path, wanted))
        import suite_page

        put(Generated(root / "docs/conformance.md", suite_page.page()))
        scenarios = root / "docs/scenarios.md"
        if scenarios.exists():
            put(Generated(scenarios, with_scenarios(scenarios.read_text())))
        about_freqtrade = root / "docs/freqtrade.md"
        if about_freqtrade.exists():
            tables = freqtrade_tables.lines(root / "ccxt_ext/integrations/freqtrade")
            put(Generated(about_freqtrade, with_lines(about_freqtrade.read_text(), tables)))
    readme = root / "README.md"
    if readme.exists():
        put(Generated(readme, with_capabilities(readme.read_text())))
    return failed(problems) if problems else 0


def failed(problems: list[str]) -> int:
    for problem in problems:
        print(problem, file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main())
