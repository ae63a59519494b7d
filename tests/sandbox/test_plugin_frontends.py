"""Frontends that others bring are served beside ours; a broken one costs itself alone."""

import pytest

from ccxt_ext.plugins import Plugin, registry, target
from ccxt_ext.plugins.registry import Registry
from ccxt_ext.sandbox import Sandbox, SandboxError, frontends
from ccxt_ext.sandbox.command import run_sandbox
from ccxt_ext.sandbox.frontend import BaseFrontend
from ccxt_ext.sandbox.options import parse_options
from ccxt_ext.sandbox.settings import Settings
from tests.ids import IDS

Bitmart2 = target("bitmart2", "sandbox")


class Acme(Bitmart2):
    """Speaks as one of ours."""

    id = "acme"


class Misnamed(Bitmart2):
    """Has the id of another venue."""


class Unmakeable(Acme):
    def __init__(self, *args):
        raise SystemExit("no such luck")


class Silent(Acme):
    def config(self, *args):
        raise RuntimeError("no keys")


BROKEN = {
    "no_such_module_at_all:Frontend": "ModuleNotFoundError: No module named 'no_such_module_at_all'",
    "tests.sandbox.test_plugin_frontends:Nothing": "AttributeError: ",
    int: "TypeError: <class 'int'> is no subclass of BaseFrontend",
    Misnamed: "ValueError: it has the id 'bitmart2', not the one that it is brought for",
    Unmakeable: "SystemExit: no such luck",
    Silent: "RuntimeError: no keys",
}


@pytest.fixture
def bring(monkeypatch):
    """Brings a venue `acme` with this frontend, beside ours."""

    def bring(frontend, version="1.0"):
        ours = [registry.find(id) for id in IDS]
        plugin = Plugin("acme", "ccxt-acme", version, {"sandbox": frontend})
        monkeypatch.setattr(registry, "_registry", Registry([*ours, plugin]))
        for cached in (frontends.why_broken, frontends._is_left_out):
            cached.cache_clear()

    yield bring
    for cached in (frontends.why_broken, frontends._is_left_out):
        cached.cache_clear()


def test_a_frontend_of_others_is_served(bring):
    bring(Acme)
    assert Settings().venues == (*sorted(IDS), "acme")
    with Sandbox(venues=["acme"], options={"acme": {}}) as box:
        assert box.config("acme")["apiKey"]


@pytest.mark.parametrize(("frontend", "reason"), BROKEN.items(), ids=str)
def test_a_broken_frontend_costs_itself_alone(bring, capsys, frontend, reason):
    bring(frontend)
    for _ in range(2):
        assert Settings().venues == tuple(sorted(IDS))
    words = "the frontend of ccxt-acme 1.0 does not work: "
    [line] = capsys.readouterr().err.splitlines()
    assert line.startswith(f"ccxt-ext sandbox: acme is left out: {words}{reason}")
    for ask in (lambda: Settings(venues=("acme",)), lambda: parse_options(["acme.a=1"])):
        with pytest.raises(ValueError, match=f"acme cannot be served: {words}"):
            ask()
    assert run_sandbox(venues=["acme", "btex"]) == 2
    [line] = capsys.readouterr().err.splitlines()
    assert line.startswith(f"ccxt-ext sandbox: acme cannot be served: {words}{reason}")


class WithoutFurtherAccounts(Acme):
    def open_account(self, account, *funds):
        if account not in ("config", "counterparty"):
            return BaseFrontend.open_account(self, account, *funds)
        return super().open_account(account, *funds)


def test_a_frontend_that_opens_no_further_accounts_says_so(bring):
    bring(WithoutFurtherAccounts)
    with Sandbox(venues=["acme"], accounts={"config": {"BTC": 1}}) as box:
        with pytest.raises(SandboxError, match=r"^acme has no further accounts$"):
            box.account("acme", "maker")
        assert list(box.describe()["venues"]["acme"]) == ["config", "counterparty"]
        assert box.control("GET", "/accounts")["acme"]["config"]["main"] == {
            "BTC": {"free": "1", "held": "0"}
        }


def test_the_state_of_a_plug_in_goes_into_a_file_for_the_same_version(bring, tmp_path):
    bring(Acme)
    file = tmp_path / "state"
    with Sandbox(venues=["acme"], save=file) as box:
        box.account("acme", "maker", {"BTC": 3})
    with Sandbox(load=file) as box:
        assert box.control("GET", "/accounts")["acme"]["maker"]["main"]["BTC"]["free"] == "3"
    bring(Acme, "1.1")
    with pytest.raises(
        ValueError, match=r"acme was of ccxt-acme 1\.0 when it was saved, and is of ccxt-acme 1\.1 here"
    ):
        Sandbox(load=file).start()


class WithNotes(Acme):
    def __init__(self, *args):
        super().__init__(*args)
        self.note = lambda: None


def test_a_frontend_that_cannot_be_pickled_says_so_when_it_has_to_be(bring, tmp_path):
    bring(WithNotes)
    with Sandbox(venues=["acme"]) as box:
        with pytest.raises(SandboxError, match="the state cannot be saved: "):
            box.snapshot()
        with pytest.raises(SandboxError, match="the state cannot be saved: "):
            box.save(tmp_path / "state")
    assert list(tmp_path.iterdir()) == []


def test_a_frontend_for_another_version_of_the_contract_is_told():
    with pytest.raises(ImportError, match=r"Later was built for version 2 of .* ccxt-ext .* has version 1"):

        class Later(BaseFrontend, contract=2):
            pass

    class Now(BaseFrontend, contract=1):
        pass
