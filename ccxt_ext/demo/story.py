"""One venue's chapter of the demo: ordinary ccxt code trades, and every figure is checked."""

from __future__ import annotations

from decimal import Decimal

from ccxt_ext.demo import contracts, market, spot
from ccxt_ext.demo.desk import Desk

# What trading needs; positions only on a contract market.
TRADING = ("createOrder", "cancelOrder", "fetchOrder", "fetchBalance")
POSITIONS = "fetchPositions"


def tell(desk: Desk) -> None:
    """Show the market, trade on it, and check the sandbox's ledger. What the venue lacks is left out."""
    market.show_rules(desk)
    if desk.can("fetchTicker"):
        market.show_ticker(desk)
    market.show_book(desk)
    if desk.can("fetchOHLCV"):
        market.show_candles(desk)
    needed = (*TRADING, POSITIONS) if desk.market["contract"] else TRADING
    lacking = [name for name in needed if not desk.can(name)]
    if lacking:
        desk.page.step("Nothing is traded")
        desk.page.say(f"it has no {', '.join(lacking)}")
    elif desk.market["contract"]:
        contracts.trade(desk)
    else:
        spot.trade(desk)
    check_ledger(desk)


def check_ledger(desk: Desk) -> None:
    desk.page.step("The sandbox's books")
    ledger = desk.control("ledger")[desk.id]
    off = {c: entry for c, entry in ledger.items() if Decimal(entry["total"]) != Decimal(entry["deposited"])}
    desk.check(f"all {len(ledger)} currencies add up to what was deposited", ledger and not off, str(off))
    desk.check_same("nothing failed inside", desk.box.control("GET", "/")["crashes"], 0)
