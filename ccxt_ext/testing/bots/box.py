"""The sandbox of one test."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Callable, Coroutine, Mapping, Sequence
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Literal

from ccxt_ext import plugins
from ccxt_ext.sandbox.errors import SandboxError
from ccxt_ext.sandbox.steering import Steering
from ccxt_ext.testing.bots import truth
from ccxt_ext.testing.bots.faults import Fault
from ccxt_ext.testing.bots.simulating import is_simulated, nobody, venue_named

if TYPE_CHECKING:
    from ccxt_ext.testing.bots.lease import Lease
    from ccxt_ext.testing.bots.programs import Program

__tracebackhide__ = True  # pytest shows the line of the test that called this

KINDS = ("sync", "async", "pro")


class BotSandbox(Steering):
    """What the fixture `ccxt_sandbox` gives a test: a sandbox in its first state, and clients of it.

    It has all the steering of a Sandbox. Venues are named by their ccxt ids, markets by ccxt's symbols or as
    the venue names them. Without a marker it has all venues, seed 1, books that stand still, relaxed limits,
    and a clock that runs; `@pytest.mark.ccxt_sandbox(clock="frozen", live=True, venues=["btex"])` asks for
    another. The marker takes what Sandbox takes, `start` with a date ("2026-03-02", in
    UTC) in place of `start_ms`, and `markets` for ids that are simulated; files are looked
    for beside the test's. Markers of a class and of a module count too, the nearest first.
    """

    def __init__(self, lease: Lease) -> None:  # internal
        self._lease = lease

    # the server behind it

    @property
    def control_url(self) -> str:
        """The address of the control port, for other programs."""
        return self._lease.server.control_url

    def describe(self) -> dict[str, Any]:
        """What `ccxt-ext sandbox --json` prints."""
        return self._lease.server.describe()

    def config(self, venue: str, account: str = "config") -> dict[str, Any]:
        """The constructor argument for a client of this account, for who makes one without `exchange()`."""
        self._serve(venue)
        return self._lease.server.config(venue, account)

    def control(self, method: str, path: str, json: Any = None) -> Any:
        """Call the control port and return the parsed answer. Raises SandboxError if it is refused."""
        venue = venue_named(path, json)
        if venue is not None and path != "/venues":
            self._serve(venue)
        return self._lease.server.control(method, path, json)

    def reset(self, seed: int | None = None) -> None:
        """Back to the first state, as before each test: for several rounds in one. Clients can be used on."""
        self._lease.reset(seed)

    # clients

    def exchange(
        self, id: str, kind: Literal["sync", "async", "pro"] = "sync", account: str = "config", **config: Any
    ) -> Any:
        """A client: of ccxt's class, its async class or its streaming class; closed after the test.

        `id` is a venue of the sandbox, or any other id of ccxt's, which is simulated then.
        `account` is whose keys it has: "config", "counterparty", or one that was opened. All else is set
        as in a constructor argument; of tables such as `options`, entries are added.
        """
        from ccxt_ext.testing.bots.clients import refuse_trio

        lease = self._lease
        if kind not in KINDS:
            raise SandboxError(f"unknown kind {kind!r}; there are {', '.join(KINDS)}")
        self._serve(id)
        if kind != "sync":
            refuse_trio(id, lease.arguments.get("anyio_backend"))
        if is_simulated(id):
            from ccxt_ext.testing.simulated import make

            return lease.clients.keep(make(self, id, kind, account, config))
        return lease.clients.keep(self._of_venue(id, kind, account, config), "session" not in config)

    def _of_venue(self, id: str, kind: str, account: str, config: Mapping[str, Any]) -> Any:
        from ccxt_ext.testing.configs import merged
        from ccxt_ext.testing.venues import class_of, kinds_of

        if kind not in kinds_of(id):
            raise SandboxError(f"{id} has no class of kind {kind!r}; there are {', '.join(kinds_of(id))}")
        return class_of(id, kind)(merged(self.config(id, account), config))

    def _serve(self, id: str) -> None:
        """See to it that an id is served: one of ccxt's is simulated as soon as it is named."""
        lease = self._lease
        if id in lease.served:
            return
        served = list(lease.server.describe()["venues"])
        if id not in served:
            if id in plugins.ids("sandbox"):
                raise SandboxError(
                    f"{id} is not served here: the test's marker ccxt_sandbox asks for venues={served}"
                )
            if not is_simulated(id):
                raise nobody(id, served)
            from ccxt_ext.testing.simulated import serve

            serve(lease.server, id, (lease.settings.get("markets") or {}).get(id))
        lease.served.add(id)

    # what goes wrong

    def fault(
        self,
        kind: str,
        venue: str | None = None,
        path: str | None = None,
        count: int = 1,
        optional: bool = False,
        **details: Any,
    ) -> Fault:
        """Let the next `count` requests go wrong: those of a venue, and with a path in which `path` is found.

        The kinds are those of the sandbox, with their details: latency (`ms`), status (`status`, `body`),
        refuse (`message`, `code`), reset, drop_reply, truncate, garbage, empty, maintenance, then (`call`)
        and for streams ws_close, ws_stall, ws_gap, ws_garbage. `method` is for all of requests.

        It is a context manager as well: at the end of its block, what is left of it is taken away. One that
        was never met fails the test, unless it is `optional`.
        """
        given = {"kind": kind, "venue": venue, "path": path, "count": count, **details}
        spec = {name: value for name, value in given.items() if value is not None}
        fault = Fault(self, spec, optional)
        self._lease.faults.append(fault)
        return fault

    # virtual time

    def run_for(
        self,
        what: Callable[[], Any] | Coroutine[Any, Any, Any],
        *,
        days: float = 0,
        hours: float = 0,
        minutes: float = 0,
        seconds: float = 0,
        patience: float = 60,
    ) -> Any:
        """Run a bot through so much time, in which it sleeps without waiting, and return what it returns.

        `what` is a function, a coroutine function or a coroutine. The bot's `time.sleep`, `asyncio.sleep`,
        `time.time`, `time.monotonic` and `datetime.now` follow the sandbox's clock, which stands still until
        the bot sleeps, and then passes as by `advance()`. A bot that goes on is ended by its sleep at the end
        of the time; the result is None then. In an async test, `await` a coroutine's result.

        A bot that does not sleep for `patience` seconds of real time is ended with an explanation.
        """
        from ccxt_ext.testing.bots.hours.running import run_for

        lasts = 86_400 * days + 3600 * hours + 60 * minutes + seconds
        return run_for(self._lease.server, what, lasts, patience)

    # other programs

    def run(
        self,
        command: str | Sequence[str | os.PathLike[str]],
        *,
        timeout: float = 60,
        check: bool = True,
        account: str = "config",
        **how: Any,
    ) -> subprocess.CompletedProcess[str]:
        """Run a program in a process of its own until it ends, and return its exit code and what it wrote.

        Its clients of venues reach this sandbox and nothing else, as with `ccxt-ext run --sandbox`, whatever
        keys and addresses they have; they get the keys of `account`. So do those of other exchanges of ccxt's
        that are simulated: those that the marker or a call has named before. All others reach nothing, unless
        `strict=False`. `python` is the Python that runs the test. It is stopped after `timeout` seconds.
        `input`, `env` (added to this process's) and `cwd` are as for subprocess.run().

        Raises subprocess.TimeoutExpired, and with `check` subprocess.CalledProcessError, which tells the last
        lines that it wrote.
        """
        return self.start(command, account=account, **how).wait(timeout, check)

    def start(
        self,
        command: str | Sequence[str | os.PathLike[str]],
        *,
        account: str = "config",
        input: str | None = None,
        env: Mapping[str, str] | None = None,
        cwd: str | os.PathLike[str] | None = None,
        strict: bool = True,
    ) -> Program:
        """Start a program as `run()` does, and let it run beside the test. It is stopped after the test."""
        served = self.describe()["venues"]
        configs = {id: self._for_programs(id, account) for id in served if account in served[id]}
        if not configs:
            raise SandboxError(f"no venue has an account {account!r}; account() opens one")
        return self._lease.programs.start(command, configs, input=input, env=env, cwd=cwd, strict=strict)

    def _for_programs(self, id: str, account: str) -> dict[str, Any]:
        if id in plugins.ids("sandbox"):
            return self.config(id, account)
        from ccxt_ext.testing.simulated.making import config_of

        return config_of(self, id, account=account)

    # the engine's own truth

    def orders(
        self,
        venue: str,
        account: str | None = "config",
        *,
        market: str | None = None,
        status: Literal["open", "closed", "canceled"] | None = None,
    ) -> list[dict[str, Any]]:
        """The orders of an account (with None, of all), oldest first.

        Each has `id`, `client_id`, `account`, `symbol` (ccxt's), `market` (the venue's name of it), `side`,
        `type`, `price`, `amount`, `filled`, `remaining`, `average`, `cost`, `fees` (by currency),
        `trigger_price`, `time_in_force`, `post_only`, `reduce_only`, `status`, `created` and `updated`.
        Numbers are Decimal, or None where there is none; times are milliseconds.
        """
        rows = truth.listed(self, "orders", venue, account=account, market=market, status=status)
        return rows[::-1]

    def trades(
        self,
        venue: str,
        account: str | None = "config",
        *,
        market: str | None = None,
        order: str | None = None,
    ) -> list[dict[str, Any]]:
        """The trades of an account (with None, each account's side of all), oldest first.

        Each has `id`, `order` (the id of its order), `account`, `symbol`, `market`, `side`, `price`,
        `amount`, `cost`, `fee`, `fee_currency`, `maker` and `timestamp`.
        """
        return truth.listed(self, "trades", venue, account=account, market=market, order=order)[::-1]

    def positions(
        self, venue: str, account: str | None = "config", *, market: str | None = None
    ) -> list[dict[str, Any]]:
        """The open positions of an account (with None, of all), oldest first. Spot venues have none.

        Each has `symbol`, `market`, `side` ("long" or "short"), `amount`, `entry_price`, `entry_value`,
        `mark_price`, `notional`, `margin`, `initial_margin`, `maintenance_margin`, `leverage`, `margin_mode`,
        `realized`, `unrealized`, `fees`, `funding`, `liquidation_price`, `stop_loss`, `take_profit`,
        `opened`, `updated`, `account` and `id`.
        """
        return truth.listed(self, "positions", venue, account=account, market=market)

    def balance(
        self, venue: str, account: str = "config", wallet: str | None = None
    ) -> dict[str, dict[str, Decimal]]:
        """What an account has of each currency of the venue: `free`, `held` for orders, and `total`.

        `wallet` is one of a venue that has several; without it, it is what they have together.
        """
        return truth.sums_of(truth.asked(self, "balance", venue=venue, account=account, wallet=wallet))

    def book(
        self,
        venue: str,
        market: str | None = None,
        *,
        levels: int | None = None,
        width: float | None = None,
        size: float | None = None,
    ) -> dict[str, list[list[Decimal]]]:
        """A market's whole book: `bids` and `asks`, each [price, amount], best first.

        With `levels`, `width` or `size`, what the synthetic makers keep there is set before. Without a market
        it is set in all of the venue, and nothing is returned.
        """
        if (levels, width, size) != (None, None, None):
            super().book(venue, market, levels=levels, width=width, size=size)
            if market is None:
                return {}
        elif market is None:
            raise SandboxError(f"whose book? Give a market: book({venue!r}, 'BTC/USDT')")
        return truth.levels_of(truth.asked(self, "book", venue=venue, market=market))

    def ledger(self) -> dict[str, dict[str, dict[str, Decimal]]]:
        """By venue and currency: the `total` over all accounts and fees, and what was `deposited`.

        The two are always equal. What was taken out again does not count as deposited.
        """
        return {venue: truth.sums_of(sums) for venue, sums in truth.asked(self, "ledger").items()}

    def requests(
        self, venue: str, method: str | None = None, path: str | None = None
    ) -> list[dict[str, Any]]:
        """The latest 2000 requests that came to a venue, oldest first.

        `path` is a regular expression that is searched in their paths. Each has `time`, `method`, `path`,
        `query`, `headers` (names in lower case), `body`, `status` (None if no answer was sent) and `fault`
        (the kind of the fault that it met, or None).
        """
        return truth.requests_like(truth.asked(self, "requests", venue=venue), method, path)
