"""`ccxt-ext exchanges`: lists the venues, and what each can do."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Annotated, Any

import typer

from ccxt_ext.cli.facts import facts_of, origin, what_is_broken
from ccxt_ext.cli.venues import ids_of, known
from ccxt_ext.program.console import aligned, console

if TYPE_CHECKING:
    from rich.console import Console
    from rich.table import Table

Row = tuple[str, ...]


def exchanges(
    ids: Annotated[
        list[str] | None, typer.Argument(metavar="[ID]...", help="Only these venues.", show_default=False)
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object, for scripts.")] = False,
) -> int:
    """List the venues and what each can do."""
    chosen = known("exchanges", ids or ()) or tuple(ids_of())
    facts = facts_of(chosen)
    if as_json:
        print(json.dumps(facts))
        return 0
    tables = [venue_rows(facts), capability_rows(facts)]
    broken = [line for id, fact in facts.items() for line in what_is_broken(id, fact)]
    screen = console()
    if not screen.is_terminal:
        print("\n\n".join("\n".join(rows) for rows in (*map(aligned, tables), broken) if rows))
        return 0
    drawn = [rich_table(rows) for rows in tables]
    unbounded = screen.options.update(max_width=10_000)
    if all(screen.measure(table, options=unbounded).maximum <= screen.width for table in drawn):
        for table in drawn:
            screen.print(table)
    else:
        narrow(screen, *tables)
    for line in broken:
        screen.print(line, style="bold red")
    return 0


def venue_rows(facts: dict[str, dict[str, Any]]) -> list[Row]:
    """The table of venues: one row for each, after a row of headings."""
    rows: list[Row] = [("id", "name", "from", "markets", "credentials", "streams", "requests/min", "level")]
    for id, fact in facts.items():
        rows.append(
            (
                id,
                fact["name"],
                origin(fact),
                ", ".join(fact["markets"]) or "-",
                ", ".join(fact["credentials"]) or "-",
                fact["streams"],
                str(round(60_000 / fact["rateLimit"])) if fact["rateLimit"] else "-",
                fact["conformance"] or "-",
            )
        )
    return rows


def capability_rows(facts: dict[str, dict[str, Any]]) -> list[Row]:
    """The table of capabilities: one row for each that a venue has, after a row of headings."""
    names = sorted({name for fact in facts.values() for name, able in fact["has"].items() if able})
    return [
        ("capability", *facts),
        *((name, *(cell(fact, name) for fact in facts.values())) for name in names),
    ]


def cell(fact: dict[str, Any], name: str) -> str:
    """`True`, `emulated` or `-`. If types of markets differ, for example `True:swap,future;emulated:spot`."""
    able = fact["has"].get(name)
    if name not in fact["hasFor"]:
        return word(able)
    kinds: dict[str, list[str]] = {}
    for kind in fact["markets"]:
        kinds.setdefault(word(fact["hasFor"][name].get(kind, able)), []).append(kind)
    return ";".join(f"{answer}:{','.join(found)}" for answer, found in kinds.items() if answer != "-")


def word(able: Any) -> str:
    return "-" if not able else str(able)


def answers(text: str) -> dict[str, str]:
    """Parse a cell: each answer in it, with the types of markets that it names, if any."""
    parts = (part.partition(":") for part in text.split(";"))
    return {answer: kinds for answer, _, kinds in parts}


def rich_table(rows: list[Row]) -> Table:
    from rich import box
    from rich.table import Table
    from rich.text import Text

    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    for name in rows[0]:
        table.add_column(name, no_wrap=True)
    styles = {"True": "green", "emulated": "yellow", "-": "dim"}
    for row in rows[1:]:
        table.add_row(*(Text(text, styles.get(next(iter(answers(text))), "")) for text in row))
    return table


def narrow(screen: Console, venues: list[Row], able: list[Row]) -> None:
    """Show a paragraph for each venue, if the terminal is too narrow for the tables."""
    from rich.padding import Padding

    for column, venue in enumerate(venues[1:], start=1):
        screen.print(venue[0], style="bold")
        facts = list(zip(venues[0][1:], venue[1:], strict=True))
        for answer in ("True", "emulated"):
            told = ((row[0], answers(row[column])) for row in able[1:])
            names = (
                f"{name} ({kinds[answer]})" if kinds[answer] else name
                for name, kinds in told
                if answer in kinds
            )
            facts.append((answer, ", ".join(names) or "-"))
        for name, fact in facts:
            screen.print(Padding(f"{name}: {fact}", (0, 0, 0, 2)))
        screen.print()
