"""A bot of freqtrade's that trades live in a sandbox. Requests fail, markets jump, and it is killed once."""

import json
import random
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.clients.client_programs import Environment, RunningSandbox, running_sandbox
from tests.clients.client_venues import ClientVenue
from tests.clients.freqtrade_bot import Bot, Freqtrade, settings
from tests.clients.live_faults import Faults, Measured, control, measured, unmet

ACCOUNT = "bot"
MONEY = 100_000
TIMEOUT_MS = 2_000
"""How long the bot waits for an answer."""

SOON = {"settle": {"takenFor": 5_000, "listedAfter": 500}}
"""Of a short run: after how long an order that is not there was not placed. The sandbox waits with none."""

HELD_BACK_MS = 1_000
"""How long an answer is held back, so that the bot can be killed before it has it."""


@dataclass(frozen=True)
class LiveVenue:
    """A venue in one trading mode, and how the bot trades there."""

    id: str
    mode: str
    pairs: Sequence[str]
    places: str
    """A pattern of the path by which orders are placed."""
    more: Sequence[Mapping[str, str]] = ()
    """Markets that are listed before the bot starts, so that it has more to do at a time."""
    timeframe: str = "1m"
    stake: float = 500
    exits: str = "limit"
    """The type of the orders that close a position."""
    stops: bool = False
    """Whether stops are on the exchange."""
    stop_orders: str = "limit"
    streams: bool = False
    wallet: Mapping[str, str] = field(default_factory=dict)
    """That of the account which has the money, if it has several."""
    options: Mapping[str, Any] = field(default_factory=dict)
    """What a user sets in ccxt's options."""
    fenced: bool = False
    """Whether rising nonces tell at once that an order was not placed."""

    @property
    def name(self) -> str:
        return f"{self.id}-{self.mode}"

    @property
    def is_futures(self) -> bool:
        return self.mode == "futures"


SPOT = ("BTC/USDT", "ETH/USDT", "SOL/USDT", "DOGE/USDT")
MORE_SPOT = tuple({"like": "ETH_USDT", "market": f"{base}_USDT"} for base in ("SOL", "DOGE"))
FUTURES = tuple(f"{pair}:USDT" for pair in SPOT)

LIVE = {
    live.name: live
    for live in (
        LiveVenue("bitmart2", "spot", SPOT, "^/v2/orders$", more=MORE_SPOT, streams=True),
        LiveVenue("bitexbit", "spot", SPOT, "/order/create$", more=MORE_SPOT, fenced=True),
        LiveVenue(
            "btex", "spot", SPOT, "/auth_api$", more=MORE_SPOT, timeframe="5m", wallet={"wallet": "spot"}
        ),
        LiveVenue(
            "btex",
            "futures",
            FUTURES,
            "/place_order$",
            more=tuple(
                {"like": "4", "market": market, "pair": f"{base}_USDT"}
                for market, base in (("7", "SOL"), ("8", "DOGE"))
            ),
            timeframe="5m",
            options={"fundingIntervalHours": 8},  # which the venue does not tell
        ),
        LiveVenue(
            "bitmaxfutures",
            "futures",
            FUTURES,
            "/futures/order$",
            more=tuple({"like": "ETH-PERP", "market": f"{base}-PERP"} for base in ("SOL", "DOGE")),
            exits="market",
            stops=True,
            stop_orders="market",
            streams=True,
        ),
    )
}


# -- the run ------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Wanted:
    """How much a bot is to do."""

    trades: int = 20
    seconds: float = 0.0
    """For how long at least, once it was killed and started again."""
    pause: float = 4.0
    """Between two faults, on average."""
    seed: int = 1

    @property
    def is_short(self) -> bool:
        return not self.seconds

    @property
    def throttle_s(self) -> int:
        """So slow that a venue's lists reach back to the first trade: one has 500 orders of a market."""
        return 1 if self.is_short else 5

    @property
    def before_kill(self) -> float:
        """After how many trades it is killed."""
        return self.trades / (2 if self.is_short else 4)


class LiveRun:
    """One bot, its sandbox, and what was seen."""

    def __init__(
        self,
        clients: Environment,
        folder: Path,
        live: LiveVenue,
        sandbox: RunningSandbox,
        wanted: Wanted,
    ) -> None:
        self.folder = folder
        self.live = live
        self.sandbox = sandbox
        self.wanted = wanted
        self.chance = random.Random(f"{wanted.seed} {live.name}")
        self.faults = Faults(
            sandbox, live.id, live.places, live.streams, self.chance, wanted.pause, TIMEOUT_MS
        )
        self.measured: list[Measured] = []
        self.kills = 0
        self.began_ms = control(sandbox, "GET", "/clock")["now"]
        self._started = self._process_started = time.monotonic()
        self._next_jump = self._started + 10
        self._read = 0
        self._last_round: int | None = None
        """That in which the bot may still open trades."""
        for market in live.more:
            control(sandbox, "POST", "/markets", {"venue": live.id, **market})
        opened = {"venue": live.id, "account": ACCOUNT, "balances": {"USDT": str(MONEY)}, **live.wallet}
        self.config = control(sandbox, "POST", "/accounts", opened)["config"]
        self.program = Freqtrade(clients, folder / "user_data", live.id, self._settings())
        self.bot = self._start()

    def _settings(self) -> dict[str, Any]:
        live = self.live
        row = ClientVenue(
            symbol="",
            amount=0,
            pairs=tuple(live.pairs),
            stake_amount=live.stake,
            timeframes=(live.timeframe,),
        )
        made = settings(row, self.config, dry_run=False, mode=live.mode)
        made["exchange"]["ccxt_config"] |= {"timeout": TIMEOUT_MS}
        if self.wanted.is_short and not live.fenced:
            made["exchange"]["ccxt_config"]["options"] |= SOON
        made["exchange"]["ccxt_config"]["options"] |= live.options
        made["exchange"] |= {"enable_ws": live.streams, "_ft_has_params": {"ws_enabled": live.streams}}
        return {
            **made,
            **({"margin_mode": "isolated"} if live.is_futures else {}),
            "internals": {
                "process_throttle_secs": self.wanted.throttle_s,
                "heartbeat_interval": 60,
            },
            "unfilledtimeout": {"entry": 2, "exit": 2, "unit": "seconds"},
            "live_enough": str(self.enough),
            "live_seed": self.wanted.seed,
            "live_stops": live.stops,
            "live_exits": live.exits,
            "live_stop_orders": live.stop_orders,
        }

    @property
    def enough(self) -> Path:
        """A file that lets the bot open no more trades."""
        return self.folder / "enough"

    @property
    def seconds(self) -> float:
        return time.monotonic() - self._started

    @property
    def process_seconds(self) -> float:
        """Since the bot was started the last time."""
        return time.monotonic() - self._process_started

    def _start(self) -> Bot:
        return Bot(self.program, "-v", strategy="LongAndShort")

    # -- while it runs ------------------------------------------------------------------------------

    def go(self, deadline: float) -> None:
        """Until it has closed its trades, and no longer than `deadline` seconds."""
        self.wait_for_rounds()
        while not self.is_over():
            assert self.bot.is_running(), self.bot.end_of_log()
            assert self.seconds < deadline, f"{self.closed()} trades\n{self.bot.end_of_log()}"
            self.faults.turn()
            self.jump()
            self.measure()
            closed = self.closed()
            if not self.kills and closed >= self.wanted.before_kill:
                self.kill()
            long_enough = self.process_seconds >= self.wanted.seconds and not unmet(self.faults.met)
            if closed >= self.wanted.trades and long_enough and self._last_round is None:
                self.enough.touch()
                self._last_round = self.bot.rounds() + 1
            time.sleep(0.2)
        self.faults.lift()
        rounds = self.bot.rounds()
        self.bot.wait_until(
            lambda: self.bot.rounds() >= rounds + 3 and not self.in_flight() and not self.holds_trades(), 120
        )
        self.bot.stop()

    def is_over(self) -> bool:
        """A round that began before there was enough may open trades until it ends."""
        ended = self._last_round is not None and self.bot.rounds() >= self._last_round
        return ended and not self.holds_trades()

    def holds_trades(self) -> bool:
        return bool(self.bot.rows("select 1 from trades where is_open"))

    def closed(self) -> int:
        return int(self.bot.rows("select count(*) as n from trades where not is_open")[0]["n"])

    def in_flight(self) -> list[Any]:
        """What our class of freqtrade's has noted and not crossed off yet."""
        path = Path(f"{self.bot.database}.in-flight.json")
        return json.loads(path.read_text()) if path.exists() else []

    def jump(self) -> None:
        """Now and then a market jumps, so that stops are reached."""
        now = time.monotonic()
        if now < self._next_jump:
            return
        self._next_jump = now + self.chance.expovariate(1 / 5)
        pair, change = self.chance.choice(self.live.pairs), self.chance.choice(["-0.006", "0.006"])
        body = {"venue": self.live.id, "market": pair, "change": change, "over_ms": 2_000}
        control(self.sandbox, "POST", "/price", body)

    def measure(self) -> None:
        seconds = self.process_seconds
        if self.measured and seconds < self.measured[-1].seconds + 5:
            return
        assert "to: STOPPED" not in self._new_in_log(), self.bot.end_of_log()
        now = measured(self.bot.pid, seconds)
        if now is not None:
            self.measured.append(now)
            with (self.folder / "measured").open("a") as lines:
                lines.write(
                    f"{seconds:.0f} s: {now.resident_kb} kB, {now.sockets} sockets, {self.closed()} trades\n"
                )

    def _new_in_log(self) -> str:
        """What was not read before: the log of an hour is long."""
        with (self.program.folder / "output").open() as output:
            output.seek(self._read)
            text = output.read()
            self._read = output.tell()
        return text

    def kill(self) -> None:
        """Kill it when an order of its is on the venue and its answer is not there; and start it again."""
        self.faults.lift()
        venue = self.live.id
        held = {"venue": venue, "kind": "latency", "method": "POST", "path": self.live.places}
        held |= {"ms": HELD_BACK_MS, "count": 1000}
        control(self.sandbox, "POST", "/faults", held)
        end = time.monotonic() + 60
        while not self.unknown_orders():
            assert time.monotonic() < end, self.bot.end_of_log()
            time.sleep(0.02)
        self.bot.kill()
        self.kills += 1
        control(self.sandbox, "DELETE", "/faults")
        self.measured.clear()
        self._process_started = time.monotonic()
        self.bot = self._start()
        self.wait_for_rounds()

    def wait_for_rounds(self) -> None:
        """freqtrade does not start where it cannot load the markets, so nothing fails until it runs."""
        rounds = self.bot.rounds()
        self.bot.wait_until(lambda: self.bot.rounds() > rounds, 300)

    def unknown_orders(self) -> list[str]:
        """The orders on the venue that freqtrade's database does not have, and that are not cancelled."""
        known = {order["order_id"] for order in self.bot.orders()}
        rows = control(self.sandbox, "GET", f"/orders?venue={self.live.id}&account={ACCOUNT}&limit=20")
        return [
            row["id"]
            for row in rows
            if row["id"] not in known and (row["status"] == "open" or float(row["filled"]))
        ]


@contextmanager
def live_run(clients: Environment, folder: Path, live: LiveVenue, wanted: Wanted) -> Iterator[LiveRun]:
    options = ("--venue", live.id, "--live", "--seed", str(wanted.seed))
    with running_sandbox(clients, folder / "stderr", *options) as sandbox:
        run = LiveRun(clients, folder, live, sandbox, wanted)
        try:
            yield run
        finally:
            run.bot.kill()
