"""The section of a failed test's report: what the sandbox has seen, and a file to look into."""

from __future__ import annotations

import re
import shlex
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import datetime, timezone
from functools import partial
from pathlib import Path
from typing import Any

from ccxt_ext.sandbox import Sandbox, SandboxError
from ccxt_ext.testing.bots.lease import Lease
from ccxt_ext.venue.answers.redact import MASK, redact
from ccxt_ext.venue.keys.credentials import CREDENTIALS

TITLE = "ccxt_sandbox"
REQUESTS = 10
ORDERS = 10
LONGEST = 160
"""So many characters of a query or a body are shown."""
MOST_FILES = 20
"""So many snapshots are written in a session."""
LIKE_SECRETS = re.compile(r"\b[0-9a-fA-F]{40,}\b|\beyJ[\w.-]{20,}|[A-Za-z0-9+/]{43,}={0,2}|%2[BF][\w%]{40,}")
"""Signatures and tokens, whatever the name of their field is."""


class Files:
    """Where snapshots of failed tests are written."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._written = 0

    def write(self, lease: Lease, test: str, clean: Callable[[str], str]) -> str:
        """Write a snapshot of the sandbox, and return what to say of it. Its requests are cleaned."""
        if self._written >= MOST_FILES:
            return f"no snapshot was written: there are {MOST_FILES} of this run already"
        file = self._folder / f"{re.sub(r'[^A-Za-z0-9._-]+', '-', test).strip('-')[-120:]}.snapshot"
        world = lease.server.running.server.world
        requests, world.requests = world.requests, world.requests.cleaned(clean)
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            lease.server.save(file)
        except (OSError, SandboxError) as error:
            return f"no snapshot could be written: {error}"
        finally:
            world.requests = requests
        self._written += 1
        return f"look into it: ccxt-ext sandbox --load {shown(file)}"


def shown(file: Path) -> str:
    """A file's name for a shell."""
    try:
        return shlex.quote(str(file.relative_to(Path.cwd())))
    except ValueError:
        return shlex.quote(str(file))


def section(lease: Lease, notes: Iterable[str], files: Files, test: str) -> str:
    """The text of the section."""
    server = lease.server
    secrets = {*_configured(server), *_of(lease.clients.known), *_of(lease.made.all)}
    clean = partial(masked, secrets=secrets)
    venues: list[str] = list(server.describe()["venues"])
    clock = server.control("GET", "/clock")
    lines = [f"sandbox at {time_of(clock['now'])}{' (its clock stands still)' if clock['frozen'] else ''}"]
    lines += [f"note: {each}" for each in notes]
    lines += list(_requests(server, venues, clean))
    lines += list(_open_orders(server, venues))
    if lease.faults:
        lines.append("faults:")
        lines += [f"  {fault}: met {fault.met} times, {fault.left} left" for fault in lease.faults]
    lines = clean("\n".join(lines)).splitlines()
    return "\n".join([*lines, files.write(lease, test, clean)])


def _requests(server: Sandbox, venues: list[str], clean: Callable[[str], str]) -> Iterator[str]:
    seen = [
        (row["time"], number, venue, row)
        for venue in venues
        for number, row in enumerate(server.control("GET", f"/requests?venue={venue}&limit={REQUESTS}"))
    ]
    if not seen:
        yield "no requests came"
        return
    latest = sorted(seen, key=lambda each: each[:3])[-REQUESTS:]
    yield f"the last {len(latest)} requests:" if len(latest) > 1 else "the only request:"
    for time, _, venue, row in latest:
        query = f"?{cut(clean(row['query']))}" if row["query"] else ""
        fault = f", fault {row['fault']}" if row["fault"] else ""
        status = "no answer" if row["status"] is None else row["status"]
        yield f"  {time_of(time)} {venue} {row['method']} {row['path']}{query}: {status}{fault}"
        if row["body"]:
            yield f"      {cut(clean(row['body']))}"


def _open_orders(server: Sandbox, venues: list[str]) -> Iterator[str]:
    rows = [
        (venue, row)
        for venue in venues
        for row in server.control("GET", f"/orders?venue={venue}&status=open&limit={ORDERS + 1}")
    ]
    if rows:
        yield "open orders, the latest first:"
    else:
        yield "no open orders"
    for venue, row in rows[:ORDERS]:
        price = row["price"] or "the market"
        yield (
            f"  {venue} {row['account']} {row['symbol']} {row['side']} {row['amount']} at {price}, "
            f"{row['filled']} filled, id {row['id']}"
        )
    if len(rows) > ORDERS:
        yield "  and others"


def masked(text: str, secrets: Iterable[str]) -> str:
    return LIKE_SECRETS.sub(MASK, redact(text, secrets))


def _configured(server: Sandbox) -> Iterator[str]:
    for accounts in server.describe()["venues"].values():
        for config in accounts.values():
            yield from _credentials(config)


def _of(instances: Iterable[Any]) -> Iterator[str]:
    for exchange in instances:
        yield from _credentials({name: getattr(exchange, name, None) for name in CREDENTIALS})


def _credentials(config: Mapping[str, Any]) -> Iterator[str]:
    for name in CREDENTIALS:
        if config.get(name):
            yield str(config[name])


def cut(text: str) -> str:
    return text if len(text) <= LONGEST else text[:LONGEST] + "..."


def time_of(ms: Any) -> str:
    return datetime.fromtimestamp(int(ms) / 1000, timezone.utc).isoformat(sep=" ", timespec="milliseconds")[
        :-6
    ]
