"""Connectors for any exchange of ccxt.pro: for ccxt's own, simulated, and for one of a plug-in.

Each program runs in a process of its own, as a user of hummingbot has it.
"""

import json
import os
import subprocess
import sys
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from ccxt_ext.integrations.hummingbot.keys import field_name
from ccxt_ext.program.environment import pointed
from ccxt_ext.sandbox import Sandbox
from tests.plug_ins import put_acme

pytestmark = pytest.mark.timeout(600)

INSIDE = Path(__file__).parent / "inside" / "any_exchange.py"

NEEDS = {"acme": ("apiKey", "secret", "uid")}

SIMULATED = ("whitebit", "kraken", "binance")


def run(box: Sandbox, connectors: dict[str, str], folder: Path, **variables: str) -> dict[str, Any]:
    """What the program found, of these connectors, each with the id of its exchange."""
    configs = {id: box.config(id) for id in dict.fromkeys(connectors.values())}
    keys = {
        name: {
            field_name(name, key): str(value)
            for key, value in configs[id].items()
            if key in NEEDS.get(id, ("apiKey", "secret"))
        }
        for name, id in connectors.items()
    }
    path = os.pathsep.join([str(folder), os.environ.get("PYTHONPATH", "")])
    environment = pointed({**os.environ, "PYTHONPATH": path, **variables}, configs)
    done = subprocess.run(
        [sys.executable, str(INSIDE), json.dumps([*connectors])],
        env=environment,
        input=json.dumps(keys),
        cwd=folder,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-6000:]
    assert "Unclosed" not in done.stderr and "never awaited" not in done.stderr, done.stderr
    for config in configs.values():
        assert str(config["secret"]) not in done.stdout + done.stderr
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return found


def check(box: Sandbox, id: str, found: dict[str, Any]) -> None:
    """What the connector told is what the engine knows."""
    orders = {
        order["id"]: order
        for order in box.control("GET", f"/orders?venue={id}")
        if order["account"] == "config"
    }
    assert len(orders) == 2 and orders[found["cancelled"]]["status"] == "canceled", orders
    [filled] = [order for order in orders.values() if order["id"] != found["cancelled"]]
    assert filled["status"] == "closed" and Decimal(filled["filled"]) > 0, filled
    assert found["candles"] in (100, 101), found
    assert Decimal(found["balances"][found["base"]]) > 0, found


def test_ccxts_own_exchanges(tmp_path: Path) -> None:
    with Sandbox(venues=[], simulated=list(SIMULATED), seed=1, live=True) as box:
        connectors = {f"{id}_ccxt": id for id in SIMULATED}
        found = run(box, connectors, tmp_path, CCXT_EXT_HUMMINGBOT=",".join(SIMULATED))
        for name, id in connectors.items():
            check(box, id, found[name])


def test_a_venue_of_a_plug_in(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    put_acme(tmp_path)
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join([str(tmp_path), os.environ.get("PYTHONPATH", "")]))
    monkeypatch.setattr("ccxt_ext.plugins.registry._registry", None)  # it reads what is installed once
    with Sandbox(venues=["acme"], seed=1, live=True) as box:
        found = run(box, {"acme_ccxt": "acme"}, tmp_path, CCXT_EXT_HUMMINGBOT="acme")
        check(box, "acme", found["acme_ccxt"])
