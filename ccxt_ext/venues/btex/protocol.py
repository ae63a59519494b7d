"""BTEX without the network: requests, answers and errors, of its contracts and its spot markets."""

from typing import Any

from ccxt_ext.venue.surface.compat import section
from ccxt_ext.venue.venue import Venue
from ccxt_ext.venues.btex import (
    contracts,
    errors,
    market_data,
    orders,
    pairs,
    positions,
    signing,
    terms,
    trades,
)
from ccxt_ext.venues.btex.columns import BtexTables
from ccxt_ext.venues.btex.metadata import DOES_ANYWAY, UNDERSTANDS, metadata


class Protocol(Venue, contract=1, conformance="proven"):
    understands = UNDERSTANDS
    does_anyway = DOES_ANYWAY
    tables = BtexTables()

    @classmethod
    def metadata(cls) -> dict[str, Any]:
        return metadata()

    # -- requests -----------------------------------------------------------------------------------

    def sign(
        self,
        path: str,
        api: Any = "contract.public",
        method: str = "GET",
        params: Any = {},
        headers: Any = None,
        body: Any = None,
    ) -> dict[str, Any]:
        return signing.request(self, path, section(api), method, params, headers, body)

    # -- answers ------------------------------------------------------------------------------------

    def parse_market(self, market: Any) -> Any:
        of_contract = "contract_id" in market
        return contracts.parse_market(self, market) if of_contract else pairs.parse_market(self, market)

    def parse_ticker(self, ticker: Any, market: Any = None) -> Any:
        if "ticker" in ticker:
            return market_data.parse_pair_ticker(self, ticker, market)
        return market_data.parse_contract_ticker(self, ticker, market)

    def parse_ohlcv(self, ohlcv: Any, market: Any = None) -> list[Any]:
        if market is not None and market["spot"]:
            return market_data.parse_spot_candle(self, ohlcv)
        return market_data.parse_contract_candle(self, ohlcv, market)

    def parse_trade(self, trade: Any, market: Any = None) -> Any:
        if "trade_info" in trade or "trade_type" in trade:
            return trades.parse_spot_trade(self, trade, market)
        return trades.parse_contract_trade(self, trade, market)

    def parse_order(self, order: Any, market: Any = None) -> Any:
        if "danwei" in order:
            return orders.parse_spot_order(self, order, market)
        return orders.parse_contract_order(self, order, market)

    def parse_last_price(self, price: Any, market: Any = None) -> Any:
        return market_data.last_price(price)

    def parse_funding_rate(self, contract: Any, market: Any = None) -> Any:
        return market_data.parse_funding_rate(self, contract, market)

    def parse_open_interest(self, interest: Any, market: Any = None) -> Any:
        return market_data.parse_open_interest(self, interest, market)

    def parse_position(self, position: Any, market: Any = None) -> Any:
        return positions.parse_position(self, position, market)

    def parse_leverage(self, leverage: Any, market: Any = None) -> Any:
        return terms.parse_leverage(self, leverage, market)

    def parse_margin_mode(self, marginMode: Any, market: Any = None) -> Any:
        return terms.parse_margin_mode(self, marginMode, market)

    # -- errors -------------------------------------------------------------------------------------

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
        errors.check(self, code, reason, url, request_body, response, body)
