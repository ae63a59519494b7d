"""The text of an async module, rewritten as that of its sync twin."""

from __future__ import annotations

import ast
import re
import tempfile
import warnings
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tokenize_rt import Token

# Tells the name of a module's twin, if it has one: "pages_sync" of "acme.pages".
TwinOf = Callable[[str], "str | None"]
Place = tuple[int, int]  # a line, and an offset in bytes, as ast counts them

ASYNC_NAME = re.compile(r"Async[A-Z]")
COMPREHENSIONS = (ast.ListComp, ast.SetComp, ast.GeneratorExp, ast.DictComp)


class NoTwin(Exception):
    """No twin can be made of a text. `line` is where it says why."""

    def __init__(self, message: str, line: int | None = None) -> None:
        super().__init__(message)
        self.line = line


@dataclass
class Names:
    """What a module has imported, and what has another name in its twin."""

    module: str
    is_package: bool
    twin_of: TwinOf
    edits: dict[Place, str] = field(default_factory=dict)
    # Local names of modules that have a twin.
    renamed: dict[str, str] = field(default_factory=dict)
    # Local names of modules without a twin, and of what came from them.
    without: dict[str, str] = field(default_factory=dict)
    # Modules that are named by a path with dots, and have a twin.
    paths: dict[str, str] = field(default_factory=dict)

    def absolute(self, node: ast.ImportFrom) -> str:
        if not node.level:
            return node.module or ""
        parts = self.module.split(".")
        above = parts[: len(parts) - node.level + self.is_package]
        return ".".join([*above, *filter(None, [node.module])])

    def read_from(self, node: ast.ImportFrom, words: list[Word]) -> None:
        module = self.absolute(node)
        twin = self.twin_of(module)
        if twin:
            *_, last = (word for word in words if word.place < first_import(words).place)
            self.edits[last.place] = twin
            return
        for alias in node.names:
            inner = self.twin_of(f"{module}.{alias.name}")
            if inner is None:
                self.without[alias.asname or alias.name] = f"{module}.{alias.name}"
                continue
            self.edits[alias.lineno, alias.col_offset] = inner
            if alias.asname is None:
                self.renamed[alias.name] = inner

    def read_plain(self, node: ast.Import, words: list[Word]) -> None:
        for alias in node.names:
            twin = self.twin_of(alias.name)
            if twin is None:
                self.without[alias.asname or alias.name] = alias.name
                continue
            start = alias.lineno, alias.col_offset
            parts = [word for word in words if word.place >= start][: alias.name.count(".") + 1]
            self.edits[parts[-1].place] = twin
            if alias.asname is None:
                self.paths[alias.name] = twin


@dataclass(frozen=True)
class Word:
    text: str
    place: Place


def first_import(words: list[Word]) -> Word:
    return next(word for word in words if word.text == "import")


def rewritten(text: str, module: str, is_package: bool, twin_of: TwinOf) -> str:
    """The text without async and await, with the twins of what it uses; not formatted."""
    try:
        tree = compile_quietly(text, ast.PyCF_ONLY_AST)
    except (SyntaxError, ValueError) as error:
        raise NoTwin(f"cannot be parsed: {problem(error)}", getattr(error, "lineno", None)) from None
    import tokenize_rt

    names = Names(module, is_package, twin_of)
    tokens = tokenize_rt.src_to_tokens(text)
    read_imports(tree, tokens, names)
    for node in ast.walk(tree):
        if path := dotted(node):
            rename(node, path, names)
        check(node, names)
    made = without_async(renamed(tokens, names.edits))
    try:
        compile_quietly(made)
    except (SyntaxError, ValueError) as error:
        raise NoTwin(
            f"its twin would not be Python: {problem(error)}", getattr(error, "lineno", None)
        ) from None
    return made


def compile_quietly(text: str, flags: int = 0) -> ast.AST:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return compile(text, "<text>", "exec", flags, dont_inherit=True)


def problem(error: Exception) -> str:
    return error.msg if isinstance(error, SyntaxError) else str(error)


def read_imports(tree: ast.AST, tokens: list[Token], names: Names) -> None:
    words = [
        Word(token.src, (token.line, token.utf8_byte_offset)) for token in tokens if token.name == "NAME"
    ]
    for node in ast.walk(tree):
        if isinstance(node, ast.Import | ast.ImportFrom):
            end = node.end_lineno, node.end_col_offset
            inside = [word for word in words if (node.lineno, node.col_offset) <= word.place < end]
            if isinstance(node, ast.ImportFrom):
                names.read_from(node, inside)
            else:
                names.read_plain(node, inside)


def dotted(node: ast.AST) -> str:
    """`a.b.c`, if the node is nothing but names with dots."""
    if isinstance(node, ast.Name):
        return node.id
    if isinstance(node, ast.Attribute) and (before := dotted(node.value)):
        return f"{before}.{node.attr}"
    return ""


def rename(node: ast.AST, path: str, names: Names) -> None:
    assert isinstance(node, ast.expr) and node.end_lineno and node.end_col_offset
    if isinstance(node, ast.Name) and path in names.renamed:
        if not isinstance(node.ctx, ast.Load):
            raise NoTwin(f"{path!r} is a module that has a twin: use another name here", node.lineno)
        names.edits[node.lineno, node.col_offset] = names.renamed[path]
    elif path in names.paths:
        last = path.rpartition(".")[2]
        names.edits[node.end_lineno, node.end_col_offset - len(last.encode())] = names.paths[path]


def check(node: ast.AST, names: Names) -> None:
    """Raise what would go wrong in the twin, or would be made another twin by another version of Python."""
    if isinstance(node, ast.arg) and node.arg in names.renamed:
        raise NoTwin(f"{node.arg!r} is a module that has a twin: use another name here", node.lineno)
    if isinstance(node, ast.JoinedStr) and any(differs(inner, names) for inner in ast.walk(node)):
        raise NoTwin("an f-string has something async in it: take that out of the string", node.lineno)
    for awaited in waited_for(node):
        path = dotted(awaited.func if isinstance(awaited, ast.Call) else awaited)
        start = next((name for name in beginnings(path) if name in names.without), None)
        if start and not any(ASYNC_NAME.match(part) for part in path.split(".")):
            raise NoTwin(f"{path} is waited for, and {names.without[start]} has no twin", awaited.lineno)


def differs(node: ast.AST, names: Names) -> bool:
    if isinstance(node, ast.Await):
        return True
    if isinstance(node, COMPREHENSIONS):
        return any(part.is_async for part in node.generators)
    path = dotted(node)
    return path in names.renamed or path in names.paths or bool(ASYNC_NAME.match(path))


def waited_for(node: ast.AST) -> Iterator[ast.expr]:
    if isinstance(node, ast.Await):
        yield node.value
    elif isinstance(node, ast.AsyncFor):
        yield node.iter
    elif isinstance(node, ast.AsyncWith):
        yield from (item.context_expr for item in node.items)
    elif isinstance(node, COMPREHENSIONS):
        yield from (part.iter for part in node.generators if part.is_async)


def beginnings(path: str) -> Iterator[str]:
    """`a.b.c`, then `a.b`, then `a`."""
    while path:
        yield path
        path = path.rpartition(".")[0]


def renamed(tokens: list[Token], edits: dict[Place, str]) -> str:
    import tokenize_rt

    return tokenize_rt.tokens_to_src(
        token._replace(src=name)
        if token.name == "NAME" and (name := edits.get((token.line, token.utf8_byte_offset)))
        else token
        for token in tokens
    )


def without_async(text: str) -> str:
    """By unasync, which also makes Sync* of Async*."""
    import unasync

    with tempfile.TemporaryDirectory() as folder:
        # Names that no folder above has, as unasync replaces them wherever they stand in the path.
        source = Path(folder, "with-async", "module.py")
        source.parent.mkdir()
        source.write_text(text, encoding="utf-8", newline="\n")
        unasync.unasync_files([str(source)], [unasync.Rule("/with-async/", "/without-async/")])
        return Path(folder, "without-async", "module.py").read_text(encoding="utf-8")
