"""The modules that there are, and what each imports, also inside functions and for types alone."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = "ccxt_ext"


class Module(NamedTuple):
    tree: ast.Module
    package: str  # which it is in, or is itself


Modules = Mapping[str, Module]  # by name


class Arrow(NamedTuple):
    importer: str
    imported: str
    lazy: bool  # made when a function is called


def read(root: Path = ROOT, package: str = PACKAGE) -> Modules:
    found = {}
    for path in sorted((root / package).rglob("*.py")):
        parts = path.relative_to(root).with_suffix("").parts
        if "templates" in parts:  # no modules of ours, but what somebody else's are made of
            continue
        folder = ".".join(parts[:-1])
        name = folder if parts[-1] == "__init__" else ".".join(parts)
        found[name] = Module(ast.parse(path.read_text("utf-8")), folder)
    return found


def arrows(modules: Modules) -> set[Arrow]:
    """Every import of one module by another, those for types and those inside functions among them."""
    return {
        Arrow(importer, imported, lazy)
        for importer, module in modules.items()
        for node, lazy in _nodes(module.tree)
        for imported in _imported(node, module.package, modules)
        if imported != importer
    }


def _nodes(tree: ast.AST) -> Iterator[tuple[ast.AST, bool]]:
    """All nodes below, and whether they are in a function."""
    left = [(tree, False)]
    while left:
        above, lazy = left.pop()
        for node in ast.iter_child_nodes(above):
            inside = lazy or isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef))
            yield node, inside
            left.append((node, inside))


def _imported(node: ast.AST, package: str, modules: Modules) -> Iterator[str]:
    if isinstance(node, ast.Import):
        yield from (alias.name for alias in node.names if alias.name in modules)
    elif isinstance(node, ast.ImportFrom):
        home = home_of(node, package)
        # What is named is a module inside a package, or something in a module.
        named = [f"{home}.{alias.name}" for alias in node.names]
        yield from {name if name in modules else home for name in named} & modules.keys()
    elif isinstance(node, ast.Call) and is_import_by_name(node):
        named_here = node.args[0]
        if isinstance(named_here, ast.Constant) and named_here.value in modules:
            yield named_here.value


def home_of(node: ast.ImportFrom, package: str) -> str:
    """The module that a `from` is followed by, in full."""
    above = package.split(".")[: len(package.split(".")) - node.level + 1] if node.level else []
    return ".".join([*above, *([node.module] if node.module else [])])


def imports_by_name(modules: Modules) -> set[str]:
    """The modules that import what the source does not spell out."""
    return {
        name
        for name, module in modules.items()
        for node in ast.walk(module.tree)
        if isinstance(node, ast.Call)
        and is_import_by_name(node)
        and not isinstance(node.args[0], ast.Constant)
    }


def is_import_by_name(node: ast.Call) -> bool:
    called = node.func
    name = getattr(called, "attr", None) or getattr(called, "id", None)
    return name in ("import_module", "__import__") and bool(node.args)


def circles(edges: Mapping[str, set[str]]) -> list[frozenset[str]]:
    """Groups of which each member leads to all others, as Tarjan finds them."""
    numbers: dict[str, int] = {}
    lowest: dict[str, int] = {}
    stack: list[str] = []
    found = []

    def visit(name: str) -> None:
        numbers[name] = lowest[name] = len(numbers)
        stack.append(name)
        for other in sorted(edges.get(name, ())):
            if other not in numbers:
                visit(other)
                lowest[name] = min(lowest[name], lowest[other])
            elif other in stack:
                lowest[name] = min(lowest[name], numbers[other])
        if lowest[name] == numbers[name]:
            at = stack.index(name)
            group = frozenset(stack[at:])
            del stack[at:]
            if len(group) > 1:
                found.append(group)

    for name in sorted(edges):
        if name not in numbers:
            visit(name)
    return found
