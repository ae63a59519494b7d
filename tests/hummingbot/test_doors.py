"""hummingbot's list of connectors with ours in it: names, classes, keys, and what does not fit."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from ccxt_ext.integrations.hummingbot import fit, overridden
from ccxt_ext.integrations.hummingbot.shelf import OURS

pytestmark = pytest.mark.timeout(600)

INSIDE = Path(__file__).parent / "inside"
ASKED = {"CCXT_EXT_HUMMINGBOT": "whitebit kraken"}
ASKED_NAMES = {"whitebit_ccxt", "whitebit_ccxt_perpetual", "kraken_ccxt"}


def run(script: str, *arguments: str, given: Any = None, **variables: str) -> tuple[Any, str]:
    """What a program told, and its standard error."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("CCXT_EXT")}
    done = subprocess.run(
        [sys.executable, str(INSIDE / script), *arguments],
        env={**kept, **variables},
        input=json.dumps(given),
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout.splitlines()[-1]), done.stderr


def test_ours_stand_beside_hummingbots_own_which_stay_as_they_are() -> None:
    with_ours, errors = run("listed.py", **ASKED)
    without, _ = run("listed.py", CCXT_EXT_AUTOLOAD="0")
    ours = {row.name for row in OURS} | ASKED_NAMES
    names = with_ours["names"]
    assert {*names} - {*without["names"]} == ours and not ours & {*without["names"]}
    assert {name: told for name, told in names.items() if name not in ours} == without["names"]
    assert {*with_ours["connectable"]} - {*without["connectable"]} == ours
    assert names["btex_perpetual"][:3] == ["Derivative", "BTC-USDT", "BtexPerpetualDerivative"]
    assert names["bitmart2"][4] == ["bitmart2_api_key", "bitmart2_secret", "bitmart2_uid"]
    assert "ccxt-ext" not in errors and "Unclosed" not in errors, errors


def test_keys_are_kept_encrypted_by_hummingbots_own_code(tmp_path: Path) -> None:
    given = {
        name: {f"{name}_{key}": f"{key} of {name}" for key in keys}
        for name, keys in (("bitmart2", ("api_key", "secret", "uid")), ("kraken_ccxt", ("api_key", "secret")))
    }
    saved, _ = run("keys.py", "save", str(tmp_path), given=given, **ASKED)
    assert saved["keys"] == given
    assert saved["told"]["kraken_ccxt"] == [
        "Enter your kraken_ccxt API key (ccxt-ext has not tested kraken)",
        "Enter your kraken_ccxt API secret (ccxt-ext has not tested kraken)",
    ]
    assert saved["told"]["bitmart2"][0] == "Enter your bitmart2 API key"
    for name, keys in given.items():
        text = (tmp_path / "connectors" / f"{name}.yml").read_text()
        assert f"connector: {name}" in text and not [value for value in keys.values() if value in text]
    read, _ = run("keys.py", "read", str(tmp_path), given=given, **ASKED)
    assert read["keys"] == given


# -- releases -----------------------------------------------------------------------------------------


def modules() -> list[str]:
    return sorted({name for names in (*fit.CLASSES.values(), ("candles",)) for name in names})


def test_our_classes_fit_this_release() -> None:
    assert list(fit.differences_in(*modules())) == []


def test_what_ours_take_the_place_of_is_known() -> None:
    """A method of ours that hummingbot no longer calls would be missed in silence."""
    found: dict[str, set[str]] = {}
    for name in modules():
        for theirs, ours in fit.derived(name):
            found.setdefault(theirs.__name__, set()).update(fit.overriding(theirs, ours))
    assert {name: sorted(names) for name, names in overridden.NAMES.items()} == {
        name: sorted(names) for name, names in found.items()
    }


def other_place_order(self: Any, order_id: str) -> None:
    """Of another release."""


@pytest.mark.parametrize(
    "name, method, told",
    [
        ("_update_orders_fills", None, "there is no ExchangePyBase._update_orders_fills()"),
        ("_sleep", None, None),  # ours, of another meaning or none, is not called by name
        ("_place_order", other_place_order, "ExchangePyBase._place_order() takes other arguments"),
        ("domain", other_place_order, "ExchangePyBase.domain is something else there"),
    ],
)
def test_what_another_release_has_otherwise(
    monkeypatch: pytest.MonkeyPatch, name: str, method: Any, told: str | None
) -> None:
    from hummingbot.connector.exchange_py_base import ExchangePyBase

    from ccxt_ext.integrations.hummingbot.spot import SpotConnector

    if method is None:
        monkeypatch.delattr(ExchangePyBase, name, raising=False)
    else:
        monkeypatch.setattr(ExchangePyBase, name, method)
    assert list(fit.differences(ExchangePyBase, SpotConnector)) == ([told] if told else [])


def test_what_another_release_wants_more() -> None:
    from hummingbot.connector.exchange_py_base import ExchangePyBase

    class More(ExchangePyBase):
        pass

    assert "ExchangePyBase wants a _place_order()" in list(fit.differences(ExchangePyBase, More))


# -- candles ------------------------------------------------------------------------------------------


def candle(at: int, close: float = 5.0) -> list[float]:
    return [float(at), 1.0, 9.0, 1.0, close, 2.0, 0.0, 0.0, 0.0, 0.0]


def test_a_time_without_trades_has_a_candle_at_the_last_price() -> None:
    from ccxt_ext.integrations.hummingbot.candles import even

    still = [5.0, 5.0, 5.0, 5.0, 0.0, 0.0, 0.0, 0.0, 0.0]
    assert even([candle(60), candle(240, 7.0), candle(300)], 60) == [
        candle(60),
        [120.0, *still],
        [180.0, *still],
        candle(240, 7.0),
        candle(300),
    ]
    assert even([], 60) == []


def test_all_of_ours_have_candles_and_no_month() -> None:
    from hummingbot.data_feed.candles_feed.candles_base import CandlesBase
    from hummingbot.data_feed.candles_feed.candles_factory import CandlesFactory

    from ccxt_ext.integrations.hummingbot.candles import CcxtCandles

    for row in OURS:
        kind = CandlesFactory._candles_map[row.name]
        assert issubclass(kind, CcxtCandles) and issubclass(kind, CandlesBase)
        has_some = row.id != "bitexasia"
        there = "; it has those of .*1h.*" if has_some else ", nor of any other length"
        with pytest.raises(ValueError, match=f"^{row.name} has no candles of 1M{there}"):
            kind("BTC-USDT", "1M", 10)
        if has_some:
            assert kind("BTC-USDT", "1h", 10).name == f"{row.name}_BTC-USDT"
