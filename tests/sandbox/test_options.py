"""Options of venues: how a command line and Python name them, and what is refused."""

from __future__ import annotations

from typing import Any

import pytest

from ccxt_ext.sandbox import Sandbox
from ccxt_ext.sandbox.frontend.options import check, flag, one_of
from ccxt_ext.sandbox.options import parse_options


def test_values_are_json_or_words_and_names_nest() -> None:
    texts = [
        "bitexasia.signature.digest=base64",
        "bitexasia.signature.separator=",
        'bitexasia.signature.order=["method","path"]',
        "bitmart2.signCancelAll=false",
        "bitmart2.signCancelAll=true",
        "bitmaxfutures.refusalStatus=200",
        "bitmaxfutures.orderHistPrehash=v2/order/hist",
        'bitexbit.cannotCancel=["BTC_USD"]',
    ]
    assert parse_options(texts) == {
        "bitexasia": {"signature": {"digest": "base64", "separator": "", "order": ["method", "path"]}},
        "bitmart2": {"signCancelAll": True},
        "bitmaxfutures": {"refusalStatus": 200, "orderHistPrehash": "v2/order/hist"},
        "bitexbit": {"cannotCancel": ["BTC_USD"]},
    }


@pytest.mark.parametrize(
    ("option", "words"),
    [
        ("bitexasia", "VENUE.NAME=VALUE"),
        ("bitexasia.=1", "VENUE.NAME=VALUE"),
        ("bitexasia.signature.digest", "VENUE.NAME=VALUE"),
        ("kraken.secretFormat=raw", "unknown venue 'kraken'"),
        ("bitexasia.signature.digets=hex", "no option 'signature.digets'; there are clockTolerance"),
        ("bitexasia.signature=hex", "no option 'signature'"),
        ("bitexasia.signature.separator=1", "must be text, not 1"),
        ("bitexasia.signature.nonceLength=7", "a whole number from 8 to 64, not 7"),
        ("bitexasia.signature.nonceLength=true", "a whole number"),
        ("bitmart2.signCancelAll=maybe", "true or false, not 'maybe'"),
        ('bitmaxfutures.postAsQuery=["futures/order"]', "a list of futures/leverage"),
        ("bitmaxfutures.postAsQuery=futures/leverage", "a list of"),
        ('bitexbit.cannotCancel=["NO_SUCH"]', "a list of BTC_USD"),
    ],
)
def test_what_makes_no_sense_is_refused_with_what_would(option: str, words: str) -> None:
    with pytest.raises(ValueError) as refused:
        parse_options([option])
    assert words in str(refused.value)


def test_an_option_within_a_value_is_refused() -> None:
    with pytest.raises(ValueError, match="has a value already"):
        parse_options(["bitexasia.signature=hex", "bitexasia.signature.digest=hex"])


def test_an_option_of_a_venue_that_is_not_served_is_refused() -> None:
    with pytest.raises(ValueError, match="bitmart2, which is not served"):
        parse_options(["bitmart2.signCancelAll=false"], ["btex"])


@pytest.mark.parametrize(
    "options",
    [{"kraken": {}}, {"btex": {"signUrlEncoded": True}}, {"bitexasia": {"signature": {"digest": "octal"}}}],
)
def test_from_python_they_are_checked_as_well(options: Any) -> None:
    with pytest.raises(ValueError):
        Sandbox(options=options).start()


def test_a_table_knows_nested_names_and_values_that_are_objects() -> None:
    table = {"a.b": flag(), "c": one_of("x", "y")}
    assert check("venue", table, {"a": {"b": True}, "c": "y"}) == {"a.b": True, "c": "y"}
    with pytest.raises(ValueError, match=r"no option 'a\.z'"):
        check("venue", table, {"a": {"z": True}})
