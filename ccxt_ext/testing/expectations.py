"""Compares what became of a documented answer with what was written down for it."""

from __future__ import annotations

import json
import math
from typing import Any


def without_info(value: Any, payload: Any, where: str = "result") -> Any:
    """`value` without the raw rows, each of which has to be part of the payload as it is."""
    if isinstance(value, dict):
        if "info" in value:
            # One row, or those that were put together.
            rows = value["info"] if isinstance(value["info"], list) else [value["info"]]
            parts = pieces(payload)
            for row in rows:
                assert quoted(row) in parts, (
                    f"{where}.info has to be a part of the answer as it was sent, or a list of such parts, "
                    f"and there is no {row!r} in the answer"
                )
        return {
            key: without_info(item, payload, f"{where}.{key}") for key, item in value.items() if key != "info"
        }
    if isinstance(value, list):
        return [without_info(item, payload, f"{where}[{at}]") for at, item in enumerate(value)]
    return value


def quoted(value: Any) -> Any:
    """`value` with its numbers as text, which is how some releases of ccxt read an answer."""
    if isinstance(value, dict):
        return {key: quoted(item) for key, item in value.items()}
    if isinstance(value, list):
        return [quoted(item) for item in value]
    return str(value) if is_number(value) else value


def pieces(payload: Any) -> list[Any]:
    found = [payload]
    for item in (
        payload.values() if isinstance(payload, dict) else payload if isinstance(payload, list) else ()
    ):
        found += pieces(item)
    return found


def difference(got: Any, wanted: Any, where: str = "result") -> str | None:
    """Where the two differ, or None. A key without a value is as good as no key: ccxt adds some over time."""
    if isinstance(got, dict) and isinstance(wanted, dict):
        keys = {**wanted, **got}
        found = (difference(got.get(key), wanted.get(key), f"{where}.{key}") for key in keys)
        return next(filter(None, found), None)
    if isinstance(got, list) and isinstance(wanted, list) and len(got) == len(wanted):
        found = (difference(*pair, f"{where}[{at}]") for at, pair in enumerate(zip(got, wanted, strict=True)))
        return next(filter(None, found), None)
    if is_number(got) and is_number(wanted):
        same = math.isclose(got, wanted, rel_tol=1e-12)
    else:
        same = type(got) is type(wanted) and got == wanted
    return None if same else f"{where} is {got!r}, not {wanted!r}"


def as_query(fields: Any) -> dict[str, str]:
    return {name: value if isinstance(value, str) else json.dumps(value) for name, value in fields.items()}


def is_number(value: Any) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool)
