"""hummingbot as a program: folders of its bots, and what their logs and databases say.

It takes the folder in which its package lies for its own: configurations, logs and databases are written
there. So each bot of the tests has a folder with the package in it, by hard links where the system has them.
"""

import importlib.util
import json
import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping
from contextlib import closing
from decimal import Decimal
from pathlib import Path
from typing import Any

from ccxt_ext.program.environment import pointed
from tests.clients.client_programs import Environment

ROOT = Path(__file__).resolve().parents[2]
EXAMPLE = ROOT / "examples" / "hummingbot"
PASSWORD = "of the tests"
FOLDERS = ("conf/connectors", "conf/strategies", "conf/scripts", "conf/controllers", "logs")
MEMORY = Path("/dev/shm")
"""It waits for the disk after each thing that happens, and disks that many share take long."""

ENVIRONMENT = Environment(Path(sys.prefix))
"""hummingbot's, in which these tests run too."""


def package(folder: Path) -> None:
    """Put hummingbot's package into a folder."""
    spec = importlib.util.find_spec("hummingbot")
    assert spec is not None and spec.origin is not None, "these tests need hummingbot: `make test-hummingbot`"
    ignored = shutil.ignore_patterns("*.cpp", "*.pyx")
    shutil.copytree(Path(spec.origin).parent, folder / "hummingbot", copy_function=linked, ignore=ignored)


def home(folder: Path) -> Path:
    """A folder that hummingbot takes for its own."""
    package(folder)
    for name in FOLDERS:
        (folder / name).mkdir(parents=True)
    if MEMORY.is_dir() and os.access(MEMORY, os.W_OK):
        (folder / "data").symlink_to(tempfile.mkdtemp(prefix="hummingbot-", dir=MEMORY))
    else:
        (folder / "data").mkdir()
    shutil.copy(EXAMPLE / "conf" / "conf_client.yml", folder / "conf")
    for name in ("scripts", "controllers"):
        shutil.copytree(EXAMPLE / name, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
    return folder


def linked(source: str, to: str) -> str:
    try:
        os.link(source, to)
    except OSError:
        shutil.copy2(source, to)
    return to


WRITE_KEYS = """
import json, sys
from hummingbot.cli.password import unlock_keystore
from hummingbot.client.config.config_helpers import ClientConfigAdapter
from hummingbot.client.config.security import Security
from hummingbot.client.settings import AllConnectorSettings

told = json.load(sys.stdin)
unlock_keystore(told["password"])
for name in told["connectors"]:
    config = ClientConfigAdapter(AllConnectorSettings.get_connector_config_keys(name))
    for field in config.traverse(secure=False):
        if field.client_field_data is not None and field.client_field_data.is_connect_key:
            setattr(config, field.attr, "key")
    Security.update_secure_config(config)
"""


class Keys:
    """Keys of all connectors, as hummingbot itself writes them; the sandbox has others of its own anyway."""

    def __init__(self, folder: Path, *connectors: str) -> None:
        self.folder = home(folder)
        told = json.dumps({"password": PASSWORD, "connectors": connectors})
        ENVIRONMENT.run("python", "-c", WRITE_KEYS, cwd=folder, input=told, stdin=None)

    def give(self, folder: Path, *connectors: str) -> None:
        conf = self.folder / "conf"
        shutil.copy(conf / ".password_verification", folder / "conf")
        for name in connectors:
            shutil.copy(conf / "connectors" / f"{name}.yml", folder / "conf" / "connectors")


class Bot:
    """hummingbot without its screen, while it runs and after: `hbot start --foreground`, as it starts it."""

    def __init__(self, folder: Path, name: str, configs: Mapping[str, Mapping[str, Any]]) -> None:
        """`configs` are of the sandboxes' accounts, by venue."""
        self.folder = folder
        self.name = name
        self.database = folder / "data" / f"{name}.sqlite"
        self._output = folder / "output"
        is_script = (folder / "conf" / "scripts" / f"{name}.yml").exists()
        config = ("--script-config" if is_script else "--config", f"{name}.yml")
        self._status.unlink(missing_ok=True)
        with self._output.open("a") as output:
            self._process = ENVIRONMENT.start(
                "python",
                *("-m", "hummingbot.cli.engine", "--name", name, *config),
                cwd=folder,
                env=pointed({"HBOT_PASSWORD": PASSWORD}, configs),
                stdout=output,
                stderr=subprocess.STDOUT,
            )

    @property
    def _status(self) -> Path:
        return self.folder / "data" / "bot" / "status.json"

    @property
    def pid(self) -> int:
        return self._process.pid

    @property
    def log(self) -> str:
        logs = sorted((self.folder / "logs").glob(f"logs_{self.name}.log*"), key=lambda path: len(path.name))
        texts = [path.read_text() for path in [*logs[1:], *logs[:1]]]
        return "".join(texts) + self._output.read_text()

    def end_of_log(self) -> str:
        return "\n".join(self.log.splitlines()[-40:])

    def is_running(self) -> bool:
        return self._process.poll() is None

    def wait_until(self, reached: Callable[[], bool], seconds: float) -> None:
        end = time.monotonic() + seconds
        while not reached():
            assert self._process.poll() is None, self.end_of_log()
            assert time.monotonic() < end, self.end_of_log()
            time.sleep(0.2)

    def has_begun(self) -> bool:
        return self._status.exists()

    def status(self) -> dict[str, Any]:
        """What it tells of itself, now."""
        before = self._status.read_text()
        self._process.send_signal(signal.SIGUSR1)
        self.wait_until(lambda: self._status.read_text() != before, 60)
        told: dict[str, Any] = json.loads(self._status.read_text())
        return told

    def stop(self) -> None:
        """It cancels its orders first."""
        if self._process.poll() is None:
            self._process.send_signal(signal.SIGTERM)
        try:
            assert self._process.wait(120) == 0, self.end_of_log()
        finally:
            self.kill()

    def keep(self) -> None:
        """Bring its data from the memory to the disk."""
        data = self.folder / "data"
        if data.is_symlink():
            there = data.readlink()
            data.unlink()
            shutil.move(there, data)

    def kill(self) -> None:
        """By SIGKILL: it has no time to put anything in order."""
        self._process.kill()
        self._process.wait()

    # -- its database -------------------------------------------------------------------------------

    def rows(self, query: str) -> list[dict[str, Any]]:
        if not self.database.exists():
            return []
        with closing(sqlite3.connect(f"file:{self.database}?mode=ro", uri=True, timeout=30)) as connection:
            connection.row_factory = sqlite3.Row
            if not list(connection.execute("select 1 from sqlite_master where name = 'TradeFill'")):
                return []
            return [dict(row) for row in connection.execute(query)]

    def orders(self) -> list[dict[str, Any]]:
        return self.rows('select * from "Order"')

    def fills(self) -> list[dict[str, Any]]:
        rows = self.rows("select * from TradeFill")
        return [
            {
                **row,
                "price": decimal(row["price"]),
                "amount": decimal(row["amount"]),
                "trade_fee": json.loads(row["trade_fee"]),
            }
            for row in rows
        ]

    def states(self) -> dict[str, dict[str, Any]]:
        """The orders that it has noted as being under way, by connector."""
        rows = self.rows("select market, saved_state from MarketState")
        return {row["market"]: json.loads(row["saved_state"]) for row in rows}


def decimal(kept: int) -> Decimal:
    """It keeps numbers with six decimals."""
    return Decimal(kept).scaleb(-6)
