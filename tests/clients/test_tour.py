"""One program trades on all venues, in an environment with nothing but ccxt-ext, as ccxt's checks like it."""

import json
from pathlib import Path

import pytest

from tests.clients.client_programs import Environment, running_sandbox
from tests.clients.client_venues import VENUES
from tests.ids import IDS
from tests.venues.profiles import PROFILES

HERE = Path(__file__).parent


def skips(id: str) -> dict[str, object]:
    """What the venue does not tell, by method."""
    untold = {method: dict.fromkeys(names, "not told") for method, names in VENUES[id].untold.items()}
    return {**PROFILES[id].skip_ccxt.get("skipMethods", {}), **untold}


@pytest.mark.timeout(600)
@pytest.mark.parametrize("kind", ["sync", "async"])
def test_one_program_trades_on_all_venues(empty_environment: Environment, tmp_path: Path, kind: str) -> None:
    with running_sandbox(empty_environment, tmp_path / "stderr") as sandbox:
        venues = {
            id: {
                "symbol": VENUES[id].tour or VENUES[id].symbol,
                "config": sandbox.config(id),
                "counterparty": sandbox.config(id, "counterparty"),
            }
            for id in IDS
        }
        told = json.dumps({"kind": kind, "skips": {id: skips(id) for id in IDS}, "venues": venues})
        done = empty_environment.run("python", HERE / "tour.py", input=told, timeout=120)
        assert done.stderr == ""
        seen = json.loads(done.stdout)
        assert list(seen) == list(IDS)
        for id in IDS:
            assert sandbox.orders(id, "config")[seen[id]["order"]]["status"] == "closed"
        sandbox.check_ledger()
