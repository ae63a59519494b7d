"""What docs/testing-your-bot.md prints works as printed."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.bots.binance import recordable
from tests.bots.page import printed
from tests.recorded.stubs import BINANCE

pytestmark = pytest.mark.timeout(320)

FILES = printed("testing-your-bot.md")
# That needs freqtrade: tests/clients runs it.
ELSEWHERE = ("test_strategy.py",)
BOT = "my_bot.py"


def test_the_page_has_what_it_promises() -> None:
    assert {BOT, "test_dip.py", "test_anywhere.py", "test_faults.py"} <= FILES.keys()
    assert {"test_candles.py", "test_sleeping.py", "test_recorded.py", *ELSEWHERE} <= FILES.keys()


def test_the_first_test_has_five_lines() -> None:
    _, _, body = FILES["test_dip.py"].partition("def ")
    assert len(body.splitlines()) == 5


def test_all_of_it_runs_as_printed(tmp_path: Path) -> None:
    """As a project of its own, with warnings as errors."""
    for name, text in FILES.items():
        if name not in ELSEWHERE:
            (tmp_path / name).write_text(text)
    keys = {"BINANCE_KEY": BINANCE["apiKey"], "BINANCE_SECRET": BINANCE["secret"]}
    with recordable(tmp_path):
        done = run_pytest(tmp_path, "test_recorded.py", "--ccxt-record=missing", **keys)
    assert done.returncode == 0, done.stdout + done.stderr
    cassettes = [path.relative_to(tmp_path) for path in tmp_path.rglob("*.yaml")]
    assert [path.parts[:2] for path in cassettes] == [("cassettes", "test_recorded")] * 2
    assert not any(key in (tmp_path / path).read_text() for key in keys.values() for path in cassettes)
    done = run_pytest(tmp_path)
    assert done.returncode == 0, done.stdout + done.stderr
    assert f"{count_in(FILES)} passed" in done.stdout


def test_a_bot_that_is_broken_fails(tmp_path: Path) -> None:
    """So that the tests of the page show something."""
    careless = FILES[BOT].replace("return ccxt_ext.settle(exchange, error)", "return step(exchange)")
    assert careless != FILES[BOT]
    (tmp_path / BOT).write_text(careless)
    (tmp_path / "test_faults.py").write_text(FILES["test_faults.py"])
    done = run_pytest(tmp_path, "-k", "lost")
    assert done.returncode == 1 and "test_an_order_whose_answer_is_lost_is_there_once" in done.stdout


def run_pytest(folder: Path, *options: str, **variables: str) -> "subprocess.CompletedProcess[str]":
    dropped = ("PYTEST", "BINANCE", "CI")
    inherited = {name: value for name, value in os.environ.items() if not name.startswith(dropped)}
    return subprocess.run(
        [
            sys.executable,
            "-m",
            "pytest",
            "-q",
            "-p",
            "no:cacheprovider",
            "-p",
            "no:asyncio",
            "-W",
            "error",
            *options,
        ],
        cwd=folder,
        env={**inherited, "PYTHONPATH": str(folder), **variables},
        capture_output=True,
        text=True,
        timeout=300,
    )


def count_in(files: dict[str, str]) -> int:
    """Those that run here: one for each of the three ids of the parametrized one."""
    texts = "".join(text for name, text in files.items() if name not in ELSEWHERE)
    return texts.count("\ndef test_") + 2
