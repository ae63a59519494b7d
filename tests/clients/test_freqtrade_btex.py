"""freqtrade from PyPI, unmodified, on BTEX: what it does otherwise there than on other venues."""

import json
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

import pytest

import ccxt_ext
from ccxt_ext.sandbox import Sandbox
from tests.clients.client_programs import Environment, RunningSandbox, running_sandbox
from tests.clients.client_venues import VENUES
from tests.clients.freqtrade_api import Steered
from tests.clients.freqtrade_bot import settings

pytestmark = pytest.mark.timeout(400)

ALONE = Path(__file__).parent / "btex_alone.py"
LINEAR = ("BTC/USDT:USDT", "ETH/USDT:USDT")
STEP = 0.01


@pytest.fixture(scope="module")
def sandbox(clients: Environment, tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningSandbox]:
    """One in which nobody else trades."""
    log = tmp_path_factory.mktemp("sandbox") / "stderr"
    money = "btex/counterparty:USDT=20000,spot.USDT=2000"
    with running_sandbox(clients, log, "--venue", "btex", "--account", money) as running:
        yield running


def configuration(sandbox: RunningSandbox, account: str, mode: str, **more: Any) -> dict[str, Any]:
    config = settings(VENUES["btex"], sandbox.config("btex", account), dry_run=False, mode=mode)
    config["exchange"] |= {
        "name": "btex",
        "pair_whitelist": LINEAR if mode == "futures" else VENUES["btex"].pairs,
    }
    types = dict.fromkeys(("entry", "exit", "emergency_exit", "stoploss"), "limit")
    return {**config, "timeframe": "5m", "order_types": {**types, "stoploss_on_exchange": False}, **more}


@contextmanager
def client(sandbox: RunningSandbox, account: str) -> Iterator[Any]:
    exchange = ccxt_ext.btex(sandbox.config("btex", account))
    with closing(exchange.session):
        exchange.load_markets()
        yield exchange


@pytest.fixture(scope="module")
def positions(sandbox: RunningSandbox) -> list[dict[str, Any]]:
    """Of several leverages, long and short, as the venue has them."""
    found = []
    with client(sandbox, "config") as exchange:
        for pair, amount, leverages in ((LINEAR[0], 37, (1.5, 3, 10, 100)), (LINEAR[1], 411, (2, 5, 20))):
            for leverage in leverages:
                for side, other in (("buy", "sell"), ("sell", "buy")):
                    params = {"leverage": leverage, "marginMode": "isolated"}
                    exchange.create_order(pair, "market", side, amount, None, params)
                    found.append({**exchange.fetch_position(pair), "leverage": leverage})
                    exchange.create_order(pair, "market", other, amount, None, params)
    return found


@pytest.fixture(scope="module")
def others(sandbox: RunningSandbox) -> list[str]:
    """Contracts that are inverse or dated."""
    with client(sandbox, "config") as exchange:
        return [
            market["symbol"]
            for market in exchange.markets.values()
            if market["contract"] and market["active"] and not (market["swap"] and market["linear"])
        ]


@pytest.fixture(scope="module")
def alone(
    clients: Environment, sandbox: RunningSandbox, positions: list[dict[str, Any]], others: list[str]
) -> dict[str, Any]:
    """What freqtrade's class does without a bot, of several things; freqtrade takes long to start."""
    dry = configuration(sandbox, "config", "futures", dry_run=True)
    live = configuration(sandbox, "counterparty", "futures")
    with client(sandbox, "counterparty") as exchange:
        price = exchange.fetch_ticker(LINEAR[0])["last"]
    names = {
        "symbol": "pair",
        "side": "side",
        "contracts": "contracts",
        "entryPrice": "entry",
        "leverage": "leverage",
    }
    asked = {
        "refusals": {"config": dry},
        "pairs": {"config": dry, "chosen": [*others, LINEAR[0]]},
        "liquidations": {
            "config": dry,
            "positions": [{names[name]: each[name] for name in names} for each in positions],
        },
        "exits": {"config": live, "price": price},
    }
    done = clients.run("python", ALONE, stdin=None, input=json.dumps(asked))
    told: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return told


def test_what_the_venue_has_not_is_refused_in_freqtrades_own_words(alone: dict[str, Any]) -> None:
    said = dict(alone["refusals"])
    assert said.pop("none") is None
    assert {name: error for name, (error, _) in said.items()} == dict.fromkeys(said, "ConfigurationError")
    words = {name: text for name, (_, text) in said.items()}
    assert words["cross"] == "Freqtrade does not support 'cross' 'futures' on BTEX."
    assert words["minutes"].startswith("Invalid timeframe '1m'. This exchange supports: ['5m', '15m'")
    assert words["stops"] == "On exchange stoploss is not supported for BTEX."
    assert words["many candles"] == (
        "This strategy requires 3000 candles to start, which is more than the 2999 that BTEX provides for 5m."
    )


def test_inverse_and_dated_contracts_are_refused_in_freqtrades_own_words(
    alone: dict[str, Any], others: list[str]
) -> None:
    assert len(others) == 4
    assert alone["pairs"]["left"] == [LINEAR[0]]
    words = "is not tradable with Freqtrade. Removing it from whitelist.."
    assert alone["pairs"]["told"] == [f"Pair {pair} {words}" for pair in others]


def test_a_dry_run_is_liquidated_where_the_venue_would(
    alone: dict[str, Any], positions: list[dict[str, Any]]
) -> None:
    assert len(positions) == 14
    true = [position["liquidationPrice"] for position in positions]
    assert alone["liquidations"] == [pytest.approx(price or 0, abs=STEP) for price in true]


def test_an_exit_that_would_open_a_position_is_not_sent(
    alone: dict[str, Any], sandbox: RunningSandbox
) -> None:
    def refused(wanted: str, held: str, pending: str) -> list[str]:
        text = (
            f"to sell {wanted} BTC of {LINEAR[0]}: that would open a position, as {held} BTC is held long, "
            f"and other open orders sell {pending} BTC. BTEX has no reduce-only orders, so it was not sent"
        )
        return ["InsufficientFundsError", text]  # with this one freqtrade goes on

    assert alone["exits"] == {
        "nothing held": refused("0.01", "0", "0"),
        "too much": refused("0.031", "0.03", "0"),
        "two exits": refused("0.03", "0.03", "0.02"),
        "the rest": None,
        "all of it": None,
        "again": refused("0.02", "0", "0"),
    }
    sent = list(sandbox.orders("btex", "counterparty").values())[-4:]
    assert sorted((order["side"], order["amount"]) for order in sent) == [
        ("buy", "30"),
        ("sell", "10"),
        ("sell", "20"),
        ("sell", "20"),
    ]


# -- bots ---------------------------------------------------------------------------------------------


@pytest.fixture
def steered(
    clients: Environment, sandbox: RunningSandbox, tmp_path: Path, request: pytest.FixtureRequest
) -> Iterator[Steered]:
    config = configuration(sandbox, "counterparty", request.param)
    bot = Steered(clients, tmp_path / "user_data", "btex", config)
    try:
        bot.wait_until_it_runs()
        yield bot
    finally:
        bot.bot.stop()


def placed(sandbox: RunningSandbox) -> list[tuple[str, ...]]:
    """Contract, direction, type, leverage, whether margin is crossed, and price of what was placed."""
    names = ("contract_id", "direction", "type", "leverage", "is_cross", "price")
    seen = [each for each in sandbox.control("/requests?venue=btex") if each["path"].endswith("/place_order")]
    forms = [parse_qs(each["body"]) for each in seen]
    return [tuple(form[name][0] for name in names) for form in forms]


@pytest.mark.parametrize("steered", ["futures"], indirect=True)
def test_a_bot_trades_contracts(sandbox: RunningSandbox, steered: Steered) -> None:
    btc, eth = LINEAR
    before = len(placed(sandbox))
    steered.api.enter(btc, "long", leverage=3, ordertype="market")
    steered.api.enter(eth, "short", leverage=7, ordertype="market")
    with client(sandbox, "counterparty") as exchange:
        positions = {each["symbol"]: each for each in exchange.fetch_positions()}
        for number, pair, leverage in ((1, btc, 3), (2, eth, 7)):
            trade, position = steered.trade(number), positions[pair]
            assert (trade["leverage"], position["leverage"], position["marginMode"]) == (
                leverage,
                leverage,
                "isolated",
            )
            assert trade["open_rate"] == pytest.approx(position["entryPrice"], abs=STEP)
            assert trade["amount"] == pytest.approx(position["contracts"] * position["contractSize"])
            buffered = 0.95 * position["liquidationPrice"] + 0.05 * trade["open_rate"]
            assert trade["liquidation_price"] == pytest.approx(buffered, abs=2 * STEP)

        # The other process knows of no leverage that was set, and the position is not asked for it.
        steered.kill_and_start()
        steered.reload()
        steered.api.exit(1)
        steered.wait_until(lambda: steered.is_closed(1))
        terms = [order[:5] for order in placed(sandbox)[before:]]
        assert terms == [
            ("3", "1", "market", "3", "-1"),
            ("4", "-1", "market", "7", "-1"),
            ("3", "-1", "market", "3", "-1"),
        ]
        assert all(float(order[5]) for order in placed(sandbox)[before:])
        assert steered.complaints() == []

        # Somebody closes the other trade's position by hand. The bot's exit is not sent, and the order that
        # has closed the trade is found.
        contracts = positions[eth]["contracts"]
        by_hand = exchange.create_order(eth, "market", "buy", contracts, None, {"leverage": 7})
        steered.api.exit(2)
        refused = "0 ETH is held short, and other open orders buy 0 ETH. BTEX has no reduce-only orders"
        steered.wait_until(lambda: refused in steered.bot.log and steered.is_closed(2))
        trade, order = steered.trade(2), steered.orders(2)[-1]
        assert (trade["exit_reason"], order["order_id"]) == ("sold_on_exchange", by_hand["id"])
        assert trade["close_rate"] == pytest.approx(by_hand["average"])
        assert trade["fee_close_cost"] == pytest.approx(by_hand["fee"]["cost"])
        assert exchange.fetch_positions() == []

        # Another order is to close a part of a position: the bot's exit of all of it is refused. It goes on.
        steered.api.enter(btc, "long", leverage=3, ordertype="market")
        price = round(1.2 * steered.trade(3)["open_rate"], 2)
        other = exchange.create_order(btc, "limit", "sell", 10, price, {"leverage": 3})
        steered.api.exit(3)
        refused = "other open orders sell 0.01 BTC. BTEX has no reduce-only orders, so it was not sent."
        told = [line for line in steered.complaints() if line.startswith("Unable to place order")][-1]
        assert told.endswith(refused)
        assert not steered.is_closed(3) and len(steered.orders(3)) == 1
        exchange.cancel_order(other["id"], btc)
        steered.api.exit(3)
        steered.wait_until(lambda: steered.is_closed(3))
        assert exchange.fetch_positions() == []

        # The venue liquidates a position. No order tells of that: no exit is sent, and the trade is to be
        # deleted. Others are not disturbed.
        steered.api.enter(btc, "long", leverage=20, ordertype="market")
        steered.api.enter(eth, "short", leverage=7, ordertype="market")
        sent = len(placed(sandbox))
        fall = {"venue": "btex", "market": btc, "change": "-0.07"}
        Sandbox.connect(sandbox.described["control"]).control("POST", "/price", fall)
        noticed = "Not enough BTC in wallet to exit Trade(id=4"
        steered.wait_until(lambda: noticed in steered.bot.log)
        assert [each["symbol"] for each in exchange.fetch_positions()] == [eth]
        assert not steered.is_closed(4) and len(placed(sandbox)) == sent
        steered.api.call("DELETE", "trades/4")
        steered.api.exit(5)
        steered.wait_until(lambda: steered.is_closed(5))
        assert steered.held() == {} and exchange.fetch_positions() == []


@pytest.mark.parametrize("steered", ["spot"], indirect=True)
def test_a_bot_on_spot_knows_what_ended_while_it_was_killed(
    sandbox: RunningSandbox, steered: Steered
) -> None:
    """The venue looks up no spot order, so freqtrade's database tells what was asked for."""
    btc, eth = VENUES["btex"].pairs
    with client(sandbox, "counterparty") as mine, client(sandbox, "config") as others:
        rates = {pair: better(mine, pair) for pair in (btc, eth)}
        for pair, rate in rates.items():
            steered.api.enter(pair, price=rate, ordertype="limit")
        [filled], [canceled] = steered.orders(1), steered.orders(2)
        steered.wait_until(lambda: all(steered.orders(number)[0]["status"] == "open" for number in (1, 2)))
        steered.bot.kill()
        others.create_order(btc, "limit", "sell", filled["amount"], rates[btc])
        mine.cancel_order(canceled["order_id"], eth)

        steered.start()
        steered.wait_until_it_runs()
        steered.wait_until(lambda: steered.trade(1)["fee_open_currency"] == "BTC")
        [filled] = steered.orders(1)
        assert filled["status"] == "closed"
        assert (filled["average"], filled["filled"]) == (rates[btc], filled["amount"])
        assert steered.trade(1)["fee_open"] == 0.002
        # A new order may be listed late; later, one that is not listed has ended. If it was seen to end while
        # the bot ran, its trade is removed.
        steered.wait_until(lambda: {each["status"] for each in steered.orders(2)} <= {"canceled"})

        # What was bought is sold by hand: once the bot looks, it finds the order by its fills.
        bid = mine.fetch_order_book(btc)["bids"][0][0]
        sold = mine.create_order(btc, "limit", "sell", steered.trade(1)["amount"], bid)
        steered.api.call("POST", "trades/1/reload")
        assert steered.is_closed(1)
        trade, order = steered.trade(1), steered.orders(1)[-1]
        assert (trade["exit_reason"], order["order_id"]) == ("sold_on_exchange", sold["id"])
        assert (trade["close_rate"], trade["fee_close"]) == (bid, 0.002)
        noticed = "Not enough BTC in wallet to exit"  # if it looked by itself before it was told to
        assert [line for line in steered.complaints() if not line.startswith(noticed)] == []


def better(exchange: Any, pair: str) -> float:
    """A price between the best ones, at which a buy waits and is the first to be filled."""
    book = exchange.fetch_order_book(pair)
    (bid, _), (ask, _) = book["bids"][0], book["asks"][0]
    assert ask - bid > 1.5 * STEP
    return float(exchange.price_to_precision(pair, bid + STEP))
