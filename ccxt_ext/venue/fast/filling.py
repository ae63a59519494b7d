"""Makes many structures from one that ccxt has parsed: copies of it, with the values of other rows."""

from collections.abc import Mapping, Sequence
from itertools import repeat
from typing import Any

from ccxt_ext.venue.fast.columns import ABSENT, ZERO
from ccxt_ext.venue.fast.conditions import identical
from ccxt_ext.venue.fast.formulas import Formulas, Group, NotAlike


class Filling:
    """Makes copies of a template, and fills columns of values into them."""

    def __init__(self, columns: Mapping[str, list[Any]], zeros: Sequence[str], count: int) -> None:
        self.columns = columns
        self.zeros = zeros
        self.count = count
        # By the id of a part of the template: an object that occurs twice there also does in the copies.
        self.made: dict[int, list[Any]] = {}

    def like(self, template: Any, path: str = "") -> list[Any]:
        """The copies of a template, or of a part of it that stands at `path`."""
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
        """The column of values for this place, or None if the value is the same in all copies."""
        path = path.replace("fees.0.", "fee.")
        if path in self.columns:
            return self.columns[path]
        if type(value) in (dict, list):
            return self.like(value, path + ".")
        if value is None or type(value) in (str, bool) or (value == 0 and path in self.zeros):
            return None
        raise NotAlike(f"{path} is {value!r} for reasons unknown")


def fill(
    rows: list[Any], group: Group, probes: Mapping[int, Any], derive: Sequence[Formulas]
) -> list[Any] | None:
    """The structures of a group's rows, or None if they do not follow from the columns.

    `probes` are the structures of the first and the last row, parsed by ccxt. The first one is the template,
    and both are compared with the result.
    """
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
    except NotAlike:
        return None
    return made if all(identical(probes[group.places[at]], made[at]) for at in (0, -1)) else None
