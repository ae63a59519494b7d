"""The structures are ccxt's own, and what the venues' classes give is of their kind."""

import ast
import json
import sys
import types as python_types
import typing
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import ccxt
import pytest
import typing_extensions

import ccxt_ext
import ccxt_ext.types
from ccxt_ext._version import CCXT_NEWEST
from ccxt_ext.hook.loading import numbers
from tests.typing.faces import face

STATIC = Path(__file__).resolve().parents[1] / "static"
FIXTURES = sorted([*STATIC.glob("response/*.json"), *STATIC.glob("ws/*.json")])
THEIRS = vars(sys.modules["ccxt.base.types"])
OURS = vars(ccxt_ext.types)

# What no method of these venues takes or gives.
NOT_GIVEN = {
    "ADL",
    "BalanceAccount",
    "BorrowInterest",
    "CancellationRequest",
    "Conversion",
    "CrossBorrowRate",
    "FundingHistory",
    "FundingRateHistory",
    "Greeks",
    "IsolatedBorrowRate",
    "LedgerEntry",
    "Liquidation",
    "LongShortRatio",
    "MarginLoan",
    "Option",
    "fetchEventsParams",
}
# The same, by the words that their names begin with: markets on which one bets on what will be.
NOT_GIVEN_BEGINS = "Prediction"

# What ccxt's structures do not tell, and the classes give.
MORE = {
    "CurrencyLimits": {"deposit"},
    "DepositWithdrawFeeNetwork": {"rate"},
}
# A structure of ours alone.
OWN = {"OrderAnswer"}

# Structures, and fields of structures, that ccxt 4.5.28 does not have, and some later release has.
CAME_LATER: dict[str, set[str]] = {
    "Account": {"name"},
    "CurrencyInterface": {"fees", "valueScale"},
    "DepositWithdrawFee": set(),
    "DepositWithdrawFeeNetwork": set(),
    "DepositWithdrawFeeNetworkEntry": set(),
    "DepositAddress": {"note"},
    "LeverageTier": set(),
    "MarginModification": {"total"},
    "MarketInterface": {
        "baseName",
        "collateral",
        "executionModel",
        "id2",
        "index",
        "instIdCode",
        "lowercaseId",
        "market",
        "marketType",
        "numericId",
        "outcomes",
        "prediction",
        "quanto",
        "resolved",
        "resolvedOutcome",
        "stock",
        "tiers",
        "uppercaseId",
    },
    "Order": {"fees", "hedged", "leverage", "marginMode", "triggerPrice"},
    "OrderBookL3": set(),
    "Position": {"exitPrice", "isolated", "maintenanceMarginPercentage", "positionMargin"},
    "PositionModeInfo": set(),
    "Precision": {"base", "quote"},
    "Status": set(),
    "Trade": {"fees"},
    "TradingFeeInterface": {"tiers"},
}


def is_newest() -> bool:
    return numbers(ccxt.__version__) >= numbers(CCXT_NEWEST)


def structures(names: Mapping[str, Any]) -> dict[str, set[str]]:
    """Their fields."""
    return {
        name: set(typing_extensions.get_type_hints(kind))
        for name, kind in names.items()
        if isinstance(kind, type) and hasattr(kind, "__required_keys__")
    }


def test_there_are_ccxts_structures() -> None:
    theirs = {
        name
        for name in structures(THEIRS)
        if name not in NOT_GIVEN and not name.startswith(NOT_GIVEN_BEGINS) and name != "TypedDict"
    }
    # `Market`, `Currency` and `Fee` are there under both of ccxt's names.
    ours = set(structures(OURS)) - OWN - {"Market", "Currency", "Fee"}
    assert theirs - ours == set()
    absent = ours - theirs
    assert absent == set() if is_newest() else absent <= set(CAME_LATER)


@pytest.mark.parametrize("name", sorted(set(structures(OURS)) - OWN - {"Market", "Currency", "Fee"}))
def test_a_structure_has_the_fields_of_ccxts(name: str) -> None:
    theirs, ours = structures(THEIRS).get(name), structures(OURS)[name] - MORE.get(name, set())
    if theirs is None:
        assert name in CAME_LATER and not is_newest()
        return
    assert theirs - ours == set()
    absent = ours - theirs
    assert absent == set() if is_newest() else absent <= CAME_LATER.get(name, set())


def test_there_are_ccxts_dicts_of_structures() -> None:
    """`Tickers`, `Leverages` and others, by symbol or by code."""
    given = structures(OURS)
    for name, kind in THEIRS.items():
        if typing.get_origin(kind) is dict and typing.get_args(kind):
            of = typing.get_args(kind)[1]
            (of,) = typing.get_args(of) or (of,)
            assert (of.__name__ in given) is (name in OURS), name
            if name in OURS:
                ours = typing.get_args(OURS[name])[1]
                (ours,) = typing.get_args(ours) or (ours,)
                assert ours is OURS[of.__name__]


# -- what the classes give --------------------------------------------------------------------------------


def misfits(value: Any, kind: Any, where: str) -> Iterator[str]:
    """Where a value is not of the kind that it is said to be."""
    origin, inner = typing.get_origin(kind), typing.get_args(kind)
    if kind is Any:
        return
    if kind is ccxt_ext.types.Balances:
        yield from of_balances(value, where)
    elif origin is typing.Literal:
        if value not in inner:
            yield f"{where} is {value!r}"
    elif origin in (typing.Union, python_types.UnionType):
        tried = [list(misfits(value, each, where)) for each in inner]
        if all(tried):
            yield min(tried, key=len)[0] if value is not None else f"{where} is None"
    elif origin is list:
        if not isinstance(value, list):
            yield f"{where} is {value!r}"
            return
        for at, item in enumerate(value):
            yield from misfits(item, inner[0], f"{where}[{at}]")
    elif origin is dict:
        if not isinstance(value, dict):
            yield f"{where} is {value!r}"
            return
        for key, item in value.items():
            yield from misfits(item, inner[1], f"{where}[{key!r}]")
    elif hasattr(kind, "__required_keys__"):
        yield from of_structure(value, kind, where)
    elif kind is float:
        if type(value) not in (float, int):
            yield f"{where} is {value!r}"
    elif type(value) is not (kind or python_types.NoneType):
        yield f"{where} is {value!r}"


def of_structure(value: Any, kind: Any, where: str) -> Iterator[str]:
    if not isinstance(value, dict):
        yield f"{where} is {value!r}"
        return
    fields = typing_extensions.get_type_hints(kind)
    yield from (f"{where} has no {name}" for name in sorted(kind.__required_keys__ - value.keys()))
    yield from (f"{where} has {name}, which is not told" for name in sorted(value.keys() - fields))
    for name in value.keys() & fields:
        yield from misfits(value[name], fields[name], f"{where}[{name!r}]")


def of_balances(value: Any, where: str) -> Iterator[str]:
    told = {"info": Any, "timestamp": int | None, "datetime": str | None}
    told |= dict.fromkeys(("free", "used", "total"), ccxt_ext.types.Amounts)
    for name, item in value.items():
        yield from misfits(item, told.get(name, ccxt_ext.types.Balance), f"{where}[{name!r}]")


@pytest.mark.parametrize("path", FIXTURES, ids=lambda path: f"{path.parent.name}-{path.stem}")
def test_what_the_classes_give_is_what_is_said(path: Path) -> None:
    methods = face("pro", path.stem).methods
    aliases = face("pro", path.stem).aliases
    found = []
    for name, cases in json.loads(path.read_text())["methods"].items():
        returns = methods[aliases.get(name, name)].returns
        assert returns is not None
        kind = eval(ast.unparse(returns), {**OURS, "Any": Any})
        for case in cases:
            answers = case["parsedResponses"] if "parsedResponses" in case else [case["parsedResponse"]]
            for answer in answers:
                found += misfits(answer, kind, f"{name}, {case['description']}: it")
    assert found == []
