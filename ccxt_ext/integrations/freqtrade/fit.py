"""Which releases of freqtrade our classes fit, and whether this one is among them."""

from __future__ import annotations

import dis
import inspect
import re
from collections.abc import Iterator
from itertools import pairwise
from types import CodeType, FunctionType
from typing import Any

OLDEST = "2026.3"
"""Known to work from this release on, ..."""

NEWEST = "2026.9"
"""... to this one. A newer one is taken if it has all that our classes stand on."""

TABLES = ("_ft_has", "_ft_has_futures")
"""What freqtrade reads of a class, beside its methods: what it says of its exchange, ..."""

MODES = "_supported_trading_mode_margin_pairs"
"""... and how one can trade there."""


def unfit(version: str, theirs: Any, ours: Any, name: str | None = None) -> str | None:
    """Why a class of ours is not added to this release of freqtrade; None if it fits.

    `theirs` is freqtrade's Exchange class, and `ours` is derived from it: what all of ours stand on, unless
    it has a name.
    """
    if old := too_old(version):
        return old
    found = dict.fromkeys((*differences(theirs, ours), *unknown_keys(theirs, ours), *missing(theirs, ours)))
    return refusal(version, "; ".join(found), name) if found else None


def too_old(version: str) -> str | None:
    return refusal(version, "it is too old") if numbers(version) < numbers(OLDEST) else None


def refusal(version: str, why: str, name: str | None = None) -> str:
    left_out = "adds no exchange" if name is None else f"does not add {name}"
    return (
        f"ccxt-ext {left_out} to freqtrade {version}, which works as it does without: {why}. "
        f"Known to fit: freqtrade {OLDEST} to {NEWEST}"
    )


def numbers(version: str) -> tuple[int, ...]:
    """A release as numbers. One without, such as a development version, is taken for the newest."""
    found = re.search(r"\d{4}(?:\.\d+)+", version)
    return tuple(map(int, found[0].split("."))) if found else numbers(NEWEST)


def differences(theirs: Any, ours: Any) -> Iterator[str]:
    """The methods of ours that take the place of one of theirs, and cannot."""
    for name, method in added(theirs, ours):
        function = function_of(method)
        if function is None or (name.startswith("__") and name != "__init__"):
            continue
        before = inspect.getattr_static(theirs, name, None)
        if getattr(function, "new_to_freqtrade", False):
            if before is not None:
                yield f"Exchange.{name}() is something else there"
        elif function_of(before) is None or kind_of(before) is not kind_of(method):
            yield f"there is no Exchange.{name}()"
        elif not takes_the_same(called(method), called(before)):
            yield f"Exchange.{name}() takes other arguments"


def added(theirs: Any, ours: Any) -> Iterator[tuple[str, Any]]:
    """What our class and those between it and theirs add, by name."""
    for kind in ours.__mro__:
        if kind is theirs:
            return
        yield from vars(kind).items()


def function_of(method: Any) -> Any:
    """The function behind a method, of whatever kind; None if it is none."""
    if isinstance(method, property):
        method = method.fget
    elif isinstance(method, (staticmethod, classmethod)):
        method = method.__func__
    return inspect.unwrap(method) if isinstance(method, FunctionType) else None


def kind_of(method: Any) -> type:
    """What matters to who calls it: one of the class is called alike, whether it is told the class or not."""
    return staticmethod if isinstance(method, classmethod) else type(method)


def called(method: Any) -> Any:
    """A method as it is called: one of the class without the class."""
    return method.__get__(None, object) if isinstance(method, classmethod) else function_of(method)


def takes_the_same(method: Any, before: Any) -> bool:
    if inspect.iscoroutinefunction(method) is not inspect.iscoroutinefunction(before):
        return False
    ours, theirs = (inspect.signature(each).parameters.values() for each in (method, before))
    if any(parameter.kind is parameter.VAR_KEYWORD for parameter in ours):
        return True
    return [shape(parameter) for parameter in ours] == [shape(parameter) for parameter in theirs]


def shape(parameter: inspect.Parameter) -> tuple[Any, ...]:
    return parameter.name, parameter.kind, parameter.default is parameter.empty


def unknown_keys(theirs: Any, ours: Any) -> Iterator[str]:
    """What our tables say of the venue, and freqtrade has no word for."""
    for name, table in added(theirs, ours):
        if name in (*TABLES, MODES) and not hasattr(theirs, name):
            yield f"there is no Exchange.{name}"
        if name in TABLES:
            for key in sorted(set(table) - known_keys(theirs)):
                yield f"{name} knows no {key!r}"


def known_keys(theirs: Any) -> set[str]:
    """The keys of `_ft_has`: those with a default, and those that are only typed."""
    table = getattr(inspect.getmodule(theirs), "FtHas", None)
    return {*getattr(theirs, "_ft_has_default", ()), *getattr(table, "__annotations__", ())}


def missing(theirs: Any, ours: Any) -> Iterator[str]:
    """What our methods ask of their own object, and what no class that it is made of has."""
    there = {*dir(ours), *(name for kind in ours.__mro__ for name in set_in(kind))}
    for _, method in added(theirs, ours):
        function = function_of(method)
        if function is not None:
            for name in sorted(asked_of_self(function.__code__) - there):
                yield f"there is no Exchange.{name}"


def asked_of_self(code: CodeType) -> set[str]:
    """The names of the attributes that a method asks its `self` for."""
    return {name for operation, name in of_self(code) if operation in ("LOAD_ATTR", "LOAD_METHOD")}


def set_in(kind: type) -> Iterator[str]:
    """The names of the attributes that the methods of a class give to its objects."""
    yield from inspect.get_annotations(kind)
    for method in vars(kind).values():
        function = function_of(method)
        if function is not None:
            yield from (name for operation, name in of_self(function.__code__) if operation == "STORE_ATTR")


def of_self(code: CodeType) -> Iterator[tuple[str, str]]:
    """What is done to which attribute of the first argument, in functions within this one too."""
    yield from done_to(code.co_varnames[0], code) if code.co_argcount else ()


def done_to(variable: str, code: CodeType) -> Iterator[tuple[str, str]]:
    for before, step in pairwise(dis.get_instructions(code)):
        # Some releases of Python load two variables by one step.
        loaded = before.argval[-1:] if isinstance(before.argval, tuple) else (before.argval,)
        if before.opname.startswith(("LOAD_FAST", "LOAD_DEREF")) and loaded == (variable,):
            yield step.opname, str(step.argval)
    for inner in code.co_consts:
        if isinstance(inner, CodeType):
            yield from done_to(variable, inner)
