# Written by scripts/generate.py. Do not edit.
"""What streaming classes can have: one class for each unified method."""

from collections.abc import Mapping
from typing import Any

from ccxt_ext.types import (
    OHLCV,
    Balances,
    FundingRate,
    FundingRates,
    Order,
    OrderAnswer,
    OrderBook,
    OrderSide,
    OrderType,
    Position,
    Ticker,
    Tickers,
    Trade,
)

class CancelAllOrdersWs:
    async def cancel_all_orders_ws(
        self, symbol: str | None = None, params: Mapping[str, Any] = {}
    ) -> list[OrderAnswer]:
        """Cancels all open orders of a market, or of all markets. Over the socket."""
    cancelAllOrdersWs = cancel_all_orders_ws

class CancelOrderWs:
    async def cancel_order_ws(
        self, id: str, symbol: str | None = None, params: Mapping[str, Any] = {}
    ) -> OrderAnswer:
        """Cancels an order. Over the socket."""
    cancelOrderWs = cancel_order_ws

class CreateLimitBuyOrderWs:
    async def create_limit_buy_order_ws(
        self, symbol: str, amount: float, price: float, params: Mapping[str, Any] = {}
    ) -> Order:
        """Places a bid at a price. Over the socket."""
    createLimitBuyOrderWs = create_limit_buy_order_ws

class CreateLimitOrderWs:
    async def create_limit_order_ws(
        self, symbol: str, side: OrderSide, amount: float, price: float, params: Mapping[str, Any] = {}
    ) -> Order:
        """Places an order that trades at this price or a better one. Over the socket."""
    createLimitOrderWs = create_limit_order_ws

class CreateLimitSellOrderWs:
    async def create_limit_sell_order_ws(
        self, symbol: str, amount: float, price: float, params: Mapping[str, Any] = {}
    ) -> Order:
        """Places an ask at a price. Over the socket."""
    createLimitSellOrderWs = create_limit_sell_order_ws

class CreateMarketBuyOrderWs:
    async def create_market_buy_order_ws(
        self, symbol: str, amount: float, params: Mapping[str, Any] = {}
    ) -> Order:
        """Buys at once, at the prices that there are. Over the socket."""
    createMarketBuyOrderWs = create_market_buy_order_ws

class CreateMarketOrderWs:
    async def create_market_order_ws(
        self,
        symbol: str,
        side: OrderSide,
        amount: float,
        price: float | None = None,
        params: Mapping[str, Any] = {},
    ) -> Order:
        """Places an order that trades at once, at the prices that there are. Over the socket."""
    createMarketOrderWs = create_market_order_ws

class CreateMarketSellOrderWs:
    async def create_market_sell_order_ws(
        self, symbol: str, amount: float, params: Mapping[str, Any] = {}
    ) -> Order:
        """Sells at once, at the prices that there are. Over the socket."""
    createMarketSellOrderWs = create_market_sell_order_ws

class CreateOrderWithTakeProfitAndStopLossWs:
    async def create_order_with_take_profit_and_stop_loss_ws(
        self,
        symbol: str,
        type: OrderType,
        side: OrderSide,
        amount: float,
        price: float | None = None,
        takeProfit: float | None = None,
        stopLoss: float | None = None,
        params: Mapping[str, Any] = {},
    ) -> Order:
        """Places an order, with two that end its position at a gain or at a loss. Over the socket."""
    createOrderWithTakeProfitAndStopLossWs = create_order_with_take_profit_and_stop_loss_ws

class CreateOrderWs:
    async def create_order_ws(
        self,
        symbol: str,
        type: OrderType,
        side: OrderSide,
        amount: float,
        price: float | None = None,
        params: Mapping[str, Any] = {},
    ) -> Order:
        """Places an order. The answer may lack what only `fetch_order` tells. Over the socket."""
    createOrderWs = create_order_ws

class CreatePostOnlyOrderWs:
    async def create_post_only_order_ws(
        self,
        symbol: str,
        type: OrderType,
        side: OrderSide,
        amount: float,
        price: float | None = None,
        params: Mapping[str, Any] = {},
    ) -> Order:
        """Places an order that is refused if it would trade at once. Over the socket."""
    createPostOnlyOrderWs = create_post_only_order_ws

class CreateReduceOnlyOrderWs:
    async def create_reduce_only_order_ws(
        self,
        symbol: str,
        type: OrderType,
        side: OrderSide,
        amount: float,
        price: float | None = None,
        params: Mapping[str, Any] = {},
    ) -> Order:
        """Places an order that can only make a position smaller. Over the socket."""
    createReduceOnlyOrderWs = create_reduce_only_order_ws

class CreateStopLimitOrderWs:
    async def create_stop_limit_order_ws(
        self,
        symbol: str,
        side: OrderSide,
        amount: float,
        price: float,
        triggerPrice: float,
        params: Mapping[str, Any] = {},
    ) -> Order:
        """Places a limit order that waits for `triggerPrice`. Over the socket."""
    createStopLimitOrderWs = create_stop_limit_order_ws

class CreateStopLossOrderWs:
    async def create_stop_loss_order_ws(
        self,
        symbol: str,
        type: OrderType,
        side: OrderSide,
        amount: float,
        price: float | None = None,
        stopLossPrice: float | None = None,
        params: Mapping[str, Any] = {},
    ) -> Order:
        """Places an order that ends a position at `stopLossPrice`. Over the socket."""
    createStopLossOrderWs = create_stop_loss_order_ws

class CreateStopMarketOrderWs:
    async def create_stop_market_order_ws(
        self, symbol: str, side: OrderSide, amount: float, triggerPrice: float, params: Mapping[str, Any] = {}
    ) -> Order:
        """Places a market order that waits for `triggerPrice`. Over the socket."""
    createStopMarketOrderWs = create_stop_market_order_ws

class CreateStopOrderWs:
    async def create_stop_order_ws(
        self,
        symbol: str,
        type: OrderType,
        side: OrderSide,
        amount: float,
        price: float | None = None,
        triggerPrice: float | None = None,
        params: Mapping[str, Any] = {},
    ) -> Order:
        """Places an order that waits until the market is at `triggerPrice`. Over the socket."""
    createStopOrderWs = create_stop_order_ws

class CreateTriggerOrderWs:
    async def create_trigger_order_ws(
        self,
        symbol: str,
        type: OrderType,
        side: OrderSide,
        amount: float,
        price: float | None = None,
        triggerPrice: float | None = None,
        params: Mapping[str, Any] = {},
    ) -> Order:
        """Places an order that waits until the market is at `triggerPrice`. Over the socket."""
    createTriggerOrderWs = create_trigger_order_ws

class EditOrderWs:
    async def edit_order_ws(
        self,
        id: str,
        symbol: str,
        type: OrderType,
        side: OrderSide,
        amount: float | None = None,
        price: float | None = None,
        params: Mapping[str, Any] = {},
    ) -> Order:
        """Changes an open order. Over the socket."""
    editOrderWs = edit_order_ws

class FetchBalanceWs:
    async def fetch_balance_ws(self, params: Mapping[str, Any] = {}) -> Balances:
        """As `fetch_balance`, over the socket."""
    fetchBalanceWs = fetch_balance_ws

class FetchOpenOrdersWs:
    async def fetch_open_orders_ws(
        self,
        symbol: str | None = None,
        since: int | None = None,
        limit: int | None = None,
        params: Mapping[str, Any] = {},
    ) -> list[Order]:
        """As `fetch_open_orders`, over the socket."""
    fetchOpenOrdersWs = fetch_open_orders_ws

class FetchOrderBookWs:
    async def fetch_order_book_ws(
        self, symbol: str, limit: int | None = None, params: Mapping[str, Any] = {}
    ) -> OrderBook:
        """As `fetch_order_book`, over the socket."""
    fetchOrderBookWs = fetch_order_book_ws

class FetchPositionWs:
    async def fetch_position_ws(self, symbol: str, params: Mapping[str, Any] = {}) -> Position | None:
        """As `fetch_position`, over the socket."""
    fetchPositionWs = fetch_position_ws

class FetchPositionsForSymbolWs:
    async def fetch_positions_for_symbol_ws(
        self, symbol: str, params: Mapping[str, Any] = {}
    ) -> list[Position]:
        """As `fetch_positions_for_symbol`, over the socket."""
    fetchPositionsForSymbolWs = fetch_positions_for_symbol_ws

class FetchPositionsWs:
    async def fetch_positions_ws(
        self, symbols: list[str] | None = None, params: Mapping[str, Any] = {}
    ) -> list[Position]:
        """As `fetch_positions`, over the socket."""
    fetchPositionsWs = fetch_positions_ws

class FetchTradesWs:
    async def fetch_trades_ws(
        self, symbol: str, since: int | None = None, limit: int | None = None, params: Mapping[str, Any] = {}
    ) -> list[Trade]:
        """As `fetch_trades`, over the socket."""
    fetchTradesWs = fetch_trades_ws

class UnWatchBidsAsks:
    async def un_watch_bids_asks(
        self, symbols: list[str] | None = None, params: Mapping[str, Any] = {}
    ) -> bool:
        """Ends what `watchBidsAsks` began."""
    unWatchBidsAsks = un_watch_bids_asks

class UnWatchFundingRate:
    async def un_watch_funding_rate(self, symbol: str, params: Mapping[str, Any] = {}) -> bool:
        """Ends what `watchFundingRate` began."""
    unWatchFundingRate = un_watch_funding_rate

class UnWatchFundingRates:
    async def un_watch_funding_rates(
        self, symbols: list[str] | None = None, params: Mapping[str, Any] = {}
    ) -> bool:
        """Ends what `watchFundingRates` began."""
    unWatchFundingRates = un_watch_funding_rates

class UnWatchMarkPrice:
    async def un_watch_mark_price(self, symbol: str, params: Mapping[str, Any] = {}) -> bool:
        """Ends what `watchMarkPrice` began."""
    unWatchMarkPrice = un_watch_mark_price

class UnWatchMarkPrices:
    async def un_watch_mark_prices(
        self, symbols: list[str] | None = None, params: Mapping[str, Any] = {}
    ) -> bool:
        """Ends what `watchMarkPrices` began."""
    unWatchMarkPrices = un_watch_mark_prices

class UnWatchMyTrades:
    async def un_watch_my_trades(self, symbol: str | None = None, params: Mapping[str, Any] = {}) -> bool:
        """Ends what `watchMyTrades` began."""
    unWatchMyTrades = un_watch_my_trades

class UnWatchOHLCV:
    async def un_watch_ohlcv(
        self, symbol: str, timeframe: str = "1m", params: Mapping[str, Any] = {}
    ) -> bool:
        """Ends what `watchOHLCV` began."""
    unWatchOHLCV = un_watch_ohlcv

class UnWatchOHLCVForSymbols:
    async def un_watch_ohlcv_for_symbols(
        self, symbolsAndTimeframes: list[list[str]], params: Mapping[str, Any] = {}
    ) -> bool:
        """Ends what `watchOHLCVForSymbols` began."""
    unWatchOHLCVForSymbols = un_watch_ohlcv_for_symbols

class UnWatchOrderBook:
    async def un_watch_order_book(self, symbol: str, params: Mapping[str, Any] = {}) -> bool:
        """Ends what `watchOrderBook` began."""
    unWatchOrderBook = un_watch_order_book

class UnWatchOrderBookForSymbols:
    async def un_watch_order_book_for_symbols(
        self, symbols: list[str], params: Mapping[str, Any] = {}
    ) -> bool:
        """Ends what `watchOrderBookForSymbols` began."""
    unWatchOrderBookForSymbols = un_watch_order_book_for_symbols

class UnWatchOrders:
    async def un_watch_orders(self, symbol: str | None = None, params: Mapping[str, Any] = {}) -> bool:
        """Ends what `watchOrders` began."""
    unWatchOrders = un_watch_orders

class UnWatchPositions:
    async def un_watch_positions(
        self, symbols: list[str] | None = None, params: Mapping[str, Any] = {}
    ) -> bool:
        """Ends what `watchPositions` began."""
    unWatchPositions = un_watch_positions

class UnWatchTicker:
    async def un_watch_ticker(self, symbol: str, params: Mapping[str, Any] = {}) -> bool:
        """Ends what `watchTicker` began."""
    unWatchTicker = un_watch_ticker

class UnWatchTickers:
    async def un_watch_tickers(
        self, symbols: list[str] | None = None, params: Mapping[str, Any] = {}
    ) -> bool:
        """Ends what `watchTickers` began."""
    unWatchTickers = un_watch_tickers

class UnWatchTrades:
    async def un_watch_trades(self, symbol: str, params: Mapping[str, Any] = {}) -> bool:
        """Ends what `watchTrades` began."""
    unWatchTrades = un_watch_trades

class UnWatchTradesForSymbols:
    async def un_watch_trades_for_symbols(self, symbols: list[str], params: Mapping[str, Any] = {}) -> bool:
        """Ends what `watchTradesForSymbols` began."""
    unWatchTradesForSymbols = un_watch_trades_for_symbols

class WatchBalance:
    async def watch_balance(self, params: Mapping[str, Any] = {}) -> Balances:
        """Waits until the account's money changes."""
    watchBalance = watch_balance

class WatchBidsAsks:
    async def watch_bids_asks(
        self, symbols: list[str] | None = None, params: Mapping[str, Any] = {}
    ) -> Tickers:
        """Waits until best bids or asks change, and gives those."""
    watchBidsAsks = watch_bids_asks

class WatchFundingRate:
    async def watch_funding_rate(self, symbol: str, params: Mapping[str, Any] = {}) -> FundingRate:
        """Waits until the funding rate changes."""
    watchFundingRate = watch_funding_rate

class WatchFundingRates:
    async def watch_funding_rates(
        self, symbols: list[str] | None = None, params: Mapping[str, Any] = {}
    ) -> FundingRates:
        """Waits until funding rates change, and gives those."""
    watchFundingRates = watch_funding_rates

class WatchMarkPrice:
    async def watch_mark_price(self, symbol: str, params: Mapping[str, Any] = {}) -> Ticker:
        """Waits until the mark price changes."""
    watchMarkPrice = watch_mark_price

class WatchMarkPrices:
    async def watch_mark_prices(
        self, symbols: list[str] | None = None, params: Mapping[str, Any] = {}
    ) -> Tickers:
        """Waits until mark prices change, and gives those."""
    watchMarkPrices = watch_mark_prices

class WatchMyTrades:
    async def watch_my_trades(
        self,
        symbol: str | None = None,
        since: int | None = None,
        limit: int | None = None,
        params: Mapping[str, Any] = {},
    ) -> list[Trade]:
        """Waits for trades of the account."""
    watchMyTrades = watch_my_trades

class WatchOHLCV:
    async def watch_ohlcv(
        self,
        symbol: str,
        timeframe: str = "1m",
        since: int | None = None,
        limit: int | None = None,
        params: Mapping[str, Any] = {},
    ) -> list[OHLCV]:
        """Waits until the latest candle changes, or a new one begins."""
    watchOHLCV = watch_ohlcv

class WatchOHLCVForSymbols:
    async def watch_ohlcv_for_symbols(
        self,
        symbolsAndTimeframes: list[list[str]],
        since: int | None = None,
        limit: int | None = None,
        params: Mapping[str, Any] = {},
    ) -> dict[str, dict[str, list[OHLCV]]]:
        """Waits for candles of these markets, by symbol and timeframe."""
    watchOHLCVForSymbols = watch_ohlcv_for_symbols

class WatchOrderBook:
    async def watch_order_book(
        self, symbol: str, limit: int | None = None, params: Mapping[str, Any] = {}
    ) -> OrderBook:
        """Waits until the book changes, and gives all of it."""
    watchOrderBook = watch_order_book

class WatchOrderBookForSymbols:
    async def watch_order_book_for_symbols(
        self, symbols: list[str], limit: int | None = None, params: Mapping[str, Any] = {}
    ) -> OrderBook:
        """Waits until one of these books changes, and gives it."""
    watchOrderBookForSymbols = watch_order_book_for_symbols

class WatchOrders:
    async def watch_orders(
        self,
        symbol: str | None = None,
        since: int | None = None,
        limit: int | None = None,
        params: Mapping[str, Any] = {},
    ) -> list[Order]:
        """Waits until orders of the account change."""
    watchOrders = watch_orders

class WatchPositions:
    async def watch_positions(
        self,
        symbols: list[str] | None = None,
        since: int | None = None,
        limit: int | None = None,
        params: Mapping[str, Any] = {},
    ) -> list[Position]:
        """Waits until positions of the account change."""
    watchPositions = watch_positions

class WatchTicker:
    async def watch_ticker(self, symbol: str, params: Mapping[str, Any] = {}) -> Ticker:
        """Waits until the ticker changes."""
    watchTicker = watch_ticker

class WatchTickers:
    async def watch_tickers(
        self, symbols: list[str] | None = None, params: Mapping[str, Any] = {}
    ) -> Tickers:
        """Waits until tickers of these markets change, and gives those."""
    watchTickers = watch_tickers

class WatchTrades:
    async def watch_trades(
        self, symbol: str, since: int | None = None, limit: int | None = None, params: Mapping[str, Any] = {}
    ) -> list[Trade]:
        """Waits for trades of a market."""
    watchTrades = watch_trades

class WatchTradesForSymbols:
    async def watch_trades_for_symbols(
        self,
        symbols: list[str],
        since: int | None = None,
        limit: int | None = None,
        params: Mapping[str, Any] = {},
    ) -> list[Trade]:
        """Waits for trades of one of these markets."""
    watchTradesForSymbols = watch_trades_for_symbols
