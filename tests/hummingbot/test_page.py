"""What docs/hummingbot.md tells one to type runs as printed, from installed packages to a market maker."""

import os
import re
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path

import pytest

from ccxt_ext.sandbox import Sandbox
from tests.hummingbot.hummingbot_bot import ENVIRONMENT, EXAMPLE, ROOT, package
from tests.hummingbot.live_run import tracebacks

pytestmark = pytest.mark.timeout(1_500)

PAGE = ROOT / "docs" / "hummingbot.md"
_BLOCK = re.compile(r"(?:<!-- until: (\w+) -->\n)?```console\n(.*?)^```$", re.DOTALL | re.MULTILINE)
# What a bot's log has once it is so far.
REACHED = {
    "order": re.compile(r"Created LIMIT (BUY|SELL) order"),
    "fill": re.compile(r"(BUY|SELL) order \S+ amounting to .* has been filled"),
}


def commands() -> list[tuple[str, str]]:
    """What is typed, block by block, and until when it is left running."""
    return [
        (re.sub(r"^\$ ", "", block, flags=re.MULTILINE), until)
        for until, block in _BLOCK.findall(PAGE.read_text())
    ]


def test_the_page_installs_what_the_tests_have() -> None:
    first, until = commands()[0]
    assert (until, first.splitlines()) == (
        "",
        [
            "python3.12 -m venv .venv && . .venv/bin/activate",
            "pip install --no-deps -r requirements.txt ccxt-ext",
        ],
    )
    assert "--no-deps -r $<" in (ROOT / "Makefile").read_text()


def test_it_runs_as_printed(tmp_path: Path) -> None:
    home, folder = tmp_path / "home", tmp_path / "folder"
    package(home)
    shutil.copytree(EXAMPLE, folder, ignore=shutil.ignore_patterns("__pycache__"))
    env = {"PATH": os.pathsep.join((f"{sys.prefix}/bin", os.environ["PATH"])), "PYTHONPATH": str(home)}
    told = ""
    with Sandbox(venues=["bitmart2", "bitmaxfutures"], seed=2, live=True) as venue:
        attached = (
            f"ccxt-ext run --attach {venue.describe()['control']} -- python -m hummingbot.cli.main start"
        )
        for text, until in commands()[1:]:
            told += "".join(line for line in text.splitlines(True) if line.startswith(("home=", "export ")))
            if until and "ccxt-ext run" not in text:  # it is for the venue, in whose place is another sandbox
                text = text.replace("python -m hummingbot.cli.main start", attached)
            typed(told + text, until, folder, home, env)
        assert venue.control("GET", "/orders?venue=bitmart2&account=config")


def typed(text: str, until: str, folder: Path, home: Path, env: Mapping[str, str]) -> None:
    """Type this into a shell. What goes on until it is stopped is stopped by Ctrl-C, once it is so far."""
    shutil.rmtree(home / "logs", ignore_errors=True)  # each bot begins anew
    (home / "logs").mkdir(parents=True, exist_ok=True)
    output = folder / "output"
    with output.open("w") as written:
        # In a session of its own, where it does not ignore Ctrl-C.
        process = subprocess.Popen(
            ["bash", "-ec", text],
            cwd=folder,
            env={**ENVIRONMENT.variables(), **env},
            stdin=subprocess.DEVNULL,
            stdout=written,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
        )

    def log() -> str:
        return "".join(path.read_text() for path in sorted((home / "logs").iterdir())) + output.read_text()

    try:
        end = time.monotonic() + 300
        while until and not REACHED[until].search(log()):
            assert process.poll() is None and time.monotonic() < end, log()[-5000:]
            time.sleep(0.2)
        if until:
            os.killpg(process.pid, signal.SIGINT)
        code = process.wait(300)
    finally:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()
    assert code == 0, log()[-5000:]
    assert tracebacks(log()) == []
