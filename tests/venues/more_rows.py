"""Payloads that went wrong, and lists with an odd one out."""

import functools
import random
from collections.abc import Iterator, Sequence
from operator import getitem
from typing import Any

from hypothesis import strategies as st

from ccxt_ext.testing.longer import WORDS, Longer, tables
from tests.odd_values import DIRT


@st.composite
def spoiled(draw: st.DrawFn, payload: Any, words: Sequence[Sequence[str]] = ()) -> Any:
    """A longer payload in which some cells were replaced or taken away, some rows repeated or replaced."""
    chance = random.Random(draw(st.integers(0, 2**32)))
    made = Longer(chance, (*WORDS, *words)).longer(payload)
    found = [table for _, table in tables(made)]
    for _ in range(draw(st.integers(0, 3)) if found else 0):
        table = draw(st.sampled_from(found))
        at = draw(st.integers(0, len(table) - 1))
        row = table[at]
        what = draw(st.sampled_from(["replace", "replace", "replace", "drop", "repeat", "row"]))
        if what == "repeat":
            table.append(row)
        elif what == "row":
            table[at] = draw(st.sampled_from([None, [], {}, "123456", 5]))
        elif row and isinstance(row, dict | list):
            key = draw(st.sampled_from(list(row) if isinstance(row, dict) else range(len(row))))
            if what == "replace":
                row[key] = draw(DIRT)
            else:
                del row[key]
    return made


MISSING = object()


def odd_ones_out(
    payload: Any, path: tuple[Any, ...], words: Sequence[Sequence[str]] = ()
) -> Iterator[list[Any]]:
    """Lists of rows that are alike, but for one cell in the middle; in some the others have null there."""
    longer = Longer(random.Random(1), (*WORDS, *words), calm=True)
    alike = functools.reduce(getitem, path, longer.longer(payload))
    for key, value in list(alike[0].items() if isinstance(alike[0], dict) else enumerate(alike[0])):
        others = [*longer.likes(value), -1, "-1", 0, "0", "x", "", None, MISSING]
        for usual, odd in [
            *[(value, odd) for odd in others],
            *[(None, MISSING), (None, value), (MISSING, None)],
        ]:
            rows = [row.copy() for row in alike]
            for place, row in enumerate(rows):
                cell = odd if place == Longer.ODD_ONE_OUT else usual
                if cell is MISSING:
                    del row[key]
                elif cell is not value:
                    row[key] = cell
            yield rows
