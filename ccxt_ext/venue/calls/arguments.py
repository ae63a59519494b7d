"""Reads integers such as `since` and `limit`. Callers that got them from JSON may pass texts or floats."""

from decimal import Decimal, InvalidOperation
from typing import Any

from ccxt.base.errors import BadRequest

_BOUND = 10**16


def integer_argument(venue: str, name: str, value: Any) -> int | None:
    """The value as an integer, or None. Raises BadRequest for anything else."""
    least = 0 if name == "limit" else -_BOUND
    if value is None or (type(value) is int and value >= least):
        return value
    try:
        number = None if isinstance(value, bool) else Decimal(str(value).strip())
        if number is not None and least <= number < _BOUND and number == int(number):
            return int(number)
    except InvalidOperation:
        number = None
    raise BadRequest(f"{venue} takes a whole number as {name}, not {value!r}")
