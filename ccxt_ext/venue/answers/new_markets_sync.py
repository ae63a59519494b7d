# Generated from new_markets.py by scripts/generate.py. Do not edit.
"""Markets that were listed since a client loaded its own."""

from collections.abc import Iterable

from ccxt.base.errors import BaseError
from ccxt.base.exchange import Exchange

from ccxt_ext.venue.answers import listings


def load_new_markets(exchange: Exchange, ids: Iterable[str | None], all_needed: bool = False) -> None:
    """Markets that were listed since the markets were loaded are loaded. Rows of those that cannot be are
    told by their ids: what is wrong with one row is no matter of the others. If all are needed, as their
    rows have yet to be asked for, that is an error."""
    strange = {id for id in ids if id is not None and not listings.is_listed(exchange, id)}
    if strange:
        try:
            exchange.load_markets(True)
        except BaseError as error:
            if all_needed:
                raise
            if exchange.verbose:
                exchange.log(f"{', '.join(strange)} cannot be loaded: {error}")
        else:
            listings.note_unlisted(exchange, strange)
