"""What the demo does on a contract market: it opens a position, shows its profit, and closes it."""

from __future__ import annotations

import math
from decimal import Context, Decimal
from typing import TYPE_CHECKING, Any

from ccxt_ext.demo.story import UNITS, exact, plain, told

if TYPE_CHECKING:
    from ccxt_ext.demo.story import Story

_WIDE = Context(prec=40)
# Venues round profit and fees to the digits of their money, each by itself.
CLOSE = Decimal("1e-6")


def trade(story: Story) -> None:
    price = story.best[0] + exact(story.market["precision"]["price"])
    amount = UNITS * story.unit(price)
    money = story.market["settle"]

    story.page.step("An order is placed")
    before = total(story, money)
    bought = story.me.create_order(story.symbol, "limit", "buy", float(amount), float(price))["id"]
    story.page.say(f"buy {plain(amount)} contracts at {plain(price)}: order {bought}")
    story.order("it", bought, "open", price, amount, Decimal(0))
    story.book(price)

    story.page.step("The counterparty fills it")
    sold = story.other.create_order(story.symbol, "limit", "sell", float(amount), float(price))["id"]
    story.order("the counterparty's order", sold, "closed", price, amount, amount, story.other)
    story.order("ours", bought, "closed", price, amount, amount)
    paid, fees = value(story, bought)

    story.page.step("The position")
    mine = show(story)
    story.same("we are long", (mine["side"], exact(mine["contracts"])), ("long", amount))
    # A venue may round it.
    near = math.isclose(mine["entryPrice"], price, rel_tol=1e-6)
    story.true("its entry price is what was paid", near, f"expected {price}, got {mine['entryPrice']}")
    [theirs] = story.other.fetch_positions([story.symbol])
    story.same("the counterparty is short", (theirs["side"], exact(theirs["contracts"])), ("short", amount))

    story.page.step("The counterparty raises the price")
    first, second = story.me.fetch_order_book(story.symbol)["asks"][:2]
    story.other.create_order(story.symbol, "limit", "buy", first[1], second[0])
    raised = show(story)
    story.true(
        "there is more profit", raised["unrealizedPnl"] >= mine["unrealizedPnl"], str(raised["unrealizedPnl"])
    )

    story.page.step("It is closed")
    bid = story.me.fetch_order_book(story.symbol)["bids"][0][0]
    limit = float(story.me.price_to_precision(story.symbol, bid * 0.99))
    closed = story.me.create_order(story.symbol, "limit", "sell", float(amount), limit)["id"]
    received, more_fees = value(story, closed)
    story.same(
        "there is no position", [p for p in story.me.fetch_positions([story.symbol]) if p["contracts"]], []
    )
    profit = paid - received if story.market["inverse"] else received - paid
    story.page.say(
        f"profit {plain(rounded(profit))} {money}, fees {plain(rounded(fees + more_fees))} {money}"
    )

    story.page.step("Balance")
    after = total(story, money)
    story.page.table(
        [("", "before", "after", "change"), (money, plain(before), plain(after), plain(after - before))]
    )
    off = after - before - (profit - fees - more_fees)
    story.true(
        "it changed by profit less fees", abs(off) <= CLOSE * max(Decimal(1), abs(after)), plain(rounded(off))
    )


def show(story: Story) -> Any:
    [position] = [each for each in story.me.fetch_positions([story.symbol]) if each["contracts"]]
    names = ("side", "contracts", "entryPrice", "liquidationPrice", "leverage", "marginMode")
    shown = [position[name] if isinstance(position[name], str) else told(position[name]) for name in names]
    profit = f"{told(position['unrealizedPnl'])} {story.market['settle']}"
    story.page.table(
        [("side", "contracts", "entry", "liquidation", "leverage", "margin", "profit"), (*shown, profit)]
    )
    return position


def value(story: Story, id: str) -> tuple[Decimal, Decimal]:
    """What an order's trades were worth in the settle currency, and what they cost in fees."""
    if story.me.has["fetchOrderTrades"]:
        trades = story.me.fetch_order_trades(id, story.symbol)
    else:
        trades = [trade for trade in story.engine_trades() if trade["order"] == id]
    size = exact(story.market["contractSize"])
    worth = fees = Decimal(0)
    for trade in trades:
        amount, price = exact(trade["amount"]) * size, exact(trade["price"])
        worth += _WIDE.divide(amount, price) if story.market["inverse"] else amount * price
        fees += exact(trade["fee"]["cost"])
    return worth, fees


def total(story: Story, money: str) -> Decimal:
    free, used = story.money()[money]
    return free + used


def rounded(number: Decimal) -> Decimal:
    return number.quantize(Decimal("1e-8"), context=_WIDE)
