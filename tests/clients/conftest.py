"""Programs as their makers publish them, and a sandbox to run them against."""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.clients.client_programs import Environment, RunningSandbox, running_sandbox

ROOT = Path(__file__).resolve().parents[2]
PACKAGED = (
    "setup.cfg",
    "setup.py",
    "pyproject.toml",
    "ccxt_ext_autoload.pth",
    "ccxt_ext_pytest.py",
    "README.md",
    "LICENSE",
    "ccxt_ext",
)


@pytest.fixture(scope="session")
def clients() -> Environment:
    """The newest freqtrade from PyPI, and ccxt-ext beside it."""
    return made_before("CLIENTS_ENVIRONMENT", ".venv-clients")


@pytest.fixture(scope="session")
def oldest() -> Environment:
    """The same with the oldest freqtrade that our classes are known to fit."""
    return made_before("CLIENTS_OLDEST", ".venv-clients-oldest")


def made_before(variable: str, name: str) -> Environment:
    """An environment that the Makefile has made, because that takes a minute."""
    environment = Environment(Path(os.environ.get(variable, ROOT / name)))
    if not Path(environment.program("freqtrade")).exists():
        pytest.fail("these tests need an environment of their own: run `make test-clients`")
    return environment


@pytest.fixture(scope="module")
def sandbox(clients: Environment, tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningSandbox]:
    """One in which others trade too, so that bots see new candles."""
    log = tmp_path_factory.mktemp("sandbox") / "stderr"
    with running_sandbox(clients, log, "--live") as running:
        yield running


@pytest.fixture(scope="session")
def empty_environment(tmp_path_factory: pytest.TempPathFactory) -> Environment:
    """A new one in which only `pip install .` has been run."""
    source = tmp_path_factory.mktemp("source")
    for name in PACKAGED:
        if (ROOT / name).is_dir():
            shutil.copytree(ROOT / name, source / name, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(ROOT / name, source)
    environment = Environment(tmp_path_factory.mktemp("empty") / "env")
    subprocess.run([sys.executable, "-m", "venv", environment.folder], check=True)
    environment.run("python", "-m", "pip", "install", "--disable-pip-version-check", ".", cwd=source)
    return environment
