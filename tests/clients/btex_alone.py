"""Run in freqtrade's environment: its class for BTEX without a bot. Prints what came of what it was told."""

import json
import logging
import sys
from typing import Any

from freqtrade.enums import RunMode
from freqtrade.exceptions import FreqtradeException
from freqtrade.plugins.pairlistmanager import PairListManager
from freqtrade.resolvers import ExchangeResolver

PAIR = "BTC/USDT:USDT"


class Warnings(logging.Handler):
    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.told: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.told.append(record.getMessage())


def exchange(config: dict[str, Any], **more: Any) -> Any:
    config = {**config, "runmode": RunMode.DRY_RUN if config["dry_run"] else RunMode.LIVE, **more}
    return ExchangeResolver.load_exchange(config, validate=True, load_leverage_tiers=True)


def said_of(call: Any, *args: Any, **kwargs: Any) -> list[str] | None:
    """The class and the words of the error that a call raises."""
    try:
        call(*args, **kwargs)
    except FreqtradeException as error:
        return [type(error).__name__, str(error)]
    return None


def refusals(config: dict[str, Any]) -> dict[str, Any]:
    on_exchange = {"entry": "limit", "exit": "limit", "stoploss": "market", "stoploss_on_exchange": True}
    return {
        "none": said_of(exchange, config),
        "cross": said_of(exchange, config, margin_mode="cross"),
        "minutes": said_of(exchange, config, timeframe="1m"),
        "stops": said_of(exchange, config, order_types=on_exchange),
        "many candles": said_of(exchange, config, startup_candle_count=3000),
    }


def pairs(config: dict[str, Any], chosen: list[str]) -> dict[str, Any]:
    """Which of the pairs in a configuration are left, and what is said of the others."""
    made = exchange(config, exchange={**config["exchange"], "pair_whitelist": chosen})
    warnings = Warnings()
    logging.getLogger("freqtrade.plugins").addHandler(warnings)
    lists = PairListManager(made, made._config)
    lists.refresh_pairlist()
    return {"left": lists.whitelist, "told": warnings.told}


def liquidations(config: dict[str, Any], positions: list[dict[str, Any]]) -> list[float]:
    """What a dry run takes for the price at which each position is liquidated; without freqtrade's buffer."""
    made = exchange(config, liquidation_buffer=0.0)
    found = []
    for each in positions:
        amount = made.get_contract_size(each["pair"]) * each["contracts"]
        stake = amount * each["entry"] / each["leverage"]
        told = {**each, "is_short": each["side"] == "short", "open_rate": each["entry"]}
        names = ("pair", "open_rate", "is_short", "leverage")
        found.append(
            made.get_liquidation_price(
                **{name: told[name] for name in names},
                amount=amount,
                stake_amount=stake,
                wallet_balance=stake,
            )
        )
    return found


def exits(config: dict[str, Any], price: float) -> dict[str, Any]:
    """Exits of a position of 30 contracts, while something else closes it, or is to."""
    made = exchange(config)
    terms = {"pair": PAIR, "leverage": 5.0, "rate": price}

    def leave(amount: float, type: str = "market") -> list[str] | None:
        return said_of(
            made.create_order,
            ordertype=type,
            side="sell",
            amount=amount,
            reduceOnly=True,
            initial_order=False,
            **terms,
        )

    told: dict[str, Any] = {"nothing held": leave(0.01)}
    made.create_order(ordertype="market", side="buy", amount=0.03, **terms)
    told["too much"] = leave(0.031)
    far = made.create_order(
        ordertype="limit",
        side="sell",
        amount=0.02,
        reduceOnly=True,
        initial_order=False,
        **{**terms, "rate": 1.2 * price},
    )
    told["two exits"] = leave(0.03)
    told["the rest"] = leave(0.01)
    made.cancel_order(far["id"], PAIR)
    told["all of it"] = leave(0.02)
    told["again"] = leave(0.02)
    return told


if __name__ == "__main__":
    asked = json.load(sys.stdin)
    print(json.dumps({name: globals()[name](**arguments) for name, arguments in asked.items()}))
