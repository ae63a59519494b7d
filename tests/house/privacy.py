"""Names that begin with an underscore belong to their module, and a base that is Any hides what it lacks."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from tests.house.sources import Modules, home_of

# The underscore of these keeps them apart from fields, or warns; they are documented as public.
PUBLIC = {"_asdict", "_fields", "_make", "_replace", "_exit"}
OWN = {"self", "cls"}


def private_uses(modules: Modules) -> Iterator[tuple[str, str]]:
    """(module, what it uses) for each private name of another module."""
    for name, module in modules.items():
        own = set(_own_names(module.tree))
        for node in ast.walk(module.tree):
            if isinstance(node, ast.ImportFrom):
                for alias in node.names:
                    home = home_of(node, module.package)
                    if is_private(alias.name) and f"{home}.{alias.name}" not in modules:
                        yield name, f"{home}.{alias.name}"
            elif isinstance(node, ast.Attribute) and _is_others(node, own):
                yield name, ast.unparse(node)


def _is_others(node: ast.Attribute, own: set[str]) -> bool:
    return is_private(node.attr) and node.attr not in own and not _is_own(node.value)


def is_private(name: str) -> bool:
    return name.startswith("_") and not name.endswith("__") and name not in PUBLIC


def _is_own(value: ast.expr) -> bool:
    return (isinstance(value, ast.Name) and value.id in OWN) or (
        isinstance(value, ast.Call) and isinstance(value.func, ast.Name) and value.func.id == "super"
    )


def _own_names(tree: ast.Module) -> Iterator[str]:
    """All that this module defines, in its classes as well."""
    for node in ast.walk(tree):
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
            yield node.name
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            yield node.id
        elif isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Store) and _is_own(node.value):
            yield node.attr


def bases_for_show(modules: Modules) -> Iterator[tuple[str, str]]:
    """(module, class) with a base that is Any, or another one for a type checker than when it runs."""
    for name, module in modules.items():
        shown = set(_for_show(module.tree))
        for node in ast.walk(module.tree):
            if isinstance(node, ast.ClassDef):
                bases = {base.id for base in node.bases if isinstance(base, ast.Name)}
                if bases & shown:
                    yield name, node.name


def _for_show(tree: ast.Module) -> Iterator[str]:
    """Names to which Any or object is assigned."""
    for node in ast.walk(tree):
        if isinstance(node, (ast.Assign, ast.AnnAssign)):
            said = [node.value] if isinstance(node, ast.Assign) else [node.value, node.annotation]
            if any(isinstance(each, ast.Name) and each.id in ("Any", "object") for each in said):
                targets = node.targets if isinstance(node, ast.Assign) else [node.target]
                yield from (target.id for target in targets if isinstance(target, ast.Name))
        elif isinstance(node, ast.ImportFrom):
            yield from (alias.asname or alias.name for alias in node.names if alias.name == "Any")
