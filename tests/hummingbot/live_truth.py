"""Compares hummingbot's database with what the sandbox's engine knows. Every difference is a sentence."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from tests.hummingbot.live_run import LiveRun
from tests.hummingbot.live_strategies import Market

Row = dict[str, Any]

STEP = Decimal("1e-6")
"""hummingbot keeps prices and amounts with six decimals: what has no more it keeps as it is."""

KEPT = Decimal("1.01e-6")
"""What it may be off otherwise."""

CLOSE = Decimal("1e-8")


@dataclass
class Books:
    """What the two know of one market."""

    market: Market
    # hummingbot's
    orders: list[Row]
    fills: list[Row]
    under_way: Mapping[str, Row]
    """Orders that it has noted as not having ended, by its ids."""
    told_balances: Mapping[str, tuple[float, float]]
    funding: Decimal
    # the engine's
    true_orders: dict[str, Row]
    true_fills: list[Row]
    """Amounts in what is traded, not in contracts."""
    positions: list[Row]
    totals: Mapping[str, Decimal]


def books_of(run: LiveRun) -> list[Books]:
    return [books_in(run, market) for market in run.live.markets]


def books_in(run: LiveRun, market: Market) -> Books:
    def rows(what: str) -> list[Row]:
        told = run.engine(market, what, "" if what == "positions" else "&limit=1000000")
        return [sized(row, Decimal(market.size)) for row in told if row["symbol"] == market.symbol]

    paid = run.bot.rows(f"select amount, market from FundingPayment where market = '{market.connector}'")
    return Books(
        market=market,
        orders=[row for row in run.bot.orders() if row["market"] == market.connector],
        fills=[row for row in run.bot.fills() if row["market"] == market.connector],
        under_way=run.bot.states().get(market.connector, {}),
        told_balances=run.balances[market.connector],
        funding=sum((Decimal(str(row["amount"])) for row in paid), Decimal()),
        true_orders={row["id"]: row for row in rows("orders")},
        true_fills=rows("trades"),
        positions=rows("positions") if market.is_perpetual else [],
        totals={currency: Decimal(row["total"]) for currency, row in run.balance(market).items()},
    )


def sized(row: Row, size: Decimal) -> Row:
    scaled = {name: Decimal(row[name]) * size for name in ("amount", "filled") if row.get(name) is not None}
    return {**row, **scaled}


def differences(books: Books) -> list[str]:
    return [
        f"{books.market.connector}: {text}"
        for text in (*of_orders(books), *of_strangers(books), *of_fills(books), *of_money(books))
    ]


def is_off(kept: Decimal, true: Decimal) -> bool:
    return abs(kept - true) > unsure([true])


def unsure(true: Iterable[Decimal]) -> Decimal:
    """How much what hummingbot keeps of these may be off, in sum."""
    return sum((KEPT for each in true if each % STEP), Decimal())


# -- orders -------------------------------------------------------------------------------------------

ENDED = {"closed": {"BuyOrderCompleted", "SellOrderCompleted"}, "canceled": {"OrderCancelled"}}


def of_orders(books: Books) -> Iterator[str]:
    """Each order of hummingbot's, against the engine's."""
    for told in books.orders:
        id = told["exchange_order_id"]
        name = f"order {id} ({told['id']})"
        true = books.true_orders.get(id)
        if true is None:
            yield f"{name}: the venue has none"
            continue
        amount = Decimal(told["amount"]).scaleb(-6)
        cut = told["position"] == "CLOSE" and true["amount"] < amount  # a reduce-only order, by the venue
        if is_off(amount, true["amount"]) and not cut:
            yield f"{name}: amount {amount}, and {true['amount']} on the venue"
        status = true["status"]
        if status == "open":
            if told["id"] not in books.under_way:
                yield f"{name}: {told['last_status']}, and open on the venue"
            continue
        ends = ENDED[status] | ({"OrderFilled"} if status == "canceled" and true["filled"] else set())
        if cut:
            ends |= ENDED["canceled"]  # the rest of it was never there
        if told["last_status"] not in ends:
            yield f"{name}: {told['last_status']}, and {status} on the venue"
    known = [row["exchange_order_id"] for row in books.orders]
    for id in {id for id in known if known.count(id) > 1}:
        yield f"order {id}: hummingbot has it {known.count(id)} times"


def of_strangers(books: Books) -> Iterator[str]:
    """Orders of which hummingbot knows nothing, and what it has left open."""
    known = {row["exchange_order_id"] for row in books.orders}
    noted = {row["exchange_order_id"] for row in books.under_way.values()}
    for id, true in books.true_orders.items():
        if id not in known:
            yield f"order {id} ({true['status']}, {true['filled']} filled) is unknown to hummingbot"
        if true["status"] == "open":
            yield f"order {id} is open on the venue after hummingbot has ended (noted: {id in noted})"


# -- fills --------------------------------------------------------------------------------------------


def of_fills(books: Books) -> Iterator[str]:
    """Each fill once: by its id where the venue tells one, else the sum of each order's."""
    by_client_id = {row["id"]: row["exchange_order_id"] for row in books.orders}
    told: dict[str, list[Row]] = {}
    for row in books.fills:
        told.setdefault(by_client_id.get(row["order_id"], row["order_id"]), []).append(row)
    true: dict[str, list[Row]] = {}
    for row in books.true_fills:
        true.setdefault(row["order"], []).append(row)
    for id in {*told, *true}:
        some, others = told.get(id, []), true.get(id, [])
        name = f"order {id}"
        sides = {row["side"] for row in others}
        if any(row["trade_type"].lower() not in sides for row in some):
            yield f"{name}: hummingbot's fills are {[row['trade_type'] for row in some]}, and {sides} there"
        if books.market.fill_ids:
            yield from by_id(name, some, others)
        else:
            yield from by_sum(name, some, others)


def by_id(name: str, some: list[Row], others: list[Row]) -> Iterator[str]:
    told = {row["exchange_trade_id"]: row for row in some}
    true = {row["id"]: row for row in others}
    for id in {*true} - {*told}:
        yield f"{name}: its fill {id} of {true[id]['amount']} is unknown to hummingbot"
    for id in {*told} - {*true}:
        yield f"{name}: its fill {id} of {told[id]['amount']} is unknown to the venue"
    for id in {*told} & {*true}:
        one, other = told[id], true[id]
        for what in ("price", "amount"):
            if is_off(one[what], Decimal(other[what])):
                yield f"{name}: its fill {id} has the {what} {one[what]}, and {other[what]} there"
        if fees([one]) != fee_of([other]):
            yield f"{name}: its fill {id} costs {fees([one])}, and {fee_of([other])} there"


def by_sum(name: str, some: list[Row], others: list[Row]) -> Iterator[str]:
    amounts = sum((row["amount"] for row in some), Decimal())
    costs = sum((row["amount"] * row["price"] for row in some), Decimal())
    true_amounts = sum((row["amount"] for row in others), Decimal())
    true_costs = sum((row["amount"] * Decimal(row["price"]) for row in others), Decimal())
    within = unsure(row["amount"] for row in others)
    highest = max([row["price"] for row in some], default=Decimal())
    if abs(amounts - true_amounts) > within:
        yield f"{name}: fills of {amounts}, and {true_amounts} there"
    elif abs(costs - true_costs) > KEPT * amounts + within * highest:  # a price is an average here
        yield f"{name}: fills that cost {costs}, and {true_costs} there"
    told, true = fees(some), fee_of(others)
    if {*told} != {*true} or any(abs(told[token] - true[token]) > CLOSE for token in told):
        yield f"{name}: fees of {told}, and {true} there"


def fees(rows: list[Row]) -> dict[str, Decimal]:
    """What hummingbot has noted, by currency: as a sum, or as a share of what was traded."""
    found: dict[str, Decimal] = {}
    for row in rows:
        fee = row["trade_fee"]
        noted = [(flat["token"], Decimal(str(flat["amount"]))) for flat in fee["flat_fees"]]
        share = Decimal(str(fee["percent"]))
        if fee["fee_type"] == "DeductedFromReturns" and row["trade_type"] == "BUY":
            noted.append((row["base_asset"], share * row["amount"]))
        else:
            noted.append((row["quote_asset"], share * row["amount"] * row["price"]))
        for token, amount in noted:
            if amount:
                found[token] = found.get(token, Decimal()) + amount
    return found


def fee_of(rows: list[Row]) -> dict[str, Decimal]:
    found: dict[str, Decimal] = {}
    for row in rows:
        amount = Decimal(row["fee"])
        if amount:
            found[row["fee_currency"]] = found.get(row["fee_currency"], Decimal()) + amount
    return found


# -- money --------------------------------------------------------------------------------------------


def of_money(books: Books) -> Iterator[str]:
    """What the account has is what hummingbot's fills make of what it had."""
    expected = {currency: Decimal(amount) for currency, amount in books.market.balances.items()}
    exact = {row["id"]: row for row in books.true_fills}
    rounding = Decimal("1e-9")
    within = unsure(row["amount"] for row in books.true_fills)
    highest = max([row["price"] for row in books.fills], default=Decimal())
    if books.market.is_perpetual:
        gained, position = traded(books)
        expected["USDT"] += gained + books.funding
        there = sum((position_of(row) for row in books.positions), Decimal())
        if abs(position - there) > within:
            yield f"hummingbot's fills make a position of {position}, and it is {there}"
        # Each is off once by its own price, and once by that of what it closes.
        rounding += 2 * KEPT * sum((row["amount"] for row in books.fills), Decimal()) + within * highest
    else:
        rounding += Decimal(0) if books.market.fill_ids else within * (1 + highest)
        base, quote = books.market.pair.split("-")
        for row in books.fills:
            true = exact.get(row["exchange_trade_id"]) if books.market.fill_ids else None
            amount = row["amount"] if true is None else true["amount"]
            price = row["price"] if true is None else Decimal(true["price"])
            if true is None:
                rounding += KEPT * amount
            sign = 1 if row["trade_type"] == "BUY" else -1
            expected[base] += sign * amount
            expected[quote] -= sign * amount * price
    for row in books.fills:
        for currency, amount in fees([row]).items():
            expected[currency] = expected.get(currency, Decimal()) - amount
    for currency, amount in expected.items():
        if abs(amount - books.totals[currency]) > rounding:
            yield f"the fills make it {amount} {currency}, and the account has {books.totals[currency]}"
    for currency, (told, there) in books.told_balances.items():
        if abs(told - there) > 1e-8:
            yield f"hummingbot says that it has {told} {currency}, and it has {there}"


def traded(books: Books) -> tuple[Decimal, Decimal]:
    """What the fills of contracts have gained, and the position that they leave.

    How much of the gain is still in the position depends on the order of the fills; some have the same time.
    So the position counts with the price at which the venue says that it was entered.
    """
    signs = {"BUY": 1, "SELL": -1}
    signed = [(signs[row["trade_type"]] * row["amount"], row["price"]) for row in books.fills]
    position = sum((amount for amount, _ in signed), Decimal())
    paid = sum((amount * price for amount, price in signed), Decimal())
    entered = sum((position_of(row) * Decimal(row["entry_price"]) for row in books.positions), Decimal())
    return entered - paid, position


def position_of(row: Row) -> Decimal:
    amount: Decimal = abs(row["amount"])
    return amount if row["side"] in ("long", "buy") else -amount
