"""Documented payloads, and the shapes by which answers are compared with them."""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

DATA = Path(__file__).parents[2] / "data"

Shapes = Callable[[list[Any]], list[Any]]


def payloads(folder: Path) -> Callable[[str], Any]:
    """What reads those of a folder by their names."""
    return lambda name: json.loads((folder / f"{name}.json").read_text("utf-8"))


def alike(shapes: list[Any]) -> list[Any]:
    """A list has one shape for all its elements, which must agree."""
    assert all(other == shapes[0] for other in shapes)
    return shapes[:1]


def first(shapes: list[Any]) -> list[Any]:
    """A list is as its first element."""
    return shapes[:1]


def json_type(value: Any) -> str:
    return type(value).__name__


def shape(
    value: Any, *, in_order: bool = False, of_list: Shapes = alike, of_leaf: Callable[[Any], str] = json_type
) -> Any:
    """Keys, in their order where that is asked for, and JSON types."""
    again = partial(shape, in_order=in_order, of_list=of_list, of_leaf=of_leaf)
    if isinstance(value, dict):
        inner = [(name, again(each)) for name, each in value.items()]
        return inner if in_order else dict(inner)
    if isinstance(value, list):
        return of_list([again(each) for each in value])
    return of_leaf(value)
