"""What all classes have, sync and async: their attributes, and what they do without asking the venue.

There is no such module at run time: it is for type checkers and editors. A test compares it with the classes.
"""

from collections.abc import Coroutine, Mapping, Sequence
from decimal import Decimal
from logging import Logger
from typing import Any, Literal, Protocol

from ccxt_ext.types import (
    OHLCV,
    Balances,
    ConstructorArgs,
    Currencies,
    Currency,
    Market,
    Order,
    OrderBook,
    OrderBooks,
    Position,
    Ticker,
    Tickers,
    Trade,
    Transaction,
)

class NotSupported:
    """Stands where ccxt has a method that the venue does not have."""

class Endpoint(Protocol):
    """A call to one of the venue's own endpoints: it takes its fields and gives its answer."""

    def __call__(self, params: Mapping[str, Any] = {}) -> Any: ...

class AsyncEndpoint(Protocol):
    """A call to one of the venue's own endpoints: it takes its fields and, awaited, gives its answer."""

    def __call__(self, params: Mapping[str, Any] = {}) -> Coroutine[Any, Any, Any]: ...

class Common:
    # -- what the venue is --------------------------------------------------------------------------
    id: str
    name: str
    countries: list[str]
    version: str
    certified: bool
    pro: bool
    alias: bool
    synchronous: bool
    has: dict[str, bool | str | None]
    features: dict[str, Any]
    timeframes: dict[str, str]
    urls: dict[str, Any]
    api: dict[str, Any]
    fees: dict[str, Any]
    limits: dict[str, Any]
    status: dict[str, Any]
    exceptions: dict[str, Any]
    httpExceptions: dict[str, Any]
    requiredCredentials: dict[str, bool]
    precisionMode: int
    paddingMode: int
    isSandboxModeEnabled: bool
    # -- how it is used -----------------------------------------------------------------------------
    options: dict[str, Any]
    apiKey: str | None
    secret: str | None
    uid: str | None
    password: str | None
    login: str | None
    token: str | None
    twofa: str | None
    privateKey: str | None
    walletAddress: str | None
    hostname: str | None
    headers: dict[str, str]
    userAgent: Any
    timeout: float
    rateLimit: float
    enableRateLimit: bool
    verbose: bool
    logger: Logger
    number: Any
    session: Any
    commonCurrencies: dict[str, str]
    httpProxy: str | None
    httpsProxy: str | None
    socksProxy: str | None
    wsProxy: str | None
    wssProxy: str | None
    wsSocksProxy: str | None
    returnResponseHeaders: bool
    last_http_response: str | None
    last_json_response: Any
    last_response_headers: Any
    last_request_headers: Any
    last_request_body: Any
    last_request_url: str | None
    # -- filled by load_markets() -------------------------------------------------------------------
    markets: dict[str, Market]
    markets_by_id: dict[str, list[Market]]
    symbols: list[str]
    ids: list[str]
    currencies: Currencies
    currencies_by_id: dict[str, Currency]
    codes: list[str]
    # -- filled by streams, empty without them ------------------------------------------------------
    tickers: Tickers
    bidsasks: Tickers
    orderbooks: OrderBooks
    trades: dict[str, list[Trade]]
    ohlcvs: dict[str, dict[str, list[OHLCV]]]
    orders: Any
    myTrades: Any
    positions: Any
    balance: Any

    def __init__(self, config: ConstructorArgs | Mapping[str, Any] = {}) -> None: ...

    # -- the venue ----------------------------------------------------------------------------------
    def describe(self) -> dict[str, Any]:
        """What the class tells of the venue, as ccxt's tooling reads it."""
    def has_on(self, name: str, type: str) -> bool:
        """Whether a method works on markets of a type: `has_on("fetchFundingRate", "swap")`."""
    def feature_value(
        self,
        symbol: str,
        methodName: str | None = None,
        paramName: str | None = None,
        defaultValue: Any = None,
    ) -> Any:
        """What `features` tells of a market, a method and a parameter."""
    featureValue = feature_value
    def feature_value_by_type(
        self,
        marketType: str,
        subType: str | None,
        methodName: str | None = None,
        paramName: str | None = None,
        defaultValue: Any = None,
    ) -> Any:
        """What `features` tells of a type of markets, a method and a parameter."""
    featureValueByType = feature_value_by_type
    def set_sandbox_mode(self, enabled: bool) -> None:
        """Turns to the venue's own testnet, if it has one, or back."""
    setSandboxMode = set_sandbox_mode
    def check_required_credentials(self, error: bool = True) -> bool:
        """Whether it has the keys that private calls need; raises AuthenticationError unless told not to."""
    checkRequiredCredentials = check_required_credentials
    def sign(
        self,
        path: str,
        api: Any = ...,
        method: str = "GET",
        params: Any = {},
        headers: Any = None,
        body: Any = None,
    ) -> dict[str, Any]:
        """A request as it is sent: its url, method, headers and body."""
    def nonce(self) -> int:
        """The number, or the time in milliseconds, that the next private request would bear."""

    # -- markets and currencies ---------------------------------------------------------------------
    def market(self, symbol: str) -> Market:
        """A market by its symbol, once markets are loaded."""
    def market_id(self, symbol: str) -> str:
        """The venue's own name of a market."""
    marketId = market_id
    def market_ids(self, symbols: list[str] | None = None) -> list[str] | None:
        """The venue's own names of these markets."""
    marketIds = market_ids
    def symbol(self, symbol: str) -> str:
        """The symbol of a market, checked."""
    def market_symbols(
        self,
        symbols: list[str] | None = None,
        type: str | None = None,
        allowEmpty: bool = True,
        sameTypeOnly: bool = False,
        sameSubTypeOnly: bool = False,
    ) -> list[str] | None:
        """These symbols, checked."""
    marketSymbols = market_symbols
    def safe_market(
        self,
        marketId: str | None = None,
        market: Any = None,
        delimiter: str | None = None,
        marketType: str | None = None,
    ) -> Market:
        """A market by the venue's own name of it."""
    safeMarket = safe_market
    def safe_symbol(
        self,
        marketId: str | None,
        market: Any = None,
        delimiter: str | None = None,
        marketType: str | None = None,
    ) -> str:
        """A market's symbol by the venue's own name of it."""
    safeSymbol = safe_symbol
    def currency(self, code: str) -> Currency:
        """A currency by its code, once markets are loaded."""
    def currency_id(self, code: str) -> str:
        """The venue's own name of a currency."""
    currencyId = currency_id
    def currency_ids(self, codes: list[str] | None = None) -> list[str] | None:
        """The venue's own names of these currencies."""
    currencyIds = currency_ids
    def safe_currency_code(self, currencyId: str | None, currency: Any = None) -> str:
        """A currency's code by the venue's own name of it."""
    safeCurrencyCode = safe_currency_code
    def common_currency_code(self, code: str) -> str:
        """A currency's code as ccxt writes it."""
    commonCurrencyCode = common_currency_code

    # -- numbers ------------------------------------------------------------------------------------
    def price_to_precision(self, symbol: str, price: float | str | Decimal) -> str:
        """A price as the market can take it, as text."""
    priceToPrecision = price_to_precision
    def amount_to_precision(self, symbol: str, amount: float | str | Decimal) -> str:
        """An amount as the market can take it, cut off and not rounded, as text."""
    amountToPrecision = amount_to_precision
    def cost_to_precision(self, symbol: str, cost: float | str | Decimal) -> str:
        """A price times an amount as the market counts it, as text."""
    costToPrecision = cost_to_precision
    def fee_to_precision(self, symbol: str, fee: float | str | Decimal) -> str:
        """A fee as the market counts it, as text."""
    feeToPrecision = fee_to_precision
    def currency_to_precision(
        self, code: str, fee: float | str | Decimal, networkCode: str | None = None
    ) -> str:
        """An amount of a currency as the venue counts it, as text."""
    currencyToPrecision = currency_to_precision
    @staticmethod
    def decimal_to_precision(
        n: float | str | Decimal,
        rounding_mode: int = ...,
        precision: Any = None,
        counting_mode: int = ...,
        padding_mode: int = ...,
    ) -> str:
        """A number as text, rounded or cut off, with so many digits or by steps of this size."""
    decimalToPrecision = decimal_to_precision
    @staticmethod
    def number_to_string(x: float | str | Decimal) -> str:
        """A number as text, and never with an exponent."""
    numberToString = number_to_string
    def parse_number(self, value: Any, default: Any = None) -> Any:
        """A number from text, of the kind that `number` tells."""
    parseNumber = parse_number
    def calculate_fee(
        self,
        symbol: str,
        type: str,
        side: str,
        amount: float,
        price: float,
        takerOrMaker: Literal["taker", "maker"] = "taker",
        params: Mapping[str, Any] = {},
    ) -> dict[str, Any]:
        """What an order would cost, by what the market tells of fees."""
    calculateFee = calculate_fee

    # -- time ---------------------------------------------------------------------------------------
    @staticmethod
    def seconds() -> int:
        """This machine's time, in seconds."""
    @staticmethod
    def milliseconds() -> int:
        """This machine's time, in milliseconds, as all times are."""
    @staticmethod
    def microseconds() -> int:
        """This machine's time, in microseconds."""
    @staticmethod
    def iso8601(timestamp: int | None = None) -> str | None:
        """A time as text: `2026-01-01T00:00:00.000Z`."""
    @staticmethod
    def parse8601(timestamp: str | None = None) -> int | None:
        """A time from text, in milliseconds."""
    @staticmethod
    def parse_date(timestamp: str | None = None) -> int | None:
        """A time from text of some other writing, in milliseconds."""
    parseDate = parse_date
    @staticmethod
    def ymd(timestamp: int | None, infix: str = "-", fullYear: bool = True) -> str | None:
        """The day of a time, as text."""
    @staticmethod
    def ymdhms(timestamp: int | None, infix: str = " ") -> str | None:
        """The day and time, as text."""
    @staticmethod
    def parse_timeframe(timeframe: str) -> int:
        """How many seconds a timeframe such as `5m` has."""
    parseTimeframe = parse_timeframe
    @staticmethod
    def round_timeframe(timeframe: str, timestamp: int, direction: int = ...) -> int:
        """The begin, or the end, of the candle that a time is in."""
    roundTimeframe = round_timeframe

    # -- what ccxt has for dicts and lists ----------------------------------------------------------
    @staticmethod
    def extend(*args: Any) -> dict[str, Any]:
        """A new dict of all of these; the later ones prevail."""
    @staticmethod
    def deep_extend(*args: Any) -> Any:
        """As `extend`, for dicts in dicts as well."""
    deepExtend = deep_extend
    @staticmethod
    def omit(d: Mapping[str, Any], *args: Any) -> dict[str, Any]:
        """A new dict without these keys."""
    @staticmethod
    def index_by(array: Any, key: Any) -> dict[Any, Any]:
        """A dict of these, by one of their fields."""
    indexBy = index_by
    @staticmethod
    def group_by(array: Any, key: Any) -> dict[Any, list[Any]]:
        """Lists of these, by one of their fields."""
    groupBy = group_by
    @staticmethod
    def sort_by(array: Any, key: Any, descending: bool = False, default: Any = 0) -> list[Any]:
        """These in the order of one of their fields."""
    sortBy = sort_by
    @staticmethod
    def filter_by(array: Any, key: Any, value: Any = None) -> list[Any]:
        """Those of which a field has this value."""
    filterBy = filter_by
    @staticmethod
    def sum(*args: Any) -> Any:
        """The sum of these, without those that are None."""
    @staticmethod
    def uuid() -> str:
        """A random id."""
    @staticmethod
    def safe_string(dictionary: Any, key: Any, default_value: Any = None) -> Any:
        """A field as text, None if there is none."""
    safeString = safe_string
    @staticmethod
    def safe_integer(dictionary: Any, key: Any, default_value: Any = None) -> Any:
        """A field as a whole number, None if it is none."""
    safeInteger = safe_integer
    @staticmethod
    def safe_float(dictionary: Any, key: Any, default_value: Any = None) -> Any:
        """A field as a float, None if it is none."""
    safeFloat = safe_float
    @staticmethod
    def safe_value(dictionary: Any, key: Any, default_value: Any = None) -> Any:
        """A field, None if there is none."""
    safeValue = safe_value
    @staticmethod
    def safe_timestamp(dictionary: Any, key: Any, default_value: Any = None) -> Any:
        """A field of seconds, in milliseconds."""
    safeTimestamp = safe_timestamp
    def safe_number(self, obj: Any, key: Any, defaultNumber: Any = None) -> Any:
        """A field as a number, of the kind that `number` tells."""
    safeNumber = safe_number

    # -- what the venue says, as ccxt's structures --------------------------------------------------
    def parse_ticker(self, ticker: Any, market: Any = None) -> Ticker: ...
    parseTicker = parse_ticker
    def parse_trade(self, trade: Any, market: Any = None) -> Trade: ...
    parseTrade = parse_trade
    def parse_trades(
        self,
        trades: Sequence[Any],
        market: Any = None,
        since: int | None = None,
        limit: int | None = None,
        params: Mapping[str, Any] = {},
    ) -> list[Trade]: ...
    parseTrades = parse_trades
    def parse_order(self, order: Any, market: Any = None) -> Order: ...
    parseOrder = parse_order
    def parse_orders(
        self,
        orders: Any,
        market: Any = None,
        since: int | None = None,
        limit: int | None = None,
        params: Mapping[str, Any] = {},
    ) -> list[Order]: ...
    parseOrders = parse_orders
    def parse_order_book(
        self,
        orderbook: Any,
        symbol: str,
        timestamp: int | None = None,
        bidsKey: Any = "bids",
        asksKey: Any = "asks",
        priceKey: Any = 0,
        amountKey: Any = 1,
        countOrIdKey: Any = 2,
    ) -> OrderBook: ...
    parseOrderBook = parse_order_book
    def parse_ohlcv(self, ohlcv: Any, market: Any = None) -> OHLCV: ...
    parseOHLCV = parse_ohlcv
    def parse_ohlcvs(
        self,
        ohlcvs: Sequence[Any] | None,
        market: Any = None,
        timeframe: str = "1m",
        since: int | None = None,
        limit: int | None = None,
        tail: bool | None = False,
    ) -> list[OHLCV]: ...
    parseOhlcvs = parse_ohlcvs
    def parse_balance(self, response: Any) -> Balances: ...
    parseBalance = parse_balance
    def parse_position(self, position: Any, market: Any = None) -> Position: ...
    parsePosition = parse_position
    def parse_transaction(self, transaction: Any, currency: Any = None) -> Transaction: ...
    parseTransaction = parse_transaction
    def parse_market(self, market: Any) -> Market: ...
    parseMarket = parse_market
