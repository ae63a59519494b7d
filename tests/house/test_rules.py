"""Each rule notices what breaks it, in houses of a few lines."""

import ast
from pathlib import Path

import pytest

import ccxt_ext
from tests.house import public, public_members, rules, sources
from tests.house.classes import face
from tests.house.self_names import defined, used


@pytest.fixture
def build(tmp_path):
    """Modules out of their texts, by name."""

    def build(**texts):
        for name, text in texts.items():
            path = tmp_path / "toy" / f"{name}.py"
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text)
        return sources.read(tmp_path, "toy")

    return build


IN_A_FUNCTION = "def f():\n    import toy.a"
FOR_TYPES = "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    from toy.a import A"
BY_NAME = "from importlib import import_module\nimport_module(f'toy.{b}')"


@pytest.mark.parametrize("back", ["from toy import a", "from .a import A", IN_A_FUNCTION, FOR_TYPES])
def test_a_circle(build, back):
    every = sources.arrows(build(a="from toy.b import B", b="import toy.c", c=back, d="import toy.a"))
    assert rules.in_circles(every, {}) == {"toy.a", "toy.b", "toy.c"}
    assert rules.in_circles(every, {("toy.b", "toy.c"): "a reason"}) == set()


def test_a_ladder_is_no_circle(build):
    every = sources.arrows(build(a="from toy.b import B\nfrom toy import c", b="import toy.c", c=""))
    assert len(every) == 3 and rules.in_circles(every, {}) == set()


def test_a_package_that_its_own_module_imports(build):
    texts = {"room/__init__": "from toy.room.a import A", "room/a": "from toy.room import A"}
    every = sources.arrows(build(**texts))
    assert rules.in_circles(every, {}) == {"toy.room", "toy.room.a"}


def test_doors(build):
    modules = build(a=BY_NAME, b=IN_A_FUNCTION, c="import toy.b")
    every = sources.arrows(modules)
    assert rules.doors_astray(modules, every, {}, {}) == {"toy.a imports by name"}
    listed = {"toy.a": "a reason", "toy.b": "another"}
    assert rules.doors_astray(modules, every, {}, listed) == {"toy.b imports nothing by name"}
    lazy = {("toy.b", "toy.a"): "a reason", ("toy.c", "toy.b"): "another"}
    assert rules.doors_astray(modules, every, lazy, {"toy.a": ""}) == {"toy.c -> toy.b is no lazy import"}


def test_an_import_by_a_name_that_is_spelt_out_is_an_arrow(build):
    every = sources.arrows(build(a="__import__('toy.b')", b=""))
    assert every == {("toy.a", "toy.b", False)}


@pytest.mark.parametrize(
    ("importer", "imported", "found"),
    [
        ("venues.btex.rest", "venue.venue", False),
        ("venues.btex.rest", "venues.btex.protocol", False),
        ("venues.btex.rest", "venues.bitmart2.protocol", True),
        ("venues.btex.rest", "plugins", True),
        ("venues.btex.rest", "sandbox.engine", True),
        ("venue.venue", "venues.btex.rest", True),
        ("sandbox.frontends.btex.rows", "sandbox.frontend", False),
        ("sandbox.frontends.btex.rows", "sandbox.world", True),
        ("sandbox.frontend.http", "sandbox.frontends.btex.rows", True),
        ("sandbox.engine.book", "sandbox.frontend", True),
        ("sandbox.world", "venue.venue", True),
        ("demo.show", "cli", True),
        ("cli.demo", "demo.show", False),
        ("a_new_room.a", "venue.venue", True),
    ],
)
def test_arrows(importer, imported, found):
    arrow = sources.Arrow(f"ccxt_ext.{importer}", f"ccxt_ext.{imported}", True)
    assert bool(rules.wrong_arrows([arrow])) == found


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("from toy.b import _x", "toy.b._x"),
        ("import toy.b\ntoy.b._x()", "toy.b._x"),
        ("def f(other):\n    return other._x", "other._x"),
        ("class A:\n    def f(self):\n        return self.b._x", "self.b._x"),
        ("class A:\n    def __init__(self, b):\n        self._x = b._x", None),
        ("class A:\n    def f(self):\n        return super()._x, self._x", None),
        ("def f(row):\n    return row._replace(a=row.__class__)", None),
        ("from toy import plugins", None),
    ],
)
def test_private_names(build, text, found):
    modules = build(a=text, b="", plugins="")
    assert rules.others_private_names(modules, {}) == ({f"toy.a: {found}"} if found else set())
    if found:
        assert rules.others_private_names(modules, {f"toy.a: {found}": "a reason"}) == set()
    assert rules.others_private_names(modules, {"toy.b: b._y": "a reason"}) >= {"toy.b: b._y is not used"}


@pytest.mark.parametrize(
    "text",
    [
        "from typing import Any\nBase = Any\nclass A(Base): ...",
        "from typing import Any\nBase: Any = f()\nclass A(Base): ...",
        "if TYPE_CHECKING:\n    from typing import Any as Base\nclass A(Base): ...",
        "from toy.b import B as Base\nif x:\n    Base = object\nclass A(Base): ...",
    ],
)
def test_a_base_for_show(build, text):
    assert rules.shown_bases(build(a=text, b="from toy.a import A\nclass B(A): ...")) == {"toy.a.A"}


PUBLIC = '"""Parts."""\n__all__ = ["A"]\nclass A: ...\nclass B: ...\n'


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("from toy.venue.a import A", None),
        ("from toy.venue import a\na.A()", None),
        ("from toy.venue.a import A, B", "toy.venue.a.B"),
        ("from toy.venue import a\ndef f():\n    return a.B()", "toy.venue.a.B"),
        ("import toy.venue.a as a\na.B()", "toy.venue.a.B"),
        ("from toy.venue.b import A", "toy.venue.b.A"),
        ("from toy.venue import b", "toy.venue.b"),
        ("from toy.venues.mine import c\nc.anything", None),
    ],
)
def test_what_is_not_public_is_not_for_venues(build, text, found):
    texts = {"venue/a": PUBLIC, "venue/b": "class A: ...", "venues/mine/c": "", "venues/mine/d": text}
    modules = build(**texts)
    used = public.private_imports(modules, public.public_names(modules, ["toy.venue"]), "toy")
    assert set(used) == ({("toy.venues.mine.d", found)} if found else set())


HALF_TOLD = """
'Parts.'
__all__ = ["A", "B", "f", "g"]
#: a number
A = 1
B = 2
def f(one: list[Hidden], other: Any = Value()) -> None:
    'does it'
def g(): ...
def h(): ...
class Hidden: ...
class Value: ...
"""


def test_what_is_public_is_documented(build, tmp_path):
    build(**{"venue/__init__": "", "venue/a": HALF_TOLD, "venue/b": "__all__ = []"})
    found = set(public.undocumented(tmp_path, ["toy.venue"]))
    assert found == {"toy.venue.a.B", "toy.venue.a.g", "toy.venue.a.f names Hidden", "toy.venue.b"}


class Whole:
    noted: int

    def __init__(self):
        self.held = 1


class Part(Whole):
    def use(self):
        class Inner:
            def use(self):
                return self.of_another

        self.put = self.noted + self.held + self.use() + self.relied_on
        return self.put, lambda: self.relied_on_later, Inner


def test_names_on_self(build):
    (tree,) = [
        node
        for node in build(a=Path(__file__).read_text())["toy.a"].tree.body
        if getattr(node, "name", None) == "Part"
    ]
    assert set(used(tree)) - defined(Part) == {"relied_on", "relied_on_later"}


def test_a_long_file(tmp_path):
    for folder, name, count in (("tests", "a", 601), ("scripts", "b", 600), ("ccxt_ext", "c_sync", 700)):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / f"{name}.py").write_text("\n" * count)
    assert rules.long_files(tmp_path) == {"tests/a.py: 601", "ccxt_ext/c_sync.py: 700"}


def test_a_class_with_a_name_more_or_a_base_more():
    class Base(ccxt_ext.btex): ...

    Base.__module__ = "ccxt_ext.venues.btex.base"
    wider = type("btex", (Base,), {"another": 1, "fetch_ticker": None, "_private": 1})
    before, after = face(ccxt_ext.btex), face(wider)
    assert len(after.ours) == len(before.ours) + 1
    assert after.names == sorted([*before.names, "another"])


HIDDEN = """
from ccxt_ext.venue.streams.connection import Connection
from ccxt_ext.venue.streams.feed import Feed
from ccxt_ext.sandbox.frontend.engine import Engine, Position

class Own(Feed):
    def route(self, connection, frame): ...
    async def keep_pace(self, throttle, cost): ...
    def handle(self, connection, message):
        return self.exchange, self.own, self.is_closing
    own = 1

def f(connection: Connection, engine: Engine | None, position: Position, rows: list[Connection]):
    return connection.url, connection.wind_up(), engine.cancel(), engine.outbox, position.fees, rows.read
"""


def test_what_is_not_told_of_a_public_class_is_not_for_venues():
    tree = ast.parse(HIDDEN)
    of_arguments = {
        f"{entry.name}.{attribute}"
        for node in tree.body
        if isinstance(node, ast.FunctionDef)
        for entry, attribute in public_members.uses_of_arguments(node, tree, "")
        if not public_members.is_told(entry, attribute)
    }
    assert of_arguments == {"Connection.wind_up", "Engine.outbox"}
    namespace: dict[str, type] = {"__name__": "ccxt_ext.venues.toy.stream"}
    exec(compile(tree, "toy", "exec"), namespace)
    (node,) = [node for node in tree.body if isinstance(node, ast.ClassDef)]
    hidden = set(public_members.hidden_of_bases(namespace["Own"], node))
    assert hidden == {"Feed.keep_pace", "Feed.is_closing"}
