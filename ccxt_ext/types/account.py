"""What an account has, and how money gets in and out."""

import sys
from typing import TYPE_CHECKING, Any, Literal, TypeAlias, overload

from ccxt_ext.types.orders import Fee

if sys.version_info >= (3, 11):
    from typing import NotRequired, TypedDict
else:
    from typing_extensions import NotRequired, TypedDict


class Account(TypedDict):
    """An account that a key belongs to."""

    id: str
    type: str | None
    code: str | None
    info: Any
    name: NotRequired[str | None]


class Balance(TypedDict):
    """What there is of a currency."""

    free: float | None
    used: float | None
    total: float | None
    debt: NotRequired[float | None]


#: How much of each currency.
Amounts: TypeAlias = dict[str, float | None]


class Balances(dict[str, Any]):
    """What the account has: `balances["BTC"]["free"]`, or the same as `balances["free"]["BTC"]`.

    No TypedDict can have any currency as a key. At run time it is a plain dict, as the others are.
    """

    if TYPE_CHECKING:

        @overload
        def __getitem__(self, key: Literal["free", "used", "total"], /) -> Amounts: ...  # type: ignore[overload-overlap]
        @overload
        def __getitem__(self, key: Literal["info"], /) -> Any: ...
        @overload
        def __getitem__(self, key: Literal["timestamp"], /) -> int | None: ...  # type: ignore[overload-overlap]
        @overload
        def __getitem__(self, key: Literal["datetime"], /) -> str | None: ...  # type: ignore[overload-overlap]
        @overload
        def __getitem__(self, key: str, /) -> Balance: ...
        def __getitem__(self, key: str, /) -> Any: ...


class DepositAddress(TypedDict):
    """Where to send a currency to."""

    info: Any
    currency: str
    network: str | None
    address: str
    tag: str | None
    note: NotRequired[str | None]


DepositAddresses: TypeAlias = dict[str, DepositAddress]


class DepositWithdrawFeeNetwork(TypedDict):
    """What it costs to send in, or out. `percentage` tells whether `fee` is a share of the amount."""

    fee: float | None
    percentage: bool | None
    rate: NotRequired[float | None]


class DepositWithdrawFeeNetworkEntry(TypedDict):
    """What it costs to send in and out by a network."""

    deposit: DepositWithdrawFeeNetwork
    withdraw: DepositWithdrawFeeNetwork


class DepositWithdrawFee(TypedDict):
    """What it costs to send a currency in and out."""

    info: Any
    withdraw: DepositWithdrawFeeNetwork
    deposit: DepositWithdrawFeeNetwork
    networks: dict[str, DepositWithdrawFeeNetworkEntry]


DepositWithdrawFees: TypeAlias = dict[str, DepositWithdrawFee]


class Transaction(TypedDict):
    """Money that came in or went out."""

    info: Any
    id: str | None
    txid: str | None
    timestamp: int
    datetime: str
    address: str | None
    addressFrom: str | None
    addressTo: str | None
    tag: str | None
    tagFrom: str | None
    tagTo: str | None
    type: Literal["deposit", "withdrawal"] | None
    amount: float | None
    currency: str
    status: Literal["pending", "ok", "failed", "canceled"] | None
    updated: int | None
    fee: Fee | None
    network: str | None
    comment: str | None
    internal: bool | None


class TransferEntry(TypedDict):
    """Money that was moved between accounts of the same owner."""

    info: Any
    id: str | None
    timestamp: int | None
    datetime: str | None
    currency: str
    amount: float | None
    fromAccount: str | None
    toAccount: str | None
    status: str | None


class ConstructorArgs(TypedDict, total=False):
    """What an exchange can be made with. It may be given other attributes of the class as well."""

    apiKey: str
    secret: str
    passphrase: str
    password: str
    privateKey: str
    walletAddress: str
    uid: str
    verbose: bool
    testnet: bool
    sandbox: bool
    options: dict[str, Any]
    enableRateLimit: bool
    httpsProxy: str
    socksProxy: str
    wssProxy: str
    proxy: str
    rateLimit: float
    commonCurrencies: dict[str, Any]
    userAgent: str
    userAgents: dict[str, Any]
    timeout: float
    markets: dict[str, Any]
    currencies: dict[str, Any]
    hostname: str
    urls: dict[str, Any]
    headers: dict[str, Any]
    session: Any
