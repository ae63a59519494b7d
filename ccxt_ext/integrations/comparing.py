"""Whether a class of ours fits the class of another program that it is derived from."""

from __future__ import annotations

import dis
import inspect
from collections.abc import Iterator
from itertools import pairwise
from types import CodeType, FunctionType
from typing import Any


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


def missing(theirs: Any, ours: Any) -> Iterator[str]:
    """What our methods ask of their own object, and what no class that it is made of has."""
    there = {*dir(ours), *(name for kind in ours.__mro__ for name in set_in(kind))}
    for _, method in added(theirs, ours):
        function = function_of(method)
        if function is not None:
            yield from sorted(asked_of_self(function.__code__) - there)


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
