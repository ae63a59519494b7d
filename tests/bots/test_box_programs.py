"""Programs in processes of their own, pointed at the sandbox of a test."""

import os
import subprocess
import sys
import textwrap

import pytest

from ccxt_ext.sandbox import SandboxError

BOT = """
    import ccxt
    exchange = ccxt.bitmart2({"apiKey": "mine", "secret": "mine", "uid": "mine"})
    order = exchange.create_order("BTC/USDT", "limit", "buy", 0.1, 1)
    print(order["id"], exchange.milliseconds())
"""


@pytest.fixture
def bot(tmp_path):
    def written(text=BOT):
        (tmp_path / "bot.py").write_text(textwrap.dedent(text))
        return ["python", tmp_path / "bot.py"]

    return written


@pytest.mark.ccxt_sandbox(venues=["bitmart2"], clock="frozen")
def test_a_program_trades_on_the_sandbox_whatever_keys_it_has(ccxt_sandbox, bot):
    done = ccxt_sandbox.run(bot())
    [order] = ccxt_sandbox.orders("bitmart2")
    assert done.stdout.split() == [order["id"], str(ccxt_sandbox.now())]
    assert done.returncode == 0 and "a local sandbox" in done.stderr


def test_a_program_as_another_account(ccxt_sandbox, bot):
    ccxt_sandbox.account("bitmart2", "maker", {"USDT": "10"})
    ccxt_sandbox.run(bot(), account="maker")
    assert [order["account"] for order in ccxt_sandbox.orders("bitmart2", None)] == ["maker"]
    with pytest.raises(SandboxError, match="no venue has an account 'nobody'"):
        ccxt_sandbox.run(bot(), account="nobody")


def test_an_exchange_of_ccxts_own_reaches_nothing(ccxt_sandbox, bot):
    done = ccxt_sandbox.run(bot("import ccxt; ccxt.kraken().fetch_time()"), check=False)
    assert done.returncode == 1 and "kraken sends nothing" in done.stderr


ANYWHERE = """
    import asyncio
    import ccxt
    import ccxt.async_support
    import ccxt.pro

    KEYS = {"apiKey": "mine", "secret": "mine", "headers": {"X": "mine"}, "options": {"mine": 1}}
    exchange = ccxt.binance(KEYS)
    order = exchange.create_order("BTC/USDT", "limit", "buy", 0.1, 39_000)
    assert isinstance(exchange, ccxt.binance) and exchange.simulated and exchange.options["mine"] == 1
    assert exchange.apiKey != "mine" and exchange.milliseconds() == exchange.fetch_time()
    for made in (ccxt.kraken, ccxt.binanceusdm, type("Own", (ccxt.binance,), {})):
        try:
            made().fetch_time()
        except ccxt.PermissionDenied:
            continue
        raise AssertionError(made)

    async def others():
        for module in (ccxt.async_support, ccxt.pro):
            exchange = module.binance(KEYS)
            if module is ccxt.pro:
                assert (await exchange.watch_ticker("BTC/USDT"))["last"] == 40_000
            assert (await exchange.fetch_open_orders("BTC/USDT"))[0]["id"] == order["id"]
            await exchange.close()

    asyncio.run(others())
    print(order["id"], exchange.milliseconds())
"""


@pytest.mark.ccxt_sandbox(venues=["binance"], clock="frozen")
def test_a_program_trades_on_an_exchange_that_is_simulated(ccxt_sandbox, bot):
    ccxt_sandbox.price("binance", "BTC/USDT", 40_000)
    done = ccxt_sandbox.run(bot(ANYWHERE))
    [order] = ccxt_sandbox.orders("binance")
    assert done.stdout.split() == [order["id"], str(ccxt_sandbox.now())]
    assert "binance: a local sandbox" in done.stderr
    seen = str(ccxt_sandbox.requests("binance"))
    assert "mine" not in seen and ccxt_sandbox.config("binance")["secret"] not in seen


def test_a_call_that_names_an_exchange_is_enough_for_a_program(ccxt_sandbox, bot):
    ask = "import ccxt; print(ccxt.okx().fetch_ticker('BTC/USDT')['last'])"
    done = ccxt_sandbox.run(bot(ask), check=False)
    assert done.returncode == 1 and "it names no sandbox for okx" in done.stderr
    ccxt_sandbox.price("okx", "BTC/USDT", 40_000)
    assert ccxt_sandbox.run(bot(ask)).stdout == "40000.0\n"
    ccxt_sandbox.account("okx", "poor", {"USDT": "5"})
    have = "import ccxt; print(ccxt.okx().fetch_balance()['USDT']['total'])"
    assert ccxt_sandbox.run(bot(have), account="poor").stdout == "5.0\n"


def test_what_a_program_is_given(ccxt_sandbox, tmp_path):
    program = "import os, sys; print(sys.stdin.read(), os.getcwd(), os.environ['MINE'], sys.argv[1:])"
    done = ccxt_sandbox.run(
        ["python", "-c", program, "a b"], input="hello", cwd=tmp_path, env={"MINE": "ours"}
    )
    assert done.stdout == f"hello {tmp_path.resolve()} ours ['a b']\n"
    assert ccxt_sandbox.run("python -c 'import sys; print(sys.executable)'").stdout == f"{sys.executable}\n"


def test_a_program_that_fails_tells_what_it_wrote(ccxt_sandbox):
    command = ["python", "-c", "import sys; print('one'); sys.exit('two')"]
    with pytest.raises(subprocess.CalledProcessError) as failed:
        ccxt_sandbox.run(command)
    assert str(failed.value).endswith("ended with exit code 1:\none\ntwo")
    assert ccxt_sandbox.run(command, check=False).returncode == 1


def test_a_program_that_does_not_end_is_stopped(ccxt_sandbox):
    wait = "import time; print('began', flush=True); time.sleep(600)"
    with pytest.raises(subprocess.TimeoutExpired):
        ccxt_sandbox.run(["python", "-c", wait], timeout=0.01)


def test_a_program_runs_beside_the_test(ccxt_sandbox):
    echo = "print('ready', flush=True); import time; time.sleep(600)"
    with ccxt_sandbox.start(["python", "-c", echo]) as program:
        while "ready" not in program.stdout:
            assert program.returncode is None
    assert program.returncode not in (None, 0)
    assert program.stdout == "ready\n" and program.stderr == ""


LEFT = []


def test_a_program_is_left(ccxt_sandbox):
    LEFT.append(ccxt_sandbox.start(["python", "-c", "import time; time.sleep(600)"]))
    assert LEFT[0].returncode is None and "runs" in repr(LEFT[0])


def test_it_has_ended_with_its_test():
    assert LEFT.pop().returncode is not None


def test_a_command_that_there_is_not(ccxt_sandbox):
    with pytest.raises(SandboxError, match="no-such-program: no such command"):
        ccxt_sandbox.run("no-such-program -x")
    with pytest.raises(SandboxError, match=r"no command; for example"):
        ccxt_sandbox.run("")
    with pytest.raises(SandboxError, match=r"cannot be run: Permission denied"):
        ccxt_sandbox.run([os.path.abspath(__file__)])
