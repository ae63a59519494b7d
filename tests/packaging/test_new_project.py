"""Projects that `ccxt-ext new-venue` of our wheel makes, installed beside it, pass their own tests."""

from collections.abc import Mapping
from pathlib import Path

import pytest

from tests.packaging.conftest import Environment, copied_environment

pytestmark = pytest.mark.timeout(500)  # what all of them need is made before the first

FLAGS: Mapping[str, tuple[str, ...]] = {
    "brandnew": (),
    "brandnewswap": ("--swap",),
    "brandnewstreams": ("--streams",),
    "brandnewboth": ("--swap", "--streams"),
}


@pytest.fixture(scope="module")
def installed(wheel_install: Environment, tmp_path_factory: pytest.TempPathFactory) -> Environment:
    """One environment in which all are installed, each as an editable project of its own."""
    environment = copied_environment(wheel_install, tmp_path_factory.mktemp("projects") / "env")
    folders = {id: environment.folder / id for id in FLAGS}
    commands = [["new-venue", id, "--external", str(folders[id]), *FLAGS[id]] for id in FLAGS]
    making = f"from ccxt_ext.cli import main; assert not any(map(main, {commands}))"
    made = environment.start("-c", making, timeout=400)
    assert made.returncode == 0, made.stderr
    editable = [argument for folder in folders.values() for argument in ("-e", folder)]
    environment.pip("install", "--no-deps", "--no-build-isolation", *editable)
    return environment


def passes(environment: Environment, *arguments: object) -> str:
    done = environment.start("-m", "pytest", "-q", "-p", "no:cacheprovider", *arguments, timeout=400)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.mark.parametrize("id", FLAGS)
def test_its_own_tests_pass(installed: Environment, id: str) -> None:
    passes(installed, installed.folder / id)


SUITE = ("--pyargs", "ccxt_ext.testing.conformance")


def test_it_is_proven(installed: Environment) -> None:
    """By the whole suite. tests/packaging/test_guide.py does the same with examples/acme."""
    profile = installed.folder / "brandnewboth/tests/profile.py"
    assert "\nlevel: proven\n" in passes(installed, *SUITE, "--ccxt-profile", profile)


def test_without_a_profile_and_a_socket(installed: Environment) -> None:
    """A cross-section: ccxt's own tests, and streams that are polled."""
    chosen = ("-k", "test_02 or test_08", "--ccxt-venue", "brandnewswap")
    told = passes(installed, *SUITE, *chosen)
    assert "no profile" in told


def test_a_user_has_it_at_once(installed: Environment) -> None:
    called = installed.start("-m", "ccxt_ext", "call", "brandnew", "fetchTicker", "BTC/USDT", "--sandbox")
    assert called.returncode == 0, called.stderr
    assert '"symbol": "BTC/USDT"' in called.stdout
    told = "ccxt_ext.__file__, ccxt.brandnew.__module__, 'brandnew' in ccxt.exchanges"
    ours, module, listed = installed.run(f"import ccxt, ccxt_ext; print({told})").stdout.split()
    assert Path(ours) == installed.site_packages / "ccxt_ext/__init__.py"  # the wheel's
    assert (module, listed) == ("ccxt_brandnew.rest_sync", "True")
