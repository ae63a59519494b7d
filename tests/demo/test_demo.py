"""The demo shows what is true, and says so when something is not."""

import re
from collections.abc import Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from decimal import Decimal
from pathlib import Path
from types import SimpleNamespace

import ccxt
import ccxt.pro
import pytest

import ccxt_ext
from ccxt_ext import demo
from ccxt_ext.cli import main
from ccxt_ext.demo import chart, story, streams
from ccxt_ext.demo.desk import Desk
from ccxt_ext.sandbox import Sandbox
from tests.cli.cli_helpers import COLOUR, run, run_on_terminal, undecorated


class Notes:
    """A page that keeps what it is told."""

    candles_wide = 20

    def __init__(self):
        self.checks = []

    def check(self, claim, true, detail):
        self.checks.append((claim, true, detail))

    def ignore(self, *args):
        pass

    step = say = table = book = chart = ignore

    @property
    def false(self):
        return [claim for claim, true, _ in self.checks if not true]


def told(box, venue, module=ccxt):
    box.control("POST", "/reset", {})
    page = Notes()
    story.tell(Desk(venue, box, page, module))
    return page


@pytest.fixture(scope="module")
def box():
    """A sandbox of all venues."""
    with Sandbox(seed=1) as sandbox:
        yield sandbox


ASCII = {"PYTHONUTF8": "0", "PYTHONIOENCODING": "ascii"}


@pytest.fixture(scope="module")
def shown() -> Mapping[str, Future]:
    """The command as it is run by several users, at once: most of its time it watches."""
    with ThreadPoolExecutor() as users:
        yield {
            "piped": users.submit(run, "demo"),
            "narrow": users.submit(run_on_terminal, "demo", columns=50),
            "colourless": users.submit(
                run_on_terminal, "demo", "--venue", "bitexasia", env={"NO_COLOR": "1"}
            ),
            "ascii": users.submit(run, "demo", "--venue", "bitexasia", env=ASCII),
        }


@pytest.fixture(scope="module")
def piped(shown):
    return shown["piped"].result()


def test_piped_it_is_plain_and_everything_is_true(piped):
    assert (piped.returncode, piped.stderr) == (0, "")
    assert "\x1b" not in piped.stdout and "✗" not in piped.stdout
    count = piped.stdout.count("✓")
    assert piped.stdout.endswith(f"\nAll {count} checks were true.\n") and count >= 20 * len(
        ccxt_ext.exchanges
    )


@pytest.mark.parametrize("venue", ccxt_ext.exchanges)
def test_every_venue_is_shown_trading(piped, venue):
    text = piped.stdout.split(f"{venue}  ", 1)[1].partition(" checks in ")[0]
    exchange = getattr(ccxt_ext, venue)()
    spot = exchange.options.get("defaultType", "spot") == "spot"
    candles = ["Candles, 1h"] if exchange.has["fetchOHLCV"] else []
    traded = ["The counterparty fills a part", "The rest is cancelled"]
    if not spot:
        traded = [
            "The counterparty fills it",
            "The position",
            "The counterparty raises the price",
            "It is closed",
        ]
    steps = [
        "Markets",
        "Ticker",
        "Order book",
        *candles,
        "An order is placed",
        *traded,
        "Balance",
    ]
    places = [text.index(f"\n{step}\n") for step in steps]
    assert places == sorted(places)
    assert text.count("< the order") == 1
    assert re.search(r"balance: .*to the last digit" if spot else r"it changed by profit less fees", text)


def test_a_live_market_and_an_order_are_shown_as_they_are_streamed(piped):
    text = piped.stdout.split("  streams  ", 1)[1].partition(" checks in ")[0]
    assert "\nA live market, as it is streamed\n" in text
    assert re.search(r"\n  \+\d\.\d\d s  book   [\d.]+ at [\d.]+ \| [\d.]+ at [\d.]+\n", text)
    assert "\nThe life of an order, as it is streamed\n" in text
    heard = re.findall(r"heard of: (\w+), ([\d.]+) filled", text)
    assert [status for status, _ in heard] == ["open", "open", "canceled"]
    assert heard[0][1] == "0" and heard[1][1] == heard[2][1] != "0"


def test_on_a_terminal_it_is_in_colour_and_fits(shown):
    code, screen = shown["narrow"].result()
    assert code == 0 and COLOUR.search(screen)
    assert all(len(line.rstrip()) <= 50 for line in undecorated(screen).splitlines())


def test_no_colour_when_that_is_unwanted(shown):
    code, screen = shown["colourless"].result()
    assert code == 0 and not COLOUR.search(screen)


def test_a_locale_without_our_characters(shown):
    done = shown["ascii"].result()
    assert done.returncode == 0
    assert done.stdout.isascii() and "?" not in done.stdout


def test_no_key_is_shown(piped, box):
    for venue in ccxt_ext.exchanges:
        for account in ("config", "counterparty"):
            assert box.config(venue, account)["secret"] not in piped.stdout


@pytest.mark.parametrize("seed", [2, 3])
def test_it_is_true_with_other_seeds(box, seed):
    box.control("POST", "/reset", {"seed": seed})
    page = Notes()
    for venue in ccxt_ext.exchanges:
        story.tell(Desk(venue, box, page))
    assert page.false == []
    box.control("POST", "/reset", {"seed": 1})


def test_what_is_not_shown_is_not_checked(piped):
    for section in piped.stdout.split("\nTicker\n")[1:]:
        _, figures, *checks = section.partition("\n\n")[0].splitlines()
        shown = figures.split()[1] != "-"
        assert any(check.endswith("✓ bid and ask are the engine's") for check in checks) == shown


def test_nothing_in_it_knows_a_venue():
    for file in Path(demo.__file__).parent.glob("*.py"):
        assert not any(id in file.read_text() for id in ccxt_ext.exchanges)


def with_changed(path, change):
    """A change to one figure of an answer: the lie is as small as it can be."""

    def lie(answer):
        *way, last = path
        part = answer
        for key in way:
            part = part[key]
        part[last] = change(part[last])
        return answer

    return lie


LAST_DIGIT = Decimal("0.0000000001")


def when_held(part):
    lie = with_changed([part, "USDT"], lambda number: number + LAST_DIGIT)
    return lambda balance: lie(balance) if balance["used"]["USDT"] else balance


LIES = {
    "free money": ("fetch_balance", when_held("free"), "balance: the whole cost is held"),
    "held money": ("fetch_balance", when_held("used"), "balance: the whole cost is held"),
    "money held before": (
        "fetch_balance",
        with_changed(["used", "USDT"], lambda n: n + LAST_DIGIT),
        "nothing is held yet",
    ),
    "status": ("fetch_order", with_changed(["status"], lambda s: "open"), "it is canceled"),
    "filled": ("fetch_order", with_changed(["filled"], lambda n: n + 0.00001), "ours is open"),
    "remaining": ("fetch_order", with_changed(["remaining"], lambda n: 0.0), "ours is open"),
    "price": ("fetch_order", with_changed(["price"], lambda n: n + 0.01), "it is open"),
    "trade": ("fetch_my_trades", with_changed([0, "amount"], lambda n: n + 0.00001), "it is among my trades"),
    "fee": ("fetch_my_trades", with_changed([0, "fee", "cost"], lambda n: n * 2), "the fee is the market's"),
    "no trade": ("fetch_my_trades", lambda trades: [], "it is among my trades"),
    "bid": ("fetch_order_book", with_changed(["bids", 3, 1], lambda n: n + 0.00001), "bids are the engine's"),
    "ask": ("fetch_order_book", with_changed(["asks", 0, 0], lambda n: n + 0.01), "asks are the engine's"),
    "ticker": ("fetch_ticker", with_changed(["ask"], lambda n: n + 0.01), "the ticker's bid and ask"),
    "bid of the ticker": (
        "fetch_ticker",
        with_changed(["bid"], lambda n: n - 0.01),
        "bid and ask are the engine's",
    ),
    "high": ("fetch_ticker", with_changed(["high"], lambda n: 1.0), "low <= last <= high"),
    "candle": ("fetch_ohlcv", with_changed([5, 2], lambda n: 1.0), "low <= open"),
    "gap": ("fetch_ohlcv", lambda candles: [*candles[:4], *candles[5:]], "one every 1h"),
    "late": ("fetch_ohlcv", lambda candles: candles[:-1], "the last close"),
    "still open": ("fetch_open_orders", lambda orders: [{"id": "1"}], "no order is open"),
}


@pytest.mark.parametrize("method, lie, claim", LIES.values(), ids=LIES.keys())
def test_a_lie_is_noticed(box, method, lie, claim):
    def lying(self, *args, **kwargs):
        return lie(getattr(ccxt.bitmart2, method)(self, *args, **kwargs))

    liar = type("bitmart2", (ccxt.bitmart2,), {method: lying})
    page = told(box, "bitmart2", SimpleNamespace(bitmart2=liar))
    assert any(claim in false for false in page.false), page.false


def test_candles_are_of_an_hour_or_else_of_the_first_timeframe(box):
    class Rare(ccxt.bitmart2):
        def describe(self):
            return {**super().describe(), "timeframes": {"15m": "15", "1d": "1440"}}

    page = told(box, "bitmart2", SimpleNamespace(bitmart2=Rare))
    assert page.false == []
    assert "one every 15m, without a gap" in [claim for claim, *_ in page.checks]


LACKING = {
    "no ticker": (
        {"fetchTicker": False},
        "balance: nothing is held, to the last digit",
        "low <= last <= high",
    ),
    "no orders": ({"createOrder": False}, "bid and ask are the engine's", "it is open"),
}


@pytest.mark.parametrize("lacks, shown, not_shown", LACKING.values(), ids=LACKING.keys())
def test_what_a_venue_lacks_is_left_out(box, lacks, shown, not_shown):
    class Lacking(ccxt.bitmart2):
        def describe(self):
            told = super().describe()
            return {**told, "has": {**told["has"], **lacks}}

        def fetch_ticker(self, *args, **kwargs):
            assert self.has["fetchTicker"]
            return super().fetch_ticker(*args, **kwargs)

    page = told(box, "bitmart2", SimpleNamespace(bitmart2=Lacking))
    claims = [claim for claim, *_ in page.checks]
    assert page.false == []
    assert shown in claims and not any(claim.startswith(not_shown) for claim in claims)


def with_rows(change):
    """A change to each row of what a watch method gives, in a copy: the client's own stays."""
    return lambda rows: [{**row, **change(row)} for row in rows]


def with_book(change):
    def lie(book):
        sides = {side: [[*row] for row in book[side]] for side in ("bids", "asks")}
        change(sides)
        return {**book, **sides}

    return lie


def raise_amount(sides):
    sides["asks"][-1][1] *= 2


def cross(sides):
    sides["bids"][0][0] = sides["asks"][0][0]


STREAMED_LIES = {
    "amount": ("watch_order_book", with_book(raise_amount), "levels are the engine's"),
    "crossed": ("watch_order_book", with_book(cross), "none crossed"),
    "trade": ("watch_trades", with_rows(lambda row: {"price": row["price"] + 1}), "in the venue's list"),
    "filled": (
        "watch_orders",
        with_rows(lambda row: {"filled": row["filled"] * 2}),
        "heard that it is open with",
    ),
    "status": ("watch_orders", with_rows(lambda row: {"status": "open"}), "heard that it is canceled"),
}


@pytest.mark.parametrize("method, lie, claim", STREAMED_LIES.values(), ids=STREAMED_LIES.keys())
def test_a_streamed_lie_is_noticed(box, monkeypatch, method, lie, claim):
    monkeypatch.setattr(streams, "WATCHED_S", 0.5)
    monkeypatch.setattr(streams, "COMPARISONS", 2)
    monkeypatch.setattr(streams, "PATIENCE_S", 4)
    id = streams.choose(ccxt_ext.exchanges)
    kind = getattr(ccxt.pro, id)

    async def lying(self, *args, **kwargs):
        return lie(await getattr(kind, method)(self, *args, **kwargs))

    liar = type(id, (kind,), {method: lying})
    box.control("POST", "/reset", {})
    page = Notes()
    streams.Streams(id, box, page, 1, SimpleNamespace(**{id: liar})).tell()
    assert any(claim in false for false in page.false), page.false


@pytest.mark.parametrize("kept", [3, 0])
def test_trades_may_have_left_a_short_list_but_not_all_of_them(box, monkeypatch, kept):
    monkeypatch.setattr(streams, "WATCHED_S", 0.5)
    id = streams.choose(ccxt_ext.exchanges)
    kind = getattr(ccxt.pro, id)

    class Short(kind):
        async def fetch_trades(self, symbol, *args, **kwargs):
            """The last that were watched: on a busy machine, many may have come since."""
            watched = {streams.key(trade) for trade in self.trades[symbol]}
            listed = await super().fetch_trades(symbol, *args, **kwargs)
            return [trade for trade in listed if streams.key(trade) in watched][-kept:] if kept else []

    box.control("POST", "/reset", {})
    page = Notes()
    streams.Streams(id, box, page, 1, SimpleNamespace(**{id: type(id, (Short,), {})})).tell()
    assert [claim for claim in page.false if "in the venue's list" not in claim] == []
    assert bool(page.false) is not bool(kept)


def test_the_venue_that_streams_most_is_shown():
    most = streams.choose(ccxt_ext.exchanges)
    assert all(getattr(ccxt.pro, most)().has[name] is True for name in streams.SHOWN)
    assert streams.choose(["btex", most]) == streams.choose([most, "btex"]) == most
    assert streams.choose(["btex"]) == "btex"
    assert streams.choose([]) is None


def test_an_unbalanced_ledger_is_noticed(box):
    class Cooked:
        config = box.config

        def control(self, method, path, json=None):
            answer = box.control(method, path, json)
            if path.startswith("/ledger"):
                answer["bitmart2"]["BTC"]["total"] += ".0000000001"
            return answer

    box.control("POST", "/reset", {})
    page = Notes()
    story.tell(Desk("bitmart2", Cooked(), page))
    assert len(page.false) == 1 and "add up" in page.false[0]


def test_what_was_false_is_told_and_the_exit_code_is_1(monkeypatch, capsys):
    def broken(self):
        raise ccxt.ExchangeError("out\nof order")

    monkeypatch.setattr(story, "check_ledger", broken)
    venues = ["bitmart2", "bitexasia"]
    assert main(["demo", *(word for venue in venues for word in ("--venue", venue))]) == 1
    out = capsys.readouterr().out
    false = [f"  {id}: it ran to its end (ExchangeError: out of order)\n" for id in venues]
    assert out.endswith(f"checks were false:\n{''.join(false)}")


# open, high, low, close: rising through all; falling in the middle; a doji at the bottom
CANDLES = [[0, 1, 4, 1, 4, 9], [1, 3, 4, 1, 2, 9], [2, 1, 1, 1, 1, 9]]


@pytest.mark.parametrize(
    "colour, unicode, drawn",
    [
        (True, True, ["┃╽", "┃╿╻"]),
        (False, True, ["┃▄", "┃▀╻"]),
        (False, False, ["O#", "O#O"]),
    ],
)
def test_candles_are_drawn(colour, unicode, drawn):
    rows = chart.draw(CANDLES, 2, colour, unicode)
    assert ["".join(cell.text for cell in row).rstrip() for row in rows] == drawn
    assert [cell.rising for cell in rows[0]] == [True, False, True]


def test_candles_of_one_price_are_drawn():
    rows = chart.draw([[0, 5, 5, 5, 5, 1]], 3, True, True)
    assert "".join(row[0].text for row in rows).strip() != ""
