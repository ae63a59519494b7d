"""Runs in hummingbot's environment, with or without the hook: what is in hummingbot's list of connectors."""

import importlib
import importlib.util
import json
import pickle
import sys

from hummingbot.client.settings import AllConnectorSettings, connectable_exchange_names


def main() -> None:
    settings = AllConnectorSettings.get_connector_settings()
    assert "ccxt" not in sys.modules and "hummingbot.connector.exchange_py_base" not in classes_of_ours()
    again = [*AllConnectorSettings.create_connector_settings()]
    assert again == [*settings]
    names = {name: described(setting) for name, setting in settings.items()}
    print("\n" + json.dumps({"names": names, "connectable": sorted(connectable_exchange_names())}))
    ours = [setting for setting in settings.values() if is_ours(setting)]
    for setting in ours:
        found(setting)


def classes_of_ours() -> set[str]:
    return {name for name in sys.modules if name.startswith("ccxt_ext.integrations.hummingbot.connector")}


def is_ours(setting) -> bool:
    spec = importlib.util.find_spec(setting.module_path())
    return spec.origin == "ccxt_ext.integrations.hummingbot.finder"


def described(setting) -> list:
    keys = setting.config_keys
    fields = [name for name in type(keys).model_fields if name != "connector"] if keys else []
    fees = setting.trade_fee_schema
    return [
        setting.type.name,
        setting.example_pair,
        setting.class_name(),
        str(fees.maker_percent_fee_decimal),
        fields,
    ]


def found(setting) -> None:
    from hummingbot.client.config.config_helpers import get_connector_class

    kind = get_connector_class(setting.name)
    module = importlib.import_module(setting.module_path())
    assert kind is getattr(module, setting.class_name()) and kind.__module__ == module.__name__
    assert pickle.loads(pickle.dumps(kind)) is kind
    package = importlib.import_module(module.__name__.rpartition(".")[0])
    assert getattr(package, module.__name__.rpartition(".")[2]) is module
    assert importlib.reload(module) is module
    assert getattr(module, setting.class_name()) is not kind
    made = setting.non_trading_connector_instance_with_default_configuration(["BTC-USDT"])
    assert (made.name, made.trading_pairs) == (setting.name, ["BTC-USDT"])


main()
