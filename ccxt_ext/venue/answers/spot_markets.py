"""Builds ccxt's structure for a spot market."""

from typing import Any

from ccxt.base.exchange import Exchange

__all__ = ["spot_market"]


def spot_market(
    exchange: Exchange,
    info: Any,
    id: str,
    base_id: str,
    quote_id: str,
    *,
    active: bool | None,
    step: str | None,
    tick: str | None,
    amounts: tuple[str | None, str | None] = (None, None),
    prices: tuple[str | None, str | None] = (None, None),
    costs: tuple[str | None, str | None] = (None, None),
    fees: tuple[Any, Any] | None = None,
) -> Any:
    """A spot market, of the venue's own ids of the market and its currencies.

    `step` and `tick` are the steps of amounts and prices. Limits are (least, most), fees (taker, maker); by
    default the fees of all markets.
    """
    base, quote = exchange.safe_currency_code(base_id), exchange.safe_currency_code(quote_id)
    trading = exchange.fees["trading"]
    taker, maker = (trading["taker"], trading["maker"]) if fees is None else fees
    limits = {"leverage": (None, None), "amount": amounts, "price": prices, "cost": costs}
    return exchange.safe_market_structure(
        {
            "id": id,
            "symbol": f"{base}/{quote}",
            "base": base,
            "quote": quote,
            "baseId": base_id,
            "quoteId": quote_id,
            "type": "spot",
            "spot": True,
            "margin": False,
            "swap": False,
            "future": False,
            "option": False,
            "contract": False,
            "active": active,
            "taker": taker,
            "maker": maker,
            "precision": {"amount": exchange.parse_number(step), "price": exchange.parse_number(tick)},
            "limits": {
                name: {"min": exchange.parse_number(least), "max": exchange.parse_number(most)}
                for name, (least, most) in limits.items()
            },
            "info": info,
        }
    )
