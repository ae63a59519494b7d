"""What callers hand over as `since` and `limit`: whole numbers, which JSON may have made text or floats."""

import functools
import inspect
from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal, InvalidOperation
from typing import Any

from ccxt.base.errors import BadRequest

CHECKED = ("since", "limit")
_BOUND = 10**16


class CheckedArguments:
    """What fetches or watches in a subclass gets whole numbers, or its caller gets BadRequest."""

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        for name, method in list(vars(cls).items()):
            if name.startswith(("fetch_", "watch_")) and inspect.isfunction(method):
                code = method.__code__
                names = code.co_varnames[: code.co_argcount]
                if any(checked in names for checked in CHECKED):
                    setattr(cls, name, _checked(method, names))


def _checked(method: Callable[..., Any], names: Sequence[str]) -> Callable[..., Any]:
    places = {names.index(name): name for name in CHECKED if name in names}

    def whole_numbers(args: tuple[Any, ...], named: Mapping[str, Any]) -> tuple[list[Any], dict[str, Any]]:
        given, named = list(args), dict(named)
        for place, name in places.items():
            if place < len(given):
                given[place] = whole_number(args[0].id, name, given[place])
            elif name in named:
                named[name] = whole_number(args[0].id, name, named[name])
        return given, named

    if inspect.iscoroutinefunction(method):

        @functools.wraps(method)
        async def wrapper(*args: Any, **named: Any) -> Any:
            given, named = whole_numbers(args, named)
            return await method(*given, **named)
    else:

        @functools.wraps(method)
        def wrapper(*args: Any, **named: Any) -> Any:
            given, named = whole_numbers(args, named)
            return method(*given, **named)

    return wrapper


def whole_number(venue: str, name: str, value: Any) -> int | None:
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
