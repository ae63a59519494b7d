"""`ccxt-ext run`: programs of this and of other Python environments, with and without a sandbox."""

import json
import os
import re
import shutil
import signal
import subprocess
import sys
import sysconfig
import time
import urllib.error
import urllib.request
import venv
from pathlib import Path

import pytest

import ccxt_ext
from ccxt_ext.cli import main
from tests.cli.cli_helpers import COMMAND, PATIENCE_S, environment, run

ARMING = Path(ccxt_ext.__file__).parent / "cli" / "arming"

# A client with its own keys and no setting for URLs.
BOT = """
import ccxt
exchange = ccxt.bitmart2({"apiKey": "of mine", "secret": "of mine", "uid": "of mine"})
order = exchange.create_order("BTC/USDT", "limit", "buy", 0.01, 8000)
print(exchange.fetch_order(order["id"])["status"])
"""


@pytest.fixture(scope="module")
def foreign(tmp_path_factory):
    """Another environment: it has ccxt and a sitecustomize of its own, but no ccxt-ext."""
    home = tmp_path_factory.mktemp("foreign")
    venv.create(home, with_pip=False, symlinks=True)
    python = home / "bin" / "python"
    asked = [python, "-c", "import sysconfig; print(sysconfig.get_path('purelib'))"]
    packages = Path(subprocess.run(asked, capture_output=True, text=True).stdout.strip())
    for entry in Path(sysconfig.get_path("purelib")).iterdir():
        if "ccxt_ext" not in entry.name and entry.suffix != ".pth":
            (packages / entry.name).symlink_to(entry)
    (packages / "sitecustomize.py").write_text("import sys; sys.customized = __file__")
    alone = in_foreign(python, "import ccxt; print('bitmart2' in ccxt.exchanges)", COMMAND[:0])
    assert alone.stdout == "False\n"
    return python


def in_foreign(python, program, through=(*COMMAND, "run", "--"), env={}):
    return subprocess.run(
        [*through, python, "-c", program],
        env=environment(env),
        cwd="/",
        capture_output=True,
        text=True,
        timeout=PATIENCE_S,
    )


def test_exit_code_and_streams_are_the_programs():
    done = subprocess.run(
        [*COMMAND, "run", "--", sys.executable, "-c", "import sys; print(input()[::-1]); sys.exit(7)"],
        env=environment(),
        input="abc",
        capture_output=True,
        text=True,
        timeout=PATIENCE_S,
    )
    assert (done.returncode, done.stdout, done.stderr) == (7, "cba\n", "")


def test_the_programs_options_are_its_own():
    done = run(
        "run", sys.executable, "-c", "import sys; print(sys.argv[1:])", "--sandbox", "--help", "--", "-x"
    )
    assert done.stdout == "['--sandbox', '--help', '--', '-x']\n"


def test_a_death_by_signal_is_the_programs():
    assert run("run", "--sandbox", "--", "sh", "-c", "kill -TERM $$").returncode == -signal.SIGTERM


def test_no_such_command():
    done = run("run", "--sandbox", "--", "no-such-command-here")
    assert (done.returncode, done.stdout) == (127, "")
    assert done.stderr == "ccxt-ext run: no-such-command-here: no such command\n"


def test_a_command_that_cannot_be_executed(tmp_path):
    file = tmp_path / "text"
    file.write_text("")
    assert run("run", "--", str(file)).returncode == 126


def test_another_environment_is_armed_and_keeps_its_own(foreign):
    done = in_foreign(
        foreign,
        "import ccxt, sys, sitecustomize, subprocess;"
        "print('bitmart2' in ccxt.exchanges, ccxt.bitmart2.__module__);"
        "print(sys.customized == sitecustomize.__file__);"
        "print([path for path in sys.path if path.endswith('arming')]);"
        "child = [sys.executable, '-c', 'import ccxt.async_support as ccxt; print(ccxt.bitmart2().id)'];"
        "print(subprocess.run(child, capture_output=True, text=True).stdout)",
    )
    assert done.stderr == ""
    assert done.stdout.splitlines()[:4] == [
        "True ccxt_ext.venues.bitmart2.rest_sync",
        "True",
        f"['{ARMING}']",
        "bitmart2",
    ]


def test_nothing_else_of_this_environment_gets_into_another(foreign):
    show = "import sys; print(sorted(path for path in sys.path if 'arming' not in path))"
    assert in_foreign(foreign, show).stdout == in_foreign(foreign, show, COMMAND[:0]).stdout


def test_a_path_that_was_set_stays(foreign, tmp_path):
    (tmp_path / "mine.py").write_text("print('mine')")
    assert in_foreign(foreign, "import mine", env={"PYTHONPATH": str(tmp_path)}).stdout == "mine\n"


def test_run_arms_what_was_switched_off():
    ask = "import ccxt; print('bitmart2' in ccxt.exchanges)"
    for options in (["-c"], ["-I", "-c"]):  # by sitecustomize, and where that is ignored by the .pth file
        done = run("run", "--", sys.executable, *options, ask, env={"CCXT_EXT_AUTOLOAD": "0"})
        assert done.stdout == "True\n"


def test_arming_never_breaks_a_start(foreign, tmp_path):
    shutil.copytree(ARMING, tmp_path / "a" / "b" / "c")  # with no ccxt_ext around
    env = {"PYTHONPATH": str(tmp_path / "a" / "b" / "c")}
    done = in_foreign(foreign, "print('started')", COMMAND[:0], env)
    assert (done.returncode, done.stdout) == (0, "started\n")
    assert done.stderr.count("\n") == 1 and done.stderr.startswith("ccxt-ext is off: ModuleNotFoundError")


def test_a_bot_without_a_setting_for_urls_trades_on_the_sandbox(foreign):
    done = in_foreign(foreign, BOT, (*COMMAND, "run", "--sandbox", "--"))
    assert (done.returncode, done.stdout) == (0, "open\n")
    *announced, by_the_client = done.stderr.splitlines()
    assert by_the_client.startswith("CCXT_EXT_SANDBOX is set; bitexasia, bitexbit,")
    for id, line in zip(ccxt_ext.exchanges, announced[:-1], strict=True):
        assert re.fullmatch(rf"ccxt-ext run: {id} is a sandbox at http://127\.0\.0\.1:\d+", line)
    assert re.fullmatch(r"ccxt-ext run: control port http://127\.0\.0\.1:\d+", announced[-1])


def test_the_clients_say_once_that_they_talk_to_a_sandbox():
    program = "import ccxt, ccxt.pro; [ccxt.bitmart2(), ccxt.btex(), ccxt.pro.btex()]"
    done = run("run", "--sandbox", "--", sys.executable, "-W", "error", "-c", program)
    assert done.returncode == 0
    assert done.stderr.count("CCXT_EXT_SANDBOX is set") == 1


# What a program may do that would lead it elsewhere. None of the addresses answers, should it be reached.
LEAVING = """
import asyncio, ccxt, ccxt.async_support, ccxt.pro

def say(do):
    try:
        return "it went out: %s" % do()
    except ccxt.BaseError as error:
        return "%s: %s" % (type(error).__name__, error)

def binance(home, method, *args):
    async def run():
        exchange = home.binance({"apiKey": "real", "secret": "real"})
        try:
            await getattr(exchange, method)(*args)
        finally:
            await exchange.close()
    asyncio.run(run())

real = {"apiKey": "real", "secret": "real", "uid": "real", "httpsProxy": "http://127.0.0.1:9"}
print(say(lambda: ccxt.btex(real).fetch_balance()))
exchange = ccxt.bitmart2(real)
exchange.set_sandbox_mode(True)
exchange.apiKey = exchange.secret = exchange.token = "real"
print(say(lambda: exchange.fetch_balance()["BTC"]["used"]))
exchange.urls["api"]["rest"] = "http://127.0.0.1:9"
print(say(exchange.fetch_balance))
print(say(lambda: ccxt.binance().fetch("http://127.0.0.1:9")))
print(say(lambda: binance(ccxt.async_support, "fetch", "http://127.0.0.1:9")))
print(say(lambda: binance(ccxt.pro, "watch", "ws://127.0.0.1:9", "x")))
"""


@pytest.mark.parametrize("strict", [(), ("--strict",)], ids=["ours", "strict"])
@pytest.mark.parametrize("child", [False, True], ids=["itself", "its child"])
def test_nothing_leaves_for_another_address(strict, child):
    program = LEAVING
    if child:
        program = f"import subprocess, sys; subprocess.run([sys.executable, '-c', {LEAVING!r}])"
    options = ("--sandbox", "--venue", "bitmart2", *strict)
    done = run("run", *options, "--", sys.executable, "-c", program)
    other, itself, changed, *ccxts = done.stdout.splitlines()
    assert other.startswith("OutsideSandbox: btex sends nothing")
    assert itself == "it went out: 0.0"
    assert changed.startswith("OutsideSandbox: bitmart2 was about to send to 127.0.0.1:9")
    refused = ["it names no sandbox for binance" in line for line in ccxts]
    assert refused == [bool(strict)] * 3
    assert ("all other exchanges of ccxt are closed" in done.stderr) == bool(strict)


def test_a_program_that_cannot_be_closed_does_not_start(foreign, tmp_path):
    shutil.copytree(ARMING, tmp_path / "a" / "b" / "c")  # with no ccxt_ext around
    strict = {"CCXT_EXT_SANDBOX": "{}", "CCXT_EXT_SANDBOX_STRICT": "1"}
    env = {"PYTHONPATH": str(tmp_path / "a" / "b" / "c"), **strict}
    done = in_foreign(foreign, "print('started')", COMMAND[:0], env)
    assert (done.returncode, done.stdout) == (1, "")
    assert "ccxt-ext is off: ModuleNotFoundError" in done.stderr


def test_options_reach_the_sandbox():
    show = "import os, json; print(json.loads(os.environ['CCXT_EXT_SANDBOX'])['bitmart2']['rateLimit'])"
    program = ("--", sys.executable, "-c", show)
    assert run("run", "--sandbox", *program).stdout == "7\n"
    show = "import ccxt; print(ccxt.bitmart2().options['signCancelAll'])"
    program = ("--limits", "venue", "--option", "bitmart2.signCancelAll=false", *program, show)
    assert run("run", "--sandbox", *program[:-1]).stdout == "667\n"
    assert run("run", "--sandbox", *program[2:4], "--", sys.executable, "-c", show).stdout == "False\n"


def test_a_program_trades_on_candles_of_ones_own(tmp_path):
    file = tmp_path / "candles.json"
    file.write_text(json.dumps([[1_772_323_200_000, 60_000, 60_100, 59_900, 60_050, 1]]))
    show = "import ccxt; print(ccxt.bitmart2().fetch_ohlcv('BTC/USDT', '1m', 1772323200000))"
    arguments = [
        "--start",
        "2026-03-01 01:00",
        "--candles",
        f"bitmart2:BTC/USDT={file}",
        "--book",
        "levels=5",
    ]
    done = run("run", "--sandbox", "--venue", "bitmart2", *arguments, "--", sys.executable, "-c", show)
    assert done.stdout == "[[1772323200000, 60000.0, 60100.0, 59900.0, 60050.0, 1.0]]\n"
    for given in (["--candles", "a:b=c"], ["--book", "levels=1"], ["--start", "2026-03-01"]):
        done = run("run", *given, "--", "true")
        assert done.returncode == 2
        assert "--candles, --book, --start" in done.stderr


CLOCK = """
import json, os, time, urllib.request, ccxt
told = json.loads(os.environ["CCXT_EXT_SANDBOX"])["btex"]["options"]["sandboxClock"]
exchange = ccxt.btex()
times = [exchange.milliseconds()]
time.sleep(0.05)
times.append(exchange.milliseconds())
body = json.dumps({"advance_ms": 3_600_000}).encode()
headers = {"Content-Type": "application/json"}
urllib.request.urlopen(urllib.request.Request(told["url"] + "/clock", body, headers)).close()
times.append(exchange.milliseconds())
exchange.fetch_balance()
print(json.dumps([moment - times[0] for moment in times]))
"""


def test_programs_go_by_the_sandboxs_clock():
    done = run(
        *("run", "--sandbox", "--venue", "btex", "--clock", "frozen", "--"),
        *(sys.executable, "-c", CLOCK),
    )
    assert json.loads(done.stdout) == [0, 0, 3_600_000], done.stderr


def test_a_clock_is_for_a_sandbox_of_ones_own():
    done = run("run", "--clock", "frozen", "--", sys.executable, "-c", "")
    assert done.returncode == 2
    assert "--clock are for --sandbox" in done.stderr


def test_the_sandbox_ends_with_the_program():
    done = run("run", "--sandbox", "--", "true")
    control = done.stderr.split()[-1]
    deadline = time.monotonic() + PATIENCE_S
    while answers(control):
        assert time.monotonic() < deadline, "the sandbox is still there"
        time.sleep(0.05)


def answers(url):
    try:
        urllib.request.urlopen(url, timeout=5).close()
    except (urllib.error.URLError, ConnectionError):
        return False
    return True


def test_the_sandbox_is_no_child_of_the_program():
    wait = "import os\ntry: os.wait()\nexcept ChildProcessError: print('none')"
    assert run("run", "--sandbox", "--", sys.executable, "-c", wait).stdout == "none\n"


def test_after_ctrl_c_a_program_can_still_cancel_its_orders():
    program = BOT + (
        "import time\n"
        "try:\n"
        "    print('ready', flush=True)\n"
        "    time.sleep(600)\n"
        "except KeyboardInterrupt:\n"
        "    time.sleep(0.5)\n"
        "    exchange.cancel_order(order['id'])\n"
        "    print(exchange.fetch_order(order['id'])['status'])\n"
    )
    process = subprocess.Popen(
        [*COMMAND, "run", "--sandbox", "--", sys.executable, "-c", program],
        env=environment(),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
        # Whoever runs the tests in the background has Ctrl-C ignored, and children inherit that.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
    )
    assert process.stdout.readline() == "open\n"
    assert process.stdout.readline() == "ready\n"
    os.killpg(process.pid, signal.SIGINT)  # as a terminal does it
    assert process.communicate(timeout=PATIENCE_S)[0] == "canceled\n"
    assert process.returncode == 0


def test_a_sandbox_that_cannot_start_is_one_line(tmp_path):
    # Nothing of aiohttp's name can be imported from here.
    (tmp_path / "aiohttp").mkdir()
    (tmp_path / "aiohttp" / "__init__.py").write_text("raise ImportError('broken here')")
    done = run("run", "--sandbox", "--", "true", env={"PYTHONPATH": str(tmp_path)})
    assert done.returncode == 1
    assert done.stderr == "ccxt-ext run: the sandbox did not start: broken here\n"


def test_what_the_environment_holds_is_what_clients_take():
    show = "import os; print(os.environ['CCXT_EXT_SANDBOX'])"
    told = json.loads(run("run", "--sandbox", "--", sys.executable, "-c", show).stdout)
    assert list(told) == ccxt_ext.exchanges
    assert all({"apiKey", "secret", "urls"} <= set(config) for config in told.values())


def test_where_no_process_can_take_anothers_place_the_command_waits(monkeypatch, capfd):
    monkeypatch.delattr(os, "fork")
    for name in ("CCXT_EXT_SANDBOX", "PYTHONPATH"):
        monkeypatch.delenv(name, raising=False)
    assert main(["run", "--sandbox", "--", sys.executable, "-c", BOT]) == 0
    assert main(["run", "--", sys.executable, "-c", "import sys; sys.exit(7)"]) == 7
    told = capfd.readouterr()
    assert told.out == "open\n" and told.err.count("ccxt-ext run: ") == 1 + len(ccxt_ext.exchanges)
