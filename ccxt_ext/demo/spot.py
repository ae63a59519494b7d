"""The demo on a spot market: places an order, has it partly filled, cancels it, and checks the money."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from ccxt_ext.demo import market
from ccxt_ext.demo.desk import FILLED_UNITS, UNITS, Desk, Money
from ccxt_ext.demo.figures import as_text, exact, plain


def trade(desk: Desk) -> None:
    price = desk.best[0] + exact(desk.market["precision"]["price"])
    unit = desk.unit(price)
    amount, filled = UNITS * unit, FILLED_UNITS * unit
    desk.page.step("An order is placed")
    before = desk.balances()
    desk.check_same("nothing is held yet", {used for _, used in before.values()}, {Decimal(0)})
    id = desk.me.create_order(desk.symbol, "limit", "buy", float(amount), float(price))["id"]
    desk.page.say(f"buy {plain(amount)} {desk.market['base']} at {plain(price)}: order {id}")
    desk.check_order("it", id, "open", price, amount, Decimal(0))
    check_balances(desk, "the whole cost is held", held_after(desk, before, price, amount, Decimal(0), {}))
    market.show_book(desk, price)

    desk.page.step("The counterparty fills a part")
    sold = desk.other.create_order(desk.symbol, "limit", "sell", float(filled), float(price))["id"]
    desk.page.say(f"sell {plain(filled)} {desk.market['base']} at {plain(price)}")
    desk.check_order("the counterparty's order", sold, "closed", price, filled, filled, desk.other)
    desk.check_order("ours", id, "open", price, amount, filled)
    fees = check_fills(desk, id, price, filled)
    check_balances(
        desk, "paid, received and still held", held_after(desk, before, price, amount, filled, fees)
    )

    desk.page.step("The rest is cancelled")
    desk.me.cancel_order(id, desk.symbol)
    desk.check_order("it", id, "canceled", price, amount, filled)
    if desk.can("fetchOpenOrders"):
        desk.check_same("no order is open", desk.me.fetch_open_orders(desk.symbol), [])
    after = held_after(desk, before, price, filled, filled, fees)
    check_balances(desk, "nothing is held", after)

    desk.page.step("Balance")
    rows = [("", "free before", "free after", "change")]
    for currency in (desk.market["base"], desk.market["quote"]):
        was, now = before[currency][0], after[currency][0]
        sign = "+" if now > was else ""
        rows.append((currency, plain(was), plain(now), sign + plain(now - was)))
    desk.page.table(rows)


def check_fills(desk: Desk, id: str, price: Decimal, filled: Decimal) -> dict[str, Decimal]:
    """Check the order's trades, from the venue's list or else the engine's. Returns the fees, by currency."""
    trades = desk.me.fetch_my_trades(desk.symbol) if desk.can("fetchMyTrades") else desk.engine_trades()
    if any(trade["order"] is None for trade in trades):  # some venues' lists do not have the order's id
        trades = desk.me.fetch_order_trades(id, desk.symbol)
    trades = [trade for trade in trades if trade["order"] == id]
    figures = [(trade["side"], exact(trade["price"]), exact(trade["amount"])) for trade in trades]
    desk.check_same("it is among my trades", figures, [("buy", price, filled)])
    rate = exact(desk.market["maker"])
    due = {desk.market["base"]: filled * rate, desk.market["quote"]: filled * price * rate}
    fees: dict[str, Decimal] = {}
    for trade in trades:
        currency = trade["fee"]["currency"]
        desk.page.say(f"fee {plain(trade['fee']['cost'])} {currency}")
        desk.check_same("the fee is the market's", exact(trade["fee"]["cost"]), due.get(currency))
        fees[currency] = fees.get(currency, Decimal(0)) + exact(trade["fee"]["cost"])
    return fees


def held_after(
    desk: Desk, before: Money, price: Decimal, amount: Decimal, filled: Decimal, fees: Mapping[str, Decimal]
) -> Money:
    """The balances to expect while a buy order of `amount` is in the book, with `filled` of it filled."""
    base, quote = desk.market["base"], desk.market["quote"]
    zero = Decimal(0)
    after = {**before}
    after[base] = (before[base][0] + filled - fees.get(base, zero), before[base][1])
    held = price * (amount - filled)
    if desk.me.fees["trading"].get("feeSide") == "quote":
        held *= 1 + exact(desk.market["taker"])  # the fee is held as well
    spent = price * filled + fees.get(quote, zero)
    after[quote] = (before[quote][0] - spent - held, before[quote][1] + held)
    return after


def check_balances(desk: Desk, claim: str, expected: Money) -> None:
    got = desk.balances()
    quote, base = desk.market["quote"], desk.market["base"]
    desk.page.say(
        ", ".join(f"{code} {plain(got[code][0])} free, {plain(got[code][1])} used" for code in (quote, base))
    )
    differing = [code for code in {**expected, **got} if got.get(code) != expected.get(code)]
    desk.check(
        f"balance: {claim}, to the last digit",
        not differing,
        "; ".join(f"{c}: expected {as_text(expected.get(c))}, got {as_text(got.get(c))}" for c in differing),
    )
