"""freqtrade's own objects, contracts and a sandbox; no bot. A test runs it where freqtrade is installed."""

import logging

import pytest
from freqtrade.enums import RunMode
from freqtrade.exceptions import InsufficientFundsError, InvalidOrderException
from freqtrade.persistence import Order, Trade, init_db
from freqtrade.resolvers import ExchangeResolver
from freqtrade.util import dt_from_ts, dt_ts

import ccxt_ext
from ccxt_ext.integrations.freqtrade import funding
from ccxt_ext.integrations.freqtrade.in_flight import LOST, Sent
from ccxt_ext.sandbox import Sandbox

VENUE, BTC, ETH = "bitmaxfutures", "BTC/USDT:USDT", "ETH/USDT:USDT"
REQUESTS = f"/requests?venue={VENUE}"
INSTRUCTIONS = {"last": "Market", "mark": "Mark", "index": "Ref"}
START = 1_772_434_800_000  # 2026-03-02 07:00
SIDES = {True: ("sell", "buy"), False: ("buy", "sell")}


def configured(venue, config, dry_run=False, options={}):
    names = {"apiKey": "key", "secret": "secret"}
    return {
        "dry_run": dry_run,
        "runmode": RunMode.DRY_RUN if dry_run else RunMode.LIVE,
        **{"trading_mode": "futures", "margin_mode": "isolated", "stake_currency": "USDT"},
        "db_url": "sqlite://",
        "exchange": {
            "name": venue,
            **{theirs: config[ours] for ours, theirs in names.items()},
            "ccxt_config": {
                **{name: value for name, value in config.items() if name not in names},
                "options": {**config.get("options", {}), **options},
            },
            "enable_ws": False,
        },
    }


class Desk:
    """What a bot does with its exchange, call by call, while the sandbox's time stands."""

    def __init__(self, sandbox, exchange):
        self.sandbox, self.exchange, self.venue = sandbox, exchange, exchange.id
        self.client = getattr(ccxt_ext, self.venue)(sandbox.config(self.venue))

    def at(self, clock):
        """Let time pass until this time of the day."""
        hours, minutes, seconds = map(int, clock.split(":"))
        start = self.sandbox.now() // 86_400_000 * 86_400_000
        self.sandbox.freeze(at_ms=start + ((hours * 60 + minutes) * 60 + seconds) * 1000)

    def round(self, clock):
        self.at(clock)
        self.exchange.reload_markets()

    def order(self, trade, side, amount):
        return self.exchange.create_order(
            pair=trade.pair,
            ordertype="market",
            side=side,
            amount=amount,
            rate=self.client.fetch_ticker(trade.pair)["last"],
            leverage=trade.leverage,
            reduceOnly=side == trade.exit_side,
            initial_order=not trade.orders,
        )

    def enter(self, pair, is_short, amount, leverage=3.0):
        trade = Trade(
            **{"pair": pair, "is_short": is_short, "leverage": leverage, "is_open": True},
            **{"stake_amount": 0.0, "amount": 0.0, "open_rate": 1.0, "fee_open": 0.001, "fee_close": 0.001},
            **{"open_date": dt_from_ts(self.sandbox.now()), "trading_mode": "futures"},
            exchange=self.venue,
        )
        Trade.session.add(trade)
        self.fill(trade, self.order(trade, SIDES[is_short][0], amount))
        return trade

    def fill(self, trade, order):
        """freqtrade learns of an order that was filled."""
        known = Order.parse_from_ccxt_object(
            order, trade.pair, order["side"], order["amount"], order["average"]
        )
        trade.orders.append(known)
        trade.update_order(order)
        trade.update_trade(known)
        Trade.commit()

    def counted(self, trade):
        """As freqtrade asks for it now and then."""
        fees = self.exchange.get_funding_fees(
            trade.pair, trade.amount, trade.is_short, trade.date_last_filled_utc
        )
        trade.set_funding_fees(fees)
        return trade.funding_fees

    def paid(self, pair):
        """What the engine's position has received."""
        [held] = [each for each in self.positions() if each["symbol"] == pair]
        return -float(held["funding"])

    def positions(self):
        return self.sandbox.control("GET", f"/positions?venue={self.venue}")


def open_desk(sandbox, monkeypatch, dry_run=False, venue=VENUE, **options):
    init_db("sqlite://")
    config = configured(venue, sandbox.config(venue), dry_run, options)
    exchange = ExchangeResolver.load_exchange(config, validate=False, load_leverage_tiers=True)
    monkeypatch.setattr(funding, "dt_ts", lambda date=None: sandbox.now() if date is None else dt_ts(date))
    return Desk(sandbox, exchange)


@pytest.fixture(scope="module")
def one_sandbox():
    with Sandbox(venues=[VENUE, "btex"], clock="frozen", start_ms=START) as sandbox:
        yield sandbox


@pytest.fixture
def desk(one_sandbox, monkeypatch):
    one_sandbox.control("POST", "/reset")
    desk = open_desk(one_sandbox, monkeypatch)
    yield desk
    desk.exchange.close()
    Trade.session.remove()


# -- funding ----------------------------------------------------------------------------------------


def test_what_was_seen_is_counted_as_the_engine_has_it(desk):
    long, short = desk.enter(BTC, False, 0.03), desk.enter(ETH, True, 2.0)
    assert (desk.counted(long), desk.counted(short)) == (0, 0)
    for clock in ("07:30:00", "07:55:00", "08:00:01", "12:00:00", "15:51:00", "16:00:30"):
        desk.round(clock)
    for trade in (long, short):
        # Each payment is rounded against the account, to the ninth digit.
        assert trade.funding_fees == pytest.approx(desk.paid(trade.pair), abs=3e-9) != 0
        assert desk.counted(trade) == trade.funding_fees


def test_it_is_found_by_who_asks_before_the_next_round(desk):
    trade = desk.enter(BTC, False, 0.03)
    desk.round("07:59:00")
    desk.at("08:00:05")
    assert desk.counted(trade) == pytest.approx(desk.paid(BTC), abs=2e-9)


def test_what_was_not_seen_shortly_before_is_not_counted_and_said(desk, caplog):
    trade = desk.enter(BTC, False, 0.03)
    desk.round("07:45:00")
    desk.round("08:01:00")
    assert "the funding rate was not seen shortly before 2026-03-02 08:00" in caplog.text
    assert (desk.counted(trade), desk.paid(BTC) != 0) == (0, True)


def test_of_a_position_that_was_closed_before_nothing_is_counted(desk):
    """By a stop, of which freqtrade does not know yet."""
    trade = desk.enter(BTC, False, 0.03)
    desk.round("07:58:00")
    desk.client.close_position(BTC)
    desk.round("08:00:20")
    assert (trade.funding_fees, desk.counted(trade)) == (0, 0)


def test_of_a_position_that_was_closed_afterwards_all_is_counted(desk):
    trade = desk.enter(BTC, True, 0.03)
    desk.round("07:58:00")
    rate = desk.client.fetch_funding_rate(BTC)
    desk.at("08:00:10")
    desk.client.close_position(BTC)
    desk.round("08:00:20")
    expected = rate["fundingRate"] * rate["markPrice"] * 0.03
    assert trade.funding_fees == pytest.approx(expected) != 0


def test_no_payment_counts_twice_when_more_of_a_trade_is_found_filled(desk):
    trade = desk.enter(BTC, False, 0.03)
    desk.round("07:58:00")
    more = desk.order(trade, "buy", 0.01)
    desk.round("08:00:20")  # before freqtrade finds the order filled
    desk.fill(trade, more)
    assert desk.counted(trade) == pytest.approx(desk.paid(BTC), abs=2e-9)
    assert trade.amount == pytest.approx(0.04)


def test_a_restart_keeps_what_was_counted(desk):
    trade = desk.enter(BTC, False, 0.03)
    desk.round("07:58:00")
    desk.round("08:00:20")
    again = funding.seen_funding(desk.exchange, desk.client, {"runmode": RunMode.LIVE, "dry_run": False})
    for clock in ("08:01:00", "15:58:00", "16:00:20"):
        desk.at(clock)
        again.look()
        fees = again.fees(BTC, trade.amount, False, trade.date_last_filled_utc)
        trade.set_funding_fees(fees)
        assert trade.funding_fees == pytest.approx(desk.paid(BTC), abs=3e-9)


@pytest.mark.parametrize("hours", [8, None])
def test_on_btex_it_counts_if_it_is_told_how_often_it_is_paid(one_sandbox, monkeypatch, caplog, hours):
    one_sandbox.control("POST", "/reset")
    with caplog.at_level(logging.INFO):
        desk = open_desk(one_sandbox, monkeypatch, venue="btex", fundingIntervalHours=hours)
        trade = desk.enter(BTC, True, 0.03)
        for clock in ("07:58:00", "08:00:20", "15:55:00", "16:00:20"):
            desk.round(clock)
    assert desk.paid(BTC) != 0
    assert trade.funding_fees == pytest.approx(desk.paid(BTC) if hours else 0, abs=3e-8)
    assert caplog.text.count("does not tell when funding is paid. None is counted") == (hours is None)
    desk.exchange.close()
    Trade.session.remove()


def test_it_says_once_what_is_counted(one_sandbox, monkeypatch, caplog):
    with caplog.at_level(logging.INFO):
        desk = open_desk(one_sandbox, monkeypatch, dry_run=True)
    assert caplog.text.count("tells the coming funding rate only") == 1
    desk.exchange.close()


# -- exits ------------------------------------------------------------------------------------------


def test_on_btex_an_exit_that_may_be_there_counts(one_sandbox, monkeypatch):
    """Its outcome is unknown. A second one would open a position if the first is found."""
    one_sandbox.control("POST", "/reset")
    desk = open_desk(one_sandbox, monkeypatch, venue="btex")
    trade = desk.enter(BTC, False, 0.03)
    kept = desk.exchange._lost.in_flight
    assert [sent.purpose for sent in kept.all] == ["entry"]
    kept.add(Sent("exit", one_sandbox.now(), BTC, "limit", "sell", 10.0, 9e9, state=LOST))
    told = r"0\.03 BTC is held long, and other open orders sell 0\.01 BTC"
    with pytest.raises(InsufficientFundsError, match=told):
        desk.order(trade, "sell", 0.03)
    desk.exchange.close()
    Trade.session.remove()


# -- liquidation ------------------------------------------------------------------------------------


@pytest.mark.parametrize("is_short", [False, True])
@pytest.mark.parametrize(
    ("amount", "leverage"),
    # Of notional values in each of the first three brackets.
    [(0.1, 1.0), (0.1, 2.0), (0.1, 7.9), (0.5, 100.0), (1.5, 10.0), (1.5, 50.0), (6.0, 20.0)],
)
def test_the_liquidation_price_of_a_dry_run_is_the_engines(desk, is_short, amount, leverage):
    trade = desk.enter(BTC, is_short, amount, leverage)
    [position] = desk.positions()
    price = desk.exchange.dry_run_liquidation_price(
        **{"pair": BTC, "is_short": is_short, "amount": amount, "leverage": leverage, "open_trades": []},
        open_rate=float(position["entry_price"]),
        stake_amount=trade.stake_amount,
        wallet_balance=trade.stake_amount,
    )
    [told] = desk.exchange.fetch_positions(BTC)
    if position["liquidation_price"] is None:
        assert (price, told["liquidationPrice"]) == (None, None)
        return
    truth = float(position["liquidation_price"])
    assert price == pytest.approx(truth, abs=0.25)
    assert told["liquidationPrice"] == pytest.approx(truth, abs=0.01)
    assert (told["leverage"], told["marginMode"]) == (int(leverage), "isolated")
    assert told["initialMargin"] == told["collateral"] == float(position["margin"])


# -- stops ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["limit", "market"])
@pytest.mark.parametrize("by", ["last", "mark", "index"])
@pytest.mark.parametrize("is_short", [False, True])
def test_a_stop_is_placed_found_cancelled_and_triggered(desk, kind, by, is_short):
    trade = desk.enter(BTC, is_short, 0.02)
    away = 1 if is_short else -1
    order_types = {"stoploss": kind, "stoploss_price_type": by, "stoploss_on_exchange_limit_ratio": 0.9}
    place = {
        "pair": BTC,
        "amount": 0.02,
        "order_types": order_types,
        "leverage": 3.0,
        "side": trade.exit_side,
    }
    exchange, stop_price = desk.exchange, trade.open_rate * (1 + away * 0.02)
    first = exchange.create_stoploss(stop_price=stop_price, **place)
    found = exchange.fetch_stoploss_order(first["id"], BTC)
    assert (found["status"], found["type"], found["reduceOnly"]) == ("open", kind, True)
    assert found["stopPrice"] == pytest.approx(stop_price, abs=0.25)
    assert (found["price"] is None) is (kind == "market")
    nearer, farther = (stop_price * (1 - away * part) for part in (0.01, -0.01))
    adjusts = [exchange.stoploss_adjust(price, found, trade.exit_side) for price in (nearer, farther)]
    assert adjusts == [True, False]
    [sent] = [each["body"] for each in desk.sandbox.control("GET", REQUESTS) if "stopPrice" in each["body"]]
    assert f"ReduceOnly{INSTRUCTIONS[by]}" in sent

    cancelled = exchange.cancel_stoploss_order_with_result(first["id"], BTC, 0.02)
    assert (cancelled["status"], cancelled["filled"]) == ("canceled", 0)
    with pytest.raises(InvalidOrderException, match="triggered at once"):
        exchange.create_stoploss(stop_price=trade.open_rate * (1 - away * 0.02), **place)
    second = exchange.create_stoploss(stop_price=stop_price, **place)
    desk.sandbox.control("POST", "/price", {"venue": VENUE, "market": "BTC-PERP", "change": str(away * 0.03)})
    ended = exchange.fetch_stoploss_order(second["id"], BTC)
    assert (ended["status"], ended["filled"]) == ("closed", 0.02)
    assert ended["average"] and ended["fee"]["cost"]
    late = exchange.cancel_stoploss_order_with_result(second["id"], BTC, 0.02)
    assert (late["status"], late["filled"], late["average"]) == ("closed", 0.02, ended["average"])
    assert desk.positions() == []
