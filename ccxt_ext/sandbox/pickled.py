"""Pickles that can be read from anywhere: reading one runs no code but ours, and calls nothing it names.

An ordinary pickle may call any function. Here the reader knows no instruction that calls: it makes objects of
the classes that it allows, without their constructors, and sets what they have. A bound method is the name of
one beside its object. What is of the standard library is made by a table of a few makers.
"""

from __future__ import annotations

import copyreg
import io
import pickle
import random
import re
import sys
from array import array
from collections import OrderedDict, deque
from collections.abc import Callable, Iterable
from decimal import Decimal
from functools import partial
from pickletools import genops
from types import BuiltinMethodType, FunctionType, MemberDescriptorType, MethodType
from typing import Any

from sortedcontainers import SortedDict, SortedList

PROTOCOL = 4
MODULES = tuple(
    f"ccxt_ext.sandbox.{name}"
    for name in (
        "candles",
        "engine",
        "faults",
        "frontend",
        "frontends",
        "patterns",
        "prices",
        "scenarios",
        "seen",
    )
)
"""Where classes of the sandbox's state are."""
CONTAINERS = (list, dict, set, deque, OrderedDict)
METHODS = ("add", "append", "get", "values", "remove")
"""The methods of containers that the state refers to."""

new: Any = copyreg.__newobj__  # type: ignore[attr-defined]


class NotPickled(ValueError):
    """What is read is not such a pickle, or not whole. The text says what is wrong with it."""


def dumps(state: Any) -> bytes:
    """Raises pickle.PicklingError, TypeError or AttributeError if there is something that cannot be read."""
    buffer = io.BytesIO()
    _Writer(buffer, PROTOCOL).dump(state)
    return buffer.getvalue()


def loads(data: bytes, packages: Iterable[str] = ()) -> Any:
    """Raises NotPickled. `packages` are those whose classes may be in it, beside the sandbox's."""
    try:
        return _Reader((*MODULES, *packages)).read(data)
    except NotPickled:
        raise
    except Exception as error:
        words = " ".join(str(error).split())[:200]
        raise NotPickled(f"it is damaged ({type(error).__name__}: {words})") from None


class _Writer(pickle.Pickler):
    """Writes objects by the instructions that the reader knows."""

    def persistent_id(self, obj: Any) -> Any:
        kind = type(obj)
        if kind is MethodType or (kind is BuiltinMethodType and isinstance(obj.__self__, CONTAINERS)):
            return "method", obj.__self__, obj.__name__
        return None

    def reducer_override(self, obj: Any) -> Any:
        kind = type(obj)
        if kind is Decimal:
            return new, (kind, str(obj))
        if kind is array:
            return new, (kind, obj.typecode, _little_endian(obj).tobytes())
        if kind is deque:
            return new, (kind, obj.maxlen), None, iter(obj)
        if kind is SortedList:
            return new, (kind, list(obj))
        if kind is OrderedDict or kind is SortedDict:
            return new, (kind,), None, None, iter(obj.items())
        if kind is random.Random:
            return new, (kind,), obj.getstate()
        if kind is re.Pattern:
            return new, (kind, obj.pattern, obj.flags)
        if kind is partial and not obj.keywords:
            return new, (kind, obj.func, *obj.args)
        if isinstance(obj, FunctionType | BuiltinMethodType | partial):
            raise pickle.PicklingError(f"{obj!r} cannot be in a file")
        return NotImplemented


def _decimal(text: Any) -> Decimal:
    return Decimal(_text(text))


def _array(typecode: Any, data: Any) -> array[Any]:
    made: array[Any] = array(_text(typecode))
    made.frombytes(data)
    return _little_endian(made)


def _little_endian(made: array[Any]) -> array[Any]:
    """An array as it is written, or the way back."""
    if sys.byteorder != "little":
        made = made[:]
        made.byteswap()
    return made


def _deque(maxlen: Any) -> deque[Any]:
    return deque(maxlen=maxlen if isinstance(maxlen, int) else None)


def _sorted_list(items: Any) -> SortedList:
    if type(items) is not list:
        raise NotPickled(f"{items!r:.100} is no list")
    return SortedList(items)


def _pattern(text: Any, flags: Any) -> re.Pattern[str]:
    return re.compile(_text(text), int(flags) & ~re.DEBUG)


def _partial(method: Any, *arguments: Any) -> Any:
    if not isinstance(method, MethodType | BuiltinMethodType):
        raise NotPickled(f"{method!r:.100} is no method")
    return partial(method, *arguments)


def _text(value: Any) -> str:
    if type(value) is not str:
        raise NotPickled(f"{value!r:.100} is no text")
    return value


MAKERS: dict[type, Callable[..., Any]] = {
    Decimal: _decimal,
    array: _array,
    deque: _deque,
    OrderedDict: OrderedDict,
    SortedDict: SortedDict,
    SortedList: _sorted_list,
    random.Random: random.Random,
    re.Pattern: _pattern,
    partial: _partial,
}
STANDARD: dict[tuple[str, str], type] = {
    (kind.__module__, kind.__qualname__): kind
    for kind in (
        Decimal,
        OrderedDict,
        array,
        SortedDict,
        SortedList,
        deque,
        partial,
        random.Random,
        re.Pattern,
    )
}


CONSTANTS = {"NONE": None, "NEWTRUE": True, "NEWFALSE": False}
VALUES = frozenset(
    (
        *("BININT", "BININT1", "BININT2", "LONG1", "LONG4", "BINFLOAT"),
        *("SHORT_BINUNICODE", "BINUNICODE", "BINUNICODE8", "SHORT_BINBYTES", "BINBYTES", "BINBYTES8"),
    )
)
"""The instructions whose argument is a value."""
EMPTY: dict[str, Callable[[], Any]] = {
    "EMPTY_TUPLE": tuple,
    "EMPTY_LIST": list,
    "EMPTY_DICT": dict,
    "EMPTY_SET": set,
}
TUPLES = {"TUPLE1": 1, "TUPLE2": 2, "TUPLE3": 3}


class _Reader:
    """Carries out the instructions of a pickle, but for those that call something: it has none of these."""

    def __init__(self, modules: tuple[str, ...]) -> None:
        self._modules = modules
        self._stack: list[Any] = []
        self._marks: list[int] = []
        self._memo: list[Any] = []
        self._others: dict[str, Callable[[], None]] = {
            "MARK": self._mark,
            "MEMOIZE": self._memoize,
            "POP": self._pop,
            "TUPLE": self._tuple,
            "FROZENSET": self._frozenset,
            "STACK_GLOBAL": self._class,
            "NEWOBJ": self._object,
            "BUILD": self._build,
            "BINPERSID": self._method,
            "APPEND": self._append,
            "APPENDS": self._appends,
            "ADDITEMS": self._additems,
            "SETITEM": self._setitem,
            "SETITEMS": self._setitems,
        }

    def read(self, data: bytes) -> Any:
        stack, memo, others = self._stack, self._memo, self._others
        argument: Any
        for instruction, argument, _ in genops(data):
            name = instruction.name
            if name == "BINGET" or name == "LONG_BINGET":
                stack.append(memo[argument])
            elif name in VALUES:
                stack.append(argument)
            elif name in others:
                others[name]()
            elif name in CONSTANTS:
                stack.append(CONSTANTS[name])
            elif name in EMPTY:
                stack.append(EMPTY[name]())
            elif name in TUPLES:
                items = tuple(self._last(TUPLES[name]))
                stack.append(items)
            elif name not in ("PROTO", "FRAME", "STOP"):
                raise NotPickled(f"it has an instruction that is not allowed, {name}")
        (whole,) = stack
        return whole

    # the stack

    def _last(self, count: int) -> list[Any]:
        """Take so many from the stack."""
        if len(self._stack) < count:
            raise NotPickled("it takes what is not there")
        items = self._stack[-count:]
        del self._stack[-count:]
        return items

    def _marked(self) -> list[Any]:
        """Take from the stack what came after the latest mark."""
        place = self._marks.pop()
        items = self._stack[place:]
        del self._stack[place:]
        return items

    def _mark(self) -> None:
        self._marks.append(len(self._stack))

    def _memoize(self) -> None:
        self._memo.append(self._stack[-1])

    def _pop(self) -> None:
        self._stack.pop()

    def _tuple(self) -> None:
        self._stack.append(tuple(self._marked()))

    def _frozenset(self) -> None:
        self._stack.append(frozenset(self._marked()))

    # classes and what is made of them

    def _is_ours(self, kind: type) -> bool:
        return self._is_allowed(kind.__module__)

    def _is_allowed(self, module: str) -> bool:
        return any(module == known or module.startswith(f"{known}.") for known in self._modules)

    def _class(self) -> None:
        module, name = (_text(each) for each in self._last(2))
        found = STANDARD.get((module, name))
        if found is None and self._is_allowed(module) and module in sys.modules:
            there = vars(sys.modules[module]).get(name)
            if isinstance(there, type) and (there.__module__, there.__qualname__) == (module, name):
                found = there
        if found is None:
            raise NotPickled(f"it names {module}.{name}, which is not allowed")
        self._stack.append(found)

    def _object(self) -> None:
        kind, arguments = self._last(2)
        if type(arguments) is not tuple:
            raise NotPickled(f"{arguments!r:.100} are no arguments")
        self._stack.append(self._made(kind, arguments))

    def _made(self, kind: Any, arguments: tuple[Any, ...]) -> Any:
        if not isinstance(kind, type):
            raise NotPickled(f"{kind!r:.100} is no class")
        if kind in MAKERS:
            return MAKERS[kind](*arguments)
        if not self._is_ours(kind):
            raise NotPickled(f"{kind!r:.100} is no class that is allowed")
        if issubclass(kind, tuple):
            return tuple.__new__(kind, arguments)
        if arguments:
            raise NotPickled(f"{kind.__qualname__} is made of something")
        return dict.__new__(kind) if issubclass(kind, dict) else object.__new__(kind)

    def _build(self) -> None:
        """Give an object its attributes. Those of a class, such as methods, stay as they are."""
        state = self._stack.pop()
        made = self._stack[-1]
        kind = type(made)
        if kind is random.Random:
            made.setstate(state)
            return
        if not self._is_ours(kind):
            raise NotPickled(f"{kind.__qualname__} has no state")
        attributes, slots = state if isinstance(state, tuple) and len(state) == 2 else (state, None)
        for name in attributes if isinstance(attributes, dict) else ():
            if _text(name).startswith("__") or isinstance(getattr(kind, name, None), FunctionType):
                raise NotPickled(f"{kind.__qualname__} has {name!r}")
        setstate = getattr(kind, "__setstate__", None)
        if setstate is not None:
            setstate(made, state)
            return
        for name, value in (attributes or {}).items():
            vars(made)[sys.intern(name)] = value
        for name, value in (slots or {}).items():
            if not isinstance(getattr(kind, _text(name), None), MemberDescriptorType):
                raise NotPickled(f"{kind.__qualname__} has no {name!r}")
            object.__setattr__(made, name, value)

    def _method(self) -> None:
        what, owner, name = self._stack.pop()
        kind = type(owner)
        if what != "method" or _text(name).startswith("__"):
            raise NotPickled(f"it names {name!r:.100}")
        if kind in CONTAINERS and name in METHODS:
            self._stack.append(getattr(owner, name))
            return
        method = getattr(kind, name, None)
        if not self._is_ours(kind) or not isinstance(method, FunctionType):
            raise NotPickled(f"{kind.__qualname__} has no method {name!r}")
        self._stack.append(MethodType(method, owner))

    # containers

    def _append(self) -> None:
        self._extend(self._last(1))

    def _appends(self) -> None:
        self._extend(self._marked())

    def _extend(self, items: list[Any]) -> None:
        target = self._stack[-1]
        if type(target) is not list and type(target) is not deque:
            raise NotPickled(f"{type(target).__qualname__} is no list")
        target.extend(items)

    def _additems(self) -> None:
        items = self._marked()
        target = self._stack[-1]
        if type(target) is not set:
            raise NotPickled(f"{type(target).__qualname__} is no set")
        target.update(items)

    def _setitem(self) -> None:
        self._set(self._last(2))

    def _setitems(self) -> None:
        self._set(self._marked())

    def _set(self, items: list[Any]) -> None:
        target = self._stack[-1]
        kind = type(target)
        pairs = zip(items[::2], items[1::2], strict=True)
        if kind is SortedDict:
            target.update(pairs)
            return
        if not isinstance(target, dict) or (kind not in (dict, OrderedDict) and not self._is_ours(kind)):
            raise NotPickled(f"{kind.__qualname__} is no dict")
        put = OrderedDict.__setitem__ if kind is OrderedDict else dict.__setitem__
        for name, value in pairs:
            put(target, name, value)
