"""Compares what freqtrade believes with what its exchange tells and with what the sandbox's engine knows.

Every difference is a sentence. What freqtrade counts in a way of its own is counted here in that way, from
the engine's fills: a spot market's fee in coins makes what it sold smaller than what it bought.
"""

from collections.abc import Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass
from typing import Any

import ccxt_ext
from tests.clients.freqtrade_live import ACCOUNT, MONEY, LiveRun
from tests.clients.live_faults import control

Row = dict[str, Any]

RATE_DIGITS = 5e-9
"""freqtrade keeps a fee as a rate, with eight decimals."""


@dataclass
class Books:
    """What the three know."""

    is_futures: bool
    # freqtrade's
    trades: list[Row]
    told: list[Row]
    """Its orders."""
    # the engine's
    orders: dict[str, Row]
    fills: list[Row]
    """Amounts in the currency that is traded, not in contracts."""
    positions: list[Row]
    money: float
    coins: Mapping[str, float]
    """What the account has of what is no money."""
    # the exchange's, by our class
    seen_fills: list[Row]
    seen_open: list[Row]
    seen_positions: list[Row]
    steps: Mapping[str, float]
    """By pair, the step of amounts."""
    ticks: Mapping[str, float]
    """By pair, that of prices."""


def books_of(run: LiveRun) -> Books:
    live, sandbox = run.live, run.sandbox

    def engine(what: str) -> Any:
        return control(sandbox, "GET", f"/{what}?venue={live.id}&account={ACCOUNT}")

    wallet = f"&wallet={live.wallet['wallet']}" if live.wallet else ""
    balance = control(sandbox, "GET", f"/balance?venue={live.id}&account={ACCOUNT}{wallet}")
    exchange = getattr(ccxt_ext, live.id)(run.config)
    with closing(exchange.session):
        markets = exchange.load_markets()
        sizes = {pair: float(markets[pair]["contractSize"] or 1) for pair in live.pairs}
        seen = [fill for pair in live.pairs for fill in exchange.fetch_my_trades(pair, run.began_ms)]
        seen_open = [order for pair in live.pairs for order in exchange.fetch_open_orders(pair)]
        positions = exchange.fetch_positions(list(live.pairs)) if live.is_futures else []
        ticks = {pair: float(markets[pair]["precision"]["price"]) for pair in live.pairs}
        steps = {pair: float(markets[pair]["precision"]["amount"]) * sizes[pair] for pair in live.pairs}
    scaled = {"amount", "filled", "remaining"}
    fills = [with_size(fill, sizes[fill["symbol"]], scaled) for fill in engine("trades")]
    orders = [with_size(order, sizes[order["symbol"]], scaled) for order in engine("orders")]
    return Books(
        is_futures=live.is_futures,
        trades=run.bot.rows("select * from trades"),
        told=run.bot.orders(),
        orders={order["id"]: order for order in orders},
        fills=fills,
        positions=[with_size(row, sizes[row["symbol"]], scaled) for row in engine("positions")],
        money=float(balance["USDT"]["total"]),
        coins={c: float(row["total"]) for c, row in balance.items() if c != "USDT"},
        seen_fills=[{**fill, "amount": fill["amount"] * sizes[fill["symbol"]]} for fill in seen],
        seen_open=seen_open,
        seen_positions=[position for position in positions if position["contracts"]],
        steps=steps,
        ticks=ticks,
    )


def with_size(row: Row, size: float, names: set[str]) -> Row:
    return {
        name: float(value) * size if name in names and value is not None else value
        for name, value in row.items()
    }


def differences(books: Books) -> list[str]:
    return [
        *of_orders(books),
        *of_strangers(books),
        *of_fills(books),
        *of_trades(books),
        *of_money(books),
    ]


def near(one: Any, other: Any, within: float = 1e-9) -> bool:
    """Whether two numbers are the same, but for what floats make of them."""
    if one is None or other is None:
        return one is other
    return abs(float(one) - float(other)) <= within + 1e-9 * abs(float(other))


def of_orders(books: Books) -> Iterator[str]:
    """Each order of freqtrade's, against the engine's."""
    found_by_fills = {
        told["order_id"]
        for trade in books.trades
        if trade["exit_reason"] == "sold_on_exchange"
        for told in exits_of(trade, books)[-1:]
    }
    for told in books.told:
        name = f"order {told['order_id']} of trade {told['ft_trade_id']}"
        true = books.orders.get(told["order_id"])
        if true is None:
            yield f"{name}: the venue has none"
            continue
        if (told["side"], told["ft_pair"]) != (true["side"], true["symbol"]):
            yield f"{name}: {told['side']} {told['ft_pair']}, and {true['side']} {true['symbol']} there"
        if told["status"] != true["status"] or bool(told["ft_is_open"]) != (true["status"] == "open"):
            yield f"{name}: {told['status']} (open: {told['ft_is_open']}), and {true['status']} on the venue"
        for field in ("amount", "filled"):
            if not near(told[field], true[field]):
                yield f"{name}: {field} {told[field]}, and {true[field]} on the venue"
        # Of an exit that it has found by its fills, it may know no other price than theirs.
        found = told["order_id"] in found_by_fills
        same = near(told["price"], true["price"]) or (found and near(told["price"], true["average"], 1e-7))
        if true["type"] == "limit" and not same:
            yield f"{name}: price {told['price']}, and {true['price']} on the venue"
        if told["average"] is not None and not near(told["average"], true["average"], 1e-7):
            yield f"{name}: average {told['average']}, and {true['average']} on the venue"


def of_strangers(books: Books) -> Iterator[str]:
    """What is on the venue and freqtrade does not know."""
    known = {told["order_id"] for told in books.told}
    for id, order in books.orders.items():
        if id not in known and (order["status"] == "open" or order["filled"]):
            what = f"{order['side']} {order['amount']} {order['symbol']}, {order['filled']} filled"
            yield f"order {id} ({what}, {order['status']}) is unknown to freqtrade"
    taken_for_open = {told["order_id"] for told in books.told if told["ft_is_open"]}
    for order in books.seen_open:
        if order["id"] not in taken_for_open:
            yield f"order {order['id']} is open at the exchange, and freqtrade does not know of it"
    held = {(trade["pair"], SIDES[trade["is_short"]]): trade for trade in books.trades if trade["is_open"]}
    for position in books.positions:
        trade = held.get((position["symbol"], position["side"]))
        if trade is None or not near(trade["amount"], position["amount"]):
            what = f"{position['side']} {position['amount']} {position['symbol']}"
            yield f"position {what} is unknown to freqtrade"
    for position in books.seen_positions:
        if (position["symbol"], position["side"]) not in held:
            what = f"{position['side']} {position['contracts']} {position['symbol']}"
            yield f"position {what} at the exchange is unknown to freqtrade"
    there = {(position["symbol"], position["side"]) for position in books.positions}
    for pair, side in held:
        if books.is_futures and (pair, side) not in there:
            yield f"freqtrade is {side} in {pair}, and the venue has no such position"


SIDES = ("long", "short")


def of_fills(books: Books) -> Iterator[str]:
    """What the exchange tells of fills, against the engine's."""
    for id in {fill["order"] for fill in (*books.fills, *books.seen_fills)}:
        true = [fill for fill in books.fills if fill["order"] == id]
        seen = [fill for fill in books.seen_fills if fill["order"] == id]
        sums = {
            "amount": (sum(fill["amount"] for fill in seen), sum(fill["amount"] for fill in true)),
            "cost": (sum(fill["cost"] for fill in seen), sum(float(fill["cost"]) for fill in true)),
            "fee": (sum(fee_of(fill) for fill in seen), sum(float(fill["fee"]) for fill in true)),
        }
        for what, (told, is_so) in sums.items():
            if not near(told, is_so, 1e-8):
                yield f"fills of order {id}: {what} {told} at the exchange, and {is_so} on the venue"


def fee_of(fill: Mapping[str, Any]) -> float:
    fees = [fill["fee"]] if (fill.get("fee") or {}).get("cost") is not None else fill.get("fees") or []
    return float(sum(fee["cost"] for fee in fees))


@dataclass
class Deal:
    """What a freqtrade trade was by the engine's fills."""

    bought: float
    """Or sold, if it is short: what was opened."""
    open_cost: float
    open_fee: float
    closed: float
    close_cost: float
    close_fee: float
    fee_in_coins: bool

    @property
    def open_rate(self) -> float:
        return self.open_cost / self.bought

    @property
    def open_fee_rate(self) -> float:
        return self.open_fee / (self.bought if self.fee_in_coins else self.open_cost)

    def profit(self, short: bool, funding: float) -> float:
        """As freqtrade counts it: of what was closed."""
        opened = self.closed * self.open_rate
        fees = opened * self.open_fee_rate + self.close_fee
        gain = opened - self.close_cost if short else self.close_cost - opened
        return gain - fees + funding


def deal_of(trade: Row, books: Books) -> Deal | None:
    own = {told["order_id"] for told in books.told if told["ft_trade_id"] == trade["id"]}
    entry_side = "sell" if trade["is_short"] else "buy"
    fills = [fill for fill in books.fills if fill["order"] in own]
    entries = [fill for fill in fills if fill["side"] == entry_side]
    exits = [fill for fill in fills if fill["side"] != entry_side]
    if not entries:
        return None

    def total(rows: list[Row], name: str) -> float:
        return sum(float(row[name]) for row in rows)

    coin = trade["pair"].partition("/")[0]
    return Deal(
        total(entries, "amount"),
        total(entries, "cost"),
        total(entries, "fee"),
        total(exits, "amount"),
        total(exits, "cost"),
        total(exits, "fee"),
        {fill["fee_currency"] for fill in entries} == {coin},
    )


def of_trades(books: Books) -> Iterator[str]:
    """Each closed trade of freqtrade's: rates, amount, fees and profit."""
    for trade in books.trades:
        name = f"trade {trade['id']} ({trade['pair']})"
        deal = deal_of(trade, books)
        if deal is None:
            yield f"{name}: nothing was opened"
            continue
        if trade["is_open"]:
            continue
        step = books.steps[trade["pair"]]
        least = deal.bought - (deal.open_fee if deal.fee_in_coins else 0.0)
        # It sells whole steps, and of earlier trades what was too little then, if it makes up for the fee.
        whole = near(deal.closed, least) or near(deal.closed, deal.bought)
        if not (whole or (deal.fee_in_coins and least - step - 1e-9 <= deal.closed <= least)):
            yield f"{name}: {deal.bought} opened and {deal.closed} closed on the venue"
        exits = exits_of(trade, books)
        # Of several exits, each leaves the amount that the next one is to close.
        amounts = (least, deal.closed) if len(exits) < 2 else (books.orders[exits[-1]["order_id"]]["filled"],)
        if not any(near(trade["amount"], amount) for amount in amounts):
            yield f"{name}: amount {trade['amount']}, and {amounts[0]} on the venue"
        # It keeps the average on the market's tick.
        if not near(trade["open_rate"], deal.open_rate, 0.51 * books.ticks[trade["pair"]]):
            yield f"{name}: open rate {trade['open_rate']}, and {deal.open_rate} on the venue"
        if not deal.closed:
            yield f"{name}: closed, and nothing was closed on the venue"
            continue
        # It forgets the rate of an exit that was filled just when it was to be cancelled.
        forgotten = trade["close_rate"] is None and any(told["ft_cancel_reason"] for told in exits)
        rate = deal.close_cost / deal.closed
        if len(exits) == 1 and not forgotten and not near(trade["close_rate"], rate, 1e-7):
            yield f"{name}: close rate {trade['close_rate']}, and {rate} on the venue"
        # It counts the fee of what was opened anew, as a share of the stake, when it looks again.
        # Where what earlier trades left pays for the fee in coins, the stake is all that was bought.
        stakes = [deal.open_rate * amount / trade["leverage"] for amount in (least, deal.bought)]
        fees = (
            ("open", (deal.open_fee, *(trade["fee_open"] * stake for stake in stakes)), deal.open_fee_rate),
            ("close", (deal.close_fee,) if len(exits) == 1 else (), deal.close_fee / deal.close_cost),
        )
        for which, costs, rate in fees:
            told = trade[f"fee_{which}_cost"]
            if costs and not any(near(told, cost, 1e-6) for cost in costs):
                yield f"{name}: {which} fee {told}, and {costs[0]} on the venue"
            if not near(trade[f"fee_{which}"], rate, 1.01 * RATE_DIGITS):
                yield f"{name}: {which} fee rate {trade[f'fee_{which}']}, and {rate} on the venue"
        profit = deal.profit(bool(trade["is_short"]), trade["funding_fees"] or 0.0)
        rounding = RATE_DIGITS * (deal.open_cost + deal.close_cost) + 1e-7
        if abs(profit - trade["close_profit_abs"]) > rounding:
            yield f"{name}: profit {trade['close_profit_abs']}, and {profit} on the venue"


def exits_of(trade: Row, books: Books) -> list[Row]:
    """freqtrade's orders that have closed a trade, in their order."""
    return [
        told
        for told in books.told
        if told["ft_trade_id"] == trade["id"]
        and told["ft_order_side"] not in entry_sides(trade)
        and told["filled"]
    ]


def entry_sides(trade: Row) -> tuple[str, ...]:
    return ("sell",) if trade["is_short"] else ("buy",)


def of_money(books: Books) -> Iterator[str]:
    """What the account has, against what freqtrade says that it has earned. Once all is closed."""
    if any(trade["is_open"] for trade in books.trades):
        return
    expected, within, left = float(MONEY), 1e-6, dict.fromkeys(books.coins, 0.0)
    for trade in books.trades:
        deal = deal_of(trade, books)
        if deal is None or trade["close_profit_abs"] is None:
            continue
        expected += trade["close_profit_abs"]
        within += RATE_DIGITS * (deal.open_cost + deal.close_cost) + 1e-7
        if not books.is_futures:
            coin = trade["pair"].partition("/")[0]
            kept = deal.bought - deal.closed - (deal.open_fee if deal.fee_in_coins else 0.0)
            left[coin] = left.get(coin, 0.0) + kept
            # What was bought and not sold was paid for. freqtrade takes the fee in coins off what it sold.
            unsold = deal.bought - deal.closed
            expected -= unsold * deal.open_rate
            if deal.fee_in_coins:
                expected += deal.closed * deal.open_rate * deal.open_fee_rate
            else:
                expected -= unsold * deal.open_rate * deal.open_fee_rate
    if abs(expected - books.money) > within:
        yield f"the account has {books.money} USDT, and freqtrade's trades make it {expected}"
    for coin, amount in books.coins.items():
        if not near(amount, left.get(coin, 0.0), 1e-9):
            yield f"the account has {amount} {coin}, and freqtrade's trades leave {left.get(coin, 0.0)}"
