"""freqtrade's own REST API, by which its users steer a bot."""

import base64
import json
import socket
import urllib.error
import urllib.request
from typing import Any

USER, PASSWORD = "user", "a password"


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
