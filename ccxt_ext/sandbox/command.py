"""Runs a sandbox from the command line until it is stopped."""

from __future__ import annotations

import asyncio
import json as jsonlib
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from ccxt_ext._hosts import is_loopback
from ccxt_ext.sandbox.addresses import ANY
from ccxt_ext.sandbox.errors import SandboxError
from ccxt_ext.sandbox.files import write_whole
from ccxt_ext.sandbox.server import Server
from ccxt_ext.sandbox.settings import Settings

WHO = "ccxt-ext sandbox"
WRONG_USE = 2


def run_sandbox(*, json: bool = False, write: Path | None = None, **settings: Any) -> int:
    """Serve the venues until SIGINT or SIGTERM. Returns the exit code. `settings` are those of a Sandbox."""
    try:
        asyncio.run(_run(Settings.given(**settings), json, write))
    except (SandboxError, ValueError) as error:
        print(f"{WHO}: {error}", file=sys.stderr)
        return WRONG_USE
    return 0


async def _run(settings: Settings, json: bool, write: Path | None) -> None:
    stop = asyncio.Event()
    _on_signals(stop)
    server = Server(settings)
    await server.start()
    try:
        if not is_loopback(settings.host):
            print(f"{WHO}: {warning(settings)}", file=sys.stderr)
        told = jsonlib.dumps(server.describe())
        with described_in(write, told):
            print(told if json else summary(server), flush=True)
            await stop.wait()
    finally:
        await server.stop()


def warning(settings: Settings) -> str:
    """What it means to listen where other machines can reach it."""
    where = (
        "all addresses of this machine" if settings.host in ANY else f"{settings.host}, which is no loopback"
    )
    names = ", ".join(settings.allow_hosts) or "none"
    return (
        f"listens on {where}: whoever reaches it can steer it, and its keys are known to all. It goes by its "
        f"addresses, and by the names of --allow-host: {names}"
    )


@contextmanager
def described_in(file: Path | None, told: str) -> Iterator[None]:
    """Have the description in a file for the `with` block: all of it or nothing, and afterwards no more."""
    if file is None:
        yield
        return
    text = told + "\n"
    write_whole(file, text.encode())
    try:
        yield
    finally:
        with suppress(OSError):  # it may be gone, or another sandbox's by now
            if file.read_text() == text:
                file.unlink()


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
