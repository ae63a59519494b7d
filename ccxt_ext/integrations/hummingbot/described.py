"""What ccxt says of an exchange, read from the source of its class: to import ccxt takes a second or more.

Only what stands there literally is known: credentials, markets, and fees.
"""

from __future__ import annotations

import ast
import re
import textwrap
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from importlib.machinery import ModuleSpec, PathFinder
from importlib.util import find_spec
from pathlib import Path
from typing import Any

CCXT = "ccxt"

DEFAULT_CREDENTIALS = {"apiKey": True, "secret": True}
"""Of ccxt's Exchange class."""

DEPTH = 10
"""So many imports within a plug-in's package are followed."""

_DESCRIBE = re.compile(r"^    def describe\(self.*?(?=^    (?:async )?def |^\S|\Z)", re.M | re.S)

UNKNOWN = object()


@dataclass(frozen=True)
class Described:
    """What one exchange has."""

    credentials: tuple[str, ...] = tuple(DEFAULT_CREDENTIALS)
    kinds: tuple[str, ...] = ("spot",)
    """`spot` and `perpetual`: what a connector can be had for."""
    fees: Mapping[str, Decimal] = field(default_factory=dict)
    """Those of `maker` and `taker` that are told."""


def of_ccxt(id: str) -> Described | None:
    """One of ccxt's own; None if ccxt has no such exchange that is asynchronous."""
    told = told_by_ccxt(id)
    return None if told is None else described(told)


def of_class(where: Any) -> Described:
    """A plug-in's, by "module:name" of its class, or by the class. What cannot be read is as ccxt has it."""
    if isinstance(where, str):
        module, _, name = where.partition(":")
        module, name = module.strip(), name.strip()
    else:
        module, name = where.__module__, where.__qualname__
    told: dict[str, Any] = {}
    for _, tree in reversed(list(modules(module, {}))):
        for base in bases(tree, name):
            merge(told, told_by_ccxt(base) or {})
        for part in parts(tree):
            merge(told, part)
    return described(told)


def described(told: Mapping[str, Any]) -> Described:
    needed = {**DEFAULT_CREDENTIALS, **mapping(told.get("requiredCredentials"))}
    has = mapping(told.get("has"))
    kinds = () if has.get("spot") is False else ("spot",)
    if has.get("swap") is True and has_linear_swaps(told):
        kinds = (*kinds, "perpetual")
    trading = mapping(mapping(told.get("fees")).get("trading"))
    fees = {name: rate for name in ("maker", "taker") if (rate := number(trading.get(name))) is not None}
    return Described(tuple(name for name, need in needed.items() if need is True), kinds, fees)


def has_linear_swaps(told: Mapping[str, Any]) -> bool:
    """Whether it may have them: that it has none stands in its features, or in its options."""
    swap = mapping(told.get("features")).get("swap", UNKNOWN)
    linear = swap.get("linear", UNKNOWN) if isinstance(swap, Mapping) else swap
    sub_type = mapping(told.get("options")).get("defaultSubType")
    return linear is not None and sub_type != "inverse"


def mapping(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}


def number(told: Any) -> Decimal | None:
    try:
        return Decimal(str(told)) if told is not None and told is not UNKNOWN else None
    except InvalidOperation:
        return None


def told_by_ccxt(id: str) -> dict[str, Any] | None:
    """What describe() of one of ccxt's own classes says, with that of the class that it is derived from."""
    folder = folder_of(CCXT)
    path = folder / "async_support" / f"{id}.py" if folder else None
    if path is None or not id.isidentifier() or not path.is_file():
        return None
    text = path.read_text("utf-8")
    found = re.search(rf"^class {id}\(([^)]*)\)", text, re.M)
    if found is None:
        return None
    base = found[1].split(",")[0].strip()
    told = (told_by_ccxt(base) or {}) if base != id else {}
    method = _DESCRIBE.search(text)
    if method is not None:
        whole = next(dicts(ast.parse(textwrap.dedent(method[0]))), None)
        merge(told, mapping(literal(whole, {})))
    return told


def folder_of(package: str) -> Path | None:
    """The folder of a package of which nothing is imported."""
    spec = find_spec(package)
    places = list(spec.submodule_search_locations or ()) if spec is not None else []
    return Path(places[0]) if places else None


# -- sources of plug-ins ------------------------------------------------------------------------------


def modules(name: str, seen: dict[str, ast.Module], depth: int = DEPTH) -> Iterator[tuple[str, ast.Module]]:
    """A module, those of its own package that it imports, and those of its bases. None is executed."""
    if name in seen or depth == 0 or name.split(".")[0] == CCXT:
        return
    tree = parsed(name)
    if tree is None:
        return
    seen[name] = tree
    yield name, tree
    spec = spec_of(name)
    package = name if spec is not None and spec.submodule_search_locations else name.rpartition(".")[0]
    bases = based_on(tree)
    for other, given in imported(tree, package):
        if home(other) == home(name) or given & bases:
            yield from modules(other, seen, depth - 1)


def home(name: str) -> tuple[str, ...]:
    """The package that a module belongs to; each of our venues has one of its own."""
    parts = name.split(".")
    return tuple(parts[:3] if parts[0] == "ccxt_ext" else parts[:1])


def based_on(tree: ast.Module) -> set[str]:
    """What the classes in a module are derived from."""
    classes = [node for node in tree.body if isinstance(node, ast.ClassDef)]
    return {ast.unparse(base) for node in classes for base in node.bases}


def parsed(name: str) -> ast.Module | None:
    spec = spec_of(name)
    if spec is None or not spec.origin or not spec.origin.endswith(".py"):
        return None
    try:
        return ast.parse(Path(spec.origin).read_text("utf-8"))
    except (OSError, ValueError, SyntaxError):
        return None  # whoever imports it is told


def spec_of(name: str) -> ModuleSpec | None:
    """Where a module is, without the import of the packages that it is in."""
    first, *rest = name.split(".")
    try:
        spec = find_spec(first)
    except (ImportError, ValueError):
        return None
    for part in rest:
        if spec is None:
            return None
        spec = PathFinder.find_spec(f"{spec.name}.{part}", list(spec.submodule_search_locations or ()))
    return spec


def imported(tree: ast.Module, package: str) -> Iterator[tuple[str, set[str]]]:
    """The modules that are imported, each with the names that it gives."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from ((each.name, set[str]()) for each in node.names)
        elif isinstance(node, ast.ImportFrom):
            above = package.split(".")[: len(package.split(".")) - node.level + 1] if node.level else []
            start = ".".join([*above, *([node.module] if node.module else [])])
            yield start, {each.asname or each.name for each in node.names}
            yield from ((f"{start}.{each.name}", set[str]()) for each in node.names)


def bases(tree: ast.Module, name: str) -> Iterator[str]:
    """The last parts of the names of the classes that this one is derived from."""
    for node in tree.body:
        if isinstance(node, ast.ClassDef) and node.name == name:
            for base in node.bases:
                if isinstance(base, ast.Attribute):
                    yield base.attr
                elif isinstance(base, ast.Name):
                    yield base.id


def parts(tree: ast.Module) -> Iterator[dict[str, Any]]:
    """The dicts in which there is something that describe() tells."""
    names = {
        target.id: node.value
        for node in tree.body
        if isinstance(node, (ast.Assign, ast.AnnAssign)) and node.value is not None
        for target in (node.targets if isinstance(node, ast.Assign) else (node.target,))
        if isinstance(target, ast.Name)
    }
    for node in dicts(tree):
        keys = {key.value for key in node.keys if isinstance(key, ast.Constant)}
        if keys & {"has", "requiredCredentials"}:
            yield literal(node, names)


def dicts(tree: ast.AST) -> Iterator[ast.Dict]:
    """Those that are written out, the outer ones first."""
    return (node for node in ast.walk(tree) if isinstance(node, ast.Dict))


def literal(node: ast.AST | None, names: Mapping[str, ast.AST]) -> Any:
    """A value as far as it stands there; UNKNOWN is what has to be reckoned."""
    if isinstance(node, ast.Dict):
        pairs = zip(node.keys, node.values, strict=True)
        return {key.value: literal(value, names) for key, value in pairs if isinstance(key, ast.Constant)}
    if isinstance(node, ast.Constant):
        return node.value
    if isinstance(node, ast.Name) and node.id in names:
        others = {name: value for name, value in names.items() if name != node.id}
        return literal(names[node.id], others)
    if (
        isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr == "parse_number"
    ):
        return literal(node.args[0], names) if node.args else UNKNOWN
    return UNKNOWN


def merge(told: dict[str, Any], more: Mapping[str, Any]) -> None:
    """Take more into what is told, as ccxt's deep_extend() does."""
    for key, value in more.items():
        if isinstance(value, dict):
            inner = told.get(key)
            told[key] = dict(inner) if isinstance(inner, dict) else {}
            merge(told[key], value)
        elif value is not UNKNOWN:
            told[key] = value
