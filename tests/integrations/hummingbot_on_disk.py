"""A package named hummingbot, with as much of hummingbot's as the hook and our doors look at."""

from __future__ import annotations

import os
import subprocess
import sys
import textwrap
from pathlib import Path

from tests.packaging.plugins_on_disk import write

RELEASE = "20260922"

SETTINGS = """
    from enum import Enum
    from importlib import import_module
    from typing import Any, NamedTuple

    class ConnectorType(Enum):
        Connector, Exchange, Derivative = "connector", "exchange", "derivative"

    class ConnectorSetting(NamedTuple):
        name: str
        type: ConnectorType
        example_pair: str
        centralised: bool
        use_ethereum_wallet: bool
        trade_fee_schema: Any
        config_keys: Any
        is_sub_domain: bool
        parent_name: Any
        domain_parameter: Any
        use_eth_gas_lookup: bool

    class AllConnectorSettings:
        all_connector_settings = {}

        @classmethod
        def create_connector_settings(cls):
            cls.all_connector_settings = {}
            for name in ("binance", "bitexbit"):
                keys = import_module(f"hummingbot.connector.exchange.{name}.{name}_utils").KEYS
                off = (False, None, None, False)
                one = (name, ConnectorType.Exchange, "BTC-USDT", True, False, None, keys, *off)
                cls.all_connector_settings[name] = ConnectorSetting(*one)
            return cls.all_connector_settings

        @classmethod
        def get_connector_settings(cls):
            return cls.all_connector_settings or cls.create_connector_settings()
"""
FILES = {
    "hummingbot/__init__.py": "",
    "hummingbot/client/__init__.py": "",
    "hummingbot/client/settings.py": SETTINGS,
    "hummingbot/client/config/__init__.py": "",
    "hummingbot/client/config/config_data_types.py": """
        class BaseConnectorConfigMap:
            model_config = {}

            @classmethod
            def model_construct(cls):
                return cls()
    """,
    "hummingbot/connector/__init__.py": "",
    "hummingbot/connector/derivative/__init__.py": "",
    "hummingbot/connector/exchange/__init__.py": "",
    # bitexbit is one of ours, too.
    **{
        f"hummingbot/connector/exchange/{name}/{file}.py": text
        for name in ("binance", "bitexbit")
        for file, text in (("__init__", ""), (f"{name}_utils", "KEYS = None"))
    },
    "hummingbot/core/__init__.py": "",
    "hummingbot/core/data_type/__init__.py": "",
    "hummingbot/core/data_type/trade_fee.py": """
        from dataclasses import dataclass
        from decimal import Decimal

        @dataclass
        class TradeFeeSchema:
            maker_percent_fee_decimal: Decimal
            taker_percent_fee_decimal: Decimal
    """,
    # As much of pydantic as a map of keys is made with.
    "pydantic.py": """
        class SecretStr(str):
            pass

        def Field(default, json_schema_extra):
            return json_schema_extra

        def create_model(name, __base__, __module__, **fields):
            space = {"__module__": __module__, "model_fields": fields, "model_config": {}}
            return type(name, (__base__,), space)
    """,
}


def put_hummingbot(folder: Path, release: str = RELEASE) -> None:
    write(folder, FILES)
    info = folder / f"hummingbot-{release}.dist-info"
    info.mkdir(exist_ok=True)
    (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: hummingbot\nVersion: {release}\n")


def run(folder: Path, code: str, **variables: str) -> list[str]:
    """Run a program beside that package, and return what it wrote to standard error."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("CCXT_EXT")}
    done = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(code)],
        env={**kept, "PYTHONPATH": str(folder), **variables},
        cwd=folder,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    return done.stderr.splitlines()
