"""A bot of freqtrade's that trades live in a sandbox. Requests fail, markets jump, and it is killed once."""

import json
import random
import re
import time
import urllib.request
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.clients.client_programs import Environment, RunningSandbox, running_sandbox
from tests.clients.client_venues import ClientVenue
from tests.clients.freqtrade_bot import Bot, Freqtrade, settings

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


# -- faults -------------------------------------------------------------------------------------------


def control(sandbox: RunningSandbox, method: str, path: str, body: Any = None) -> Any:
    request = urllib.request.Request(
        sandbox.described["control"] + path,
        method=method,
        data=None if body is None else json.dumps(body).encode(),
        headers={"Content-Type": "application/json"},
    )
    with urllib.request.urlopen(request, timeout=60) as answer:
        return json.load(answer)


class Faults:
    """Seeded faults, one after the other, each for requests of a kind that the bot has sent lately."""

    KINDS = ("drop_reply", "status", "latency")

    def __init__(self, sandbox: RunningSandbox, live: LiveVenue, chance: random.Random, pause: float) -> None:
        self.sandbox = sandbox
        self.live = live
        self.chance = chance
        self.pause = pause
        self.met: Counter[str] = Counter()
        self._pending: dict[int, tuple[str, float]] = {}
        self._next = time.monotonic() + 2 * pause

    def turn(self) -> None:
        now = time.monotonic()
        for id, (what, until) in list(self._pending.items()):
            told = control(self.sandbox, "GET", f"/faults?id={id}")
            if not told["left"] or now > until:
                self.met[what] += told["met"]
                del self._pending[id]
                if told["left"]:
                    control(self.sandbox, "DELETE", "/faults", {"id": id})
        if now >= self._next:
            self._next = now + self.chance.expovariate(1 / self.pause)
            self._put()

    def _put(self) -> None:
        if self.live.streams and self.chance.random() < 0.1:
            fault, what = {"kind": "ws_close"}, "ws_close"
        else:
            which, name = self._requests()
            kind = self.chance.choice(self.KINDS)
            fault = {"kind": kind, "count": self.chance.choice([1, 1, 2]), **which}
            if kind == "latency":
                fault["ms"] = self.chance.choice([300, 1_000, TIMEOUT_MS + 1_000])
            if kind == "status":
                fault |= {
                    "status": self.chance.choice([500, 502, 503, 504]),
                    "body": "<html>try later</html>",
                }
            what = f"{kind} {name}"
        id = control(self.sandbox, "POST", "/faults", {"venue": self.live.id, **fault})["id"]
        self._pending[id] = what, time.monotonic() + 10

    def _requests(self) -> tuple[dict[str, Any], str]:
        """Those that a fault is for: every third time those that place or cancel orders."""
        which = self.chance.random()
        if which < 0.22:
            return {"method": "POST", "path": self.live.places}, "orders"
        if which < 0.34:
            return {"cancels": True}, "cancels"
        seen = control(self.sandbox, "GET", f"/requests?venue={self.live.id}&limit=150")
        kinds = {(request["method"], pattern_of(request["path"])) for request in seen}
        method, path = self.chance.choice(sorted(kinds) or [("GET", "/")])
        return {"method": method, "path": path}, f"{method} {path}"

    def lift(self) -> None:
        for id, (what, _) in self._pending.items():
            self.met[what] += control(self.sandbox, "GET", f"/faults?id={id}")["met"]
        self._pending.clear()
        control(self.sandbox, "DELETE", "/faults")


def pattern_of(path: str) -> str:
    """A regular expression for a path and those that differ from it by an id."""
    parts = [
        r"[^/]+" if any(map(str.isdigit, part)) and not VERSION.match(part) else part
        for part in path.split("/")
    ]
    return f"^{'/'.join(parts)}$"


VERSION = re.compile(r"v\d+$")


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
        return 1 if self.is_short else 2

    @property
    def before_kill(self) -> float:
        """After how many trades it is killed."""
        return self.trades / (2 if self.is_short else 4)


@dataclass
class Measured:
    """The bot's process, at one moment: seconds after it was started the last time."""

    seconds: float
    resident_kb: int
    sockets: int


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
        self.faults = Faults(sandbox, live, self.chance, wanted.pause)
        self.measured: list[Measured] = []
        self.kills = 0
        self.began_ms = control(sandbox, "GET", "/clock")["now"]
        self._started = self._process_started = time.monotonic()
        self._next_jump = self._started + 10
        self._read = 0
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
                "process_throttle_secs": 1 if self.wanted.is_short else 2,
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
        while not self.enough.exists() or self.bot.rows("select 1 from trades where is_open"):
            assert self.bot.is_running(), self.bot.end_of_log()
            assert self.seconds < deadline, f"{self.closed()} trades\n{self.bot.end_of_log()}"
            self.faults.turn()
            self.jump()
            self.measure()
            closed = self.closed()
            if not self.kills and closed >= self.wanted.before_kill:
                self.kill()
            if closed >= self.wanted.trades and self.process_seconds >= self.wanted.seconds:
                self.enough.touch()
            time.sleep(0.2)
        self.faults.lift()
        rounds = self.bot.rounds()
        self.bot.wait_until(lambda: self.bot.rounds() >= rounds + 3 and not self.in_flight(), 120)
        self.bot.stop()

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
        with suppress(OSError):
            status = Path(f"/proc/{self.bot.pid}/status").read_text()
            found = re.search(r"VmRSS:\s+(\d+) kB", status)
            links = [str(link.readlink()) for link in Path(f"/proc/{self.bot.pid}/fd").iterdir()]
            sockets = sum(link.startswith("socket:") for link in links)
            if found is not None:
                self.measured.append(Measured(seconds, int(found[1]), sockets))
                with (self.folder / "measured").open("a") as lines:
                    lines.write(
                        f"{seconds:.0f} s: {found[1]} kB, {sockets} sockets, {self.closed()} trades\n"
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
