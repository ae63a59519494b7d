"""freqtrade's orders whose answer was lost, or which freqtrade's database never got, at each venue."""

import gc
import json
import logging
import weakref
from types import SimpleNamespace

import ccxt
import pytest

import ccxt_ext
from ccxt_ext.integrations.freqtrade import in_flight, lost
from ccxt_ext.integrations.freqtrade.database import KNOWN, PENDING, UNKNOWN
from ccxt_ext.integrations.freqtrade.in_flight import InFlight, path_for
from ccxt_ext.integrations.freqtrade.lost import LostOrders
from ccxt_ext.venue.settling.unsettled import Unsettled
from tests.venue.settling.losing import Losing

WHERE = {
    "bitmart2": ("bitmart2", None),
    "bitexbit": ("bitexbit", None),
    "btex": ("btex", "BTC/USDT:USDT"),
    "btex-spot": ("btex", "BTC/USDT"),
    "bitmaxfutures": ("bitmaxfutures", None),
}
CONTRACTS = ("btex", "bitmaxfutures")


class Known:
    """What freqtrade's database would have."""

    def __init__(self):
        self.ids = []
        self.pending = []
        self.opened = None
        self.open = True

    def is_open(self):
        return self.open

    def has_order(self, order_id, pair):
        return PENDING if order_id in self.pending else KNOWN if order_id in self.ids else UNKNOWN

    def orders_since(self, pair, since_ms):
        return list(self.ids)

    def opened_at(self, pair):
        return self.opened


class Killed(BaseException):
    pass


class Candles:
    pass


class Bot:
    """freqtrade, as far as it places and cancels orders, in a process that can be killed."""

    def __init__(self, place, folder):
        self.place = place
        self.path = folder / "trades.sqlite.in-flight.json"
        self.database = Known()
        self.starts()

    def starts(self):
        """In a process of its own, which knows of the one before what is in the file."""
        ccxt_ext.reset_shared()
        self.place.exchange = self.place.client()
        if self.place.symbol == "BTC/USDT" and self.place.exchange.id == "btex":
            self.place.exchange.options["defaultType"] = "spot"
        self.place.exchange.load_markets()
        self.lost = LostOrders(self.place.exchange, InFlight(self.path), self.database)

    def buys(self, price=None, side="buy", **params):
        place = self.place
        price = place.price if price is None else price
        with self.lost.exits(False):
            return place.exchange.create_order(
                place.symbol,
                "limit",
                side,
                place.amount,
                place.exchange.price_to_precision(place.symbol, price),
                params,
            )

    def rounds(self, ms=5_000):
        self.place.passes(ms)
        self.lost.look_again()

    def settles(self):
        """bitmart2 refuses a new process' token as long as it knows the old one's."""
        for _ in range(5):
            self.rounds(60_000)
            if not self.noted() or self.noted()[0][0] == "held":
                return

    def noted(self):
        return [(row["state"], row["order_id"]) for row in json.loads(self.path.read_text())]

    def dies_placing(self, price=None, **params):
        create = self.lost._create

        def until_answered(*args):
            create(*args)
            raise Killed

        self.lost._create = until_answered
        with pytest.raises(Killed):
            self.buys(price, **params)


@pytest.fixture(params=WHERE)
def bot(request, monkeypatch, tmp_path):
    id, symbol = WHERE[request.param]
    place = Losing(monkeypatch, id, "sync", symbol)
    monkeypatch.setattr(lost, "time", SimpleNamespace(monotonic=lambda: place.ticks))
    bot = Bot(place, tmp_path)
    bot.where = request.param
    return bot


def told(caplog, level):
    return [record.getMessage() for record in caplog.records if record.levelno == level]


class TestAtOnce:
    def test_an_order_is_noted_until_the_database_has_it(self, bot):
        bot.place.fates = ["answered"]
        order = bot.buys()
        assert bot.noted() == [("told", order["id"])]
        bot.database.ids.append(order["id"])
        bot.rounds()
        assert bot.noted() == []
        assert [order.status for order in bot.place.orders()] == ["open"]

    def test_it_is_noted_before_it_is_sent(self, bot):
        def sends(*args):
            [row] = json.loads(bot.path.read_text())
            assert (row["state"], row["order_id"], row["symbol"]) == ("sent", None, bot.place.symbol)
            raise ccxt.InsufficientFunds("no")

        bot.lost._create = sends
        with pytest.raises(ccxt.InsufficientFunds):
            bot.buys()
        assert bot.noted() == [], "a refusal leaves nothing"

    def test_one_whose_answer_was_lost_is_given(self, bot, caplog):
        bot.place.fates = ["cut"]
        order = bot.buys()
        [true] = bot.place.orders()
        assert order["id"] == bot.place.name(true) and order["status"] == "open"
        assert bot.noted() == [("told", order["id"])]
        assert told(caplog, logging.WARNING)[-1] == f"It was placed, as {order['id']}"

    def test_one_that_never_came_is_refused_until_that_is_certain(self, bot, caplog):
        bot.place.fates = ["lost"]
        before = bot.place.ticks
        with pytest.raises(ccxt.NetworkError) as caught:
            bot.buys()
        assert caught.value.outcome == "unknown"
        assert bot.place.ticks - before <= 6, "a round is not held up for longer"
        if bot.where == "bitexbit":  # its nonces rise, so that it is known at once
            assert bot.noted() == []
        else:
            with pytest.raises(ccxt.NetworkError, match="no other order is sent"):
                bot.buys()
            bot.rounds(200_000)
        assert bot.noted() == [] and "was not placed" in told(caplog, logging.WARNING)[-1]
        assert bot.buys()["id"] == bot.place.name(bot.place.orders()[0])

    def test_of_what_led_to_an_error_nothing_is_kept(self, bot):
        """Its frames have freqtrade's candles in them, and there is an error in each round."""
        if bot.where == "bitexbit":
            return
        bot.place.fates = ["lost"]
        candles = Candles()
        kept = weakref.ref(candles)

        def buys(candles):
            with pytest.raises(ccxt.NetworkError):
                bot.buys()

        for _ in range(5):
            buys(candles)
        del candles
        gc.collect()
        assert kept() is None
        assert sum(type(each) is Unsettled for each in gc.get_objects()) <= 1
        assert len(bot.noted()) == 1

    def test_what_only_reduces_is_sent_all_the_same(self, bot):
        if bot.where != "bitmaxfutures":
            return
        bot.place.fates = ["lost"]
        with pytest.raises(ccxt.NetworkError):
            bot.buys()
        with pytest.raises(ccxt.ExchangeError, match=r"(?i)reduce|position"):
            bot.buys(reduceOnly=True)

    def test_a_cancel_whose_answer_was_lost_tells_how_the_order_ended(self, bot):
        if bot.where == "btex-spot":
            return  # it does not tell of orders that were cancelled
        for fate in ("cut", "lost"):
            order = bot.buys()
            bot.place.fates = [fate]
            ended = bot.place.exchange.cancel_order(order["id"], bot.place.symbol)
            assert ended["id"] == order["id"] and ended["status"] != "open"
            assert {order.status for order in bot.place.orders()} == {"canceled"}

    def test_of_a_cancel_that_nothing_is_told_of_there_is_an_end(self, bot):
        if bot.where != "btex-spot":
            return
        order = bot.buys()
        bot.place.fates = ["cut"]
        before = bot.place.ticks
        with pytest.raises(ccxt.NetworkError):
            bot.place.exchange.cancel_order(order["id"], bot.place.symbol)
        assert bot.place.ticks - before <= 6
        with pytest.raises(ccxt.OrderNotFound):  # freqtrade tries it again
            bot.place.exchange.cancel_order(order["id"], bot.place.symbol)

    def test_no_cancel_is_looked_for_within_another(self, bot):
        order = bot.buys()
        bot.place.fates = ["lost"] * 50
        before = bot.place.ticks
        with pytest.raises(ccxt.NetworkError):
            bot.place.exchange.cancel_order(order["id"], bot.place.symbol)
        assert bot.place.ticks - before <= 6


class TestLater:
    def test_one_that_is_found_later_is_cancelled(self, bot, caplog):
        bot.place.fates = ["cut"]
        bot.place.down = False
        bot.lost._settle, settle = fails, bot.lost._settle
        with pytest.raises(ccxt.NetworkError):
            bot.buys()
        assert [state for state, _ in bot.noted()] == ["lost"]
        assert "It is looked for in each round, and cancelled once found" in told(caplog, logging.ERROR)[-1]
        bot.lost._settle = settle
        bot.rounds()
        assert [order.status for order in bot.place.orders()] == ["canceled"] and bot.noted() == []

    def test_one_that_the_database_never_got_is_cancelled(self, bot):
        order = bot.buys()
        bot.database.pending.append(order["id"])
        bot.rounds()
        assert bot.noted() == [("told", order["id"])], "freqtrade is about to write it"
        bot.database.pending.clear()
        bot.rounds()
        assert [order.status for order in bot.place.orders()] == ["canceled"] and bot.noted() == []

    def test_one_of_another_thread_has_more_time(self, bot):
        order = bot.buys()
        bot.lost.in_flight.all[0].thread = -1
        bot.rounds()
        assert bot.noted() == [("told", order["id"])]
        bot.rounds(lost.OTHERS_MS)
        assert [order.status for order in bot.place.orders()] == ["canceled"]

    def test_one_that_was_filled_is_given_when_the_same_is_placed_again(self, bot, caplog):
        order = bot.buys(bot.place.crossing())
        bot.rounds()
        assert bot.noted() == [("held", order["id"])]
        [said] = told(caplog, logging.ERROR)
        assert "was placed and filled, and freqtrade knows nothing of it" in said
        bot.rounds()
        assert len(told(caplog, logging.ERROR)) == 1, "it is not said each round"
        given = bot.buys(bot.place.crossing())
        assert (given["id"], given["status"]) == (order["id"], "closed")
        assert given["amount"] == given["filled"] == bot.place.amount
        assert len(bot.place.orders()) == 1
        bot.database.ids.append(order["id"])
        bot.rounds()
        assert bot.noted() == []

    def test_one_that_freqtrade_has_found_itself_is_not_given_once_more(self, bot):
        order = bot.buys(bot.place.crossing())
        bot.rounds()
        bot.database.ids.append(order["id"])
        fresh = bot.buys()
        assert fresh["id"] != order["id"]
        assert bot.noted() == [("told", fresh["id"])]

    def test_one_in_the_other_direction_is_refused(self, bot):
        if bot.where not in CONTRACTS:
            return
        bot.buys(bot.place.crossing())
        bot.rounds()
        with pytest.raises(ccxt.ExchangeError, match="freqtrade knows nothing of it"):
            bot.buys(bot.place.crossing(), side="sell")
        assert len(bot.place.orders()) == 1

    def test_one_whose_gain_is_gone_is_forgotten(self, bot, caplog):
        order = bot.buys(bot.place.crossing())
        bot.rounds()
        position = bot.place.exchange
        if bot.where in CONTRACTS:
            bot.lost._create(bot.place.symbol, "limit", "sell", bot.place.amount, bot.place.price)
        else:
            base = bot.place.symbol.partition("/")[0]
            position.fetch_balance = lambda: {base: {"total": 0.0}}
        fresh = bot.buys()
        assert fresh["id"] != order["id"]
        assert "is not there any more, so it is forgotten" in caplog.text

    def test_an_exit_is_given_to_the_trade_that_it_was_of_alone(self, bot):
        bot.buys(bot.place.crossing())
        bot.database.ids = [bot.place.name(order) for order in bot.place.orders()]
        bot.rounds()
        bot.database.opened = bot.place.exchange.milliseconds()
        order = self.sells(bot)
        bot.rounds()
        assert bot.noted() == [("held", order["id"])]
        again = self.sells(bot)
        assert again["id"] == order["id"]
        bot.rounds()
        bot.database.opened = bot.place.exchange.milliseconds()  # the next trade
        bot.buys(bot.place.crossing())
        bot.database.ids = [
            bot.place.name(order) for order in bot.place.orders() if bot.place.name(order) != order
        ]
        assert self.sells(bot)["id"] != order["id"]

    def sells(self, bot):
        with bot.lost.exits(True):
            bid = bot.place.exchange.fetch_order_book(bot.place.symbol)["bids"][5][0]
            return bot.place.exchange.create_order(bot.place.symbol, "limit", "sell", bot.place.amount, bid)


def test_a_round_looks_for_no_longer_than_it_may(bot, monkeypatch):
    """One that takes long does not hold up the others for ever."""
    looked = []

    def look(sent):
        looked.append(sent.amount)
        bot.place.ticks += 10
        raise ccxt.RequestTimeout("late")

    bot.lost._look = look
    for amount in (1, 2, 3):
        sent = in_flight.Sent("entry", 0, bot.place.symbol, "limit", "buy", amount, state="lost")
        bot.lost.in_flight.add(sent)
    for _ in range(4):
        bot.rounds(0)
    assert looked == [1, 2, 3, 1]


class TestKilled:
    def test_before_the_answer(self, bot):
        bot.dies_placing()
        assert bot.noted() == [("lost", None)]
        bot.place.passes(3_000)
        bot.starts()
        bot.settles()
        assert [order.status for order in bot.place.orders()] == ["canceled"] and bot.noted() == []

    def test_before_the_answer_of_a_stop(self, bot):
        if bot.where != "bitmaxfutures":
            return  # freqtrade has stops on the exchange there alone
        bot.dies_placing(triggerPrice=bot.place.crossing())
        bot.place.passes(3_000)
        bot.starts()
        bot.settles()
        assert [order.status for order in bot.place.orders()] == ["canceled"] and bot.noted() == []

    def test_before_the_answer_of_one_that_was_filled(self, bot):
        price = bot.place.crossing()
        bot.dies_placing(price)
        bot.place.passes(3_000)
        bot.starts()
        bot.settles()
        [true] = bot.place.orders()
        assert bot.noted() == [("held", bot.place.name(true))]
        bot.starts()
        assert bot.buys(price)["id"] == bot.place.name(true)
        assert len(bot.place.orders()) == 1

    def test_before_it_was_sent(self, bot):
        def dies(*args):
            raise Killed

        bot.lost._create = dies
        with pytest.raises(Killed):
            bot.buys()
        bot.starts()
        bot.rounds(0)
        bot.rounds(200_000)
        assert bot.noted() == [] and bot.place.orders() == []

    def test_after_the_answer(self, bot):
        order = bot.buys()
        bot.starts()
        bot.database.open = False
        bot.rounds()
        assert bot.noted() == [("told", order["id"])], "the database is not open yet"
        bot.database.open = True
        bot.settles()
        assert [order.status for order in bot.place.orders()] == ["canceled"] and bot.noted() == []

    def test_an_order_that_the_database_has_is_not_taken_for_it(self, bot):
        """One like it, placed in the same second."""
        kept = bot.buys()
        bot.database.ids.append(kept["id"])
        bot.rounds(0)
        bot.dies_placing()
        bot.place.passes(3_000)
        bot.starts()
        bot.settles()
        states = {bot.place.name(order): order.status for order in bot.place.orders()}
        assert states.pop(kept["id"]) == "open"
        assert list(states.values()) == ["canceled"] and bot.noted() == []


def fails(error, timeout_ms):
    raise ccxt.NetworkError("nothing answers")


def test_the_file_is_beside_the_database(tmp_path):
    assert path_for({"db_url": f"sqlite:///{tmp_path}/a.sqlite"}) == tmp_path / "a.sqlite.in-flight.json"
    assert path_for({"db_url": "sqlite:///a.sqlite"}).name == "a.sqlite.in-flight.json"
    assert path_for({"db_url": "sqlite://"}) is None
    elsewhere = {"db_url": "postgresql://me:secret@host/trades", "user_data_dir": tmp_path}
    path = path_for(elsewhere)
    assert path.parent == tmp_path and "secret" not in path.name
    assert path != path_for({**elsewhere, "db_url": "postgresql://me:secret@host/others"})


def test_a_file_that_cannot_be_read_is_said(tmp_path, caplog):
    path = tmp_path / "a.in-flight.json"
    path.write_text("{")
    assert InFlight(path).all == []
    assert "look whether there are orders that nobody knows of" in caplog.text


def test_a_file_that_cannot_be_written_is_said_once(tmp_path, caplog):
    kept = InFlight(tmp_path / "missing" / "a.in-flight.json")
    for _ in range(2):
        kept.add(in_flight.Sent("entry", 0, "BTC/USDT", "limit", "buy", 1))
    assert len(told(caplog, logging.ERROR)) == 1
