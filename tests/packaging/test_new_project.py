"""A project that `ccxt-ext new-venue` of our wheel makes, installed beside that wheel, passes its tests."""

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.packaging.conftest import Environment

Change = Callable[[dict[str, str | None]], Environment]


@pytest.mark.parametrize("flags", [(), ("--swap", "--streams")], ids=["plain", "with-everything"])
def test_its_own_tests_pass(changed: Change, tmp_path: Path, flags: tuple[str, ...]) -> None:
    environment = changed({})
    project = tmp_path / "project"
    made = environment.start("-m", "ccxt_ext", "new-venue", "acme", "--external", project, *flags)
    assert made.returncode == 0, made.stderr
    environment.pip("install", "--no-deps", "--no-build-isolation", "-e", project)
    tested = environment.start("-m", "pytest", "-q", "-p", "no:cacheprovider", project)
    assert tested.returncode == 0, tested.stdout + tested.stderr
    called = environment.start("-m", "ccxt_ext", "call", "acme", "fetchTicker", "BTC/USDT", "--sandbox")
    assert called.returncode == 0, called.stderr
    assert '"symbol": "BTC/USDT"' in called.stdout
    # The installed ccxt-ext is the wheel's.
    told = environment.run("import ccxt, ccxt_ext; print(ccxt_ext.__file__, ccxt.acme.__module__)").stdout
    assert told.split() == [str(environment.site_packages / "ccxt_ext/__init__.py"), "ccxt_acme.rest_sync"]
