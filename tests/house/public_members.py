"""What venues and frontends use of public classes: methods and attributes that the reference tells of."""

from __future__ import annotations

import ast
import functools
import inspect
import re
from collections.abc import Iterator, Mapping
from importlib import import_module
from pathlib import Path

from scripts.reference import PAGES, Entry, module_at, public_modules
from tests.house.public import BUILT
from tests.house.rooms import room_of
from tests.house.self_names import put_on_self, used
from tests.house.sources import PACKAGE, ROOT, Modules, home_of

Key = tuple[str, str]  # the module where a class is defined, and its name


@functools.cache
def public_classes(root: Path = ROOT) -> Mapping[Key, Entry]:
    """By where they are defined."""
    return {
        (entry.home.name, entry.name): entry
        for package in PAGES
        for module in public_modules(root, package)
        for entry in module.entries()
        if isinstance(entry.node, ast.ClassDef)
    }


def documented(entry: Entry) -> frozenset[str]:
    """The members that the reference tells of, here or at a base."""
    key = entry.home.name, entry.name
    if key not in _documented:
        bases = (documented(base) for base in entry.bases())
        told = (member.name for member in entry.members)
        _documented[key] = frozenset(told).union(entry.fields(), *bases)
    return _documented[key]


_documented: dict[Key, frozenset[str]] = {}


@functools.cache
def of_others(kind: type) -> frozenset[str]:
    """The members that a class has from outside of this project, such as from ccxt."""
    names: set[str] = set()
    for base in kind.__mro__:
        if base.__module__.partition(".")[0] != PACKAGE:
            names.update(vars(base), put_on_self(base))
    return frozenset(names)


def hidden_members(modules: Modules) -> Iterator[tuple[str, str]]:
    """(module, `Class.member`) for what a venue or a frontend uses and the reference does not tell of."""
    for name, module in modules.items():
        if room_of(name) in BUILT:
            for node in ast.walk(module.tree):
                if isinstance(node, ast.ClassDef):
                    kind = getattr(import_module(name), node.name, None)
                    if isinstance(kind, type):
                        yield from ((name, each) for each in hidden_of_bases(kind, node))
                elif isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
                    for entry, attribute in uses_of_arguments(node, module.tree, module.package):
                        if not is_told(entry, attribute):
                            yield name, f"{entry.name}.{attribute}"


def is_told(entry: Entry, attribute: str) -> bool:
    """Whether the reference tells of a member, or ccxt has it; also of what is no member at all."""
    kind = getattr(import_module(entry.home.name), entry.name)
    return (
        attribute.startswith("__")
        or not _has(entry, attribute)
        or attribute in documented(entry)
        or attribute in of_others(kind)
    )


def hidden_of_bases(kind: type, node: ast.ClassDef) -> Iterator[str]:
    """What a class overrides or uses of its public bases, and they do not tell of."""
    keys = [(base.__module__, base.__qualname__) for base in kind.__mro__]
    public = [entry for key in keys if (entry := public_classes().get(key)) is not None]
    if not public:
        return
    own = [base for base in kind.__mro__ if room_of(base.__module__) in BUILT and _is_ours(base)]
    theirs = {name for base in own for name in (*vars(base), *put_on_self(base))}
    written = {each.name for each in node.body if isinstance(each, (ast.FunctionDef, ast.AsyncFunctionDef))}
    for attribute in {*written, *(set(used(node)) - theirs)}:
        first = next((entry for entry in public if _has(entry, attribute)), None)
        if first is not None and not is_told(first, attribute):
            yield f"{first.name}.{attribute}"


def _is_ours(base: type) -> bool:
    return base.__module__.partition(".")[0] == PACKAGE


def _has(entry: Entry, attribute: str) -> bool:
    """Whether a public class, or a base of it that is ours, defines a member."""
    kind = getattr(import_module(entry.home.name), entry.name)
    return any(
        attribute in vars(base)
        or attribute in inspect.get_annotations(base)
        or attribute in put_on_self(base)
        for base in kind.__mro__
        if _is_ours(base) and room_of(base.__module__) not in BUILT
    )


def uses_of_arguments(
    function: ast.FunctionDef | ast.AsyncFunctionDef, tree: ast.Module, package: str
) -> Iterator[tuple[Entry, str]]:
    """What a function takes of arguments that are said to be of public classes."""
    imported = imported_classes(tree, package)
    args = [*function.args.args, *function.args.kwonlyargs]
    kinds: dict[str, Entry] = {}
    for arg in args:
        for word in re.findall(r"\w+", "" if arg.annotation is None else ast.unparse(arg.annotation)):
            if word in imported and not re.search(r"\[", ast.unparse(arg.annotation or arg)):
                kinds[arg.arg] = imported[word]
    for node in ast.walk(function) if kinds else ():
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id in kinds:
            yield kinds[node.value.id], node.attr


@functools.cache
def imported_classes(tree: ast.Module, package: str) -> dict[str, Entry]:
    """The public classes that a module imports."""
    found: dict[str, Entry] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom):
            home = home_of(node, package)
            for alias in node.names:
                entry = _entry(home, alias.name) if home.startswith(f"{PACKAGE}.") else None
                if entry is not None and (entry.home.name, entry.name) in public_classes():
                    found[alias.asname or alias.name] = entry
    return found


@functools.cache
def _entry(home: str, name: str) -> Entry | None:
    module = module_at(ROOT, ROOT.joinpath(*home.split(".")))
    return None if module is None else module.find_if_ours(name)
