"""hummingbot's list of connectors tells ours, under its own module names, whatever else is there."""

import pytest

from tests.integrations.hummingbot_on_disk import SETTINGS, put_hummingbot, run
from tests.packaging.plugins_on_disk import put, put_acme, write

TAKEN = "hummingbot has a connector bitexbit of its own, which stays in place; ccxt-ext brings one too"

LISTED = """
    import sys
    from hummingbot.client.settings import AllConnectorSettings as known
    there = known.get_connector_settings()
"""


@pytest.fixture
def folder(tmp_path):
    put_hummingbot(tmp_path)
    return tmp_path


def test_ours_are_told_each_time_and_nothing_of_ccxt_is_imported(folder):
    told = run(
        folder,
        LISTED
        + """
    ours = {"bitexasia", "bitmart2", "btex", "btex_perpetual", "bitmaxfutures_perpetual"}
    for _ in range(2):
        assert {*there} == {"binance", "bitexbit", *ours}, {*there}
        there = known.create_connector_settings()
        assert there is known.all_connector_settings
    assert not [name for name in sys.modules if name.split(".")[0] == "ccxt"]
    assert "ccxt_ext.integrations.hummingbot.spot" not in sys.modules
    one = there["btex_perpetual"]
    assert (one.type.name, one.example_pair, one.centralised) == ("Derivative", "BTC-USDT", True)
    assert there["btex"].type.name == "Exchange" and not one.is_sub_domain
    assert str(one.trade_fee_schema.maker_percent_fee_decimal) == "0.002"
    import hummingbot.connector.derivative.btex_perpetual.btex_perpetual_utils as utils
    assert one.config_keys is utils.KEYS and utils.KEYS.model_config == {"title": "btex_perpetual"}
    from pydantic import SecretStr
    kinds = {name: kind for name, (kind, _) in there["bitmart2"].config_keys.model_fields.items()}
    keys = {f"bitmart2_{name}": SecretStr for name in ("api_key", "secret", "uid")}
    assert kinds == {"connector": str, **keys}, kinds
    for name in keys:
        field = there["bitmart2"].config_keys.model_fields[name][1]
        assert field["is_secure"] and field["is_connect_key"] and field["prompt_on_new"]
        assert field["prompt"].startswith("Enter your bitmart2 ") and "tested" not in field["prompt"]
    """,
    )
    assert told == [TAKEN]


def test_modules_are_found_under_hummingbots_own_names(folder):
    told = run(
        folder,
        """
        import importlib, importlib.util, pickle
        spec = importlib.util.find_spec("hummingbot.connector.exchange.btex.btex_utils")
        assert spec.origin == "ccxt_ext.integrations.hummingbot.finder"
        from hummingbot.connector.exchange.btex import btex_utils
        from hummingbot.connector.exchange import btex
        assert btex.__path__ == [] and btex.btex_utils is btex_utils
        assert importlib.import_module("hummingbot.connector.exchange.btex.btex_utils") is btex_utils
        kind = btex_utils.BtexExchangeConfigMap
        assert pickle.loads(pickle.dumps(kind)) is kind
        assert importlib.reload(btex_utils) is btex_utils and btex_utils.BtexExchangeConfigMap is not kind
        for name in (
            "exchange.nosuch",
            "derivative.btex",  # it is for spot
            "exchange.btex_perpetual",
            "exchange.btex.btex_constants",
            "exchange.btex.btex_utils.more",
            "exchange.bitexbit.bitexbit_exchange",  # hummingbot has one of this name
            "other.btex",
        ):
            try:
                importlib.import_module(f"hummingbot.connector.{name}")
            except ModuleNotFoundError:
                continue
            raise AssertionError(name)
        """,
    )
    assert told == []


def test_it_can_be_switched_off_and_comes_later_by_an_import(folder):
    only = 'assert {*known.create_connector_settings()} == {"binance", "bitexbit"}'
    code = f"{LISTED}\n    {only}"
    assert run(folder, code, CCXT_EXT_AUTOLOAD="0") == []
    late = f"{code}\n    import ccxt_ext\n    assert 'btex' in known.get_connector_settings()"
    assert run(folder, late, CCXT_EXT_AUTOLOAD="0") == [TAKEN]


@pytest.mark.parametrize("release", ["20250101", "20260921"])
def test_a_release_that_is_too_old_works_as_before(tmp_path, release):
    put_hummingbot(tmp_path, release)
    told = run(
        tmp_path,
        LISTED
        + """
    assert {*there} == {"binance", "bitexbit"}
    try:
        import hummingbot.connector.exchange.btex
    except ModuleNotFoundError:
        pass
    """,
    )
    assert told == [
        f"ccxt-ext adds no connectors to hummingbot {release}, which works as it does without: "
        "it is too old. Known to fit: hummingbot 20260922"
    ]


@pytest.mark.parametrize(
    "before, after, why",
    [
        ("use_eth_gas_lookup: bool", "use_eth_gas_lookup: bool\n    more: int = 0", "has other fields"),
        (
            "def create_connector_settings(cls)",
            "def create_connector_settings(cls, more=0)",
            "something else",
        ),
        ("Derivative = ", "Perpetual = ", "ConnectorType has other members"),
    ],
)
def test_a_list_of_another_shape_is_left_as_it_is(folder, before, after, why):
    import textwrap

    text = textwrap.dedent(SETTINGS).replace(before, after)
    assert before not in text or after.startswith(before)
    write(folder, {"hummingbot/client/settings.py": text})
    [line] = run(folder, f'{LISTED}\n    assert {{*there}} == {{"binance", "bitexbit"}}')
    assert line.startswith("ccxt-ext adds no connectors to hummingbot 20260922, which works as it does") and (
        why in line and line.endswith(". Known to fit: hummingbot 20260922")
    )


def test_classes_that_do_not_fit_are_taken_back_with_one_line(folder):
    told = run(
        folder,
        LISTED
        + """
    from importlib import import_module
    assert "btex" in there
    for name in ("exchange.btex.btex_exchange", "derivative.btex_perpetual.btex_perpetual_derivative"):
        try:
            import_module(f"hummingbot.connector.{name}")
        except ModuleNotFoundError as error:
            print(error, file=sys.stdout)
        else:
            raise AssertionError(name)
    assert {*there} == {"binance", "bitexbit"} == {*known.create_connector_settings()}, {*there}
    """,
    )
    # This package has no base of connectors at all.
    assert told[0] == TAKEN and len(told) == 2, told
    assert "ModuleNotFoundError: No module named 'hummingbot.c" in told[1]
    assert told[1].endswith(". Known to fit: hummingbot 20260922")


def test_something_else_called_hummingbot_is_left_alone(tmp_path):
    write(
        tmp_path,
        {
            "hummingbot/__init__.py": "",
            "hummingbot/connector.py": "birds = 2",
            "hummingbot/client/__init__.py": "",
            "hummingbot/client/settings.py": "flowers = 3",
        },
    )
    code = """
        import sys
        from hummingbot import connector
        from hummingbot.client import settings
        assert connector.birds + settings.flowers == 5 and not hasattr(settings, "AllConnectorSettings")
        assert "ccxt_ext.integrations.hummingbot.finder" not in sys.modules
    """
    assert run(tmp_path, code) == []


def test_any_exchange_is_had_by_the_variable_and_shown_as_untested(folder):
    put_acme(folder)
    told = run(
        folder,
        LISTED
        + """
    found = {name for name in there if "_ccxt" in name}
    assert found == {"kraken_ccxt", "hyperliquid_ccxt", "hyperliquid_ccxt_perpetual", "acme_ccxt"}, found
    keys = {name: {*there[name].config_keys.model_fields} - {"connector"} for name in found}
    assert keys["hyperliquid_ccxt"] == {"hyperliquid_ccxt_private_key", "hyperliquid_ccxt_wallet_address"}
    assert keys["kraken_ccxt"] == {"kraken_ccxt_api_key", "kraken_ccxt_secret"}
    assert keys["acme_ccxt"] == {"acme_ccxt_api_key", "acme_ccxt_secret"}
    asked = there["kraken_ccxt"].config_keys.model_fields["kraken_ccxt_api_key"][1]["prompt"]
    assert asked == "Enter your kraken_ccxt API key (ccxt-ext has not tested kraken)"
    assert str(there["kraken_ccxt"].trade_fee_schema.taker_percent_fee_decimal) == "0.0026"
    assert there["hyperliquid_ccxt_perpetual"].type.name == "Derivative"
    assert not {"ccxt", "ccxt_acme"} & {*sys.modules}
    """,
        CCXT_EXT_HUMMINGBOT="kraken, hyperliquid,nosuch btex;acme acme kraken binancecoinm".replace(";", ","),
    )
    name = "CCXT_EXT_HUMMINGBOT"
    assert told == [
        f"{name}: neither ccxt nor a plug-in has an exchange 'nosuch' for asyncio",
        f"{name}: btex has connectors without it",
        f"{name}: binancecoinm has neither spot markets nor linear perpetuals",
        TAKEN,
    ]


ROWS = """
    from ccxt_ext.integrations.hummingbot.shelf import Row

    acme = Row("acme", "acme", "spot", credentials=("apiKey", "password"))
    acme_perpetual = Row("acme_perpetual", "acme", "perpetual")
    other = Row("another", "acme", "spot")
    odd = Row("odd", "acme", "future")
    unnamed = Row("unnamed", "acme", "perpetual")
    text = "acme"
"""


def test_plug_ins_bring_rows_and_what_is_broken_costs_itself_alone(folder):
    points = {name: f"acme_rows:{name}" for name in ("acme", "acme_perpetual", "other", "odd", "unnamed")}
    points |= {"text": "acme_rows:text", "absent": "no_such_module:row", "Big": "acme_rows:acme"}
    put(folder, "ccxt-acme", {"hummingbot": points}, {"acme_rows.py": ROWS})
    put(folder, "ccxt-two", {"hummingbot": {"twice": "acme_rows:acme"}})
    put(folder, "ccxt-three", {"hummingbot": {"twice": "acme_rows:acme", "btex": "acme_rows:acme"}})
    told = run(
        folder,
        LISTED
        + """
    assert {name for name in there if name not in ("binance", "bitexbit", "bitexasia", "bitmart2", "btex",
        "btex_perpetual", "bitmaxfutures_perpetual")} == {"acme", "acme_perpetual"}
    fields = there["acme"].config_keys.model_fields
    assert {*fields} == {"connector", "acme_api_key", "acme_password"}
    assert "ccxt-ext has not tested acme" in fields["acme_api_key"][1]["prompt"]
    """,
    )
    of = "of ccxt-acme 1.0 does not work:"
    misnamed = "not the one that it is brought for"
    assert sorted(told) == sorted(
        [
            "ccxt-acme 1.0 brings 'Big' for hummingbot, which is looked up as 'big' there",
            "hummingbot's connector twice is left out: ccxt-three 1.0 and ccxt-two 1.0 bring one, so "
            "CCXT_EXT_PLUGINS has to let in one of them only",
            f"hummingbot's connector absent {of} ModuleNotFoundError: No module named 'no_such_module'",
            f"hummingbot's connector btex {of.replace('acme', 'three')} ValueError: its row has the name "
            f"'acme', {misnamed}",
            f"hummingbot's connector odd {of} ValueError: its kind is 'future', and has to be spot or "
            "perpetual",
            f"hummingbot's connector other {of} ValueError: its row has the name 'another', {misnamed}",
            f"hummingbot's connector text {of} TypeError: 'acme' is no Row",
            f"hummingbot's connector unnamed {of} ValueError: hummingbot knows perpetuals by their names, "
            "which end with _perpetual",
            TAKEN,
        ]
    )
