# twin: new_markets_sync.py
"""Loads markets that a venue has listed since the client loaded them."""

from collections.abc import Iterable

from ccxt.base.errors import BaseError
from ccxt.base.exchange import Exchange

from ccxt_ext.venue.answers import listings

__all__ = ["load_new_markets"]


async def load_new_markets(exchange: Exchange, ids: Iterable[str | None], all_needed: bool = False) -> None:
    """Load the markets again if one of these ids is unknown.

    If that fails, rows of unknown markets get their ids as symbols, so that one bad row does not spoil the
    others. With `all_needed`, for example because the rows have yet to be requested, the failure is raised.
    """
    strange = {id for id in ids if id is not None and not listings.is_looked_up(exchange, id)}
    if strange:
        try:
            await exchange.load_markets(True)
        except BaseError as error:
            if all_needed:
                raise
            if exchange.verbose:
                exchange.log(f"{', '.join(strange)} cannot be loaded: {error}")
        else:
            listings.note_unlisted(exchange, strange)
