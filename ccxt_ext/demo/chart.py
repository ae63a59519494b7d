"""Draws candles with characters."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

# As ccxt has them: timestamp, open, high, low, close, volume.
Candle = Sequence[float]

# The characters, by what their upper and lower half show of a candle: 0 nothing, 1 wick, 2 body.
LIGHT = {
    (0, 0): " ", (1, 1): "│", (2, 2): "┃", (0, 1): "╷", (1, 0): "╵",
    (0, 2): "╻", (2, 0): "╹", (1, 2): "╽", (2, 1): "╿",
}  # fmt: skip
SOLID = {**LIGHT, (2, 2): "█", (0, 2): "▄", (2, 0): "▀", (1, 2): "▄", (2, 1): "▀"}
ASCII = {halves: "|" if 2 not in halves else "O" for halves in LIGHT} | {(0, 0): " "}
ASCII_SOLID = {halves: "#" if sign == "O" else sign for halves, sign in ASCII.items()}


@dataclass(frozen=True)
class Cell:
    text: str
    rising: bool = True


def draw(candles: Sequence[Candle], height: int, colour: bool, unicode: bool) -> list[list[Cell]]:
    """Rows of cells, from the highest price to the lowest, with one column for each candle.

    Falling candles have another colour than rising ones. Without colours, falling candles are filled.
    """
    low = min(candle[3] for candle in candles)
    high = max(candle[2] for candle in candles)
    halves = 2 * height

    def half(price: float) -> int:
        share = (price - low) / (high - low) if high > low else 0.5
        return min(halves - 1, int(share * halves))

    columns = [column(candle, half, halves, colour, unicode) for candle in candles]
    return [list(row) for row in zip(*columns, strict=True)]


def column(
    candle: Candle, half: Callable[[float], int], halves: int, colour: bool, unicode: bool
) -> list[Cell]:
    opened, highest, lowest, closed = candle[1:5]
    rising = closed >= opened
    outlined, filled = (LIGHT, LIGHT if colour else SOLID) if unicode else (ASCII, ASCII_SOLID)
    signs = outlined if rising else filled
    body = range(half(min(opened, closed)), half(max(opened, closed)) + 1)
    wick = range(half(lowest), half(highest) + 1)
    parts = [2 if index in body else 1 if index in wick else 0 for index in range(halves)]
    return [Cell(signs[parts[top], parts[top - 1]], rising) for top in range(halves - 1, 0, -2)]
