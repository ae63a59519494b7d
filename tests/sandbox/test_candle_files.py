"""Candles from files and from values."""

from __future__ import annotations

import gzip
import json
import sys
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from ccxt_ext.sandbox.candles import read_rows, rows_of, timeframe_between, timeframe_ms
from ccxt_ext.sandbox.engine import BadRows, OhlcvRow

D = Decimal
T = 1_772_323_200_000  # 2026-03-01
MINUTE = 60_000
ROWS = [
    OhlcvRow(T, D("100.1"), D("101"), D("99.95"), D("100.5"), D("12.5")),
    OhlcvRow(T + MINUTE, D("100.5"), D("100.5"), D("1e2"), D("100.25"), D(0)),
]
AS_JSON = f"[[{T}, 100.1, 101, 99.95, 100.5, 12.5], [{T + MINUTE}, 100.5, 100.5, 1e2, 100.25, 0]]"
PLAIN = f"{T},100.1,101,99.95,100.5,12.5\n{T + MINUTE},100.5,100.5,1e2,100.25,0\n"
PANDAS = (
    ",date,open,high,low,close,volume\n"
    "0,2026-03-01 00:00:00+00:00,100.1,101,99.95,100.5,12.5\n"
    "1,2026-03-01 00:01:00+00:00,100.5,100.5,100.0,100.25,0.0\n"
)
OTHER_ORDER = (
    "\ufeffOpen; Volume\n".replace("; ", ",").strip()
    + ",High,Low,Close,Open_Time,trades\n"
    + f"100.1,12.5,101,99.95,100.5,{T},7\n\n100.5,0,100.5,100,100.25,2026-03-01T00:01:00Z,0\n"
)


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("c.json", AS_JSON),
        ("c.csv", PLAIN),
        ("c.CSV", "timestamp,open,high,low,close,volume\n" + PLAIN),
        ("c.csv", PANDAS),
        ("c.csv", OTHER_ORDER),
        ("c.csv", PLAIN.replace("\n", "\r\n")),
    ],
)
def test_a_file_is_read(tmp_path: Path, name: str, text: str) -> None:
    path = tmp_path / name
    path.write_bytes(text.encode())
    assert read_rows(path) == ROWS
    assert read_rows(str(path)) == ROWS


@pytest.mark.parametrize("name", ["c.json.gz", "c.csv.gz", "BTC_USDT-1m.jsongz"])
def test_a_packed_file_is_read(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    path.write_bytes(gzip.compress((PLAIN if "csv" in name else AS_JSON).encode()))
    assert read_rows(path) == ROWS


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("c.json", b"{", "it is no JSON"),
        ("c.json", b'{"a": 1}', "row 1 is not [timestamp, open, high, low, close, volume]"),
        ("c.json", b"7", "rows are a list of [timestamp, open, high, low, close, volume]"),
        ("c.json", b"[[1, 2]]", "row 1 is not [timestamp, open, high, low, close, volume]"),
        ("c.csv", b"a,b\n1,2\n", "its first line names no column 'timestamp'; there are a, b"),
        ("c.csv", b"date,open,high,low,close\n1,2,3,4,5\n", "its first line names no column 'volume'"),
        ("c.csv", f"{T},1,1,1,1\n".encode(), "row 1 is not timestamp, open, high, low, close, volume"),
        ("c.csv", f"{PLAIN}{T},1,1,x,1,1\n".encode(), "row 3: the low is 'x', which is no number"),
        ("c.csv", b"\xff\xff", "it is no CSV"),
        ("c.csv.gz", b"no gzip", "Not a gzipped file"),
        ("c.csv.gz", gzip.compress(PLAIN.encode(), mtime=0)[:-9], "it ends too early"),
        ("c.parquet", b"", "candles are read from .json, .csv and .feather"),
        ("c.feather.gz", b"", "candles are read from .json, .csv and .feather"),
        ("c", b"", "candles are read from .json, .csv and .feather"),
    ],
)
def test_a_file_that_has_no_candles(tmp_path: Path, name: str, content: bytes, said: str) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    with pytest.raises(BadRows) as caught:
        read_rows(path)
    assert str(caught.value).startswith(f"{path}: {said}")


def test_a_file_that_is_not_there() -> None:
    with pytest.raises(BadRows, match=r"^/nowhere/c.csv: No such file or directory$"):
        read_rows("/nowhere/c.csv")


def test_feather_files_need_pyarrow(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pyarrow.feather", None)
    path = tmp_path / "BTC_USDT-5m.feather"
    path.write_bytes(b"")
    with pytest.raises(BadRows, match="feather files are read with pyarrow, which is not installed"):
        read_rows(path)


@pytest.mark.parametrize(
    "figures",
    [
        (100.1, 101, 99.95, 100.5, 12.5),
        ("100.1", "101", "99.95", "100.5", "12.5"),
        (D("100.1"), D(101), D("99.95"), D("100.5"), D("12.5")),
    ],
)
def test_values_keep_the_digits_that_they_are_written_with(figures: Any) -> None:
    assert rows_of([[T, *figures]]) == ROWS[:1]
    assert rows_of(((str(T), *figures),)) == ROWS[:1]
    assert rows_of(iter([("2026-03-01", *figures)])) == ROWS[:1]
    assert rows_of([]) == []


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ("text", "rows are a list of [timestamp, open, high, low, close, volume]"),
        (None, "rows are a list of [timestamp, open, high, low, close, volume]"),
        ([[T, 1, 1, 1, 1, 1], "123456"], "row 2 is not [timestamp, open, high, low, close, volume]"),
        ([[T, 1, 1, 1, 1]], "row 1 is not [timestamp, open, high, low, close, volume]"),
        ([[T, 1, 1, 1, 1, None]], "row 1: the volume is None, which is no number"),
        ([[T, True, 1, 1, 1, 1]], "row 1: the open is True, which is no number"),
        ([[T, 1, "", 1, 1, 1]], "row 1: the high is '', which is no number"),
        ([[T // 1000, 1, 1, 1, 1, 1]], f"row 1: the time {T // 1000} looks like seconds"),
        ([[T + 0.5, 1, 1, 1, 1, 1]], f"row 1: {T + 0.5} is no time in milliseconds"),
        ([[-T, 1, 1, 1, 1, 1]], f"row 1: {-T} is no time in milliseconds"),
        ([[float("nan"), 1, 1, 1, 1, 1]], "row 1: nan is no time in milliseconds"),
        ([["noon", 1, 1, 1, 1, 1]], "row 1: 'noon' is no time; times are milliseconds, or dates"),
        ([[None, 1, 1, 1, 1, 1]], "row 1: None is no time"),
    ],
)
def test_values_that_are_no_candles(values: Any, said: str) -> None:
    with pytest.raises(BadRows) as caught:
        rows_of(values)
    assert str(caught.value).startswith(said)


def test_timeframes() -> None:
    told = {text: timeframe_ms(text) // MINUTE for text in ("1m", "15m", "4h", "1d", "1w")}
    assert told == {"1m": 1, "15m": 15, "4h": 240, "1d": 1440, "1w": 10080}
    for wrong in ("", "m", "0m", "1M", "1s", "1.5h", "-1m", 5, None, "1m ", "999999m"):
        with pytest.raises(BadRows, match="a timeframe is like 1m, 5m, 1h, 1d or 1w, not"):
            timeframe_ms(wrong)


def test_rows_tell_their_timeframe() -> None:
    at = [0, 15, 5, 10]
    rows = [ROWS[0]._replace(timestamp=T + sum(at[: n + 1]) * MINUTE) for n in range(len(at))]
    assert timeframe_between(rows) == 5 * MINUTE
    assert timeframe_between(rows[:1]) == MINUTE
    assert timeframe_between([rows[0], rows[0]]) == 1  # which is refused by whoever checks them


def test_json_reads_numbers_as_they_are_written(tmp_path: Path) -> None:
    path = tmp_path / "c.json"
    path.write_text(json.dumps([[T, 1, 1, 1, 1, 1]]).replace("1]", "0.1234567890123456789]"))
    assert read_rows(path)[0].volume == D("0.1234567890123456789")
