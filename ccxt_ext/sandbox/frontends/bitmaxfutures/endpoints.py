"""BitMax's paths, and what a request to each of them needs."""

from __future__ import annotations

from typing import NamedTuple

from ccxt_ext.sandbox.frontend import Route


class Endpoint(NamedTuple):
    """An endpoint that takes a signed request."""

    method: str
    path: str
    """`{grp}` is the account's group."""
    call: str
    """What is called."""
    needs: str = "view"
    """The permission that the key needs."""
    signs: str = ""
    """The text that is signed, if it is not the path after `/api/pro/`."""

    @property
    def signed_path(self) -> str:
        return self.signs or self.path.partition("/api/pro/")[2]

    @property
    def route(self) -> Route:
        return self.method, self.path, self.call


PRIVATE = (
    Endpoint("GET", "/api/pro/v2/account/info", "account_info", "view", "v2/account/info"),
    Endpoint("GET", "/api/pro/v1/info", "old_account_info", "view", "info"),
    Endpoint(
        "GET", "/api/pro/v1/wallet/deposit/address", "deposit_address", "view", "wallet/deposit/address"
    ),
    Endpoint("GET", "/api/pro/v1/wallet/transactions", "transactions", "view", "wallet/transactions"),
    Endpoint("GET", "/{grp}/api/pro/v1/cash/balance", "cash_balance", "view", "balance"),
    Endpoint("POST", "/{grp}/api/pro/v1/transfer", "old_transfer", "transfer", "transfer"),
    Endpoint("POST", "/{grp}/api/pro/transfer", "old_transfer", "transfer", "transfer"),
    Endpoint("GET", "/{grp}/api/pro/v1/order/hist", "old_history", "view", "order/hist"),
    Endpoint("GET", "/{grp}/api/pro/v2/order/hist", "long_history", "view", "order/hist"),
    Endpoint("GET", "/{grp}/api/pro/v2/futures/position", "positions"),
    Endpoint("GET", "/{grp}/api/pro/v2/futures/free-margin", "free_margin"),
    Endpoint("POST", "/{grp}/api/pro/v2/futures/free-margin", "free_margin"),
    Endpoint("POST", "/{grp}/api/pro/v2/futures/isolated-position-margin", "isolated_margin", "trade"),
    Endpoint("POST", "/{grp}/api/pro/v2/futures/margin-type", "margin_type", "trade"),
    Endpoint("POST", "/{grp}/api/pro/v2/futures/leverage", "leverage", "trade"),
    Endpoint("POST", "/{grp}/api/pro/v2/futures/transfer/deposit", "transfer_in", "transfer"),
    Endpoint("POST", "/{grp}/api/pro/v2/futures/transfer/withdraw", "transfer_out", "transfer"),
    Endpoint("POST", "/{grp}/api/pro/v2/futures/order", "place", "trade"),
    Endpoint("POST", "/{grp}/api/pro/v2/futures/order/batch", "place_batch", "trade"),
    Endpoint("DELETE", "/{grp}/api/pro/v2/futures/order", "cancel", "trade"),
    Endpoint("DELETE", "/{grp}/api/pro/v2/futures/order/batch", "cancel_batch", "trade"),
    Endpoint("DELETE", "/{grp}/api/pro/v2/futures/order/all", "cancel_all", "trade"),
    Endpoint("GET", "/{grp}/api/pro/v2/futures/order/open", "open_orders"),
    Endpoint("GET", "/{grp}/api/pro/v2/futures/order/hist/current", "history"),
    Endpoint("GET", "/{grp}/api/pro/v2/futures/order/status", "order_status"),
    Endpoint("DELETE", "/{grp}/api/pro/v2/futures/position/all", "close_all", "trade"),
)
PUBLIC: tuple[Route, ...] = (
    ("GET", "/api/pro/v2/futures/contract", "contracts"),
    ("GET", "/api/pro/v2/futures/collateral", "collateral"),
    ("GET", "/api/pro/v2/futures/pricing-data", "pricing_data"),
    ("GET", "/api/pro/v1/depth", "depth"),
    ("GET", "/api/pro/v1/trades", "trades"),
    ("GET", "/api/pro/v1/barhist", "barhist"),
    ("GET", "/api/pro/v1/barhist/info", "barhist_info"),
    ("GET", "/api/pro/v1/ticker", "ticker"),
    ("GET", "/api/pro/v1/assets", "assets"),
    ("GET", "/api/pro/v1/products", "products"),
)

# Endpoints that exist only if an option says so.
NEW_TICKER = ("GET", "/api/pro/v2/futures/ticker", "new_ticker")
FUNDING_RATES = ("GET", "/api/pro/v1/futures/funding-rates", "funding_rates")
FUNDING_PAYMENTS = Endpoint(
    "GET",
    "/{grp}/api/pro/v1/futures/funding-payments",
    "funding_payments",
    "view",
    "futures/funding-payments",
)
