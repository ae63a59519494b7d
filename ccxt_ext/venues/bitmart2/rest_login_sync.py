# Generated from rest_login.py by `ccxt-ext twins`. Do not edit.
"""BitMart's tokens: who logs in, and who waits for it."""

import re

from ccxt.base.errors import BadResponse, RateLimitExceeded
from ccxt.base.exchange import Exchange

from ccxt_ext.venue.answers import reading
from ccxt_ext.venue.answers.error_copies import copy_error
from ccxt_ext.venue.keys import waiting_sync
from ccxt_ext.venue.keys.lines import Place
from ccxt_ext.venues.bitmart2 import signing
from ccxt_ext.venues.bitmart2.tokens import Token, TokenState

LONGEST_LIFE = 10**9  # of a token, in seconds


PLAIN_TOKEN = re.compile(r"[!-~]{1,4096}")


def claim_token(exchange: Exchange, trading: bool) -> tuple[Token, Place | None]:
    """A token, and for an order call its place in the line, which it leaves when it is done."""
    state = signing.token_state(exchange)
    margin = exchange.options["token"]["refreshMargin"] / 1000
    while True:
        place = waiting_sync.take_turn(exchange, state.line, together=True) if trading else None
        token = state.fresh(margin)
        if token is not None:
            return token, place
        if place is not None:
            state.line.leave(place)
            if place.failure is not None:
                raise copy_error(place.failure)
        else:
            token = state.last_resort()
            if token is not None:
                return token, None
        token = waiting_sync.fetch_once(
            exchange, state.line, lambda: state.fresh(margin), lambda: log_in(exchange, state)
        )
        if not trading:
            return token, None


def log_in(exchange: Exchange, state: TokenState) -> Token:
    earlier = state.token
    wait_for_login(exchange, state)
    # A repeated login would count against the limit unseen.
    answer = reading.record(exchange, exchange.token_post_authentication({"maxRetriesOnFailure": 0}))
    lifetime = exchange.safe_float(answer, "expires_in", 900)  # also where numbers are Decimals
    if not 0 < lifetime <= LONGEST_LIFE:
        raise BadResponse(f"{exchange.id} gave a token without a sensible lifetime")
    value = reading.required_text(exchange, answer, "access_token")
    if not PLAIN_TOKEN.fullmatch(value):
        raise BadResponse(f"{exchange.id} gave a token that no header can carry")
    return state.logged_in(value, lifetime, earlier)


def wait_for_login(exchange: Exchange, state: TokenState) -> None:
    options = exchange.options["token"]
    while pause := state.pause_before_login(options["maxPerMinute"]):
        if options["onLimit"] != "wait":
            raise RateLimitExceeded(
                f"{exchange.id} allows {options['maxPerMinute']} logins a minute; the next in {pause:.0f} s"
            )
        waiting_sync.pause_in_turn(exchange, pause)
