"""One venue's chapter of the demo: ordinary ccxt code trades, and every figure is checked."""

from __future__ import annotations

from decimal import Decimal

from ccxt_ext.demo import contracts, market, spot
from ccxt_ext.demo.desk import Desk


def tell(desk: Desk) -> None:
    """Show the market, trade on it, and check the sandbox's ledger."""
    market.show_rules(desk)
    market.show_ticker(desk)
    market.show_book(desk)
    if desk.me.has["fetchOHLCV"]:
        market.show_candles(desk)
    if desk.market["contract"]:
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
