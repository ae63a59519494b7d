# Written by scripts/generate.py. Do not edit.
"""What async classes can have: one class for each unified method."""

from collections.abc import Mapping, Sequence
from typing import Any, Literal

from typing_extensions import Self

from ccxt_ext._exchange import Common
from ccxt_ext.types import (
    OHLCV,
    Account,
    Amounts,
    Balances,
    Currencies,
    DepositAddress,
    DepositAddresses,
    DepositWithdrawFee,
    DepositWithdrawFees,
    FundingRate,
    FundingRates,
    LastPrices,
    Leverage,
    Leverages,
    LeverageTier,
    LeverageTiers,
    MarginMode,
    MarginModes,
    MarginModification,
    MarginType,
    Market,
    OpenInterest,
    OpenInterests,
    Order,
    OrderAnswer,
    OrderBook,
    OrderBookL3,
    OrderRequest,
    OrderSide,
    OrderStatus,
    OrderType,
    Position,
    PositionModeInfo,
    Status,
    Ticker,
    Tickers,
    Trade,
    TradingFeeInterface,
    TradingFees,
    Transaction,
    TransferEntry,
)

MYPY = False
if MYPY:
    class _Ccxts: ...

else:
    from ccxt.async_support.base.exchange import Exchange as _Exchange

    from ccxt_ext._absent import Absent
    class _Ccxts(Absent, _Exchange): ...

class Exchange(Common, _Ccxts):
    """What all venues have."""
    async def load_markets(self, reload: bool = False, params: Mapping[str, Any] = {}) -> dict[str, Market]:
        """Gets the markets once, and keeps them; `reload` gets them anew."""
    loadMarkets = load_markets
    async def load_time_difference(self, params: Mapping[str, Any] = {}) -> int:
        """Learns how far this machine's clock is from the venue's, in ms."""
    loadTimeDifference = load_time_difference
    async def fetch_free_balance(self, params: Mapping[str, Any] = {}) -> Amounts:
        """What the account can use, by currency."""
    fetchFreeBalance = fetch_free_balance
    async def fetch_used_balance(self, params: Mapping[str, Any] = {}) -> Amounts:
        """What open orders and positions hold, by currency."""
    fetchUsedBalance = fetch_used_balance
    async def fetch_total_balance(self, params: Mapping[str, Any] = {}) -> Amounts:
        """What the account has, by currency."""
    fetchTotalBalance = fetch_total_balance
    async def fetch_partial_balance(
        self, part: Literal["free", "used", "total"], params: Mapping[str, Any] = {}
    ) -> Amounts:
        """One part of the balance: free, used or total, by currency."""
    fetchPartialBalance = fetch_partial_balance
    async def fetch_order_status(
        self, id: str, symbol: str | None = None, params: Mapping[str, Any] = {}
    ) -> OrderStatus | None:
        """The status of an order, as it is now."""
    fetchOrderStatus = fetch_order_status
    async def fetch_unified_order(self, order: Order, params: Mapping[str, Any] = {}) -> Order:
        """An order that is known, as it is now."""
    fetchUnifiedOrder = fetch_unified_order
    async def cancel_unified_order(self, order: Order, params: Mapping[str, Any] = {}) -> OrderAnswer:
        """Cancels an order that is known."""
    cancelUnifiedOrder = cancel_unified_order
    async def request(
        self,
        path: str,
        api: Any = "public",
        method: str = "GET",
        params: Mapping[str, Any] = {},
        *args: Any,
        config: Mapping[str, Any] = {},
    ) -> Any:
        """Calls one of the venue's endpoints by its path; implicit methods do so."""
    async def fetch(
        self, url: str, method: str = "GET", headers: Mapping[str, Any] | None = None, body: Any = None
    ) -> Any:
        """Sends a request as it is given, and gives the answer."""
    async def throttle(self, cost: float | None = None) -> None:
        """Waits for its turn, as the rate limit has it."""
    async def sleep(self, milliseconds: float) -> None:
        """Waits for so many milliseconds."""
    async def close(self, clean_instance_data: bool = False) -> None:
        """Ends all that is open to the venue."""
    newUpdates: bool
    clients: dict[str, Any]
    own_session: bool
    aiohttp_proxy: str | None
    aiohttp_trust_env: bool
    async def __aenter__(self) -> Self: ...
    async def __aexit__(self, exc_type: Any, exc: Any, tb: Any) -> None: ...

class AddMargin:
    async def add_margin(
        self, symbol: str, amount: float, params: Mapping[str, Any] = {}
    ) -> MarginModification:
        """Puts more collateral into a position."""
    addMargin = add_margin

class CancelAllOrders:
    async def cancel_all_orders(
        self, symbol: str | None = None, params: Mapping[str, Any] = {}
    ) -> list[OrderAnswer]:
        """Cancels all open orders of a market, or of all markets."""
    cancelAllOrders = cancel_all_orders

class CancelOrder:
    async def cancel_order(
        self, id: str, symbol: str | None = None, params: Mapping[str, Any] = {}
    ) -> OrderAnswer:
        """Cancels an order."""
    cancelOrder = cancel_order

class CancelOrderWithClientOrderId:
    async def cancel_order_with_client_order_id(
        self, clientOrderId: str, symbol: str | None = None, params: Mapping[str, Any] = {}
    ) -> OrderAnswer:
        """Cancels the order that was placed with this id."""
    cancelOrderWithClientOrderId = cancel_order_with_client_order_id

class CancelOrders:
    async def cancel_orders(
        self, ids: list[str], symbol: str | None = None, params: Mapping[str, Any] = {}
    ) -> list[OrderAnswer]:
        """Cancels several orders with one request."""
    cancelOrders = cancel_orders

class CloseAllPositions:
    async def close_all_positions(self, params: Mapping[str, Any] = {}) -> list[dict[str, Any]]:
        """Closes all positions with market orders."""
    closeAllPositions = close_all_positions

class ClosePosition:
    async def close_position(
        self, symbol: str, side: OrderSide | None = None, params: Mapping[str, Any] = {}
    ) -> OrderAnswer:
        """Closes the position of a market with a market order."""
    closePosition = close_position

class CreateDepositAddress:
    async def create_deposit_address(self, code: str, params: Mapping[str, Any] = {}) -> DepositAddress:
        """A new address to send a currency to."""
    createDepositAddress = create_deposit_address

class CreateLimitBuyOrder:
    async def create_limit_buy_order(
        self, symbol: str, amount: float, price: float, params: Mapping[str, Any] = {}
    ) -> Order:
        """Places a bid at a price."""
    createLimitBuyOrder = create_limit_buy_order

class CreateLimitOrder:
    async def create_limit_order(
        self, symbol: str, side: OrderSide, amount: float, price: float, params: Mapping[str, Any] = {}
    ) -> Order:
        """Places an order that trades at this price or a better one."""
    createLimitOrder = create_limit_order

class CreateLimitSellOrder:
    async def create_limit_sell_order(
        self, symbol: str, amount: float, price: float, params: Mapping[str, Any] = {}
    ) -> Order:
        """Places an ask at a price."""
    createLimitSellOrder = create_limit_sell_order

class CreateMarketBuyOrder:
    async def create_market_buy_order(
        self, symbol: str, amount: float, params: Mapping[str, Any] = {}
    ) -> Order:
        """Buys at once, at the prices that there are."""
    createMarketBuyOrder = create_market_buy_order

class CreateMarketOrder:
    async def create_market_order(
        self,
        symbol: str,
        side: OrderSide,
        amount: float,
        price: float | None = None,
        params: Mapping[str, Any] = {},
    ) -> Order:
        """Places an order that trades at once, at the prices that there are."""
    createMarketOrder = create_market_order

class CreateMarketSellOrder:
    async def create_market_sell_order(
        self, symbol: str, amount: float, params: Mapping[str, Any] = {}
    ) -> Order:
        """Sells at once, at the prices that there are."""
    createMarketSellOrder = create_market_sell_order

class CreateOrder:
    async def create_order(
        self,
        symbol: str,
        type: OrderType,
        side: OrderSide,
        amount: float,
        price: float | None = None,
        params: Mapping[str, Any] = {},
    ) -> Order:
        """Places an order. The answer may lack what only `fetch_order` tells."""
    createOrder = create_order

class CreateOrderWithTakeProfitAndStopLoss:
    async def create_order_with_take_profit_and_stop_loss(
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
        """Places an order, with two that end its position at a gain or at a loss."""
    createOrderWithTakeProfitAndStopLoss = create_order_with_take_profit_and_stop_loss

class CreateOrders:
    async def create_orders(
        self, orders: Sequence[OrderRequest], params: Mapping[str, Any] = {}
    ) -> list[Order]:
        """Places several orders with one request."""
    createOrders = create_orders

class CreatePostOnlyOrder:
    async def create_post_only_order(
        self,
        symbol: str,
        type: OrderType,
        side: OrderSide,
        amount: float,
        price: float | None = None,
        params: Mapping[str, Any] = {},
    ) -> Order:
        """Places an order that is refused if it would trade at once."""
    createPostOnlyOrder = create_post_only_order

class CreateReduceOnlyOrder:
    async def create_reduce_only_order(
        self,
        symbol: str,
        type: OrderType,
        side: OrderSide,
        amount: float,
        price: float | None = None,
        params: Mapping[str, Any] = {},
    ) -> Order:
        """Places an order that can only make a position smaller."""
    createReduceOnlyOrder = create_reduce_only_order

class CreateStopLimitOrder:
    async def create_stop_limit_order(
        self,
        symbol: str,
        side: OrderSide,
        amount: float,
        price: float,
        triggerPrice: float,
        params: Mapping[str, Any] = {},
    ) -> Order:
        """Places a limit order that waits for `triggerPrice`."""
    createStopLimitOrder = create_stop_limit_order

class CreateStopLossOrder:
    async def create_stop_loss_order(
        self,
        symbol: str,
        type: OrderType,
        side: OrderSide,
        amount: float,
        price: float | None = None,
        stopLossPrice: float | None = None,
        params: Mapping[str, Any] = {},
    ) -> Order:
        """Places an order that ends a position at `stopLossPrice`."""
    createStopLossOrder = create_stop_loss_order

class CreateStopMarketOrder:
    async def create_stop_market_order(
        self, symbol: str, side: OrderSide, amount: float, triggerPrice: float, params: Mapping[str, Any] = {}
    ) -> Order:
        """Places a market order that waits for `triggerPrice`."""
    createStopMarketOrder = create_stop_market_order

class CreateStopOrder:
    async def create_stop_order(
        self,
        symbol: str,
        type: OrderType,
        side: OrderSide,
        amount: float,
        price: float | None = None,
        triggerPrice: float | None = None,
        params: Mapping[str, Any] = {},
    ) -> Order:
        """Places an order that waits until the market is at `triggerPrice`."""
    createStopOrder = create_stop_order

class CreateTriggerOrder:
    async def create_trigger_order(
        self,
        symbol: str,
        type: OrderType,
        side: OrderSide,
        amount: float,
        price: float | None = None,
        triggerPrice: float | None = None,
        params: Mapping[str, Any] = {},
    ) -> Order:
        """Places an order that waits until the market is at `triggerPrice`."""
    createTriggerOrder = create_trigger_order

class EditOrder:
    async def edit_order(
        self,
        id: str,
        symbol: str,
        type: OrderType,
        side: OrderSide,
        amount: float | None = None,
        price: float | None = None,
        params: Mapping[str, Any] = {},
    ) -> Order:
        """Changes an open order."""
    editOrder = edit_order

class FetchAccounts:
    async def fetch_accounts(self, params: Mapping[str, Any] = {}) -> list[Account]:
        """The accounts that the key belongs to."""
    fetchAccounts = fetch_accounts

class FetchBalance:
    async def fetch_balance(self, params: Mapping[str, Any] = {}) -> Balances:
        """What the account has: free, used and total, by currency."""
    fetchBalance = fetch_balance

class FetchBidsAsks:
    async def fetch_bids_asks(
        self, symbols: list[str] | None = None, params: Mapping[str, Any] = {}
    ) -> Tickers:
        """The best bid and ask of these markets, or of all, by symbol."""
    fetchBidsAsks = fetch_bids_asks

class FetchCanceledAndClosedOrders:
    async def fetch_canceled_and_closed_orders(
        self,
        symbol: str | None = None,
        since: int | None = None,
        limit: int | None = None,
        params: Mapping[str, Any] = {},
    ) -> list[Order]:
        """Orders that have ended, the oldest first."""
    fetchCanceledAndClosedOrders = fetch_canceled_and_closed_orders

class FetchCanceledOrders:
    async def fetch_canceled_orders(
        self,
        symbol: str | None = None,
        since: int | None = None,
        limit: int | None = None,
        params: Mapping[str, Any] = {},
    ) -> list[Order]:
        """Orders that were cancelled, the oldest first."""
    fetchCanceledOrders = fetch_canceled_orders

class FetchClosedOrders:
    async def fetch_closed_orders(
        self,
        symbol: str | None = None,
        since: int | None = None,
        limit: int | None = None,
        params: Mapping[str, Any] = {},
    ) -> list[Order]:
        """Orders that were filled, the oldest first."""
    fetchClosedOrders = fetch_closed_orders

class FetchCurrencies:
    async def fetch_currencies(self, params: Mapping[str, Any] = {}) -> Currencies:
        """All currencies, by their codes."""
    fetchCurrencies = fetch_currencies

class FetchDepositAddress:
    async def fetch_deposit_address(self, code: str, params: Mapping[str, Any] = {}) -> DepositAddress:
        """Where to send a currency to."""
    fetchDepositAddress = fetch_deposit_address

class FetchDepositAddresses:
    async def fetch_deposit_addresses(
        self, codes: list[str] | None = None, params: Mapping[str, Any] = {}
    ) -> list[DepositAddress]:
        """Where to send these currencies to, or all."""
    fetchDepositAddresses = fetch_deposit_addresses

class FetchDepositAddressesByNetwork:
    async def fetch_deposit_addresses_by_network(
        self, code: str, params: Mapping[str, Any] = {}
    ) -> DepositAddresses:
        """Where to send a currency, by network."""
    fetchDepositAddressesByNetwork = fetch_deposit_addresses_by_network

class FetchDepositWithdrawFee:
    async def fetch_deposit_withdraw_fee(
        self, code: str, params: Mapping[str, Any] = {}
    ) -> DepositWithdrawFee:
        """What it costs to send a currency in and out."""
    fetchDepositWithdrawFee = fetch_deposit_withdraw_fee

class FetchDepositWithdrawFees:
    async def fetch_deposit_withdraw_fees(
        self, codes: list[str] | None = None, params: Mapping[str, Any] = {}
    ) -> DepositWithdrawFees:
        """What sending in and out costs, by currency."""
    fetchDepositWithdrawFees = fetch_deposit_withdraw_fees

class FetchDeposits:
    async def fetch_deposits(
        self,
        code: str | None = None,
        since: int | None = None,
        limit: int | None = None,
        params: Mapping[str, Any] = {},
    ) -> list[Transaction]:
        """What came in, the oldest first."""
    fetchDeposits = fetch_deposits

class FetchDepositsWithdrawals:
    async def fetch_deposits_withdrawals(
        self,
        code: str | None = None,
        since: int | None = None,
        limit: int | None = None,
        params: Mapping[str, Any] = {},
    ) -> list[Transaction]:
        """What came in and went out, the oldest first."""
    fetchDepositsWithdrawals = fetch_deposits_withdrawals

class FetchFundingInterval:
    async def fetch_funding_interval(self, symbol: str, params: Mapping[str, Any] = {}) -> FundingRate:
        """How often funding is paid on a market."""
    fetchFundingInterval = fetch_funding_interval

class FetchFundingIntervals:
    async def fetch_funding_intervals(
        self, symbols: list[str] | None = None, params: Mapping[str, Any] = {}
    ) -> FundingRates:
        """How often funding is paid, by symbol."""
    fetchFundingIntervals = fetch_funding_intervals

class FetchFundingRate:
    async def fetch_funding_rate(self, symbol: str, params: Mapping[str, Any] = {}) -> FundingRate:
        """What holders of a perpetual contract pay each other."""
    fetchFundingRate = fetch_funding_rate

class FetchFundingRates:
    async def fetch_funding_rates(
        self, symbols: list[str] | None = None, params: Mapping[str, Any] = {}
    ) -> FundingRates:
        """The funding rates of these markets, or of all, by symbol."""
    fetchFundingRates = fetch_funding_rates

class FetchL2OrderBook:
    async def fetch_l2_order_book(
        self, symbol: str, limit: int | None = None, params: Mapping[str, Any] = {}
    ) -> OrderBook:
        """As `fetch_order_book`, with one level for each price."""
    fetchL2OrderBook = fetch_l2_order_book

class FetchL3OrderBook:
    async def fetch_l3_order_book(
        self, symbol: str, limit: int | None = None, params: Mapping[str, Any] = {}
    ) -> OrderBookL3:
        """As `fetch_order_book`, with one level for each order."""
    fetchL3OrderBook = fetch_l3_order_book

class FetchLastPrices:
    async def fetch_last_prices(
        self, symbols: list[str] | None = None, params: Mapping[str, Any] = {}
    ) -> LastPrices:
        """The last price of these markets, or of all, by symbol."""
    fetchLastPrices = fetch_last_prices

class FetchLeverage:
    async def fetch_leverage(self, symbol: str, params: Mapping[str, Any] = {}) -> Leverage:
        """The leverage that is set for a market."""
    fetchLeverage = fetch_leverage

class FetchLeverageTiers:
    async def fetch_leverage_tiers(
        self, symbols: list[str] | None = None, params: Mapping[str, Any] = {}
    ) -> LeverageTiers:
        """How leverage falls as positions grow, by symbol."""
    fetchLeverageTiers = fetch_leverage_tiers

class FetchLeverages:
    async def fetch_leverages(
        self, symbols: list[str] | None = None, params: Mapping[str, Any] = {}
    ) -> Leverages:
        """The leverage that is set for these markets, or for all."""
    fetchLeverages = fetch_leverages

class FetchMarginMode:
    async def fetch_margin_mode(self, symbol: str, params: Mapping[str, Any] = {}) -> MarginMode:
        """Whether the margin of a market is cross or isolated."""
    fetchMarginMode = fetch_margin_mode

class FetchMarginModes:
    async def fetch_margin_modes(
        self, symbols: list[str] | None = None, params: Mapping[str, Any] = {}
    ) -> MarginModes:
        """Which margins are cross and which isolated, by symbol."""
    fetchMarginModes = fetch_margin_modes

class FetchMarkPrice:
    async def fetch_mark_price(self, symbol: str, params: Mapping[str, Any] = {}) -> Ticker:
        """The price by which the venue values positions of a market."""
    fetchMarkPrice = fetch_mark_price

class FetchMarkPrices:
    async def fetch_mark_prices(
        self, symbols: list[str] | None = None, params: Mapping[str, Any] = {}
    ) -> Tickers:
        """The mark prices of these markets, or of all, by symbol."""
    fetchMarkPrices = fetch_mark_prices

class FetchMarketLeverageTiers:
    async def fetch_market_leverage_tiers(
        self, symbol: str, params: Mapping[str, Any] = {}
    ) -> list[LeverageTier]:
        """How leverage falls as a position grows."""
    fetchMarketLeverageTiers = fetch_market_leverage_tiers

class FetchMarkets:
    async def fetch_markets(self, params: Mapping[str, Any] = {}) -> list[Market]:
        """All markets, asked for anew; `load_markets` keeps them."""
    fetchMarkets = fetch_markets

class FetchMyTrades:
    async def fetch_my_trades(
        self,
        symbol: str | None = None,
        since: int | None = None,
        limit: int | None = None,
        params: Mapping[str, Any] = {},
    ) -> list[Trade]:
        """The account's own trades, the oldest first."""
    fetchMyTrades = fetch_my_trades

class FetchOHLCV:
    async def fetch_ohlcv(
        self,
        symbol: str,
        timeframe: str = "1m",
        since: int | None = None,
        limit: int | None = None,
        params: Mapping[str, Any] = {},
    ) -> list[OHLCV]:
        """Candles: time, open, high, low, close and volume of each span."""
    fetchOHLCV = fetch_ohlcv

class FetchOpenInterest:
    async def fetch_open_interest(self, symbol: str, params: Mapping[str, Any] = {}) -> OpenInterest:
        """How many contracts of a market are open."""
    fetchOpenInterest = fetch_open_interest

class FetchOpenInterests:
    async def fetch_open_interests(
        self, symbols: list[str] | None = None, params: Mapping[str, Any] = {}
    ) -> OpenInterests:
        """How many contracts are open, by symbol."""
    fetchOpenInterests = fetch_open_interests

class FetchOpenOrders:
    async def fetch_open_orders(
        self,
        symbol: str | None = None,
        since: int | None = None,
        limit: int | None = None,
        params: Mapping[str, Any] = {},
    ) -> list[Order]:
        """Orders that may still be filled, the oldest first."""
    fetchOpenOrders = fetch_open_orders

class FetchOrder:
    async def fetch_order(self, id: str, symbol: str | None = None, params: Mapping[str, Any] = {}) -> Order:
        """An order, as it is now."""
    fetchOrder = fetch_order

class FetchOrderBook:
    async def fetch_order_book(
        self, symbol: str, limit: int | None = None, params: Mapping[str, Any] = {}
    ) -> OrderBook:
        """The bids and asks of a market, the best ones first."""
    fetchOrderBook = fetch_order_book

class FetchOrderTrades:
    async def fetch_order_trades(
        self,
        id: str,
        symbol: str | None = None,
        since: int | None = None,
        limit: int | None = None,
        params: Mapping[str, Any] = {},
    ) -> list[Trade]:
        """The trades that filled an order, the oldest first."""
    fetchOrderTrades = fetch_order_trades

class FetchOrderWithClientOrderId:
    async def fetch_order_with_client_order_id(
        self, clientOrderId: str, symbol: str | None = None, params: Mapping[str, Any] = {}
    ) -> Order:
        """The order that was placed with this id, as it is now."""
    fetchOrderWithClientOrderId = fetch_order_with_client_order_id

class FetchOrders:
    async def fetch_orders(
        self,
        symbol: str | None = None,
        since: int | None = None,
        limit: int | None = None,
        params: Mapping[str, Any] = {},
    ) -> list[Order]:
        """Open and ended orders, the oldest first."""
    fetchOrders = fetch_orders

class FetchPosition:
    async def fetch_position(self, symbol: str, params: Mapping[str, Any] = {}) -> Position | None:
        """The position of a market, None where there is none."""
    fetchPosition = fetch_position

class FetchPositionHistory:
    async def fetch_position_history(
        self, symbol: str, since: int | None = None, limit: int | None = None, params: Mapping[str, Any] = {}
    ) -> list[Position]:
        """Positions of a market that were closed."""
    fetchPositionHistory = fetch_position_history

class FetchPositionMode:
    async def fetch_position_mode(
        self, symbol: str | None = None, params: Mapping[str, Any] = {}
    ) -> PositionModeInfo:
        """Whether a market can have a long and a short at once."""
    fetchPositionMode = fetch_position_mode

class FetchPositions:
    async def fetch_positions(
        self, symbols: list[str] | None = None, params: Mapping[str, Any] = {}
    ) -> list[Position]:
        """The open positions of these markets, or of all."""
    fetchPositions = fetch_positions

class FetchPositionsForSymbol:
    async def fetch_positions_for_symbol(self, symbol: str, params: Mapping[str, Any] = {}) -> list[Position]:
        """The open positions of a market."""
    fetchPositionsForSymbol = fetch_positions_for_symbol

class FetchPositionsHistory:
    async def fetch_positions_history(
        self,
        symbols: list[str] | None = None,
        since: int | None = None,
        limit: int | None = None,
        params: Mapping[str, Any] = {},
    ) -> list[Position]:
        """Positions that were closed."""
    fetchPositionsHistory = fetch_positions_history

class FetchStatus:
    async def fetch_status(self, params: Mapping[str, Any] = {}) -> Status:
        """Whether the venue is up."""
    fetchStatus = fetch_status

class FetchTicker:
    async def fetch_ticker(self, symbol: str, params: Mapping[str, Any] = {}) -> Ticker:
        """A market's best bid and ask, its last price, and its last 24 hours."""
    fetchTicker = fetch_ticker

class FetchTickers:
    async def fetch_tickers(
        self, symbols: list[str] | None = None, params: Mapping[str, Any] = {}
    ) -> Tickers:
        """The tickers of these markets, or of all, by symbol."""
    fetchTickers = fetch_tickers

class FetchTime:
    async def fetch_time(self, params: Mapping[str, Any] = {}) -> int:
        """The venue's time, in milliseconds."""
    fetchTime = fetch_time

class FetchTrades:
    async def fetch_trades(
        self, symbol: str, since: int | None = None, limit: int | None = None, params: Mapping[str, Any] = {}
    ) -> list[Trade]:
        """The latest trades of a market, the oldest first."""
    fetchTrades = fetch_trades

class FetchTradingFee:
    async def fetch_trading_fee(self, symbol: str, params: Mapping[str, Any] = {}) -> TradingFeeInterface:
        """What makers and takers pay on a market."""
    fetchTradingFee = fetch_trading_fee

class FetchTradingFees:
    async def fetch_trading_fees(self, params: Mapping[str, Any] = {}) -> TradingFees:
        """What makers and takers pay on each market, by symbol."""
    fetchTradingFees = fetch_trading_fees

class FetchTransfers:
    async def fetch_transfers(
        self,
        code: str | None = None,
        since: int | None = None,
        limit: int | None = None,
        params: Mapping[str, Any] = {},
    ) -> list[TransferEntry]:
        """What was moved between accounts, the oldest first."""
    fetchTransfers = fetch_transfers

class FetchWithdrawals:
    async def fetch_withdrawals(
        self,
        code: str | None = None,
        since: int | None = None,
        limit: int | None = None,
        params: Mapping[str, Any] = {},
    ) -> list[Transaction]:
        """What went out, the oldest first."""
    fetchWithdrawals = fetch_withdrawals

class ReduceMargin:
    async def reduce_margin(
        self, symbol: str, amount: float, params: Mapping[str, Any] = {}
    ) -> MarginModification:
        """Takes collateral out of a position."""
    reduceMargin = reduce_margin

class SetLeverage:
    async def set_leverage(
        self, leverage: float, symbol: str | None = None, params: Mapping[str, Any] = {}
    ) -> Leverage:
        """Sets the leverage of a market."""
    setLeverage = set_leverage

class SetMarginMode:
    async def set_margin_mode(
        self, marginMode: MarginType, symbol: str | None = None, params: Mapping[str, Any] = {}
    ) -> MarginMode:
        """Makes the margin of a market cross or isolated."""
    setMarginMode = set_margin_mode

class SetPositionMode:
    async def set_position_mode(
        self, hedged: bool, symbol: str | None = None, params: Mapping[str, Any] = {}
    ) -> PositionModeInfo:
        """Asks for one position of a market, or for a long and a short at once."""
    setPositionMode = set_position_mode

class SignIn:
    async def sign_in(self, params: Mapping[str, Any] = {}) -> dict[str, Any]:
        """Gets the token that private calls need. They do so by themselves."""
    signIn = sign_in

class Transfer:
    async def transfer(
        self, code: str, amount: float, fromAccount: str, toAccount: str, params: Mapping[str, Any] = {}
    ) -> TransferEntry:
        """Moves money between accounts of the same owner."""

class Withdraw:
    async def withdraw(
        self, code: str, amount: float, address: str, tag: str | None = None, params: Mapping[str, Any] = {}
    ) -> Transaction:
        """Sends money out to an address."""
