"""Candles as freqtrade keeps them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.clients.client_programs import Environment

BEGIN = 1_772_323_200_000  # 2026-03-01
ROWS = [
    [BEGIN + n * 300_000, 60_000.1 + n, 60_010.25 + n, 59_990 + n, 60_001 + n, 0.1234 + n] for n in range(30)
]
STORE_AND_READ = """
import json, sys
from pathlib import Path

from freqtrade.data.history.datahandlers import get_datahandler
from freqtrade.enums import CandleType
from pandas import DataFrame, to_datetime

from ccxt_ext.sandbox.candles import read_rows, timeframe_between

folder, kind, rows = Path(sys.argv[1]), sys.argv[2], json.loads(sys.argv[3])
frame = DataFrame(rows, columns=["date", "open", "high", "low", "close", "volume"])
frame["date"] = to_datetime(frame["date"], unit="ms", utc=True)
get_datahandler(folder, kind).ohlcv_store("BTC/USDT", "5m", frame, CandleType.SPOT)
[file] = folder.iterdir()
read = read_rows(file)
print(json.dumps([file.name, timeframe_between(read), [[row[0], *map(float, row[1:])] for row in read]]))
"""


@pytest.mark.parametrize("kind", ["feather", "json", "jsongz"])
def test_candles_are_read_as_freqtrade_stored_them(clients: Environment, tmp_path: Path, kind: str) -> None:
    done = clients.run("python", "-c", STORE_AND_READ, tmp_path, kind, json.dumps(ROWS))
    name, timeframe, rows = json.loads(done.stdout.splitlines()[-1])
    assert name.startswith("BTC_USDT-5m.")
    assert timeframe == 300_000
    assert rows == ROWS
