"""The demo on a contract market: opens a position, shows its profit, and closes it."""

from __future__ import annotations

import math
from decimal import Context, Decimal
from typing import Any

from ccxt_ext.demo import market
from ccxt_ext.demo.desk import UNITS, Desk
from ccxt_ext.demo.figures import exact, plain, plain_or_dash

_WIDE = Context(prec=40)
# How far figures may be apart, as venues round profits and fees to the digits of their currency.
CLOSE = Decimal("1e-6")


def trade(desk: Desk) -> None:
    price = desk.best[0] + exact(desk.market["precision"]["price"])
    amount = UNITS * desk.unit(price)
    money = desk.market["settle"]

    desk.page.step("An order is placed")
    before = total(desk, money)
    bought = desk.me.create_order(desk.symbol, "limit", "buy", float(amount), float(price))["id"]
    desk.page.say(f"buy {plain(amount)} contracts at {plain(price)}: order {bought}")
    desk.check_order("it", bought, "open", price, amount, Decimal(0))
    market.show_book(desk, price)

    desk.page.step("The counterparty fills it")
    sold = desk.other.create_order(desk.symbol, "limit", "sell", float(amount), float(price))["id"]
    desk.check_order("the counterparty's order", sold, "closed", price, amount, amount, desk.other)
    desk.check_order("ours", bought, "closed", price, amount, amount)
    paid, fees = value_of(desk, bought)

    desk.page.step("The position")
    mine = show_position(desk)
    desk.check_same("we are long", (mine["side"], exact(mine["contracts"])), ("long", amount))
    # The venue may round it.
    near = math.isclose(mine["entryPrice"], price, rel_tol=1e-6)
    desk.check("its entry price is what was paid", near, f"expected {price}, got {mine['entryPrice']}")
    [theirs] = desk.other.fetch_positions([desk.symbol])
    desk.check_same(
        "the counterparty is short", (theirs["side"], exact(theirs["contracts"])), ("short", amount)
    )

    desk.page.step("The counterparty raises the price")
    first, second = desk.me.fetch_order_book(desk.symbol)["asks"][:2]
    desk.other.create_order(desk.symbol, "limit", "buy", first[1], second[0])
    raised = show_position(desk)
    desk.check(
        "there is more profit", raised["unrealizedPnl"] >= mine["unrealizedPnl"], str(raised["unrealizedPnl"])
    )

    desk.page.step("It is closed")
    bid = desk.me.fetch_order_book(desk.symbol)["bids"][0][0]
    limit = float(desk.me.price_to_precision(desk.symbol, bid * 0.99))
    closed = desk.me.create_order(desk.symbol, "limit", "sell", float(amount), limit)["id"]
    received, more_fees = value_of(desk, closed)
    desk.check_same(
        "there is no position", [p for p in desk.me.fetch_positions([desk.symbol]) if p["contracts"]], []
    )
    profit = paid - received if desk.market["inverse"] else received - paid
    desk.page.say(f"profit {plain(rounded(profit))} {money}, fees {plain(rounded(fees + more_fees))} {money}")

    desk.page.step("Balance")
    after = total(desk, money)
    desk.page.table(
        [("", "before", "after", "change"), (money, plain(before), plain(after), plain(after - before))]
    )
    off = after - before - (profit - fees - more_fees)
    desk.check(
        "it changed by profit less fees", abs(off) <= CLOSE * max(Decimal(1), abs(after)), plain(rounded(off))
    )


def show_position(desk: Desk) -> Any:
    [position] = [each for each in desk.me.fetch_positions([desk.symbol]) if each["contracts"]]
    names = ("side", "contracts", "entryPrice", "liquidationPrice", "leverage", "marginMode")
    shown = [
        position[name] if isinstance(position[name], str) else plain_or_dash(position[name]) for name in names
    ]
    profit = f"{plain_or_dash(position['unrealizedPnl'])} {desk.market['settle']}"
    desk.page.table(
        [("side", "contracts", "entry", "liquidation", "leverage", "margin", "profit"), (*shown, profit)]
    )
    return position


def value_of(desk: Desk, id: str) -> tuple[Decimal, Decimal]:
    """The value of an order's trades in the settle currency, and their fees."""
    if desk.can("fetchOrderTrades"):
        trades = desk.me.fetch_order_trades(id, desk.symbol)
    else:
        trades = [trade for trade in desk.engine_trades() if trade["order"] == id]
    size = exact(desk.market["contractSize"])
    worth = fees = Decimal(0)
    for trade in trades:
        amount, price = exact(trade["amount"]) * size, exact(trade["price"])
        worth += _WIDE.divide(amount, price) if desk.market["inverse"] else amount * price
        fees += exact(trade["fee"]["cost"])
    return worth, fees


def total(desk: Desk, money: str) -> Decimal:
    free, used = desk.balances()[money]
    return free + used


def rounded(number: Decimal) -> Decimal:
    return number.quantize(Decimal("1e-8"), context=_WIDE)
