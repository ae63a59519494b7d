"""What BitMax's stream says and is told, and the REST names of what it abbreviates. No I/O."""

from collections.abc import Iterable, Mapping
from typing import Any

PATH = "v2/stream"  # also what a login signs

DEPTH, REALTIME = "depth", "depth-realtime"
BBO, TRADES, BAR = "bbo", "trades", "bar"
PRICES, PRICES_BATCH, REFERENCES = "futures-pricing-data", "futures-pricing-data-batch", "futures-ref-price"
ORDERS, ACCOUNT = "futures-order", "futures-account-update"

SNAPSHOT, TOP, REALTIME_SNAPSHOT = "depth-snapshot", "depth-snapshot-top100", "depth-snapshot-realtime"
OPEN_ORDERS, HOLDINGS, LATEST_TRADES = "futures-open-orders", "futures-account-snapshot", "market-trades"

MOST_SYMBOLS = 10  # in one message

ORDER = {
    "sn": "seqNum",
    "a": "accountId",
    "t": "lastExecTime",
    "ct": "time",
    "sd": "side",
    "ot": "orderType",
    "q": "orderQty",
    "p": "price",
    "sp": "stopPrice",
    "spb": "stopBy",
    "s": "symbol",
    "st": "status",
    "lp": "lastPx",
    "lq": "lastQty",
    "ap": "avgFilledPx",
    "cfq": "cumFilledQty",
    "f": "fee",
    "cf": "cumFee",
    "fa": "feeAsset",
    "ei": "execInst",
    "err": "errorCode",
}
POSITION = {
    "s": "symbol",
    "sd": "side",
    "pos": "position",
    "rc": "referenceCost",
    "up": "unrealizedPnl",
    "rp": "realizedPnl",
    "aop": "avgOpenPrice",
    "boon": "buyOpenOrderNotional",
    "soon": "sellOpenOrderNotional",
    "mt": "marginType",
    "iw": "isolatedMargin",
    "lev": "leverage",
    "tp": "takeProfitPrice",
    "tpt": "takeProfitTrigger",
    "sl": "stopLossPrice",
    "slt": "stopLossTrigger",
}
COLLATERAL = {"a": "asset", "b": "balance", "f": "discountFactor"}
CONTRACT = {
    "s": "symbol",
    "t": "time",
    "ip": "indexPrice",
    "mp": "markPrice",
    "r": "fundingRate",
    "oi": "openInterest",
    "f": "nextFundingTime",
}


def named(row: Mapping[str, Any], names: Mapping[str, str]) -> dict[str, Any]:
    """A row as REST would tell it."""
    return {names.get(name, name): value for name, value in row.items()}


def joined(channels: Iterable[str]) -> list[str]:
    """Several channels in as few messages as the venue takes them: `depth:A` and `depth:B` as `depth:A,B`."""
    symbols: dict[str, list[str]] = {}
    for channel in channels:
        kind, _, symbol = channel.rpartition(":")
        symbols.setdefault(kind or symbol, []).append(symbol if kind else "")
    messages = []
    for kind, listed in symbols.items():
        for start in range(0, len(listed), MOST_SYMBOLS):
            some = ",".join(listed[start : start + MOST_SYMBOLS])
            messages.append(f"{kind}:{some}" if some else kind)
    return messages


def parted(message: str) -> list[str]:
    """The channels that were joined."""
    kind, _, symbols = message.rpartition(":")
    return [f"{kind}:{symbol}" for symbol in symbols.split(",")] if kind else [message]


def refusal(frame: Mapping[str, Any]) -> dict[str, Any] | None:
    """What an answer says that went wrong, in whichever of the stream's shapes, as REST has it."""
    code = frame.get("code")
    if code is None or str(code) == "0":
        return None
    info, reason = frame.get("info"), frame.get("reason")
    if isinstance(info, Mapping):
        return {"code": code, "reason": info.get("reason", reason), "message": info.get("errorMsg")}
    return {"code": code, "reason": reason, "message": info or frame.get("err")}
