"""What venues and frontends may import of ours: the names that are public."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from scripts.reference import PAGES, public_modules
from tests.house.rooms import folder_of, room_of
from tests.house.sources import PACKAGE, Module, Modules, home_of

BUILT = ("venues.ID", "sandbox.frontends.ID")  # the rooms that are built of public parts alone

Public = Mapping[str, frozenset[str]]  # the names in `__all__`, by module


def public_names(modules: Modules, packages: Iterable[str] = PAGES) -> Public:
    """The public modules of these packages, each with its public names."""
    inside = tuple(f"{package}." for package in packages)
    found = {}
    for name, module in modules.items():
        listed = _listed(module.tree) if f"{name}.".startswith(inside) else None
        if listed is not None:
            found[name] = frozenset(listed)
    return found


def _listed(tree: ast.Module) -> list[str] | None:
    for node in tree.body:
        if isinstance(node, ast.Assign) and any(
            isinstance(each, ast.Name) and each.id == "__all__" for each in node.targets
        ):
            return list(ast.literal_eval(node.value))
    return None


def private_imports(modules: Modules, public: Public, package: str = PACKAGE) -> Iterator[tuple[str, str]]:
    """(module, what it has from elsewhere) for what such a room has of ours that is not public."""
    for name, module in modules.items():
        if room_of(name, package) in BUILT:
            for used in used_names(module, modules):
                if f"{used}.".startswith(f"{folder_of(name, package)}."):
                    continue
                if not is_public(used, public):
                    yield name, used


def is_public(name: str, public: Public) -> bool:
    """Whether it is a public module, or a public name in one."""
    home, _, last = name.rpartition(".")
    return name in public or last in public.get(home, ())


def used_names(module: Module, modules: Modules) -> Iterator[str]:
    """In full: each name that is imported from one of our modules, or taken from one that is imported."""
    imported: dict[str, str] = {}
    for node in ast.walk(module.tree):
        if isinstance(node, ast.ImportFrom):
            home = home_of(node, module.package)
            for alias in node.names:
                full = f"{home}.{alias.name}"
                if full in modules:
                    imported[alias.asname or alias.name] = full
                if home in modules or full in modules:
                    yield full
        elif isinstance(node, ast.Import):
            for alias in node.names:
                if alias.name in modules:
                    imported[alias.asname or alias.name] = alias.name
                    yield alias.name
    for node in ast.walk(module.tree):
        if isinstance(node, ast.Attribute):
            home = imported.get(ast.unparse(node.value))
            if home is not None:
                yield f"{home}.{node.attr}"


def undocumented(root: Path, packages: Iterable[str] = PAGES) -> Iterator[str]:
    """Public modules and names of which nothing is said, and private types that public names name."""
    modules = [module for package in packages for module in public_modules(root, package)]
    public = {name for module in modules for name in module.public or ()}
    for module in modules:
        if not module.said:
            yield module.name
        for entry in module.entries():
            if not entry.said:
                yield f"{module.name}.{entry.name}"
            yield from (f"{module.name}.{entry.name} names {each}" for each in entry.types() - public)
