"""Runs a sandbox from the command line until it is stopped."""

from __future__ import annotations

import asyncio
import json as jsonlib
import signal
import sys
from collections.abc import Iterable, Mapping
from typing import Any, cast

from ccxt_ext.sandbox.errors import SandboxError
from ccxt_ext.sandbox.frontend import Limits
from ccxt_ext.sandbox.frontends import all_venues
from ccxt_ext.sandbox.prices import read_prices
from ccxt_ext.sandbox.server import Server
from ccxt_ext.sandbox.world import Settings

WRONG_USE = 2


def run_sandbox(
    host: str = "127.0.0.1",
    port: int = 0,
    venues: Iterable[str] | None = None,
    seed: int = 1,
    live: bool = False,
    limits: str = "relaxed",
    json: bool = False,
    options: Mapping[str, Mapping[str, Any]] | None = None,
    prices: str | None = None,
) -> int:
    """Serve the venues until SIGINT or SIGTERM. Returns the exit code."""
    try:
        settings = Settings(
            venues=tuple(venues) if venues else all_venues(),
            seed=seed,
            live=live,
            limits=cast(Limits, limits),
            host=host,
            port=port,
            options=options or {},
            prices=read_prices(prices),
        )
        asyncio.run(_run(settings, json))
    except (SandboxError, ValueError) as error:
        print(f"ccxt-ext sandbox: {error}", file=sys.stderr)
        return WRONG_USE
    return 0


async def _run(settings: Settings, json: bool) -> None:
    stop = asyncio.Event()
    _on_signals(stop)
    server = Server(settings)
    await server.start()
    try:
        print(jsonlib.dumps(server.describe()) if json else summary(server), flush=True)
        await stop.wait()
    finally:
        await server.stop()


def _on_signals(stop: asyncio.Event) -> None:
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        try:
            loop.add_signal_handler(number, stop.set)
        except NotImplementedError:  # Windows
            signal.signal(number, lambda *_: loop.call_soon_threadsafe(stop.set))


def summary(server: Server) -> str:
    """The addresses and keys, as text for people."""
    settings = server.settings
    book = "live" if settings.live else "still"
    lines = [f"ccxt-ext sandbox: seed {settings.seed}, book {book}, limits {settings.limits}", ""]
    lines.append(f"{'control':<14} {server.control_url}")
    for venue, accounts in server.describe()["venues"].items():
        urls = sorted({url for url in accounts["config"]["urls"]["api"].values() if url.startswith("http")})
        lines.append(f"{venue:<14} {' '.join(urls)}")
        for account, config in accounts.items():
            keys = ", ".join(
                f"{name} {config[name]}" for name in ("apiKey", "secret", "uid") if name in config
            )
            lines.append(f"  {account:<12} {keys}")
    lines += ["", "Stop with Ctrl-C."]
    return "\n".join(lines)
