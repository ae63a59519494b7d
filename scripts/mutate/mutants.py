"""Finds all changes that can be made to a module."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from cosmic_ray.ast import ast_nodes, get_ast
from cosmic_ray.mutating import mutate_code
from operators import operators
from rooms import TOP


class Mutant(NamedTuple):
    path: Path
    operator: str
    occurrence: int
    line: int
    begins: int  # the first line of the statement that the line belongs to

    @property
    def file(self) -> str:
        return str(self.path.relative_to(TOP))

    def source(self) -> str:
        made = mutate_code(self.path.read_text(), operators()[self.operator], self.occurrence)
        assert made is not None
        return str(made)

    def change(self) -> tuple[str, str]:
        """The first line that is changed, before and after."""
        before, after = self.path.read_text().splitlines(), self.source().splitlines()
        for old, new in zip(before, after, strict=False):
            if old != new:
                return " ".join(old.split()), " ".join(new.split())
        return "", ""


_TABLE = re.compile(r'^( *)(?:EXCEPTIONS\b[^\n]*= |"exceptions": )\{$.*?^\1\}', re.MULTILINE | re.DOTALL)


def _lines(path: Path, text: str) -> range:
    """The lines that may be changed. In metadata.py it is only the table of errors.

    The rest of it is compared with the venue's documents by other tests.
    """
    if path.name != "metadata.py":
        return range(1, len(text) + 2)
    found = _TABLE.search(text)
    if found is None:
        return range(0)
    return range(text.count("\n", 0, found.start()) + 1, text.count("\n", 0, found.end()) + 2)


def _begins(text: str) -> dict[int, int]:
    """For each line of a statement, the line where that statement begins."""
    found: dict[int, int] = {}
    for node in ast.walk(ast.parse(text)):  # outer nodes come before inner ones
        if isinstance(node, ast.stmt):
            found.update(dict.fromkeys(range(node.lineno, (node.end_lineno or node.lineno) + 1), node.lineno))
    return found


def mutants(path: Path) -> Iterator[Mutant]:
    text = path.read_text()
    tree, lines, begins = list(ast_nodes(get_ast(text))), _lines(path, text), _begins(text)
    decorated = {number for number, line in enumerate(text.splitlines(), 1) if line.lstrip().startswith("@")}
    for name, operator in operators().items():
        number = 0
        for node in tree:
            for begin, _ in operator.mutation_positions(node):
                if begin[0] in lines and begin[0] not in decorated:
                    yield Mutant(path, name, number, begin[0], begins[begin[0]])
                number += 1
