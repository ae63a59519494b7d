"""freqtrade from PyPI, unmodified, with plug-ins beside ours: a whole one, a plain one, a broken one."""

import json
import os
import re
from pathlib import Path

import pytest

from tests.clients.client_programs import Environment
from tests.clients.client_venues import VENUES
from tests.clients.freqtrade_bot import WIDE, Freqtrade, list_exchanges, problems, settings
from tests.ids import IDS
from tests.packaging.plugins_on_disk import put
from tests.plug_ins import put_acme, put_broken, put_plain

pytestmark = pytest.mark.timeout(200)


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """The environment variables with which programs find the plug-ins."""
    folder: Path = tmp_path_factory.mktemp("plug-ins")
    put_acme(folder)
    put_plain(folder)
    put_broken(folder)
    return {**WIDE, "PYTHONPATH": str(folder)}


def test_all_are_listed_and_a_broken_one_costs_itself_alone(
    clients: Environment, installed: dict[str, str]
) -> None:
    told = list_exchanges(clients, installed)
    assert set(IDS) < set(told)
    # It makes an instance of each, and asks what it has.
    assert "missing: " not in told["acme"]
    for id in ("plain", "broken"):
        assert "missing: fetchOrder" in told[id] and "fetchBalance" in told[id], told[id]


def test_markets_of_one_are_listed_in_a_sandbox(
    clients: Environment, installed: dict[str, str], tmp_path: Path
) -> None:
    keys = {"apiKey": "of mine", "secret": "of mine", "uid": "of mine"}
    # It speaks as this one does.
    freqtrade = Freqtrade(clients, tmp_path / "user_data", "acme", settings(VENUES["bitmart2"], keys))
    done = clients.run(
        "ccxt-ext",
        *("run", "--sandbox", "--venue", "acme", "--"),
        *(clients.program("freqtrade"), *freqtrade.arguments("list-markets", "--print-json")),
        env=installed,
    )
    [warning] = problems(done.stdout + done.stderr)
    assert "CCXT_EXT_SANDBOX is set; acme: a local sandbox" in warning
    assert {"BTC/USDT", "ETH/USDT"} < set(json.loads(done.stdout.splitlines()[-1]))
    assert "acme is a sandbox at http://127.0.0.1:" in done.stderr


def test_a_new_venue_with_contracts_is_in_freqtrade(clients: Environment, tmp_path: Path) -> None:
    """Its project's own tests prove it where freqtrade is installed."""
    project = tmp_path / "project"
    clients.run("ccxt-ext", "new-venue", "brand2new", "--swap", "--external", project)
    points: dict[str, dict[str, str]] = {}
    for kind, lines in re.findall(
        r'entry-points."ccxt_ext.(\w+)"\]\n((?:\w+ = .*\n)+)', (project / "pyproject.toml").read_text()
    ):
        points[kind] = dict(re.findall(r'(\w+) = "(.*)"', lines))
    assert points["freqtrade"] == {"Brand2New": "ccxt_brand2new.freqtrade:Brand2New"}
    put(tmp_path / "installed", "ccxt-brand2new", points)
    path = os.pathsep.join(map(str, (tmp_path / "installed", project / "src")))
    own = ("-q", "-p", "no:cacheprovider", project / "tests/test_freqtrade.py")
    done = clients.run("python", "-m", "pytest", *own, env={"PYTHONPATH": path}, cwd=project)
    assert "6 passed" in done.stdout and "skipped" not in done.stdout
