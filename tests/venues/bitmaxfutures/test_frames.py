"""bitmaxfutures' frames: channels, refusals, what an order's reports come to; and any JSON at all."""

import asyncio
import itertools
import json
from decimal import Decimal
from pathlib import Path

import ccxt
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from ccxt_ext.testing.any_json import any_json, field_names, mutated, named
from ccxt_ext.venues.bitmaxfutures.fills import Report
from ccxt_ext.venues.bitmaxfutures.streams.frames import joined, parted, refusal
from ccxt_ext.venues.bitmaxfutures.streams.order_desk import OrderDesk
from tests.venues.bitmaxfutures.other_end import MARKET, PRIVATE, PUBLIC, SYMBOL, Bitmax, sample
from tests.venues.offline_stream import levels, settled
from tests.venues.profiles import DATA

NAMES = sorted(path.stem for path in (DATA / "bitmaxfutures" / "documented").glob("ws-*.json"))
# What a client may send, and this one does not: wildcards, and what another request serves as well.
NOT_SENT = {
    "ws-bar-unsub-all",
    "ws-bar-unsub-interval",
    "ws-bar-unsub-symbol",
    "ws-demo-barhist-request",
    "ws-unsub-wildcard",
}


def test_every_documented_frame_has_its_test():
    tests = "".join(path.read_text() for path in Path(__file__).parent.glob("test_s*.py"))
    assert {name for name in NAMES if f'"{name}"' not in tests} == NOT_SENT


def test_channels_of_one_kind_go_together():
    assert joined(["depth:A", "bbo:A", "depth:B", "futures-order", "bar:1:A", "bar:5:A", "bar:1:B"]) == [
        "depth:A,B",
        "bbo:A",
        "futures-order",
        "bar:1:A,B",
        "bar:5:A",
    ]
    assert joined([f"trades:{n}" for n in range(21)])[1:] == [
        "trades:10,11,12,13,14,15,16,17,18,19",
        "trades:20",
    ]


CHANNELS = st.builds("{}:{}".format, st.sampled_from(["depth", "bar:1", "bbo"]), st.text("AB-", min_size=1))


@given(st.lists(CHANNELS, unique=True))
def test_what_was_joined_can_be_parted(channels):
    assert sorted(itertools.chain(*map(parted, joined(channels)))) == sorted(channels)
    assert parted("futures-order") == ["futures-order"]


EXPECTING = "Unable to handle symbol USDT/BTMX, expecting BTC-PERP"


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("ws-auth-error", (200006, None, "Unable to find User Account Data")),
        ("ws-error", (100005, "INVALID_WS_REQUEST_DATA", "Invalid request action: trade-snapshot")),
        ("ws-place-order-error", (300001, "INVALID_PRICE", "Order price is too low from market price.")),
        ("ws-depth-realtime-sub-error", (100008, "Unable to handle symbol USDT/BTMX", None)),
        ("ws-depth-snapshot-realtime-error", (100008, "SYMBOL_ERROR", EXPECTING)),
        ("ws-place-order", None),
        ("ws-auth-success", None),
        ("ws-auth-ready", None),
        ("ws-order-status", None),
        ("ws-futures-account-snapshot", None),
        ("ws-bbo", None),
    ],
)
def test_refusals(name, expected):
    told = refusal(sample(name))
    assert (told and tuple(told[key] for key in ("code", "reason", "message"))) == expected


# -- what an order's reports come to ---------------------------------------------------------------


def reports(fills, id="a"):
    """An order's life: each fill is an amount, a price and a fee, all in hundredths."""
    total = [Decimal(0)] * 3
    yield Report(id, True, 0, "new")
    for number, fill in enumerate(fills, 1):
        amount, price, fee = (Decimal(part) / 100 for part in fill)
        total = [total[0] + amount, total[1] + amount * price, total[2] + fee]
        last = number == len(fills)
        yield Report(id, not last, number, f"filled {number}", *total, amount, price, fee)


FILLS = st.lists(
    st.tuples(st.integers(1, 500), st.integers(1, 500), st.integers(0, 50)), min_size=1, max_size=8
)


@settings(max_examples=200, deadline=None)
@given(FILLS, st.data())
def test_whatever_is_missed_repeated_or_late_the_fills_come_to_the_same(fills, data):
    every = list(reports(fills))
    desk = OrderDesk()
    desk.begun = True
    told, states = [], []
    seen = data.draw(st.lists(st.sampled_from(every), max_size=20))
    for report in [*seen, every[-1]]:
        live = data.draw(st.booleans())
        changed, new = desk.take(report, live)
        told += new
        if changed:
            states.append(report)
    last = every[-1]
    assert sum(fill.amount for fill in told) == last.filled
    assert sum(fill.cost for fill in told) == last.cost
    assert sum(fill.fee for fill in told) == last.fee
    assert all(fill.amount > 0 for fill in told)
    # Never backwards, never twice, and the end is told.
    assert [report.touched for report in states] == sorted({report.touched for report in states})
    assert states[-1] == last and desk.open_ids() == []


@given(FILLS)
def test_without_a_loss_each_fill_is_told_as_it_was(fills):
    desk = OrderDesk()
    told = [fill for report in reports(fills) for fill in desk.take(report, True)[1]]
    assert [(f.amount, f.cost, f.fee) for f in told] == [
        (Decimal(a) / 100, Decimal(a) / 100 * Decimal(p) / 100, Decimal(f) / 100) for a, p, f in fills
    ]
    assert all(fill.last for fill in told)


def test_an_average_that_was_rounded_corrects_itself():
    desk = OrderDesk()
    desk.begun = True
    third = Decimal("3.333333333")
    desk.take(Report("a", True, 1, 1, Decimal(3), third * 3, Decimal(3)), False)
    _, fills = desk.take(Report("a", False, 2, 2, Decimal(4), Decimal(14), Decimal(4)), False)
    assert [fill.cost for fill in fills] == [14 - 3 * third]


def test_old_orders_are_told_only_if_they_turn_out_to_be_ours_or_go_on():
    desk = OrderDesk(since=1000)
    end = list(reports([(100, 100, 1)]))[-1]
    assert desk.remember_old("a", "row", 999)
    assert desk.take(end, False) == (False, [])
    assert desk.place("a") == "row"
    changed, fills = desk.take(end, False)
    assert changed and len(fills) == 1
    assert desk.place("a") is None and desk.unsettled() == []
    assert desk.remember_old("b", "row", 999)
    changed, fills = desk.take(list(reports([(100, 100, 1)], "b"))[-1], True)
    assert changed and len(fills) == 1


@pytest.mark.parametrize("at", [5, 6])
def test_what_has_ended_is_not_open_again(at):
    desk = OrderDesk()
    assert desk.take(Report("a", False, 5, "canceled"), True)[0]
    assert desk.take(Report("a", True, at, "open"), True) == (False, [])
    assert desk.open_ids() == []


def test_what_happened_since_the_watching_began_is_news_though_it_was_not_seen():
    desk = OrderDesk(since=1000)
    assert not desk.remember_old("a", "row", 1000)
    five, two, one = Decimal(5), Decimal(2), Decimal(1)
    amounts = {"filled": five, "cost": five, "last_amount": two, "last_price": one}
    for created, told in ((1000, [3, 2]), (999, [2])):
        report = Report(str(created), False, 1001, "end", created=created, **amounts)
        assert [fill.amount for fill in desk.take(report, False)[1]] == told
    assert desk.take(Report("before", True, 999, "open", created=998, **amounts), False) == (True, [])


def test_what_is_known_of_orders_does_not_grow_for_ever(monkeypatch):
    monkeypatch.setattr("ccxt_ext.venues.bitmaxfutures.streams.order_desk.REMEMBERED", 10)
    desk = OrderDesk()
    desk.take(Report("open", True, 0, 0), True)
    for number in range(100):
        desk.take(Report(str(number), False, number, 0), True)
    assert len(desk.known) <= 20
    assert {"open", "99", "98"} <= set(desk.known)


# -- any JSON --------------------------------------------------------------------------------------

COMING = [
    frame
    for name in NAMES
    for frame in [sample(name)]
    if "m" in frame and frame["m"] != "disconnected" and not name.startswith("ws-auth")
]
for frame in COMING:
    if "symbol" in frame:
        frame["symbol"] = MARKET
KEYS = sorted(set().union(*map(field_names, COMING)))
ANY = any_json.map(lambda tree: named(tree, KEYS))
MANY = settings(deadline=None, max_examples=60, suppress_health_check=[HealthCheck.too_slow])


@MANY
@example([{"m": "depth-snapshot", "symbol": ["BTC-PERP"], "data": {}}], False)
@given(st.lists(ANY | mutated(COMING), min_size=1, max_size=12), st.booleans())
@example([None, sample("ws-futures-order")], True)
@example([{**sample("ws-futures-order"), "s": "NEW-PERP", "symbol": "NEW-PERP"}], True)
def test_whatever_comes_is_told_as_an_error_or_understood(frames, private):
    asyncio.run(meets([json.dumps(frame) for frame in frames], PRIVATE if private else PUBLIC))


REST = {
    "futures/order/open": {"code": 0, "data": []},
    "futures/position": sample("rest-v2-futures-position"),
    "v1/depth": {"code": 100101},
    # A market that nobody knows has the markets loaded, which fails.
    "futures/contract": {"code": 100101},
    "futures/collateral": {"code": 100101},
}
PARAMS = {"clientOrderId": "abc123"}


async def meets(frames, url):
    async with Bitmax(REST) as venue:
        tasks = [
            await venue.watch(f"watch_{kind}", SYMBOL)
            for kind in ("order_book", "trades", "ohlcv", "ticker", "mark_price", "funding_rate")
        ]
        tasks += [
            await venue.watch(f"watch_{kind}") for kind in ("orders", "my_trades", "balance", "positions")
        ]
        await venue.reply(await venue.sign_on())
        tasks.append(
            await venue.watch("create_order_ws", SYMBOL, "limit", "buy", 1, 100, {"clientOrderId": "abc123"})
        )
        await venue.say(*frames, url=url)
        for task in tasks:
            if task.done():
                assert task.exception() is None or isinstance(task.exception(), ccxt.BaseError), task
            task.cancel()
        await settled()
        for connection in venue.connections:
            assert connection.error is None, connection.error
        # Nothing is so bad that it does not go on.
        await venue.exchange.un_watch_order_book(SYMBOL)
        book = await venue.watch("watch_order_book", SYMBOL)
        await venue.say(sample("ws-depth-snapshot-futures"), url=PUBLIC)
        assert levels(await book)["bids"][0] == [0.06733, 667.0]
        task = await venue.watch("watch_orders")
        await venue.say({**sample("ws-futures-order"), "orderId": "after"}, url=PRIVATE)
        if (await task)[-1]["id"] != "after":  # one of the above, which nobody had taken
            task = await venue.watch("watch_orders")
        assert (await task)[-1]["id"] == "after"
