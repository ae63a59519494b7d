# Written by scripts/generate.py. Do not edit.
"""The async classes, and what each of them has."""

from collections.abc import Mapping
from typing import Any

from ccxt_ext._exchange import AsyncEndpoint
from ccxt_ext.async_support._calls import (
    AddMargin,
    CancelAllOrders,
    CancelOrder,
    CancelOrders,
    CancelOrderWithClientOrderId,
    CloseAllPositions,
    ClosePosition,
    CreateDepositAddress,
    CreateLimitBuyOrder,
    CreateLimitOrder,
    CreateLimitSellOrder,
    CreateMarketBuyOrder,
    CreateMarketOrder,
    CreateMarketSellOrder,
    CreateOrder,
    CreateOrders,
    CreateOrderWithTakeProfitAndStopLoss,
    CreatePostOnlyOrder,
    CreateReduceOnlyOrder,
    CreateStopLimitOrder,
    CreateStopLossOrder,
    CreateStopMarketOrder,
    CreateStopOrder,
    CreateTriggerOrder,
    EditOrder,
    Exchange,
    FetchAccounts,
    FetchBalance,
    FetchBidsAsks,
    FetchCanceledAndClosedOrders,
    FetchCanceledOrders,
    FetchClosedOrders,
    FetchCurrencies,
    FetchDepositAddress,
    FetchDepositAddresses,
    FetchDepositAddressesByNetwork,
    FetchDeposits,
    FetchDepositsWithdrawals,
    FetchDepositWithdrawFee,
    FetchDepositWithdrawFees,
    FetchFundingInterval,
    FetchFundingIntervals,
    FetchFundingRate,
    FetchFundingRates,
    FetchL2OrderBook,
    FetchL3OrderBook,
    FetchLastPrices,
    FetchLeverage,
    FetchLeverages,
    FetchLeverageTiers,
    FetchMarginMode,
    FetchMarginModes,
    FetchMarketLeverageTiers,
    FetchMarkets,
    FetchMarkPrice,
    FetchMarkPrices,
    FetchMyTrades,
    FetchOHLCV,
    FetchOpenInterest,
    FetchOpenInterests,
    FetchOpenOrders,
    FetchOrder,
    FetchOrderBook,
    FetchOrders,
    FetchOrderTrades,
    FetchOrderWithClientOrderId,
    FetchPosition,
    FetchPositionHistory,
    FetchPositionMode,
    FetchPositions,
    FetchPositionsForSymbol,
    FetchPositionsHistory,
    FetchStatus,
    FetchTicker,
    FetchTickers,
    FetchTime,
    FetchTrades,
    FetchTradingFee,
    FetchTradingFees,
    FetchTransfers,
    FetchWithdrawals,
    ReduceMargin,
    SetLeverage,
    SetMarginMode,
    SetPositionMode,
    SignIn,
    Transfer,
    Withdraw,
)
from ccxt_ext.types import OHLCV
from ccxt_ext.venue.settling.settling import settle as settle
from ccxt_ext.venue.settling.unsettled import Unsettled as Unsettled

exchanges: list[str]

class bitexasia(
    CancelOrder,
    CreateLimitBuyOrder,
    CreateLimitOrder,
    CreateLimitSellOrder,
    CreateMarketBuyOrder,
    CreateMarketOrder,
    CreateMarketSellOrder,
    CreateOrder,
    CreateStopLimitOrder,
    CreateStopLossOrder,
    CreateStopMarketOrder,
    CreateStopOrder,
    CreateTriggerOrder,
    FetchBalance,
    FetchL2OrderBook,
    FetchMarkets,
    FetchOrder,
    FetchOrderBook,
    FetchTicker,
    Exchange,
):
    """BitexAsia, async."""

    private_get_account_balances: AsyncEndpoint
    private_get_orders_id: AsyncEndpoint
    private_post_orders: AsyncEndpoint
    private_post_orders_id_cancel: AsyncEndpoint
    public_get_markets: AsyncEndpoint
    public_get_orderbook_pair: AsyncEndpoint
    public_get_ticker_pair: AsyncEndpoint

class bitexbit(
    CancelAllOrders,
    CancelOrder,
    CreateDepositAddress,
    CreateLimitBuyOrder,
    CreateLimitOrder,
    CreateLimitSellOrder,
    CreateOrder,
    FetchBalance,
    FetchBidsAsks,
    FetchCanceledAndClosedOrders,
    FetchCanceledOrders,
    FetchClosedOrders,
    FetchCurrencies,
    FetchDepositAddress,
    FetchDepositAddresses,
    FetchDepositAddressesByNetwork,
    FetchDepositWithdrawFee,
    FetchDepositWithdrawFees,
    FetchDeposits,
    FetchDepositsWithdrawals,
    FetchL2OrderBook,
    FetchL3OrderBook,
    FetchLastPrices,
    FetchMarkets,
    FetchMyTrades,
    FetchOHLCV,
    FetchOpenOrders,
    FetchOrder,
    FetchOrderBook,
    FetchOrderTrades,
    FetchOrders,
    FetchTicker,
    FetchTickers,
    FetchTrades,
    FetchTradingFee,
    FetchTradingFees,
    FetchTransfers,
    FetchWithdrawals,
    Transfer,
    Withdraw,
    Exchange,
):
    """bitexbit, async."""

    charts_get_pair_type_chart: AsyncEndpoint
    gateway_get_invoice_history: AsyncEndpoint
    gateway_get_invoices: AsyncEndpoint
    gateway_get_payment_methods: AsyncEndpoint
    gateway_get_wallet_history: AsyncEndpoint
    gateway_get_wallets: AsyncEndpoint
    gateway_get_withdraw_history: AsyncEndpoint
    gateway_post_invoice_create: AsyncEndpoint
    gateway_post_wallet_create: AsyncEndpoint
    gateway_post_withdraw_create: AsyncEndpoint
    v1_private_get_deposits: AsyncEndpoint
    v1_private_get_exchanges_own: AsyncEndpoint
    v1_private_get_order_id: AsyncEndpoint
    v1_private_get_orders_own: AsyncEndpoint
    v1_private_get_wallets: AsyncEndpoint
    v1_private_get_withdraws: AsyncEndpoint
    v1_private_post_order: AsyncEndpoint
    v1_private_post_order_cancel: AsyncEndpoint
    v1_public_get_currencies: AsyncEndpoint
    v1_public_get_exchanges: AsyncEndpoint
    v1_public_get_orderbook_pair: AsyncEndpoint
    v1_public_get_pairs: AsyncEndpoint
    v2PublicGetOhlcv: AsyncEndpoint
    v2_private_get_balance: AsyncEndpoint
    v2_private_get_orders: AsyncEndpoint
    v2_private_get_orders_id_trades: AsyncEndpoint
    v2_private_get_trades: AsyncEndpoint
    v2_private_get_trading_fees: AsyncEndpoint
    v2_private_get_transfers: AsyncEndpoint
    v2_private_post_coupon_create: AsyncEndpoint
    v2_private_post_coupon_redeem: AsyncEndpoint
    v2_private_post_order_create: AsyncEndpoint
    v2_private_post_order_id_cancel: AsyncEndpoint
    v2_private_post_transfers_create: AsyncEndpoint
    v2_private_post_transfers_txid_accept: AsyncEndpoint
    v2_private_post_transfers_txid_cancel: AsyncEndpoint
    v2_public_get_currencies: AsyncEndpoint
    v2_public_get_currency_code: AsyncEndpoint
    v2_public_get_depth: AsyncEndpoint
    v2_public_get_ohlcv: AsyncEndpoint
    v2_public_get_orders: AsyncEndpoint
    v2_public_get_pairs: AsyncEndpoint
    v2_public_get_pairs_symbol: AsyncEndpoint
    v2_public_get_tickers: AsyncEndpoint
    v2_public_get_trades: AsyncEndpoint

class bitmart2(
    CancelAllOrders,
    CancelOrder,
    CreateLimitBuyOrder,
    CreateLimitOrder,
    CreateLimitSellOrder,
    CreateOrder,
    FetchBalance,
    FetchBidsAsks,
    FetchCanceledAndClosedOrders,
    FetchCanceledOrders,
    FetchClosedOrders,
    FetchCurrencies,
    FetchL2OrderBook,
    FetchLastPrices,
    FetchMarkets,
    FetchMyTrades,
    FetchOHLCV,
    FetchOpenOrders,
    FetchOrder,
    FetchOrderBook,
    FetchOrderTrades,
    FetchOrders,
    FetchStatus,
    FetchTicker,
    FetchTickers,
    FetchTime,
    FetchTrades,
    SignIn,
    Exchange,
):
    """BitMart v2, async."""

    private_delete_orders: AsyncEndpoint
    private_delete_orders_entrust_id: AsyncEndpoint
    private_get_orders: AsyncEndpoint
    private_get_orders_entrust_id: AsyncEndpoint
    private_get_trades: AsyncEndpoint
    private_get_wallet: AsyncEndpoint
    private_post_orders: AsyncEndpoint
    public_get_currencies: AsyncEndpoint
    public_get_ping: AsyncEndpoint
    public_get_steps: AsyncEndpoint
    public_get_symbols: AsyncEndpoint
    public_get_symbols_details: AsyncEndpoint
    public_get_symbols_symbol_kline: AsyncEndpoint
    public_get_symbols_symbol_orders: AsyncEndpoint
    public_get_symbols_symbol_trades: AsyncEndpoint
    public_get_ticker: AsyncEndpoint
    public_get_time: AsyncEndpoint
    token_post_authentication: AsyncEndpoint

class bitmaxfutures(
    AddMargin,
    CancelAllOrders,
    CancelOrder,
    CancelOrderWithClientOrderId,
    CancelOrders,
    CloseAllPositions,
    ClosePosition,
    CreateLimitBuyOrder,
    CreateLimitOrder,
    CreateLimitSellOrder,
    CreateMarketBuyOrder,
    CreateMarketOrder,
    CreateMarketSellOrder,
    CreateOrder,
    CreateOrderWithTakeProfitAndStopLoss,
    CreateOrders,
    CreatePostOnlyOrder,
    CreateReduceOnlyOrder,
    CreateStopLimitOrder,
    CreateStopLossOrder,
    CreateStopMarketOrder,
    CreateStopOrder,
    CreateTriggerOrder,
    EditOrder,
    FetchAccounts,
    FetchBalance,
    FetchBidsAsks,
    FetchCanceledAndClosedOrders,
    FetchCanceledOrders,
    FetchClosedOrders,
    FetchCurrencies,
    FetchDepositAddress,
    FetchDepositAddressesByNetwork,
    FetchDeposits,
    FetchDepositsWithdrawals,
    FetchFundingInterval,
    FetchFundingIntervals,
    FetchFundingRate,
    FetchFundingRates,
    FetchL2OrderBook,
    FetchLastPrices,
    FetchLeverage,
    FetchLeverageTiers,
    FetchLeverages,
    FetchMarginMode,
    FetchMarginModes,
    FetchMarkPrice,
    FetchMarkPrices,
    FetchMarketLeverageTiers,
    FetchMarkets,
    FetchMyTrades,
    FetchOHLCV,
    FetchOpenInterest,
    FetchOpenInterests,
    FetchOpenOrders,
    FetchOrder,
    FetchOrderBook,
    FetchOrderTrades,
    FetchOrderWithClientOrderId,
    FetchOrders,
    FetchPosition,
    FetchPositionMode,
    FetchPositions,
    FetchPositionsForSymbol,
    FetchStatus,
    FetchTicker,
    FetchTickers,
    FetchTime,
    FetchTrades,
    FetchTradingFee,
    FetchTradingFees,
    FetchWithdrawals,
    ReduceMargin,
    SetLeverage,
    SetMarginMode,
    SetPositionMode,
    Transfer,
    Exchange,
):
    """BitMax Futures Pro, async."""

    v1_group_get_cash_balance: AsyncEndpoint
    v1_group_get_futures_funding_payments: AsyncEndpoint
    v1_group_get_order_hist: AsyncEndpoint
    v1_group_post_transfer: AsyncEndpoint
    v1_private_get_info: AsyncEndpoint
    v1_private_get_wallet_deposit_address: AsyncEndpoint
    v1_private_get_wallet_transactions: AsyncEndpoint
    v1_public_get_assets: AsyncEndpoint
    v1_public_get_barhist: AsyncEndpoint
    v1_public_get_barhist_info: AsyncEndpoint
    v1_public_get_depth: AsyncEndpoint
    v1_public_get_futures_contracts: AsyncEndpoint
    v1_public_get_futures_funding_rates: AsyncEndpoint
    v1_public_get_futures_market_data: AsyncEndpoint
    v1_public_get_products: AsyncEndpoint
    v1_public_get_ticker: AsyncEndpoint
    v1_public_get_trades: AsyncEndpoint
    v2_group_delete_futures_order: AsyncEndpoint
    v2_group_delete_futures_order_all: AsyncEndpoint
    v2_group_delete_futures_order_batch: AsyncEndpoint
    v2_group_delete_futures_position_all: AsyncEndpoint
    v2_group_get_futures_free_margin: AsyncEndpoint
    v2_group_get_futures_order_hist_current: AsyncEndpoint
    v2_group_get_futures_order_open: AsyncEndpoint
    v2_group_get_futures_order_status: AsyncEndpoint
    v2_group_get_futures_position: AsyncEndpoint
    v2_group_get_order_hist: AsyncEndpoint
    v2_group_post_futures_free_margin: AsyncEndpoint
    v2_group_post_futures_isolated_position_margin: AsyncEndpoint
    v2_group_post_futures_leverage: AsyncEndpoint
    v2_group_post_futures_margin_type: AsyncEndpoint
    v2_group_post_futures_order: AsyncEndpoint
    v2_group_post_futures_order_batch: AsyncEndpoint
    v2_group_post_futures_order_open: AsyncEndpoint
    v2_group_post_futures_transfer_deposit: AsyncEndpoint
    v2_group_post_futures_transfer_withdraw: AsyncEndpoint
    v2_private_get_account_info: AsyncEndpoint
    v2_public_get_futures_collateral: AsyncEndpoint
    v2_public_get_futures_contract: AsyncEndpoint
    v2_public_get_futures_pricing_data: AsyncEndpoint
    v2_public_get_futures_ticker: AsyncEndpoint

class btex(
    CancelAllOrders,
    CancelOrder,
    CreateLimitBuyOrder,
    CreateLimitOrder,
    CreateLimitSellOrder,
    CreateMarketBuyOrder,
    CreateMarketOrder,
    CreateMarketSellOrder,
    CreateOrder,
    FetchBalance,
    FetchCanceledAndClosedOrders,
    FetchCanceledOrders,
    FetchClosedOrders,
    FetchFundingRate,
    FetchFundingRates,
    FetchL2OrderBook,
    FetchLastPrices,
    FetchLeverage,
    FetchLeverages,
    FetchMarginMode,
    FetchMarginModes,
    FetchMarkPrice,
    FetchMarkPrices,
    FetchMarkets,
    FetchMyTrades,
    FetchOHLCV,
    FetchOpenInterest,
    FetchOpenInterests,
    FetchOpenOrders,
    FetchOrder,
    FetchOrderBook,
    FetchOrderTrades,
    FetchOrders,
    FetchPosition,
    FetchPositionHistory,
    FetchPositionMode,
    FetchPositions,
    FetchPositionsForSymbol,
    FetchPositionsHistory,
    FetchTicker,
    FetchTickers,
    FetchTrades,
    FetchTradingFee,
    FetchTradingFees,
    SetLeverage,
    SetMarginMode,
    SetPositionMode,
    Exchange,
):
    """BTEX, async."""
    async def fetch_ohlcv(
        self,
        symbol: str,
        timeframe: str = "5m",
        since: int | None = None,
        limit: int | None = None,
        params: Mapping[str, Any] = {},
    ) -> list[OHLCV]:
        """Candles: time, open, high, low, close and volume of each span."""
    fetchOHLCV = fetch_ohlcv
    contract_private_post_account_info: AsyncEndpoint
    contract_private_post_active_orders: AsyncEndpoint
    contract_private_post_active_positions: AsyncEndpoint
    contract_private_post_cancel_order: AsyncEndpoint
    contract_private_post_get_order_batch: AsyncEndpoint
    contract_private_post_myorders: AsyncEndpoint
    contract_private_post_mypositions: AsyncEndpoint
    contract_private_post_mytrades: AsyncEndpoint
    contract_private_post_order_match_results: AsyncEndpoint
    contract_private_post_place_order: AsyncEndpoint
    contract_public_get_contracts: AsyncEndpoint
    contract_public_get_k_data: AsyncEndpoint
    contract_public_get_orderbook: AsyncEndpoint
    contract_public_get_tickers: AsyncEndpoint
    contract_public_get_trades: AsyncEndpoint
    spot_private_post_buy_coin: AsyncEndpoint
    spot_private_post_cancel_order: AsyncEndpoint
    spot_private_post_getinfo: AsyncEndpoint
    spot_private_post_myorders: AsyncEndpoint
    spot_private_post_mytrades: AsyncEndpoint
    spot_private_post_sell_coin: AsyncEndpoint
    spot_public_get_get_dig_configs: AsyncEndpoint
    spot_public_get_k_data: AsyncEndpoint
    spot_public_get_orderbook: AsyncEndpoint
    spot_public_get_pair: AsyncEndpoint
    spot_public_get_pairs: AsyncEndpoint
    spot_public_get_trades: AsyncEndpoint
