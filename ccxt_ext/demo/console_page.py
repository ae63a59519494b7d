"""Shows the demo on the console, or writes it into a pipe."""

from __future__ import annotations

import time
from collections.abc import Sequence

from rich.console import Console
from rich.padding import Padding
from rich.text import Text

from ccxt_ext.demo.chart import draw
from ccxt_ext.demo.figures import plain
from ccxt_ext.program.console import aligned, one_line, speaks_unicode

MOST_CANDLES = 60
PRICE_LABEL = 14
CHART_HEIGHT = 10
LEVELS = 5


class ConsolePage:
    """The story on a console: in colour on a terminal, as plain text when piped."""

    def __init__(self, screen: Console) -> None:
        self.screen = screen
        self.unicode = speaks_unicode()
        self.colour = screen.is_terminal and not screen.no_color
        self.width = screen.width if screen.is_terminal else 100
        self.candles_wide = max(8, min(MOST_CANDLES, self.width - PRICE_LABEL - len(" UTC")))
        self.title = ""
        self.checks = 0
        self.false: list[str] = []

    def write(self, text: str = "", style: str = "") -> None:
        self.screen.print(text, style=style or None)

    def heading(self, id: str, name: str) -> None:
        rule = ("─" if self.unicode else "-") * max(3, min(self.width, 80) - len(id) - len(name) - 4)
        self.write(f"{id}  {name}  {rule}", "bold cyan")

    def step(self, title: str) -> None:
        self.write(f"\n{title}", "bold")

    def say(self, text: str, style: str = "") -> None:
        if not self.screen.is_terminal:
            self.write(f"  {text}")
            return
        # Padding keeps wrapped lines indented too.
        self.screen.print(Padding(text, (0, 0, 0, 2)), style=style or None)

    def check(self, claim: str, true: bool, detail: str) -> None:
        self.checks += 1
        if true:
            self.say(f"{'✓' if self.unicode else 'ok'} {claim}", "green")
            return
        self.false.append(f"{self.title}: {claim}" + (f" ({one_line(detail)})" if detail else ""))
        self.say(f"{'✗' if self.unicode else 'FALSE'} {claim}: {one_line(detail)}", "bold red")

    def table(self, rows: Sequence[Sequence[str]]) -> None:
        lines = aligned(rows, right=range(1, len(rows[0])))
        if self.screen.is_terminal and max(map(len, lines)) + 2 > self.width:
            lines = aligned(list(zip(*rows, strict=True)), right=range(1, len(rows)))
        for line in lines:
            self.write(f"  {line}")

    def book(self, bids: Sequence[Sequence[float]], asks: Sequence[Sequence[float]], own: float) -> None:
        shown = [*reversed(asks[:LEVELS]), *bids[:LEVELS]]
        lines = aligned([(plain(level[0]), plain(level[1])) for level in shown], right=(0, 1))
        largest = max(level[1] for level in shown)
        room = max(4, min(30, self.width - max(map(len, lines)) - 24))
        for index, (level, line) in enumerate(zip(shown, lines, strict=True)):
            bar = ("▇" if self.unicode else "=") * max(1, round(room * level[1] / largest))
            side, style = ("ask", "red") if index < len(asks[:LEVELS]) else ("bid", "green")
            mark = "  < the order" if level[0] == own else ""
            self.write(f"  {side}  {line}  {bar}{mark}", style)

    def chart(self, candles: Sequence[Sequence[float]]) -> None:

        rows = draw(candles, CHART_HEIGHT, self.colour, self.unicode)
        labels = {0: max(c[2] for c in candles), CHART_HEIGHT - 1: min(c[3] for c in candles)}
        for index, row in enumerate(rows):
            label = plain(labels[index]) if index in labels else ""
            line = Text(f"  {label:>{PRICE_LABEL - 4}}  ")
            for cell in row:
                line.append(cell.text, "green" if cell.rising else "red")
            line.rstrip()
            self.screen.print(line)
        times = [time.strftime("%d %b %H:%M", time.gmtime(candles[i][0] / 1000)) for i in (0, -1)]
        gap = " " * max(1, len(candles) - len("".join(times)))
        self.write(f"{' ' * PRICE_LABEL}{times[0]}{gap}{times[1]} UTC", "dim")

    def conclude(self) -> bool:
        """Show how many checks failed. Returns whether none did."""
        self.write()
        if not self.false:
            self.write(f"All {self.checks} checks were true.", "bold green")
            return True
        self.write(f"{len(self.false)} of {self.checks} checks were false:", "bold red")
        for claim in self.false:
            self.write(f"  {claim}", "red")
        return False
