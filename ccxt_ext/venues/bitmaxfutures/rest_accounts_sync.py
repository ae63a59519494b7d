# Generated from rest_accounts.py by `ccxt-ext twins`. Do not edit.
"""The account's group, asked for over REST."""

from ccxt.base.exchange import Exchange

from ccxt_ext.venue.keys import waiting_sync
from ccxt_ext.venues.bitmaxfutures import accounts
from ccxt_ext.venues.bitmaxfutures.accounts import Account


def load_account(exchange: Exchange) -> Account:
    """The account's group, which is a part of most paths: asked for once."""
    told = accounts.account_in_options(exchange)
    if told is not None:
        return told
    exchange.check_required_credentials()
    state = accounts.state_of(exchange)
    return waiting_sync.fetch_once(
        exchange, state.line, lambda: state.account, lambda: ask_for_account(exchange)
    )


def ask_for_account(exchange: Exchange) -> Account:
    return accounts.state_of(exchange).know(
        accounts.parse_account_info(exchange, exchange.v2_private_get_account_info())
    )
