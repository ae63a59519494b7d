"""The test of a whole freqtrade strategy that docs/testing-your-bot.md prints runs as printed."""

import os
import shutil
from pathlib import Path

import pytest

from tests.bots.page import printed
from tests.clients.client_programs import Environment

EXAMPLES = Path(__file__).resolve().parents[2] / "examples"
BESIDE = ("freqtrade/day.py", "freqtrade/config.json", "candles/BTC_USDT-5m.csv")


@pytest.mark.timeout(400)
def test_a_strategy_is_tested_as_the_page_tells(clients: Environment, tmp_path: Path) -> None:
    (tmp_path / "test_strategy.py").write_text(printed("testing-your-bot.md")["test_strategy.py"])
    for name in BESIDE:
        shutil.copy(EXAMPLES / name, tmp_path)
    programs = str(Path(clients.program("freqtrade")).parent)
    path = os.pathsep.join((programs, os.environ["PATH"]))
    done = clients.run("python", "-m", "pytest", "-q", cwd=tmp_path, env={"PATH": path})
    assert "1 passed" in done.stdout
