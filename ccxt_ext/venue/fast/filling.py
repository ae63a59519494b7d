"""Structures like one that was parsed as ever, with other values in their places."""

from collections.abc import Mapping, Sequence
from itertools import repeat
from typing import Any

from ccxt_ext.venue.fast.columns import ABSENT, ZERO
from ccxt_ext.venue.fast.conditions import identical
from ccxt_ext.venue.fast.formulas import Formulas, Group, Unlike


class Filling:
    """Makes structures like a template, with the columns filled in."""

    def __init__(self, columns: Mapping[str, list[Any]], zeros: Sequence[str], count: int) -> None:
        self.columns = columns
        self.zeros = zeros
        self.count = count
        self.made: dict[int, list[Any]] = {}  # what stands twice in the template stands twice in its likes

    def like(self, template: Any, path: str = "") -> list[Any]:
        made = self.made.get(id(template))
        if made is None:
            is_dict = isinstance(template, dict)
            parts = {
                key: self.part(value, f"{path}{key}")
                for key, value in (template.items() if is_dict else enumerate(template))
            }
            if not is_dict and parts and None not in parts.values():
                made = list(map(list, zip(*parts.values(), strict=True)))
            else:
                made = list(map(type(template).copy, repeat(template, self.count)))
                for key, column in parts.items():
                    if column is not None:
                        for structure, value in zip(made, column, strict=True):
                            structure[key] = value
            self.made[id(template)] = made
        return made

    def part(self, value: Any, path: str) -> list[Any] | None:
        """The column at this place; None for a constant."""
        path = path.replace("fees.0.", "fee.")
        if path in self.columns:
            return self.columns[path]
        if type(value) in (dict, list):
            return self.like(value, path + ".")
        if value is None or type(value) in (str, bool) or (value == 0 and path in self.zeros):
            return None
        raise Unlike(f"{path} is {value!r} for reasons unknown")


def fill(
    rows: list[Any], group: Group, probes: Mapping[int, Any], derive: Sequence[Formulas]
) -> list[Any] | None:
    """The structures of a group's rows; None if they cannot be told from the columns."""
    template = probes[group.places[0]]
    own: dict[str, list[Any]] = {}
    if isinstance(template, dict):
        if template.get("info") is not rows[group.places[0]]:
            return None
        own["info"] = group.pick(rows)
    try:
        for formulas in derive:
            own.update(formulas(group, template))
        kinds = group.kinds.items()
        columns = {name: group.values(name) for name, kind in kinds if kind not in (ABSENT, ZERO)}
        zeros = [name for name, kind in kinds if kind == ZERO]
        made = Filling({**columns, **own}, zeros, len(group.places)).like(template)
    except Unlike:
        return None
    return made if all(identical(probes[group.places[at]], made[at]) for at in (0, -1)) else None
