"""freqtrade's websocket mode: its candles come from `watch_ohlcv`, where the venue streams them."""

import re
from pathlib import Path

import pytest

import ccxt_ext.pro
from tests.clients.client_programs import Environment, RunningSandbox
from tests.clients.client_venues import VENUES, with_command
from tests.clients.freqtrade_bot import Freqtrade, problems, settings

pytestmark = pytest.mark.timeout(400)

REUSED = re.compile(r"reuse watch result for ([A-Z/:]+), 1m")

# In this mode it says so each time when a candle has just begun and none of it has come yet.
FELL_BACK = "Couldn't reuse watch"


def streamed(venue: str) -> bool:
    return "watchOHLCV" in getattr(ccxt_ext.pro, venue).native


@pytest.mark.parametrize("venue", [venue for venue in with_command("dry-run") if streamed(venue)])
def test_candles_come_from_the_stream(
    clients: Environment, sandbox: RunningSandbox, tmp_path: Path, venue: str
) -> None:
    row = VENUES[venue]
    config = settings(row, sandbox.config(venue))
    # It uses the streams of an exchange only if its class says that they are tested, or the user does.
    config["exchange"] |= {"enable_ws": True, "_ft_has_params": {"ws_enabled": True}}
    bot = Freqtrade(clients, tmp_path / "user_data", venue, config).bot("--dry-run", "-vv")
    try:
        bot.wait_until(lambda: set(REUSED.findall(bot.log)) >= set(row.pairs), 240)
    finally:
        bot.stop()
    assert problems(bot.log) == []
    # Before a stream has had a whole candle, freqtrade asks over REST; from then on it does not.
    after = bot.log[REUSED.search(bot.log).end() :]
    assert len(REUSED.findall(bot.log)) > after.count(FELL_BACK)
