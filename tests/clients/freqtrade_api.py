"""freqtrade's own REST API, by which its users steer a bot, and bots that are steered by it."""

import base64
import json
import socket
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tests.clients.client_programs import Environment
from tests.clients.freqtrade_bot import RUNNING, Freqtrade, problems

USER, PASSWORD = "user", "a password"
RELOADED = "Changing state from RELOAD_CONFIG to: RUNNING"
STOPPED = "Changing state from RUNNING to: STOPPED"


class Api:
    """That of one bot, on a port that is free."""

    def __init__(self) -> None:
        with socket.socket() as found:
            found.bind(("127.0.0.1", 0))
            self.port: int = found.getsockname()[1]
        self._login = base64.b64encode(f"{USER}:{PASSWORD}".encode()).decode()

    def settings(self) -> dict[str, Any]:
        """What the bot's configuration needs for it."""
        return {
            "force_entry_enable": True,
            "api_server": {
                "enabled": True,
                "listen_ip_address": "127.0.0.1",
                "listen_port": self.port,
                "username": USER,
                "password": PASSWORD,
                "jwt_secret_key": "of these tests alone, and long enough",
            },
        }

    def answers(self) -> bool:
        try:
            return bool(self.call("GET", "ping")["status"] == "pong")
        except OSError:
            return False

    def call(self, method: str, path: str, **body: Any) -> Any:
        request = urllib.request.Request(
            f"http://127.0.0.1:{self.port}/api/v1/{path}",
            method=method,
            data=json.dumps(body).encode() if body else None,
            headers={"Content-Type": "application/json", "Authorization": f"Basic {self._login}"},
        )
        try:
            with urllib.request.urlopen(request, timeout=60) as answer:
                return json.load(answer)
        except urllib.error.HTTPError as refusal:
            raise AssertionError(f"{method} {path}: {refusal.read().decode()}") from refusal

    def enter(self, pair: str, side: str = "long", **more: Any) -> Any:
        return self.call("POST", "forceenter", pair=pair, side=side, **more)

    def exit(self, trade: int, ordertype: str = "market") -> Any:
        return self.call("POST", "forceexit", tradeid=str(trade), ordertype=ordertype)


class Steered:
    """A bot that does what its API is told, and can be killed and started again."""

    def __init__(
        self, clients: Environment, folder: Path, venue: str, config: Mapping[str, Any], *more: str
    ) -> None:
        self.api = Api()
        self.freqtrade = Freqtrade(clients, folder, venue, {**config, **self.api.settings()})
        self.starts = 0
        self._more = more
        self.start()

    def start(self) -> None:
        self.starts += 1
        self.bot = self.freqtrade.bot("-v", *self._more, strategy="ToldFromOutside")

    def kill_and_start(self) -> None:
        self.bot.kill()
        self.start()
        self.wait_until_it_runs()

    def reload(self) -> None:
        """Its process stays, and all in it is made anew."""
        before = self.bot.log.count(RELOADED)
        self.api.call("POST", "reload_config")
        self.wait_until(lambda: self.bot.log.count(RELOADED) > before and self.api.answers())

    @contextmanager
    def standing_still(self) -> Iterator[None]:
        """It looks at nothing meanwhile: what happens is all there when it looks again."""
        before = self.bot.log.count(STOPPED)
        self.api.call("POST", "stop")
        self.wait_until(lambda: self.bot.log.count(STOPPED) > before)
        yield
        self.api.call("POST", "start")

    def wait_until_it_runs(self) -> None:
        self.wait_until(lambda: len(RUNNING.findall(self.bot.log)) == self.starts and self.api.answers())

    def wait_until(self, reached: Callable[[], bool]) -> None:
        self.bot.wait_until(reached, 120)

    # -- what its API tells --------------------------------------------------------------------------

    def held(self) -> dict[str, dict[str, Any]]:
        """The open trades, by pair."""
        return {trade["pair"]: trade for trade in self.api.call("GET", "status")}

    def ended(self) -> dict[str, dict[str, Any]]:
        """The latest closed trade of each pair."""
        return {trade["pair"]: trade for trade in self.api.call("GET", "trades")["trades"]}

    # -- what its database has -----------------------------------------------------------------------

    def trade(self, number: int) -> dict[str, Any]:
        [trade] = self.bot.rows(f"select * from trades where id = {number}")
        return trade

    def is_closed(self, number: int) -> bool:
        return not self.trade(number)["is_open"]

    def orders(self, trade: int) -> list[dict[str, Any]]:
        return self.bot.rows(f"select * from orders where ft_trade_id = {trade} order by id")

    def complaints(self) -> list[str]:
        return [line.partition(" - WARNING - ")[2] for line in problems(self.bot.log)]
