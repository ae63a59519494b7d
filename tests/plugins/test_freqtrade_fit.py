"""Whether classes of ours fit a release of freqtrade, shown by small classes in its place."""

import sys
from types import ModuleType
from typing import ClassVar

import pytest

from ccxt_ext.integrations.freqtrade.fit import NEWEST, OLDEST, numbers, unfit


class FtHas:
    only_typed: str


class Theirs:
    _ft_has_default: ClassVar = {"with_default": 1}
    _ft_has: ClassVar = {}
    _ft_has_futures: ClassVar = {}
    _supported_trading_mode_margin_pairs: ClassVar = []

    def __init__(self, config, *, validate=True):
        self.set_there, self.also_there = config, validate
        self.later: int

    def buy(self, pair, amount=1, *, rate):
        return self.helper()

    @staticmethod
    def sum(a, b):
        return a + b

    @property
    def name(self):
        return ""

    async def ask(self, pair):
        return pair

    def helper(self):
        def inner():
            self.set_within = 1

        return inner


class Ours(Theirs):
    _ft_has: ClassVar = {"with_default": 2, "only_typed": ""}
    own = None

    def buy(self, pair, amount=1, *, rate):
        self.own_attribute = self.set_there
        return super().buy(pair, amount, rate=rate), self.own, self.own_attribute, self.set_within

    @staticmethod
    def sum(a, b):
        return a

    @property
    def name(self):
        return [self.also_there for _ in self.helper()]

    async def ask(self, pair):
        return self.sum(1, 2)

    def anything(self, **more):
        return more

    anything.new_to_freqtrade = True


@pytest.fixture(autouse=True)
def freqtrades_module(monkeypatch):
    """These are found in the module of their class."""
    module = ModuleType("exchange_of_freqtrade")
    module.FtHas = FtHas
    monkeypatch.setitem(sys.modules, module.__name__, module)
    monkeypatch.setattr(Theirs, "__module__", module.__name__)


def why(theirs, version="2026.9"):
    """What keeps Ours out when it is derived from this class."""
    told = unfit(version, theirs, type("Ours", (theirs,), {**vars(Ours), "buy": buy_of(theirs)}))
    if told is None:
        return None
    head = f"ccxt-ext adds no exchange to freqtrade {version}, which works as it does without: "
    tail = f". Known to fit: freqtrade {OLDEST} to {NEWEST}"
    assert told.startswith(head) and told.endswith(tail)
    return told.removeprefix(head).removesuffix(tail)


def buy_of(theirs):
    def buy(self, pair, amount=1, *, rate):
        self.own_attribute = self.set_there
        return theirs.buy(self, pair, amount, rate=rate), self.own, self.own_attribute, self.set_within

    return buy


def changed(**changes):
    """Their class with other things in it; what is None is not there."""
    space = {name: value for name, value in {**vars(Theirs), **changes}.items() if value is not None}
    return type("Exchange", (), space)


@pytest.mark.parametrize(
    "version", ["2026.3", "2026.9", "2026.10", "2026.10-dev-abc1234", "2027.1", "", "odd"]
)
def test_what_fits(version):
    assert unfit(version, Theirs, Ours) is None
    assert why(changed(), version) is None


@pytest.mark.parametrize(
    "version", ["2026.2", "2025.12", "2026.2.1", "docker-2026.2-dev-3abc2027", "2019.1-dev"]
)
def test_an_old_release_does_not(version):
    assert why(changed(), version) == "it is too old"


def test_numbers():
    assert numbers("2026.10") > numbers("2026.9") == numbers("no release") == (2026, 9)


def positional(self, pair, amount=1, rate=0):
    pass


def named_otherwise(self, symbol, amount=1, *, rate):
    pass


def needs_more(self, pair, amount, *, rate):
    pass


def has_more(self, pair, amount=1, *, rate, leverage=1):
    pass


class WithOneKeyLess:
    pass


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"buy": None, "create": Theirs.buy}, "there is no Exchange.buy()"),
        ({"buy": "a text"}, "there is no Exchange.buy()"),
        *(
            ({"buy": method}, "Exchange.buy() takes other arguments")
            for method in (positional, named_otherwise, needs_more, has_more)
        ),
        ({"sum": lambda a, b: a}, "there is no Exchange.sum()"),
        ({"sum": staticmethod(lambda a: a)}, "Exchange.sum() takes other arguments"),
        ({"name": lambda self: ""}, "there is no Exchange.name()"),
        ({"ask": lambda self, pair: pair}, "Exchange.ask() takes other arguments"),
        ({"anything": lambda self: 1}, "Exchange.anything() is something else there"),
        ({"helper": None}, "there is no Exchange.helper; there is no Exchange.set_within"),
        ({"__init__": lambda self: None}, "there is no Exchange.set_there; there is no Exchange.also_there"),
        ({"_ft_has_default": {"renamed": 1}}, "_ft_has knows no 'with_default'"),
        ({"_ft_has": None}, "there is no Exchange._ft_has"),
        ({"buy": None, "ask": None}, "there is no Exchange.ask(); there is no Exchange.buy()"),
    ],
)
def test_what_is_missing_or_different(changes, told):
    assert sorted(why(changed(**changes)).split("; ")) == sorted(told.split("; "))


def test_a_class_that_does_not_fit_is_named():
    told = unfit("2026.9", changed(buy=None), Ours, "Acme")
    assert told.startswith("ccxt-ext does not add Acme to freqtrade 2026.9, which works as it does without: ")


def test_a_key_that_is_typed_no_more(monkeypatch):
    monkeypatch.setattr(FtHas, "__annotations__", {"renamed": str})
    assert why(changed()) == "_ft_has knows no 'only_typed'"


def test_what_a_class_between_adds_is_looked_at_too():
    class Between(Theirs):
        def no_such(self):
            return self.nowhere

    class Derived(Between):
        pass

    told = unfit("2026.9", Theirs, Derived)
    assert "there is no Exchange.no_such(); there is no Exchange.nowhere" in told
