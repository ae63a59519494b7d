"""What is the same for all commands."""

import subprocess
import sys

import pytest

from ccxt_ext import __version__
from ccxt_ext.cli import main
from tests.cli.cli_helpers import COMMAND, environment, run

COMMANDS = ("exchanges", "sandbox", "demo", "call", "run", "markets", "doctor", "twins")

WRONG = {
    "unknown command": (["bogus"], "bogus"),
    "unknown option": (["sandbox", "--bogus"], "--bogus"),
    "port too high": (["sandbox", "--port", "65536"], "--port"),
    "port below zero": (["sandbox", "--port", "-1"], "--port"),
    "port that leaves no room": (["sandbox", "--port", "65535"], "65535"),
    "port no number": (["sandbox", "--port", "http"], "--port"),
    "seed no number": (["sandbox", "--seed", "x"], "--seed"),
    "unknown limits": (["sandbox", "--limits", "none"], "--limits"),
    "sandbox of an unknown venue": (["sandbox", "--venue", "nope"], "unknown venue 'nope'"),
    "exchanges: unknown venue": (["exchanges", "nope"], "unknown venue 'nope'"),
    "demo: unknown venue": (["demo", "--venue", "nope"], "unknown venue 'nope'"),
    "demo: too much": (["demo", "x"], "x"),
    "doctor: unknown venue": (["doctor", "nope"], "unknown venue 'nope'"),
    "twins: nothing": (["twins"], "PACKAGE"),
    "twins: no such package": (["twins", "nope"], "no package 'nope'"),
    "call: nothing": (["call"], "ID"),
    "call: no method": (["call", "bitmart2"], "METHOD"),
    "call: unknown venue": (["call", "nope", "fetch_time"], "unknown venue 'nope'"),
    "call: ccxt's own venue": (["call", "binance", "fetch_time"], "unknown venue 'binance'"),
    "call: unknown method": (["call", "bitmart2", "nope"], "no method 'nope'"),
    "call: private method": (["call", "bitmart2", "_order_sides"], "no method '_order_sides'"),
    "call: no method but a fact": (["call", "bitmart2", "has"], "no method 'has'"),
    "call: too few arguments": (["call", "bitmart2", "fetch_ticker"], "'symbol'"),
    "call: too many arguments": (["call", "bitmart2", "fetch_time", "{}", "1"], "too many"),
    "call: no such file": (["call", "--config", "/nowhere", "bitmart2", "fetch_time"], "/nowhere"),
    "call: two sources of keys": (
        ["call", "--config", "x", "--sandbox", "bitmart2", "fetch_time"],
        "--config",
    ),
    "run: nothing": (["run"], "no COMMAND"),
    "run: nothing after the dashes": (["run", "--sandbox", "--"], "no COMMAND"),
    "run: unknown venue": (["run", "--sandbox", "--venue", "nope", "--", "true"], "unknown venue 'nope'"),
    "run: live without a sandbox": (["run", "--live", "--", "true"], "--sandbox"),
    "run: strict without a sandbox": (["run", "--strict", "--", "true"], "--strict"),
}


@pytest.mark.parametrize("arguments, named", WRONG.values(), ids=WRONG.keys())
def test_wrong_use_is_2_and_one_line(arguments, named, capsys):
    assert main(arguments) == 2
    told = capsys.readouterr()
    assert told.out == ""
    assert told.err.count("\n") == 1 and named in told.err
    assert told.err.startswith("ccxt-ext")


def test_help_names_every_command_and_is_plain():
    done = run("--help")
    assert done.returncode == 0 and done.stderr == ""
    assert all(f"\n  {command} " in done.stdout for command in COMMANDS)
    assert done.stdout.isascii()


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_has_help(command, capsys):
    assert main([command, "--help"]) == 0
    assert f"ccxt-ext {command}" in capsys.readouterr().out


def test_without_a_command_there_is_help_and_no_success(capsys):
    assert main([]) == 2
    told = capsys.readouterr()
    assert told.out == "" and "exchanges" in told.err


def test_version():
    assert run("--version").stdout == f"ccxt-ext {__version__}\n"


def test_a_start_imports_neither_ccxt_nor_the_sandbox():
    program = (
        "import sys; from ccxt_ext.cli import main; main(['sandbox', '--help']);"
        "print([name for name in ('ccxt', 'aiohttp', 'ccxt_ext.sandbox') if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", program], env=environment(), capture_output=True, text=True)
    assert done.stdout.endswith("\n[]\n")


def test_a_closed_pipe_is_no_traceback():
    process = subprocess.Popen(
        [*COMMAND, "exchanges"], env=environment(), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    process.stdout.close()
    assert process.stderr.read() == ""
    process.stderr.close()
    assert process.wait() == 1
