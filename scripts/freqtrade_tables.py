"""Tables of what our classes tell freqtrade of each venue, made of their sources: they import freqtrade."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

TABLES = {"_ft_has": "", "_ft_has_futures": "futures"}
MODES = "_supported_trading_mode_margin_pairs"
SPOT = "spot"  # what freqtrade has of a class that says nothing of modes
NOT_VENUES = {"exchange.py", "plain.py"}


def lines(folder: Path) -> list[str]:
    """The tables of all venues, as lines of Markdown."""
    made: list[str] = []
    for file in sorted(folder.glob("*.py")):
        source = file.read_text(encoding="utf-8")
        for node in ast.parse(source).body:
            is_venue = isinstance(node, ast.ClassDef) and "VenueExchange" in map(ast.unparse, node.bases)
            if isinstance(node, ast.ClassDef) and is_venue and file.name not in NOT_VENUES:
                made += [f"**{node.name}** (`{file.stem}`): {modes(node)}.", "", *table(node, source), ""]
    return made[:-1]


def modes(node: ast.ClassDef) -> str:
    """How one can trade there, such as "spot, isolated futures"."""
    value = assigned(node).get(MODES)
    if not isinstance(value, ast.List):
        return SPOT
    pairs = [[ast.unparse(part).split(".")[1].lower() for part in pair.elts] for pair in value.elts]
    return ", ".join(mode if margin == "none" else f"{margin} {mode}" for mode, margin in pairs)


def table(node: ast.ClassDef, source: str) -> list[str]:
    rows = [row for name in TABLES for row in rows_of(name, assigned(node).get(name), source)]
    if not rows:
        return ["Nothing that freqtrade does not take for granted."]
    return ["| key | value | in | why |", "| --- | --- | --- | --- |", *rows]


def rows_of(name: str, value: ast.expr | None, source: str) -> Iterator[str]:
    if isinstance(value, ast.Dict):
        constants = assigned(ast.parse(source))
        for key, each in zip(value.keys, value.values, strict=True):
            if isinstance(each, ast.Name):
                each = constants[each.id]
            text = ast.unparse(each).replace("|", "\\|")
            why = comment_before(key, source)
            yield f"| `{ast.literal_eval(key)}` | `{text}` | {TABLES[name] or 'all'} | {why} |"


def comment_before(node: ast.expr, source: str) -> str:
    """The words in the lines above an entry."""
    above = source.splitlines()[: node.lineno - 1]
    found: list[str] = []
    while above and above[-1].strip().startswith("#"):
        found.insert(0, above.pop().strip().lstrip("# "))
    return " ".join(found)


def assigned(node: ast.ClassDef | ast.Module) -> dict[str, ast.expr]:
    """What is assigned in a class or in a module, by name."""
    found = {}
    for each in node.body:
        targets = [each.target] if isinstance(each, ast.AnnAssign) else getattr(each, "targets", [])
        found |= {ast.unparse(target): each.value for target in targets}
    return {name: value for name, value in found.items() if value is not None}
