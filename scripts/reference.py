"""Writes the reference of what is public, from the sources alone, so that it is the same on every Python.

A module of the public packages is public if it has an `__all__`, and a name in it if it stands there. What is
said of a name is its docstring; of a constant or an attribute, the comment before it or behind it that begins
with `#:`, or the text below it. What is marked as `# internal` is not public, nor is what nothing is said of.
"""

from __future__ import annotations

import ast
import inspect
import re
from collections.abc import Iterable, Iterator
from functools import cache, cached_property
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple

#: For each public package: the page about it, and its title.
PAGES = {
    "ccxt_ext.venue": ("docs/reference/venue.md", "What a client class is built from"),
    "ccxt_ext.sandbox.frontend": ("docs/reference/frontend.md", "What a frontend is built from"),
    "ccxt_ext.testing": ("docs/reference/testing.md", "What tests of a venue are built from"),
    "ccxt_ext.integrations.freqtrade": (
        "docs/reference/freqtrade.md",
        "What a class for freqtrade is built from",
    ),
}
#: Of these packages, the modules that most venues need, which come first on the page.
FIRST = {
    "ccxt_ext.venue": (
        "venue",
        "rest_client",
        "answers.reading",
        "answers.refusals",
        "answers.spot_markets",
        "answers.new_markets",
        "answers.until_filter",
        "calls.symbols",
        "orders.checks",
        "orders.outcomes",
        "orders.cancelling",
        "requests.building",
        "surface.features",
        "streams.feed",
        "streams.books",
    ),
}
TWIN = "_sync"
EDIT_NOT = "<!-- Written by scripts/generate.py. Do not edit. -->"
SUBCLASS = "__init_subclass__"  # takes the arguments of a class that derives from this one
_LONGEST = 100

Function = (ast.FunctionDef, ast.AsyncFunctionDef)


class Member(NamedTuple):
    """A method or an attribute of a class."""

    name: str
    shown: str  # with its arguments, or its type
    said: str
    is_method: bool


class Entry:
    """A public name, and where it is defined."""

    def __init__(self, name: str, home: Module, node: ast.stmt) -> None:
        self.name, self.home, self.node = name, home, node

    @property
    def said(self) -> str:
        return self.home.said_of(self.node)

    @property
    def shown(self) -> str:
        """How it is called, or what it is."""
        if isinstance(self.node, Function):
            return _before(self.node, "\n") + self.home.call(self.node, self.name, drop_first=False)
        if isinstance(self.node, ast.ClassDef):
            bases = ", ".join(map(self.home.text, [*self.node.bases, *self.node.keywords]))
            made = self.constructor
            head = f"class {self.name}({bases})" if bases else f"class {self.name}"
            return head + (f"\n{made}" if made else "")
        if isinstance(self.node, ast.AnnAssign):
            return f"{self.name}: {self.home.text(self.node.annotation)}" + self._value()
        return self.name + self._value()

    def _value(self) -> str:
        value = getattr(self.node, "value", None)
        text = "" if value is None else f" = {self.home.text(value)}"
        return text if len(text) <= _LONGEST else ""

    @property
    def constructor(self) -> str:
        """How an instance is made; nothing if that is left to a base."""
        assert isinstance(self.node, ast.ClassDef)
        for node in self.node.body:
            if isinstance(node, Function) and node.name == "__init__":
                if self.home.is_internal(node):
                    return ""
                return self.home.call(node, self.name, drop_first=True).removesuffix(" -> None")
        if _has_fields(self.node):
            fields = [node for node in self.node.body if isinstance(node, ast.AnnAssign)]
            shown = [
                self.home.text(each.target)
                + f": {self.home.text(each.annotation)}"
                + (f" = {self.home.text(each.value)}" if each.value else "")
                for each in fields
                if not self.home.text(each.annotation).startswith("ClassVar")
            ]
            return _wrapped(self.name, shown, "")
        return ""

    @cached_property
    def members(self) -> list[Member]:
        """The public methods and attributes, with those of bases that are not public themselves."""
        own = [
            member
            for member in self._own_members()
            if member.said and (member.name == SUBCLASS or not member.name.startswith("_"))
        ]
        known = {member.name for member in own}
        for base in self.bases():
            if base.name not in (base.home.public or ()):
                own += [member for member in base.members if member.name not in known]
        return own

    def bases(self) -> list[Entry]:
        """The bases that are classes of this project."""
        if not isinstance(self.node, ast.ClassDef):
            return []
        names = [base for base in map(_name_of, self.node.bases) if base]
        found = (self.home.find_if_ours(name) for name in names)
        return [base for base in found if base is not None]

    def types(self) -> set[str]:
        """The types of this project that are named by arguments, results and members."""
        shown = self.shown.splitlines()
        if isinstance(self.node, ast.ClassDef):
            shown = [*shown[1:], *(member.shown for member in self.members)]
        words = {
            word
            for line in shown
            for part in re.findall(r"(?:: |-> )([^=]*)", line)
            for word in re.findall(r"\b[A-Z][a-z]\w*", part)
        }
        return {word for word in words if self.home.find_if_ours(word) is not None}

    def fields(self) -> list[str]:
        """The names of what the constructor takes, if it is made of the fields that the class names."""
        if not (isinstance(self.node, ast.ClassDef) and _has_fields(self.node)):
            return []
        return [name for node in self.node.body if isinstance(node, ast.AnnAssign) for name in _names(node)]

    def _own_members(self) -> Iterable[Member]:
        if not isinstance(self.node, ast.ClassDef):
            return []
        found: dict[str, Member] = {}
        home, fields = self.home, _has_fields(self.node)
        for node in self.node.body:
            if isinstance(node, Function) and node.name == "__init__":
                for name, shown, said in home.attributes(node):
                    found.setdefault(name, Member(name, shown, said, False))
            if home.is_internal(node):
                continue
            if isinstance(node, Function):
                if "overload" in _decorators(node):
                    continue
                is_method = not any("property" in home.text(each) for each in node.decorator_list)
                shown = home.call(node, node.name, "staticmethod" not in _decorators(node))
                if node.name == SUBCLASS:
                    shown = home.call(node, "class ...", drop_first=True).replace("(", f"({self.name}, ", 1)
                    shown = re.sub(r",\s+\*\*\w+: Any,?\s*\)", ")", shown).removesuffix(" -> None")
                elif not is_method:
                    returns = "" if node.returns is None else f": {home.text(node.returns)}"
                    shown = node.name + returns
                else:
                    shown = _before(node, " ") + shown
                if node.name not in found:  # a property's setter comes second
                    found[node.name] = Member(node.name, shown, home.said_of(node), is_method)
            elif isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
                shown = f"{node.target.id}: {home.text(node.annotation)}"
                if node.value is not None and not fields and len(home.text(node.value)) <= _LONGEST:
                    shown += f" = {home.text(node.value)}"
                found[node.target.id] = Member(node.target.id, shown, home.said_of(node), False)
            elif isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
                name = node.targets[0].id
                found[name] = Member(name, f"{name} = {home.text(node.value)}", home.said_of(node), False)
        return found.values()


class Module:
    """A source file."""

    def __init__(self, root: Path, path: Path) -> None:
        self.root, self.path = root, path
        parts = path.relative_to(root).with_suffix("").parts
        self.is_package = parts[-1] == "__init__"
        self.name = ".".join(parts[:-1] if self.is_package else parts)
        self.source = path.read_text("utf-8")
        self.lines = self.source.splitlines()
        self._encoded = [line.encode() for line in self.lines]  # nodes have their places in bytes
        self.tree = ast.parse(self.source)

    @property
    def said(self) -> str:
        return ast.get_docstring(self.tree) or ""

    @cached_property
    def public(self) -> tuple[str, ...] | None:
        """The names in `__all__`; None if the module is not public."""
        for node in self.tree.body:
            if isinstance(node, ast.Assign) and any(_is_name(each, "__all__") for each in node.targets):
                return tuple(ast.literal_eval(node.value))
        return None

    @property
    def is_twin(self) -> bool:
        return self.path.stem.endswith(TWIN)

    @property
    def twin(self) -> str | None:
        """The name of the sync twin, if there is one."""
        path = self.path.with_name(f"{self.path.stem}{TWIN}.py")
        return f"{self.name}{TWIN}" if path.exists() else None

    def entries(self) -> Iterator[Entry]:
        """The public names in the order of the source, those from elsewhere last."""
        own = self._own
        for name in sorted(
            self.public or (), key=lambda name: (name not in own, getattr(own.get(name), "lineno", 0))
        ):
            yield self.find(name)

    def find_if_ours(self, name: str) -> Entry | None:
        """The same, or None if it is from outside of this project."""
        try:
            return self.find(name)
        except LookupError:
            return None

    def find(self, name: str) -> Entry:
        """What a name of this module stands for, wherever that is defined."""
        if name in self._own:
            return Entry(name, self, self._own[name])
        for node in self._outer:
            if isinstance(node, ast.ImportFrom):
                for alias in node.names:
                    home = self._imported(node) if (alias.asname or alias.name) == name else None
                    if home is not None:
                        return home.find(alias.name)
        raise LookupError(f"{self.name} has no {name}, or has it from outside of this project")

    @property
    def _outer(self) -> Iterator[ast.stmt]:
        """The statements of the module, those that only type checkers read included."""
        for node in self.tree.body:
            yield from node.body if isinstance(node, ast.If) else [node]

    @cached_property
    def _own(self) -> dict[str, ast.stmt]:
        return {name: node for node in reversed(self.tree.body) for name in _names(node)}

    def _imported(self, node: ast.ImportFrom) -> Module | None:
        package = self.name.split(".") if self.is_package else self.name.split(".")[:-1]
        above = package[: len(package) - node.level + 1] if node.level else []
        parts = [*above, *(node.module or "").split(".")]
        base = self.root.joinpath(*filter(None, parts))
        return module_at(self.root, base)

    # what the source says

    def is_internal(self, node: ast.stmt) -> bool:
        """Whether the source says so, behind the head of a function."""
        if not isinstance(node, Function):
            return False
        head = self.lines[node.lineno - 1 : max(node.body[0].lineno - 1, node.lineno)]
        return any(line.endswith("# internal") for line in head)

    def text(self, node: ast.AST) -> str:
        """The source of a node, in one line."""
        if isinstance(node, ast.keyword):
            return f"{node.arg}={self.text(node.value)}"
        assert isinstance(node, (ast.expr, ast.arg, ast.stmt))
        lines = self._encoded[node.lineno - 1 : node.end_lineno]
        lines[-1] = lines[-1][: node.end_col_offset]
        lines[0] = lines[0][node.col_offset :]
        found = re.sub(r" +#[^\n\"']*$", "", b"\n".join(lines).decode(), flags=re.MULTILINE)
        found = re.sub(r"\s+", " ", found)
        return re.sub(r",? (?=[\])}])", "", re.sub(r"(?<=[\[({]) ", "", found))

    def said_of(self, node: ast.stmt) -> str:
        """A docstring, or what a comment or a text says of a constant."""
        if isinstance(node, (*Function, ast.ClassDef)):
            return ast.get_docstring(node) or ""
        return self._comment(node) or self._texts_below.get(node, "")

    def _comment(self, node: ast.stmt) -> str:
        last = self.lines[(node.end_lineno or node.lineno) - 1]
        behind = re.search(r"\s#: (.*)$", last)
        if behind:
            return behind[1]
        above: list[str] = []
        for line in reversed(self.lines[: node.lineno - 1]):
            found = re.match(r"\s*#:? ?(.*)", line)
            if not found:
                break
            above.insert(0, line.strip())
        return "\n".join(line.lstrip("#: ") for line in above) if above and above[0].startswith("#:") else ""

    @cached_property
    def _texts_below(self) -> dict[ast.stmt, str]:
        found = {}
        for parent in ast.walk(self.tree):
            body = getattr(parent, "body", None)
            for node, after in pairwise(body) if isinstance(body, list) else ():
                if isinstance(after, ast.Expr) and isinstance(after.value, ast.Constant):
                    value = after.value.value
                    if isinstance(value, str) and isinstance(node, (ast.Assign, ast.AnnAssign)):
                        found[node] = inspect.cleandoc(value).strip()
        return found

    def attributes(
        self, constructor: ast.FunctionDef | ast.AsyncFunctionDef
    ) -> Iterator[tuple[str, str, str]]:
        """The attributes that a constructor sets: name, how they are shown, what is said of them."""
        args = {arg.arg: arg for arg in (*constructor.args.args, *constructor.args.kwonlyargs)}
        for node in constructor.body:
            if isinstance(node, (ast.Assign, ast.AnnAssign)):
                targets = node.targets if isinstance(node, ast.Assign) else [node.target]
                for target in targets:
                    if isinstance(target, ast.Attribute) and _is_name(target.value, "self"):
                        kind: ast.expr | None = None
                        if isinstance(node, ast.AnnAssign):
                            kind = node.annotation
                        elif isinstance(node.value, ast.Name) and node.value.id in args:
                            kind = args[node.value.id].annotation
                        shown = target.attr + (f": {self.text(kind)}" if kind else "")
                        yield target.attr, shown, self.said_of(node)

    def call(self, node: ast.FunctionDef | ast.AsyncFunctionDef, name: str, drop_first: bool) -> str:
        """A function under a name, with its arguments and what it returns."""
        args = node.args
        plain = [*args.posonlyargs, *args.args]
        defaults = [None] * (len(plain) - len(args.defaults)) + args.defaults
        shown = [self._argument(arg, default) for arg, default in zip(plain, defaults, strict=True)]
        if drop_first:
            shown = shown[1:]
        if args.vararg:
            shown.append("*" + self._argument(args.vararg, None))
        elif args.kwonlyargs:
            shown.append("*")
        shown += [self._argument(a, d) for a, d in zip(args.kwonlyargs, args.kw_defaults, strict=True)]
        if args.kwarg:
            shown.append("**" + self._argument(args.kwarg, None))
        returns = "" if node.returns is None else f" -> {self.text(node.returns)}"
        return _wrapped(name, shown, returns)

    def _argument(self, arg: ast.arg, default: ast.expr | None) -> str:
        kind = "" if arg.annotation is None else f": {self.text(arg.annotation)}"
        if default is None:
            return arg.arg + kind
        return f"{arg.arg}{kind} = {self.text(default)}" if kind else f"{arg.arg}={self.text(default)}"


@cache
def module_at(root: Path, path: Path) -> Module | None:
    """The module whose path is this one, without its suffix; None if there is none."""
    for each in (path.with_suffix(".py"), path / "__init__.py"):
        if each.exists():
            return Module(root, each)
    return None


def _wrapped(name: str, arguments: list[str], returns: str) -> str:
    line = f"{name}({', '.join(arguments)}){returns}"
    if len(line) <= _LONGEST:
        return line
    return f"{name}(\n" + "".join(f"    {each},\n" for each in arguments) + f"){returns}"


def _names(node: ast.stmt) -> list[str]:
    if isinstance(node, (*Function, ast.ClassDef)):
        return [node.name]
    if isinstance(node, ast.Assign):
        return [each.id for each in node.targets if isinstance(each, ast.Name)]
    return [node.target.id] if isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name) else []


def _is_name(node: ast.expr, name: str) -> bool:
    return isinstance(node, ast.Name) and node.id == name


def _name_of(base: ast.expr) -> str:
    """The name of a base, without its parameters."""
    node = base.value if isinstance(base, ast.Subscript) else base
    return node.id if isinstance(node, ast.Name) else ""


def _decorators(node: ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef) -> set[str]:
    called = [each.func if isinstance(each, ast.Call) else each for each in node.decorator_list]
    return {each.attr if isinstance(each, ast.Attribute) else getattr(each, "id", "") for each in called}


def _before(node: ast.FunctionDef | ast.AsyncFunctionDef, end: str) -> str:
    """What stands before a function that is awaited, or that makes a `with` block."""
    for name in ("asynccontextmanager", "contextmanager"):
        if name in _decorators(node):
            return f"@{name}{end}"
    return "async " if isinstance(node, ast.AsyncFunctionDef) else ""


def _has_fields(node: ast.ClassDef) -> bool:
    """Whether the constructor takes the fields that the class names."""
    return "dataclass" in _decorators(node) or any(_is_name(base, "NamedTuple") for base in node.bases)


def public_modules(root: Path, package: str) -> list[Module]:
    """The public modules of a package: itself first, then the modules in it, then its folders."""
    folder = root.joinpath(*package.split("."))
    modules = [module for path in folder.rglob("*.py") if (module := module_at(root, path.with_suffix("")))]
    return sorted(
        (module for module in modules if module.public is not None),
        key=lambda module: (not module.is_package, module.name.count("."), module.name),
    )


def page(root: Path, package: str, title: str) -> str:
    """The page about a package."""
    modules = [module for module in public_modules(root, package) if not module.is_twin]
    lines = [EDIT_NOT, "", f"# {title}", ""]
    lines += [f"The public parts of `{package}`. [README.md](README.md) says what is promised about them."]
    first = [f"{package}.{name}" for name in FIRST.get(package, ())]
    if first:
        named = {module.name: module for module in modules}
        rest = [module for module in modules if module.name not in first]
        lines += ["", "Most venues need these:", *table(named[name] for name in first)]
        lines += ["", "And these are for venues that have something more:", *table(rest)]
        modules = [*(named[name] for name in first), *rest]
    else:
        lines += table(modules)
    for module in modules:
        lines += ["", f"## `{module.name}`", "", module.said]
        if module.twin is not None:
            lines += ["", f"For sync classes, `{module.twin}` has the same without `async`."]
        for entry in module.entries():
            lines += ["", f"### `{entry.name}`", "", "```python", entry.shown, "```"]
            lines += ["", entry.said] if entry.said else []
            members = entry.members
            if members:
                lines += ["", "Its members:", "", *(line for member in members for line in item(member))]
    return "\n".join(lines) + "\n"


def table(modules: Iterable[Module]) -> list[str]:
    """What each module is for."""
    lines = ["", "| module | what for |", "| --- | --- |"]
    for module in modules:
        summary = module.said.partition("\n\n")[0].replace("\n", " ")
        lines.append(f"| [`{module.name}`](#{module.name.replace('.', '')}) | {summary} |")
    return lines


def item(member: Member) -> list[str]:
    """A member as an item of a list."""
    shown = re.sub(r",? (?=\))", "", re.sub(r"(?<=\() ", "", re.sub(r"\s+", " ", member.shown)))
    first, *rest = member.said.splitlines()
    return [f"- `{shown}`: {first}", *(f"  {line}".rstrip() for line in rest)]


def pages(root: Path) -> dict[str, str]:
    """The texts of the pages, by their paths, for those packages that there are."""
    return {
        path: page(root, package, title)
        for package, (path, title) in PAGES.items()
        if public_modules(root, package)
    }
