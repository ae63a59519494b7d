"""What the stubs say of each class, read from their text."""

import ast
import functools
from dataclasses import dataclass
from pathlib import Path

import ccxt_ext
import ccxt_ext.async_support
import ccxt_ext.pro

PACKAGE = Path(ccxt_ext.__file__).parent
HOMES = {"sync": ccxt_ext, "async": ccxt_ext.async_support, "pro": ccxt_ext.pro}

Method = ast.FunctionDef | ast.AsyncFunctionDef


@dataclass
class Face:
    """A class in a stub, with all that it has from others."""

    methods: dict[str, Method]
    aliases: dict[str, str]
    attributes: dict[str, str]


def face(kind: str, id: str) -> Face:
    return face_of(HOMES[kind].__name__, id)


@functools.cache
def module(name: str) -> ast.Module:
    path = PACKAGE.parent.joinpath(*name.split("."))
    stub = path / "__init__.pyi" if path.is_dir() else path.with_suffix(".pyi")
    return ast.parse(stub.read_text())


@functools.cache
def face_of(where: str, name: str) -> Face:
    tree = module(where)
    for node in tree.body:
        if isinstance(node, ast.ClassDef) and node.name == name:
            return own(where, node)
        if isinstance(node, ast.ImportFrom):
            for imported in node.names:
                if (imported.asname or imported.name) == name:
                    assert node.module is not None
                    return face_of(node.module, imported.name)
    # Of ccxt's own class, which mypy does not see, nothing is told here.
    assert name == "_Ccxts", f"{where} has no {name}"
    return Face({}, {}, {})


def own(where: str, node: ast.ClassDef) -> Face:
    found = Face({}, {}, {})
    for base in reversed(node.bases):
        assert isinstance(base, ast.Name)
        inherited = face_of(where, base.id)
        found.methods |= inherited.methods
        found.aliases |= inherited.aliases
        found.attributes |= inherited.attributes
    for item in node.body:
        if isinstance(item, Method):
            found.methods[item.name] = item
        elif isinstance(item, ast.AnnAssign):
            found.attributes[ast.unparse(item.target)] = ast.unparse(item.annotation)
        elif isinstance(item, ast.Assign):
            found.aliases[ast.unparse(item.targets[0])] = ast.unparse(item.value)
    return found
