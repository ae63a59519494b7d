# Written by scripts/generate.py. Do not edit.
"""The sync classes, and what each of them has."""

from collections.abc import Mapping
from typing import Any

from ccxt_ext import async_support as async_support
from ccxt_ext import pro as pro
from ccxt_ext import sandbox as sandbox
from ccxt_ext._calls import (
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
from ccxt_ext._exchange import Endpoint
from ccxt_ext._version import __version__ as __version__
from ccxt_ext.hook import register as register
from ccxt_ext.types import OHLCV
from ccxt_ext.venue.keys.shared import reset_shared as reset_shared
from ccxt_ext.venue.settling.settling_sync import settle as settle
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
    """BitexAsia, sync."""

    private_get_account_balances: Endpoint
    private_get_orders_id: Endpoint
    private_post_orders: Endpoint
    private_post_orders_id_cancel: Endpoint
    public_get_markets: Endpoint
    public_get_orderbook_pair: Endpoint
    public_get_ticker_pair: Endpoint

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
    """bitexbit, sync."""

    charts_get_pair_type_chart: Endpoint
    gateway_get_invoice_history: Endpoint
    gateway_get_invoices: Endpoint
    gateway_get_payment_methods: Endpoint
    gateway_get_wallet_history: Endpoint
    gateway_get_wallets: Endpoint
    gateway_get_withdraw_history: Endpoint
    gateway_post_invoice_create: Endpoint
    gateway_post_wallet_create: Endpoint
    gateway_post_withdraw_create: Endpoint
    v1_private_get_deposits: Endpoint
    v1_private_get_exchanges_own: Endpoint
    v1_private_get_order_id: Endpoint
    v1_private_get_orders_own: Endpoint
    v1_private_get_wallets: Endpoint
    v1_private_get_withdraws: Endpoint
    v1_private_post_order: Endpoint
    v1_private_post_order_cancel: Endpoint
    v1_public_get_currencies: Endpoint
    v1_public_get_exchanges: Endpoint
    v1_public_get_orderbook_pair: Endpoint
    v1_public_get_pairs: Endpoint
    v2PublicGetOhlcv: Endpoint
    v2_private_get_balance: Endpoint
    v2_private_get_orders: Endpoint
    v2_private_get_orders_id_trades: Endpoint
    v2_private_get_trades: Endpoint
    v2_private_get_trading_fees: Endpoint
    v2_private_get_transfers: Endpoint
    v2_private_post_coupon_create: Endpoint
    v2_private_post_coupon_redeem: Endpoint
    v2_private_post_order_create: Endpoint
    v2_private_post_order_id_cancel: Endpoint
    v2_private_post_transfers_create: Endpoint
    v2_private_post_transfers_txid_accept: Endpoint
    v2_private_post_transfers_txid_cancel: Endpoint
    v2_public_get_currencies: Endpoint
    v2_public_get_currency_code: Endpoint
    v2_public_get_depth: Endpoint
    v2_public_get_ohlcv: Endpoint
    v2_public_get_orders: Endpoint
    v2_public_get_pairs: Endpoint
    v2_public_get_pairs_symbol: Endpoint
    v2_public_get_tickers: Endpoint
    v2_public_get_trades: Endpoint

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
    """BitMart v2, sync."""

    private_delete_orders: Endpoint
    private_delete_orders_entrust_id: Endpoint
    private_get_orders: Endpoint
    private_get_orders_entrust_id: Endpoint
    private_get_trades: Endpoint
    private_get_wallet: Endpoint
    private_post_orders: Endpoint
    public_get_currencies: Endpoint
    public_get_ping: Endpoint
    public_get_steps: Endpoint
    public_get_symbols: Endpoint
    public_get_symbols_details: Endpoint
    public_get_symbols_symbol_kline: Endpoint
    public_get_symbols_symbol_orders: Endpoint
    public_get_symbols_symbol_trades: Endpoint
    public_get_ticker: Endpoint
    public_get_time: Endpoint
    token_post_authentication: Endpoint

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
    """BitMax Futures Pro, sync."""

    v1_group_get_cash_balance: Endpoint
    v1_group_get_futures_funding_payments: Endpoint
    v1_group_get_order_hist: Endpoint
    v1_group_post_transfer: Endpoint
    v1_private_get_info: Endpoint
    v1_private_get_wallet_deposit_address: Endpoint
    v1_private_get_wallet_transactions: Endpoint
    v1_public_get_assets: Endpoint
    v1_public_get_barhist: Endpoint
    v1_public_get_barhist_info: Endpoint
    v1_public_get_depth: Endpoint
    v1_public_get_futures_contracts: Endpoint
    v1_public_get_futures_funding_rates: Endpoint
    v1_public_get_futures_market_data: Endpoint
    v1_public_get_products: Endpoint
    v1_public_get_ticker: Endpoint
    v1_public_get_trades: Endpoint
    v2_group_delete_futures_order: Endpoint
    v2_group_delete_futures_order_all: Endpoint
    v2_group_delete_futures_order_batch: Endpoint
    v2_group_delete_futures_position_all: Endpoint
    v2_group_get_futures_free_margin: Endpoint
    v2_group_get_futures_order_hist_current: Endpoint
    v2_group_get_futures_order_open: Endpoint
    v2_group_get_futures_order_status: Endpoint
    v2_group_get_futures_position: Endpoint
    v2_group_get_order_hist: Endpoint
    v2_group_post_futures_free_margin: Endpoint
    v2_group_post_futures_isolated_position_margin: Endpoint
    v2_group_post_futures_leverage: Endpoint
    v2_group_post_futures_margin_type: Endpoint
    v2_group_post_futures_order: Endpoint
    v2_group_post_futures_order_batch: Endpoint
    v2_group_post_futures_order_open: Endpoint
    v2_group_post_futures_transfer_deposit: Endpoint
    v2_group_post_futures_transfer_withdraw: Endpoint
    v2_private_get_account_info: Endpoint
    v2_public_get_futures_collateral: Endpoint
    v2_public_get_futures_contract: Endpoint
    v2_public_get_futures_pricing_data: Endpoint
    v2_public_get_futures_ticker: Endpoint

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
    """BTEX, sync."""
    def fetch_ohlcv(
        self,
        symbol: str,
        timeframe: str = "5m",
        since: int | None = None,
        limit: int | None = None,
        params: Mapping[str, Any] = {},
    ) -> list[OHLCV]:
        """Candles: time, open, high, low, close and volume of each span."""
    fetchOHLCV = fetch_ohlcv
    contract_private_post_account_info: Endpoint
    contract_private_post_active_orders: Endpoint
    contract_private_post_active_positions: Endpoint
    contract_private_post_cancel_order: Endpoint
    contract_private_post_get_order_batch: Endpoint
    contract_private_post_myorders: Endpoint
    contract_private_post_mypositions: Endpoint
    contract_private_post_mytrades: Endpoint
    contract_private_post_order_match_results: Endpoint
    contract_private_post_place_order: Endpoint
    contract_public_get_contracts: Endpoint
    contract_public_get_k_data: Endpoint
    contract_public_get_orderbook: Endpoint
    contract_public_get_tickers: Endpoint
    contract_public_get_trades: Endpoint
    spot_private_post_buy_coin: Endpoint
    spot_private_post_cancel_order: Endpoint
    spot_private_post_getinfo: Endpoint
    spot_private_post_myorders: Endpoint
    spot_private_post_mytrades: Endpoint
    spot_private_post_sell_coin: Endpoint
    spot_public_get_get_dig_configs: Endpoint
    spot_public_get_k_data: Endpoint
    spot_public_get_orderbook: Endpoint
    spot_public_get_pair: Endpoint
    spot_public_get_pairs: Endpoint
    spot_public_get_trades: Endpoint
