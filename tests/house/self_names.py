"""Names that methods use on `self`: each is defined by the class, by a base of it, or by ccxt."""

from __future__ import annotations

import ast
import functools
import importlib
import inspect
import sys
from collections.abc import Iterable, Iterator

import ccxt
import ccxt.async_support
import ccxt.pro

from tests.house.sources import Modules

EXCHANGES = (ccxt.Exchange, ccxt.async_support.Exchange, ccxt.pro.Exchange)


def undefined(modules: Modules, rooms: Iterable[str]) -> Iterator[tuple[str, str]]:
    """(class, name) for what is used, and what none of its bases has."""
    for module_name, module in modules.items():
        if not module_name.startswith(tuple(f"{room}." for room in rooms)):
            continue
        for node in ast.walk(module.tree):
            if isinstance(node, ast.ClassDef):
                kind = getattr(importlib.import_module(module_name), node.name)
                has = defined(kind)
                for name in sorted(set(used(node)) - has):
                    yield f"{module_name}.{node.name}", name


def used(node: ast.ClassDef) -> Iterator[str]:
    """What is taken from `self` in a class's own methods."""
    for each in _of_the_class(node):
        if isinstance(each, ast.Attribute) and isinstance(each.ctx, ast.Load) and _is_self(each.value):
            yield each.attr


def _of_the_class(node: ast.AST) -> Iterator[ast.AST]:
    """All nodes below, but for those of classes inside."""
    left = [node]
    while left:
        for each in ast.iter_child_nodes(left.pop()):
            if not isinstance(each, ast.ClassDef):
                yield each
                left.append(each)


def _is_self(node: ast.expr) -> bool:
    return isinstance(node, ast.Name) and node.id == "self"


@functools.cache
def defined(kind: type) -> frozenset[str]:
    found = set(dir(kind))
    for each in kind.__mro__:
        found |= inspect.get_annotations(each).keys() | put_on_self(each)
    for exchange in EXCHANGES:
        if issubclass(kind, exchange):
            found |= _with_an_instance(exchange)
    return frozenset(found)


@functools.cache
def _with_an_instance(kind: type) -> frozenset[str]:
    return frozenset(dir(kind()))


@functools.cache
def put_on_self(kind: type) -> frozenset[str]:
    """What methods of a class itself assign."""
    return _assigned(kind.__module__).get(kind.__name__, frozenset())


@functools.cache
def _assigned(module: str) -> dict[str, frozenset[str]]:
    """By class, what is assigned to `self`."""
    try:
        tree = ast.parse(inspect.getsource(sys.modules[module]))
    except (KeyError, OSError, TypeError):  # made while it runs, or written in C
        return {}
    return {
        node.name: frozenset(
            each.attr
            for each in _of_the_class(node)
            if isinstance(each, ast.Attribute) and isinstance(each.ctx, ast.Store) and _is_self(each.value)
        )
        for node in ast.walk(tree)
        if isinstance(node, ast.ClassDef)
    }
