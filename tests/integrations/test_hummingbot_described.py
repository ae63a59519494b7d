"""What is read from the sources of exchanges is what their classes say."""

import sys
from decimal import Decimal
from pathlib import Path

import ccxt
import pytest

import ccxt_ext.pro
from ccxt_ext.integrations.hummingbot import pace
from ccxt_ext.integrations.hummingbot.asked import row
from ccxt_ext.integrations.hummingbot.described import of_ccxt, of_class
from ccxt_ext.integrations.hummingbot.keys import credentials, field_name
from ccxt_ext.integrations.hummingbot.row import Row
from ccxt_ext.integrations.hummingbot.shelf import OURS
from tests.packaging.plugins_on_disk import write

CCXTS = [id for id in ccxt.exchanges if id not in ccxt_ext.exchanges]


@pytest.mark.parametrize("id", CCXTS)
def test_ccxts_own_need_what_their_sources_say(id):
    told, exchange = of_ccxt(id), getattr(ccxt, id)()
    assert {*told.credentials} == {name for name, need in exchange.requiredCredentials.items() if need}
    assert ("spot" in told.kinds) is (exchange.has["spot"] is not False)
    assert "perpetual" not in told.kinds or exchange.has["swap"] is True
    fees = exchange.fees.get("trading", {})
    for name, rate in told.fees.items():
        assert rate == Decimal(str(fees[name]))


def test_who_has_linear_swaps():
    kinds = {
        id: of_ccxt(id).kinds for id in ("whitebit", "kraken", "krakenfutures", "binancecoinm", "binanceusdm")
    }
    both, spot, perpetual = ("spot", "perpetual"), ("spot",), ("perpetual",)
    assert kinds == dict(zip(kinds, (both, spot, perpetual, (), perpetual), strict=True))


@pytest.mark.parametrize("id", ["nosuch", "base", "__init__", "../async_support/kraken", "", "btex"])
def test_what_ccxt_has_not(id):
    assert of_ccxt(id) is None


@pytest.mark.parametrize("ours", OURS, ids=lambda row: row.name)
def test_ours_need_what_their_classes_say(ours):
    exchange = getattr(ccxt_ext, ours.id)()
    assert {*ours.credentials} == {name for name, need in exchange.requiredCredentials.items() if need}
    assert exchange.has["spot" if ours.kind == "spot" else "swap"] is True
    fees = exchange.fees["trading"]
    assert (float(ours.maker), float(ours.taker)) == (fees["maker"], fees["taker"])
    assert ours.name == ours.id + ("" if ours.kind == "spot" else "_perpetual")


@pytest.mark.parametrize("ours", OURS, ids=lambda row: row.name)
def test_the_page_says_how_often_an_account_is_looked_at(ours):
    exchange = getattr(ccxt_ext.pro, ours.id)()
    streamed = exchange.has["watchOrders"] is True
    how = "by stream" if streamed else f"asked for every {pace.account_s(exchange, 1):.0f} seconds"
    page = (Path(__file__).parents[2] / "docs/hummingbot.md").read_text()
    [line] = [line for line in page.splitlines() if line.startswith(f"| `{ours.name}` |")]
    assert line.split("|")[3].strip() == how


PACKAGE = {
    "ccxt_told/__init__.py": "raise SystemExit('this was executed')",
    "ccxt_told/deep/__init__.py": "raise SystemExit('this was executed')",
    "ccxt_told/deep/words.py": """
        HAS = {"spot": False, "swap": True, **{}}

        def told():
            return {"id": "told", "has": HAS, "requiredCredentials": {"secret": False, "token": True}}
    """,
    "ccxt_told/deep/rest.py": """
        import ccxt.async_support
        from . import words

        class told(ccxt.async_support.Exchange):
            def describe(self):
                return self.deep_extend(super().describe(), words.told())
    """,
    "ccxt_told/pro.py": """
        from ccxt_told.deep.rest import told as base

        class told(base):
            pass
    """,
    "ccxt_heir.py": """
        from ccxt.async_support import hyperliquid

        class heir(hyperliquid):
            def describe(self):
                return {**super().describe(), "has": {"swap": False}}
    """,
    "ccxt_ill.py": "class ill(:",
}


def test_plug_ins_are_read_and_not_executed(tmp_path, monkeypatch):
    write(tmp_path, PACKAGE)
    monkeypatch.syspath_prepend(tmp_path)
    told = of_class("ccxt_told.pro:told")
    assert (told.credentials, told.kinds) == (("apiKey", "token"), ("perpetual",))
    heir = of_class("ccxt_heir:heir")
    assert (heir.credentials, heir.kinds) == (("walletAddress", "privateKey"), ("spot",))
    for where in ("ccxt_ill:ill", "ccxt_nowhere:none", "no target at all", "ccxt_told.nowhere:none"):
        nothing = of_class(where)
        assert (nothing.credentials, nothing.kinds) == (("apiKey", "secret"), ("spot",))
    assert not [name for name in sys.modules if name.startswith(("ccxt_told", "ccxt_heir"))]
    assert of_class(ccxt_ext.pro.bitmart2).credentials == ("apiKey", "secret", "uid")


def test_names():
    told = of_ccxt("hyperliquid")
    made = row("Hyper_Liquid", "perpetual", told, "ccxt")
    assert made.name == "hyper_liquid_ccxt_perpetual" and not made.tested and made.client_id_length == 18
    assert made.class_name == "HyperLiquidCcxtPerpetualDerivative"
    package = "hummingbot.connector.derivative.hyper_liquid_ccxt_perpetual"
    assert made.package == package and Row("btex", "btex", "spot").class_name == "BtexExchange"
    names = [field_name("x_ccxt", name) for name in ("apiKey", "secret", "walletAddress", "accountId", "uid")]
    assert names == [
        f"x_ccxt_{name}" for name in ("api_key", "secret", "wallet_address", "account_id", "uid")
    ]
    assert credentials(made) == ("walletAddress", "privateKey")
