"""Writes the stubs that describe the venues' classes to type checkers and editors.

Signatures, and which venue has which method, come from the classes themselves. What a method returns and does
comes from the table in calls.py. There are two stubs for each of the three packages with classes:

- `_calls.pyi` has one class for each unified method, and `Exchange`, which has what all venues have;
- `__init__.pyi` has the venues' classes, which derive from those of the methods that they have.

What is the same for all of them is written by hand: `ccxt_ext/_exchange.pyi`, `ccxt_ext/types`.
"""

from __future__ import annotations

import inspect
import re
from collections import Counter
from collections.abc import Iterable
from importlib import import_module
from typing import Any, TypeVar

from ccxt_ext.plugins import ours as our_ids
from faces.calls import ALWAYS, CALLS, NEVER, PARAMETERS, Call

T = TypeVar("T")

EDIT_NOT = "# Written by scripts/generate.py. Do not edit.\n"
#: Keys of `has` that are not methods.
TRAITS = frozenset(
    (
        "CORS",
        "future",
        "index",
        "margin",
        "option",
        "privateAPI",
        "publicAPI",
        "sandbox",
        "spot",
        "swap",
        "ws",
    )
)
# Words that ccxt spells in its own way.
SPELLINGS = {"OHLCV": "Ohlcv", "ADL": "Adl", "L2": "L2", "L3": "L3"}

# What the kinds of classes are called among plug-ins.
PLUGIN_KINDS = {"sync": "sync", "async": "async_support", "streaming": "pro"}


class Home:
    """One of the three packages that have a class for each venue."""

    def __init__(self, package: str, ccxts: str, kind: str, below: Home | None = None) -> None:
        self.package, self.ccxts, self.kind, self.below = package, ccxts, kind, below
        module = import_module(package)
        self.classes: dict[str, Any] = {id: getattr(module, id) for id in our_ids(PLUGIN_KINDS[kind])}
        self.able = {id: methods_of(kind()) for id, kind in self.classes.items()}

    def own(self, id: str) -> list[str]:
        """The methods of a venue that its class in the package below (async for streaming) does not have."""
        below = self.below.able[id] if self.below else ()
        return [name for name in self.able[id] if name not in below]

    def own_of_all(self) -> list[str]:
        return sorted({name for id in self.classes for name in self.own(id)})


def homes() -> list[Home]:
    blocking = Home("ccxt_ext", "ccxt.base.exchange", "sync")
    aio = Home("ccxt_ext.async_support", "ccxt.async_support.base.exchange", "async")
    return [blocking, aio, Home("ccxt_ext.pro", "", "streaming", below=aio)]


def methods_of(exchange: Any) -> list[str]:
    """The unified methods that a venue has, by their names in `has`."""
    return sorted(name for name, able in exchange.has.items() if able and name not in TRAITS)


def stubs() -> dict[str, str]:
    """The texts of all stubs, by their paths in the project."""
    written = {"ccxt_ext/_absent.pyi": absent()}
    for home in homes():
        folder = home.package.replace(".", "/")
        written[f"{folder}/_calls.pyi"] = calls(home)
        written[f"{folder}/__init__.pyi"] = venues(home)
    return written


# -- one class for each method ----------------------------------------------------------------------------


def calls(home: Home) -> str:
    parts = [] if home.below else [exchange(home)]
    for name in home.own_of_all():
        text = method(usual(home, name), snake(name), said(CALLS, name), name)
        parts.append(f"class {mixin(name)}:\n{text}")
    body = "\n\n".join(parts)
    return stub(f"What {home.kind} classes can have: one class for each unified method.", body, [])


def exchange(home: Home) -> str:
    """The base class of all venues. For checkers that can look into ccxt, it derives from ccxt's own class.

    mypy cannot look into ccxt. It would assume that a class with an unknown base has any attribute.
    """
    some = next(iter(home.classes.values()))
    return "\n".join(
        (
            "MYPY = False",
            "if MYPY:",
            "    class _Ccxts: ...",
            "else:",
            "    from ccxt_ext._absent import Absent",
            f"    from {home.ccxts} import Exchange as _Exchange",
            "    class _Ccxts(Absent, _Exchange): ...",
            "",
            "class Exchange(Common, _Ccxts):",
            '    """What all venues have."""',
            *(method(some, name, call, camel(name)) for name, call in ALWAYS.items()),
            *(OF_ASYNC if home.kind == "async" else ()),
        )
    )


def absent() -> str:
    """A class with the methods of ccxt's that a venue may lack. It comes last among the venue's bases."""
    lines = [f"    {snake(name)}: NotSupported" for name in sorted({*CALLS, *NEVER})]
    head = ["class Absent:", '    """Each is there for a venue that does not have it."""']
    return stub("Methods of ccxt's that a venue may not have.", "\n".join(head + lines), [])


# What async classes have besides.
OF_ASYNC = (
    "    newUpdates: bool",
    "    clients: dict[str, Any]",
    "    own_session: bool",
    "    aiohttp_proxy: str | None",
    "    aiohttp_trust_env: bool",
    "    async def __aenter__(self) -> Self: ...",
    "    async def __aexit__(self, exc_type: Any, exc: Any, tb: Any) -> None: ...",
)


def usual(home: Home, name: str) -> Any:
    """A class that has the method with its most common signature."""
    having = [kind for id, kind in home.classes.items() if name in home.able[id]]
    counted = Counter(text_of(kind, snake(name)) for kind in having)
    return next(kind for kind in having if text_of(kind, snake(name)) == counted.most_common(1)[0][0])


def method(kind: Any, name: str, call: Call, other: str) -> str:
    word = "async def" if inspect.iscoroutinefunction(getattr(kind, name)) else "def"
    alias = f"\n    {other} = {name}" if other != name else ""
    return f'    {word} {name}{text_of(kind, name)} -> {call.gives}:\n        """{call.does}"""{alias}'


def text_of(kind: Any, name: str) -> str:
    """A method's parameters, with their types."""
    signature = inspect.signature(getattr(kind, name))
    parameters = [typed(parameter) for parameter in signature.parameters.values()]
    return str(signature.replace(parameters=parameters, return_annotation=inspect.Signature.empty))


class Annotation:
    """An annotation that is written without quotes."""

    def __init__(self, text: str) -> None:
        self.text = text

    def __repr__(self) -> str:
        return self.text


def typed(parameter: inspect.Parameter) -> inspect.Parameter:
    if parameter.name == "self":
        return parameter
    known = said(PARAMETERS, parameter.name)
    annotation = f"{known} | None" if parameter.default is None and known != "Any" else known
    return parameter.replace(annotation=Annotation(annotation))


# -- the venues -------------------------------------------------------------------------------------------


def venues(home: Home) -> str:
    body = "\n\n".join(venue(home, id) for id in home.classes)
    lines = [f"from {home.package}._calls import {', '.join(found)}"] if (found := bases(home)) else []
    if home.below:
        lines += [f"from {home.below.package} import {id} as _{id}" for id in home.classes]
    module = import_module(home.package)
    lines += [
        f"from {getattr(module, name).__module__} import {name} as {name}" for name in ("settle", "Unsettled")
    ]
    if home.kind == "sync":
        lines += [
            "from ccxt_ext import async_support as async_support, pro as pro, sandbox as sandbox",
            "from ccxt_ext._version import __version__ as __version__",
            *(
                f"from {getattr(module, name).__module__} import {name} as {name}"
                for name in ("register", "reset_shared")
            ),
        ]
    what = {"sync": "The sync classes", "async": "The async classes", "streaming": "The streaming classes"}
    return stub(f"{what[home.kind]}, and what each of them has.", f"exchanges: list[str]\n\n{body}", lines)


def bases(home: Home) -> list[str]:
    return [*map(mixin, home.own_of_all()), *([] if home.below else ["Exchange"])]


def venue(home: Home, id: str) -> str:
    kind = home.classes[id]
    own = home.own(id)
    parents = ", ".join([*map(mixin, own), f"_{id}" if home.below else "Exchange"])
    lines = [f"class {id}({parents}):", f'    """{kind().name}, {home.kind}."""']
    for name in own:
        if text_of(kind, snake(name)) != text_of(usual(home, name), snake(name)):
            lines.append(method(kind, snake(name), CALLS[name], name))
    if not home.below:
        endpoint = "Endpoint" if home.kind == "sync" else "AsyncEndpoint"
        lines += [f"    {name}: {endpoint}" for name in endpoints(kind)]
    return "\n".join(lines)


def endpoints(kind: Any) -> list[str]:
    """The implicit methods, in both spellings."""
    from ccxt.base.types import Entry

    return [name for name in dir(kind) if isinstance(inspect.getattr_static(kind, name), Entry)]


def said(table: dict[str, T], name: str) -> T:
    if name not in table:
        raise SystemExit(f"scripts/faces/calls.py does not say what {name} is")
    return table[name]


# -- words ------------------------------------------------------------------------------------------------


def mixin(name: str) -> str:
    return name[0].upper() + name[1:]


def snake(name: str) -> str:
    """A method's name in Python's spelling, as ccxt has it."""
    for theirs, ours in SPELLINGS.items():
        name = name.replace(theirs, ours)
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name).lower()


def camel(name: str) -> str:
    first, *words = name.split("_")
    return first + "".join(word.capitalize() for word in words)


def used(names: Iterable[str], text: str) -> list[str]:
    return [name for name in names if re.search(rf"\b{name}\b", text)]


def stub(what: str, body: str, lines: list[str]) -> str:
    """The text of a stub file, with the imports that its body needs."""
    import ccxt_ext.types

    imports = [
        f"from {module} import {', '.join(found)}"
        for module, names in (
            ("collections.abc", ("Mapping", "Sequence")),
            ("typing", ("Any", "Literal")),
            ("typing_extensions", ("Self",)),
            ("ccxt_ext._exchange", ("AsyncEndpoint", "Common", "Endpoint", "NotSupported")),
            ("ccxt_ext.types", ccxt_ext.types.__all__),
        )
        if (found := used(names, body))
    ]
    return f'{EDIT_NOT}"""{what}"""\n\n' + "\n".join([*imports, *lines]) + f"\n\n{body}\n"
