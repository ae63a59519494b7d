"""Which markets a caller means by `type` and `subType`, apart from any venue."""

from types import SimpleNamespace

import ccxt
import pytest

from ccxt_ext.venue.calls.market_choice import (
    check_markets,
    chosen_symbols,
    market_types,
    subtype_of,
    type_word,
)


def market(symbol, type, linear=None):
    inverse = None if linear is None else not linear
    return {"symbol": symbol, "type": type, "linear": linear, "inverse": inverse}


MARKETS = [
    market("A/B", "spot"),
    market("C/B", "spot"),
    market("A/B:B", "swap", True),
    market("A/B:A", "swap", False),
    market("A/B:A-270101", "future", False),
]


def venue(types=("spot", "swap", "future"), features=None, **more):
    return SimpleNamespace(
        id="toy",
        has={type: type in types for type in ("spot", "swap", "future", "option")},
        features=features,
        options={},
        markets={each["symbol"]: each for each in MARKETS},
        market=lambda symbol: next(each for each in MARKETS if each["symbol"] == symbol),
        **more,
    )


def test_words_come_in_any_case():
    assert type_word(venue(), "fetchThings", "type", "SWAP") == "swap"
    assert type_word(venue(), "fetchThings", "subType", "Linear") == "linear"
    assert type_word(venue(), "fetchThings", "subType", "inverse") == "inverse"
    assert type_word(venue(), "fetchThings", "type", None) is None
    with pytest.raises(ccxt.BadRequest, match="takes a word as type, not 3"):
        type_word(venue(), "fetchThings", "type", 3)
    for value in ("swap", 3):
        with pytest.raises(ccxt.BadRequest, match="takes linear or inverse as subType"):
            type_word(venue(), "fetchThings", "subType", value)


def test_subtypes_of_markets():
    assert [subtype_of(each) for each in MARKETS] == [None, None, "linear", "inverse", "inverse"]


def test_kinds_that_a_venue_has():
    both = {("swap", "linear"), ("swap", "inverse")}
    assert market_types(venue(("spot",))) == {("spot", None)}
    assert market_types(venue(("swap",))) == both
    assert market_types(venue(("swap",), {"swap": {"linear": {}, "inverse": None}})) == both
    assert market_types(venue(("swap",), {"swap": {"linear": {"a": 1}, "inverse": None}})) == {
        ("swap", "linear")
    }
    assert market_types(venue(("future", "option"), {"future": {"inverse": {"a": 1}}, "option": None})) == {
        ("future", "inverse"),
        ("option", "linear"),
        ("option", "inverse"),
    }


def test_named_markets_are_of_the_kind_that_is_named():
    check_markets(venue(), "fetchThings", "swap", "linear", ["A/B:B"])
    check_markets(venue(), "fetchThings", "swap", None, ["A/B:B", "A/B:A"])
    check_markets(venue(), "fetchThings", None, "inverse", ["A/B:A", "A/B:A-270101"])
    with pytest.raises(ccxt.BadRequest, match=r"type='spot' is not what A/B:B is: swap .*params\['raw'\]"):
        check_markets(venue(), "fetchThings", "spot", None, ["A/B", "A/B:B"])
    with pytest.raises(ccxt.BadRequest, match="subType='linear' is not what A/B:A is: inverse"):
        check_markets(venue(), "fetchThings", None, "linear", ["A/B:A"])


def chosen(type=None, subtype=None, can_name=True, **more):
    return chosen_symbols(venue(**more), "fetchThings", type, subtype, can_name)


def test_symbols_of_a_kind():
    assert chosen("spot") == ["A/B", "C/B"]
    assert chosen("swap") == ["A/B:B", "A/B:A"]
    assert chosen("swap", "inverse") == ["A/B:A"]
    assert chosen("future") == ["A/B:A-270101"]
    assert chosen(None, "inverse") == ["A/B:A", "A/B:A-270101"]
    # A program's default type counts where it has such markets.
    other = venue()
    other.options["defaultType"] = "swap"
    assert chosen_symbols(other, "fetchThings", None, "inverse", True) == ["A/B:A"]


def test_all_of_a_venue_need_no_names():
    assert chosen("spot", types=("spot",), can_name=False) is None
    assert chosen("swap", types=("swap",), can_name=False) is None
    assert chosen("swap", "linear", types=("swap",)) == ["A/B:B"]


def test_what_a_venue_has_not_or_cannot_choose():
    with pytest.raises(ccxt.BadRequest, match="has no option markets: it has "):
        chosen("option")
    with pytest.raises(
        ccxt.BadRequest, match="has no linear spot markets: it has inverse swap, linear swap, spot"
    ):
        chosen("spot", "linear", types=("spot", "swap"))
    with pytest.raises(ccxt.NotSupported, match="type='swap': name a symbol"):
        chosen("swap", can_name=False)
    empty = venue()
    empty.markets = None
    with pytest.raises(ccxt.BadRequest, match="knows of no such market now: type='swap'"):
        chosen_symbols(empty, "fetchThings", "swap", None, True)
