"""Funding where a venue tells the rate to come and nothing of the past.

What this process saw is counted, and nothing else: it looked at the rate and the mark price shortly before a
payment was due, then the venue went on to the next one, and the position was held in between.
"""

from __future__ import annotations

import logging
from collections.abc import Collection
from datetime import datetime, timezone
from threading import RLock
from typing import Any, NamedTuple

from ccxt.base.errors import BaseError
from freqtrade.enums import OPTIMIZE_MODES, TRADE_MODES, TradingMode
from freqtrade.exceptions import FreqtradeException
from freqtrade.persistence import Trade
from freqtrade.util import dt_ts

logger = logging.getLogger(__name__)

SHORTLY_MS = 10 * 60_000
"""How long before it is due a rate counts as the one that is paid. freqtrade's rounds are shorter."""
AT_LEAST_MS = 60 * 60_000
"""How often it is looked when the next payment is due."""


TRIES = 5


class Coming(NamedTuple):
    """A payment to come, as it was told."""

    due: int
    rate: float | None
    mark: float | None
    seen: int


class Paid(NamedTuple):
    """A payment that was made."""

    time: int
    per_unit: float
    """What a long position of one unit of the base currency paid."""


def seen_funding(exchange: Any, api: Any, config: Any) -> SeenFunding | None:
    """What counts the funding of this exchange; None if freqtrade can ask for it, or needs none."""
    mode = config["runmode"]
    if exchange.trading_mode != TradingMode.FUTURES:
        return None
    if mode in OPTIMIZE_MODES and not exchange.exchange_has("fetchFundingRateHistory"):
        rate = config.get("futures_funding_rate")
        logger.info(
            f"{exchange.name} tells nothing of past funding. "
            + ("None is counted" if rate is None else f"It is reckoned by futures_funding_rate, {rate}")
        )
    if mode not in TRADE_MODES:
        return None
    if exchange.exchange_has("fetchFundingRateHistory" if config["dry_run"] else "fetchFundingHistory"):
        return None
    if exchange.exchange_has("fetchFundingRates"):
        logger.info(
            f"{exchange.name} tells the coming funding rate only. What is paid while this bot runs is "
            "counted, by the rate and the mark price of the minutes before. What is paid otherwise is not"
        )
    else:
        logger.info(f"{exchange.name} tells nothing of funding. None is counted")
    return SeenFunding(exchange, api, config["dry_run"])


class SeenFunding:
    """That of one exchange."""

    def __init__(self, exchange: Any, api: Any, dry_run: bool) -> None:
        self.exchange = exchange
        self.api = api
        self.dry_run = dry_run
        self._can_see = exchange.exchange_has("fetchFundingRates")
        self._looked = 0
        self._coming: dict[str, Coming] = {}
        self._paid: dict[str, list[Paid]] = {}
        self._before: dict[tuple[int, int], float] = {}
        """What freqtrade's database had of a trade when this process first counted, by the trade's id and the
        time from which on it counts."""
        self._counted: dict[tuple[int, int], dict[int, float]] = {}
        """What was counted of a payment, by the trade's id and the time of the payment; and by the time from
        which on it was counted, which is another one when more of the trade was filled."""
        self._held: dict[tuple[str, int], float] = {}
        self._lock = RLock()  # freqtrade's API exits trades in another thread

    # -- what is paid -----------------------------------------------------------------------------------

    def look(self) -> None:
        """Look at what is to come, if it comes soon or was due, and count what was paid meanwhile."""
        with self._lock:
            now = dt_ts()
            if not (self._can_see and self._is_time(now)):
                return
            try:
                rates = self.api.fetch_funding_rates()
            except BaseError as error:
                logger.info(f"Could not look at the coming funding rates: {error}")
                return
            first, self._looked = not self._looked, now
            paid = {}
            for symbol, rate in rates.items():
                coming = coming_of(rate, now)
                before = self._coming.get(symbol)
                if coming is not None:
                    self._coming[symbol] = coming
                    if before is not None and before.due < coming.due:
                        paid[symbol] = before
            if first and not self._coming:
                logger.info(f"{self.exchange.name} does not tell when funding is paid. None is counted")
            if paid:
                self._count(paid)

    def _is_time(self, now: int) -> bool:
        return now - self._looked >= AT_LEAST_MS or any(
            abs(coming.due - now) <= SHORTLY_MS for coming in self._coming.values()
        )

    def _count(self, paid: dict[str, Coming]) -> None:
        trades = Trade.get_open_trades()
        self._forget_all_but(trades)
        for trade in trades:
            coming = paid.get(trade.pair)
            if coming is None or dt_ts(trade.open_date_utc) >= coming.due:
                continue
            at = told_time(coming.due)
            if coming.rate is None or coming.mark is None or coming.due - coming.seen > SHORTLY_MS:
                logger.warning(
                    f"{trade.pair}: the funding rate was not seen shortly before {at}, so what was paid then "
                    "is not counted"
                )
                continue
            self._paid.setdefault(trade.pair, []).append(Paid(coming.due, coming.rate * coming.mark))
            # At once: an order that is found filled next may end the trade, and nobody asks any more.
            trade.set_funding_fees(
                self._sum(trade, trade.pair, trade.amount, trade.is_short, dt_ts(trade.date_last_filled_utc))
            )
            logger.info(
                f"{trade.pair}: funding was paid at {at}, at the rate {coming.rate} and the mark price "
                f"{coming.mark}. It comes to {trade.funding_fees:.8f} for this trade"
            )
        Trade.commit()

    def _forget_all_but(self, trades: Collection[Any]) -> None:
        pairs, ids = {trade.pair for trade in trades}, {trade.id for trade in trades}
        self._paid = {pair: paid for pair, paid in self._paid.items() if pair in pairs}
        self._held = {key: held for key, held in self._held.items() if key[0] in pairs}
        self._before = {key: fee for key, fee in self._before.items() if key[0] in ids}
        self._counted = {key: fees for key, fees in self._counted.items() if key[0] in ids}

    # -- what a trade has of it -------------------------------------------------------------------------

    def fees(self, pair: str, amount: float, is_short: bool, open_date: datetime) -> float:
        """What a trade has received since a time; negative if it paid."""
        with self._lock:
            coming = self._coming.get(pair)
            if coming is not None and coming.due <= dt_ts():
                self.look()
            trade = next(iter(Trade.get_trades_proxy(pair=pair, is_open=True)), None)
            return self._sum(trade, pair, amount, is_short, dt_ts(open_date))

    def _sum(self, trade: Any, pair: str, amount: float, is_short: bool, since: int) -> float:
        id = 0 if trade is None else trade.id
        before = 0.0 if trade is None else trade.funding_fee_running or 0.0
        total = self._before.setdefault((id, since), before)
        for paid in self._paid.get(pair, ()):
            if since < paid.time:
                total += self._received(id, paid, pair, amount, is_short, since)
        return total

    def _received(self, id: int, paid: Paid, pair: str, amount: float, is_short: bool, since: int) -> float:
        try:
            held = amount if self.dry_run else self._held_of(pair, paid.time, amount, is_short)
        except (BaseError, FreqtradeException) as error:
            logger.warning(
                f"{pair}: what was held at {told_time(paid.time)} could not be seen, so the funding of then "
                f"is not counted yet: {error}"
            )
            return 0.0
        counted = self._counted.setdefault((id, paid.time), {})
        received = held * paid.per_unit * (1 if is_short else -1)
        received -= sum(fee for other, fee in counted.items() if other != since)
        counted[since] = received
        return received

    def _held_of(self, pair: str, time: int, amount: float, is_short: bool) -> float:
        """How much of an amount was on the venue then."""
        if (pair, time) not in self._held:
            self._held[pair, time] = held_at(self.exchange, self.api, pair, time)
        held = self._held[pair, time]
        return min(amount, max(-held if is_short else held, 0.0))


def coming_of(rate: Any, now: int) -> Coming | None:
    """What a funding rate says of the next payment; None if it does not say when that is due."""
    due = rate.get("fundingTimestamp") or next_multiple(rate.get("interval"), now)
    return None if due is None else Coming(due, rate.get("fundingRate"), rate.get("markPrice"), now)


def next_multiple(interval: str | None, now: int) -> int | None:
    """The next full interval of the day (UTC), such as "8h", after now."""
    if not interval:
        return None
    length = int(interval[:-1]) * {"m": 60_000, "h": 3_600_000, "d": 86_400_000}[interval[-1]]
    return (now // length + 1) * length


def held_at(exchange: Any, api: Any, pair: str, time: int) -> float:
    """The position at a time, negative if short: the venue's of now, less what was traded since."""
    since = trades_since(api, pair, time)
    for _ in range(TRIES):
        before, positions = since, exchange.fetch_positions(pair)
        since = trades_since(api, pair, time)
        if since == before:  # else something was traded while it was asked
            break
    sizes = [
        -position["contracts"] if position["side"] == "short" else position["contracts"]
        for position in positions
        if position["symbol"] == pair and position["contracts"]
    ]
    return float((sum(sizes) - sum(since.values())) * exchange.get_contract_size(pair))


def trades_since(api: Any, pair: str, time: int) -> dict[str, float]:
    """The contracts of each trade from a time on, by its id; negative if sold."""
    return {
        trade["id"]: trade["amount"] if trade["side"] == "buy" else -trade["amount"]
        for trade in api.fetch_my_trades(pair, since=time)
    }


def told_time(time: int) -> str:
    return datetime.fromtimestamp(time / 1000, timezone.utc).strftime("%Y-%m-%d %H:%M")


def when_paid(rates: Any, timeframe: str) -> Any:
    """Of the rows of a table, which freqtrade fills with a rate for each mark candle, those of payments."""
    dates = rates["date"]
    return rates[dates == dates.dt.floor(timeframe.replace("m", "min"))]
