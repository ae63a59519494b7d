"""BitMax Futures Pro v2 without the network: ccxt's methods. What they do stands in the modules beside."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from ccxt.base.errors import BaseError

from ccxt_ext.venue.answers import reading, refusals
from ccxt_ext.venue.answers.redact import MASK
from ccxt_ext.venue.orders.outcomes import list_of_ids
from ccxt_ext.venue.requests import building
from ccxt_ext.venue.requests.building import compact_json
from ccxt_ext.venue.surface.compat import section
from ccxt_ext.venue.venue import Venue
from ccxt_ext.venues.bitmaxfutures import (
    accounts,
    collaterals,
    contracts,
    errors,
    funding,
    funds,
    margins,
    market_data,
    order_fills,
    order_rows,
    positions,
    pricing,
    sending,
    signing,
)
from ccxt_ext.venues.bitmaxfutures.columns import BitmaxTables
from ccxt_ext.venues.bitmaxfutures.metadata import DOES_ANYWAY, UNDERSTANDS, metadata
from ccxt_ext.venues.bitmaxfutures.orderids import new_client_id

# What these carry has a time of its own.
TIMED = ("futures/order", "futures/order/batch")

_EMAIL = re.compile(r"""(["']email["']\s*:\s*["'])[^"']*""")


class Protocol(Venue, contract=1, conformance="proven"):
    understands = UNDERSTANDS
    does_anyway = DOES_ANYWAY
    tables = BitmaxTables()

    @classmethod
    def metadata(cls) -> dict[str, Any]:
        return metadata()

    def redact(self, text: str) -> str:
        return _EMAIL.sub(rf"\1{MASK}", super().redact(text))

    # -- requests -----------------------------------------------------------------------------------

    def sign(
        self,
        path: str,
        api: Any = "public",
        method: str = "GET",
        params: Any = {},
        headers: Any = None,
        body: Any = None,
    ) -> dict[str, Any]:
        version, _, access = section(api).partition(".")
        host = self.urls["api"]["rest"].rstrip("/")
        query = params
        if access != "public":
            self.check_required_credentials()
            if method != "GET" and path in TIMED:
                # Only now: a request may have waited for its turn for long, and the venue takes none that is
                # older than 30 seconds.
                query = params = signing.stamped(self, params)
                sending.note_leaving(self, sending.orders_in(params) if method == "POST" else ())
            headers = signing.signed_headers(self, signing.signed_path(self, version, path), params)
            if access == "group":
                host = f"{host}/{accounts.account_group(self)}"
            if method != "GET" and path not in self.options["postAsQuery"]:
                headers["Content-Type"] = "application/json"
                body = compact_json(params)
                query = {}
        url = f"{host}/api/pro/{version}/{path}"
        if query:
            url += "?" + self.urlencode(
                {name: building.field_text(self, value) for name, value in query.items()}
            )
        return {"url": url, "method": method, "body": body, "headers": headers}

    def new_client_order_id(self) -> str:
        """For an order that is given none."""
        return new_client_id()

    def params_to_send_again(self, params: Any) -> Any:
        """A request that was refused for its time gets another one."""
        if isinstance(params.get("orders"), list):
            return {**params, "orders": [self.omit(order, "time") for order in params["orders"]]}
        return self.omit(params, "time")

    # -- errors -------------------------------------------------------------------------------------

    def client_id_in(self, params: Any, config: Mapping[str, Any]) -> tuple[str | Sequence[str] | None, bool]:
        ids = [str(order["id"]) for order in sending.orders_in(params)]
        return (ids if "clientId" in config else None), False

    def ids_to_cancel(self, params: Any, config: Mapping[str, Any]) -> tuple[list[str], list[str]]:
        """A batch lists the cancels, each with an id of its own that is no order's."""
        if isinstance(params.get("orders"), list):
            ids = (self.safe_string(order, config["cancels"]) for order in params["orders"])
            return [], [id for id in ids if id is not None]
        client_ids = [] if config["cancels"] is None else list_of_ids(self.safe_string(params, "id"))
        return client_ids, super().ids_to_cancel(params, config)[1]

    def outcome_unknown(
        self,
        error: BaseError,
        client_id: str | Sequence[str] | None = None,
        idempotent: bool = False,
        order_id: str | Sequence[str] | None = None,
    ) -> BaseError:
        """An order's id may be known even so, and fetchOrder() tells whether there is such an order."""
        ids = (
            order_id
            or getattr(error, "order_ids", None)
            or sending.known_order_ids(self, list_of_ids(client_id))
        )
        return super().outcome_unknown(error, client_id, idempotent, ids)

    def advice(self, client_ids: Sequence[str], idempotent: bool) -> str:
        if len(sending.known_order_ids(self, client_ids)) == len(client_ids):
            return super().advice(client_ids, idempotent)
        return (
            f"the id that belongs to its clientOrderId {', '.join(client_ids)} is not known, so look for it"
            " in fetchOpenOrders() and fetchOrders() before sending it again"
        )

    def handle_errors(
        self,
        code: int,
        reason: str,
        url: str,
        method: str,
        headers: Any,
        body: Any,
        response: Any,
        request_headers: Any,
        request_body: Any,
    ) -> None:
        if isinstance(response, dict):
            told = self.safe_string(response, "code")
            if told not in (None, "0"):
                errors.raise_refusal(self, code, url, method, response)
            if told is None and not 200 <= code < 300:
                refusals.raise_refusal(self, code, reason, self.safe_string(response, "message"), body)
        refusals.raise_refusal(self, code, reason, None, body)
        reading.check_json(self, response, body)

    # -- markets ------------------------------------------------------------------------------------

    def parse_market(self, market: Any) -> Any:
        return contracts.parse_market(self, market)

    def set_markets(self, markets: Any, currencies: Any = None) -> Any:
        return super().set_markets(markets, contracts.currencies_with_bases(self, currencies, markets))

    def parse_market_leverage_tiers(self, info: Any, market: Any = None) -> Any:
        return contracts.parse_market_leverage_tiers(self, info, market)

    def parse_currency(self, currency: Any) -> Any:
        return collaterals.parse_currency(self, currency)

    # -- what anyone may see ------------------------------------------------------------------------

    def parse_ticker(self, ticker: Any, market: Any = None) -> Any:
        return market_data.parse_ticker(self, ticker, market)

    def parse_last_price(self, price: Any, market: Any = None) -> Any:
        return market_data.parse_last_price(price)

    def parse_trade(self, trade: Any, market: Any = None) -> Any:
        """One of everybody's, or the fills of an order as one."""
        if "orderId" in trade:
            return order_fills.fills_as_one(self, trade, market)
        return market_data.public_trade(self, trade, market)

    def parse_ohlcv(self, ohlcv: Any, market: Any = None) -> list[Any]:
        return market_data.parse_ohlcv(self, ohlcv, market)

    def parse_funding_rate(self, contract: Any, market: Any = None) -> Any:
        return funding.parse_funding_rate(self, contract, market)

    def parse_funding_rate_history(self, info: Any, market: Any = None) -> Any:
        return funding.parse_funding_rate_history(self, info, market)

    def parse_open_interest(self, interest: Any, market: Any = None) -> Any:
        return pricing.parse_open_interest(self, interest, market)

    # -- the account --------------------------------------------------------------------------------

    def parse_order(self, order: Any, market: Any = None) -> Any:
        return order_rows.parse_order(self, order, market)

    def parse_position(self, position: Any, market: Any = None) -> Any:
        return positions.parse_position(self, position, market)

    def parse_leverage(self, leverage: Any, market: Any = None) -> Any:
        return margins.parse_leverage(self, leverage, market)

    def parse_margin_mode(self, marginMode: Any, market: Any = None) -> Any:
        return margins.parse_margin_mode(self, marginMode, market)

    def parse_margin_modification(self, data: Any, market: Any = None) -> Any:
        return margins.parse_margin_modification(self, data, market)

    def parse_transfer(self, transfer: Any, currency: Any = None) -> Any:
        return funds.parse_transfer(self, transfer, currency)

    def parse_transaction(self, transaction: Any, currency: Any = None) -> Any:
        return funds.parse_transaction(self, transaction, currency)

    def parse_income(self, info: Any, market: Any = None) -> Any:
        return funding.parse_income(self, info, market)
