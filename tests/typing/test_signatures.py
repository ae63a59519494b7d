"""The stubs tell of each class what it has: each method, its parameters, and both of its names."""

import ast
import inspect
from collections.abc import Iterator
from typing import Any

import ccxt
import pytest
from ccxt.base.types import Entry

import ccxt_ext
from tests.typing.faces import HOMES, Face, Method, face, face_of, module

# What `has` tells of the venue rather than of a method.
TRAITS = {
    "CORS",
    "spot",
    "margin",
    "swap",
    "future",
    "option",
    "index",
    "publicAPI",
    "privateAPI",
    "sandbox",
    "ws",
}

# What came with some release of ccxt: method -> parameters, or None for all of it.
CAME_LATER = {"close": {"clean_instance_data"}, "sync close": None}

# What no venue is asked for.
HELPERS = face_of("ccxt_ext._exchange", "Common").methods

EVERY = [(kind, id) for kind in HOMES for id in ccxt_ext.exchanges]


@pytest.fixture(params=EVERY, ids="-".join)
def case(request: pytest.FixtureRequest) -> tuple[str, Any, Face]:
    kind, id = request.param
    return kind, getattr(HOMES[kind], id)(), face(kind, id)


def kinds_of(method: Method) -> Iterator[tuple[str, Any, ast.expr | None]]:
    """A stub's parameters as `inspect` would tell them: their names, kinds and defaults."""
    arguments = method.args
    assert not arguments.posonlyargs and arguments.kwarg is None
    missing = [None] * (len(arguments.args) - len(arguments.defaults))
    for argument, default in zip(arguments.args, [*missing, *arguments.defaults], strict=True):
        yield argument.arg, inspect.Parameter.POSITIONAL_OR_KEYWORD, default
    if arguments.vararg:
        yield arguments.vararg.arg, inspect.Parameter.VAR_POSITIONAL, None
    for argument, default in zip(arguments.kwonlyargs, arguments.kw_defaults, strict=True):
        yield argument.arg, inspect.Parameter.KEYWORD_ONLY, default


def has_default(parameter: inspect.Parameter, told: ast.expr | None) -> bool:
    if told is None:
        return parameter.default is inspect.Parameter.empty
    if isinstance(told, ast.Constant) and told.value is ...:  # which one is not told
        return parameter.default is not inspect.Parameter.empty
    told_value = ast.literal_eval(told)
    if told_value == {}:  # ccxt's own methods write into it
        return isinstance(parameter.default, dict)
    return type(told_value) is type(parameter.default) and told_value == parameter.default


def is_needed(parameter: inspect.Parameter) -> bool:
    return parameter.default is inspect.Parameter.empty and parameter.kind not in (
        inspect.Parameter.VAR_POSITIONAL,
        inspect.Parameter.VAR_KEYWORD,
    )


def differences(name: str, method: Method, real: Any) -> Iterator[str]:
    told = [each for each in kinds_of(method) if each[0] != "self"]
    there = {
        parameter.name: parameter
        for parameter in inspect.signature(real).parameters.values()
        if not parameter.name.startswith("_")  # ccxt's own business
    }
    later = CAME_LATER.get(name) or set()
    told = [each for each in told if each[0] in there or each[0] not in later]
    if name in HELPERS:  # a class may take more, beside what all of them take
        names = [each[0] for each in told]
        there = {name: each for name, each in there.items() if name in names or is_needed(each)}
    if [each[0] for each in told] != list(there):
        yield f"{name} has {list(there)}, not {[each[0] for each in told]}"
        return
    for parameter, kind, default in told:
        if there[parameter].kind != kind:
            yield f"{name}: {parameter} is {there[parameter].kind.description}"
        if not has_default(there[parameter], default):
            yield f"{name}: {parameter} has the default {there[parameter].default!r}"
    if inspect.iscoroutinefunction(real) != isinstance(method, ast.AsyncFunctionDef):
        yield f"{name} is async in one place only"


def real_of(exchange: Any, name: str) -> Any:
    """The method, or the one that it hands all arguments on to, whatever they are."""
    real = getattr(exchange, name)
    for kind in type(exchange).__mro__:
        parameters = inspect.signature(real).parameters.values()
        if {each.kind for each in parameters} != {
            inspect.Parameter.VAR_POSITIONAL,
            inspect.Parameter.VAR_KEYWORD,
        }:
            break
        if name in vars(kind):
            real = vars(kind)[name].__get__(exchange)
    return real


def test_each_signature_is_that_of_the_class(case: tuple[str, Any, Face]) -> None:
    kind, exchange, face = case
    found = []
    for name, method in face.methods.items():
        if not hasattr(exchange, name):
            if f"{kind} {name}" not in CAME_LATER:
                found.append(f"there is no {name}")
        else:
            found += differences(name, method, real_of(exchange, name))
    assert found == []


def test_each_second_name_is_of_the_same_method(case: tuple[str, Any, Face]) -> None:
    kind, exchange, face = case
    for other, name in face.aliases.items():
        assert name in face.methods
        if f"{kind} {name}" not in CAME_LATER:
            both = getattr(exchange, other), getattr(exchange, name)
            assert inspect.signature(both[0]) == inspect.signature(both[1]), other


def test_each_attribute_is_there(case: tuple[str, Any, Face]) -> None:
    _, exchange, face = case
    assert [name for name in face.attributes if not hasattr(exchange, name)] == []


def test_it_has_what_has_tells_in_both_spellings(case: tuple[str, Any, Face]) -> None:
    _, exchange, face = case
    for name, able in exchange.has.items():
        if name not in TRAITS:
            told = name in face.aliases or name in face.methods
            assert told is bool(able), f"{name} is {able} in `has`"


def test_each_method_that_a_venue_lacks_is_told_to_be_absent() -> None:
    """Those that ccxt knows of, so that none of its own comes in their place."""
    absent = face_of("ccxt_ext._absent", "Absent").attributes
    named = {word.replace("_", "").lower() for word in absent}
    known = {name for name in ccxt.Exchange().has if name not in TRAITS}
    assert {name for name in known if name.lower() not in named} == set()


def test_each_implicit_method_is_there_in_both_spellings(case: tuple[str, Any, Face]) -> None:
    kind, exchange, face = case
    there = {
        name
        for name in dir(type(exchange))
        if isinstance(inspect.getattr_static(type(exchange), name), Entry)
    }
    told = {name for name, type in face.attributes.items() if type.endswith("Endpoint")}
    assert told == there
    assert {face.attributes[name] for name in told} == {"Endpoint" if kind == "sync" else "AsyncEndpoint"}


def test_the_modules_have_what_their_stubs_have() -> None:
    for home in HOMES.values():
        tree = module(home.__name__)
        public = [node.name for node in tree.body if isinstance(node, ast.ClassDef)]
        public += [ast.unparse(node.target) for node in tree.body if isinstance(node, ast.AnnAssign)]
        for node in tree.body:
            if isinstance(node, ast.ImportFrom):
                public += [name.asname for name in node.names if name.asname == name.name]
        assert set(home.exchanges) < set(public)
        assert [name for name in public if not hasattr(home, name)] == []
        assert [name for name in dir(home) if name in home.__all__ and name not in public] == []
