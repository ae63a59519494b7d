"""The fixture ccxt_sandbox in a project of its own, where ccxt-ext was installed from a wheel."""

import importlib.metadata
import textwrap

import pytest

TESTS = """
    import asyncio

    def buy(exchange):
        return exchange.create_order("BTC/USDT", "limit", "buy", 0.1, 39_000)

    def test_it_buys_the_dip(ccxt_sandbox):
        exchange = ccxt_sandbox.exchange("bitmart2")
        ccxt_sandbox.price("bitmart2", "BTC/USDT", 40_000)
        buy(exchange)
        assert ccxt_sandbox.orders("bitmart2")[0]["side"] == "buy"

    async def test_async(ccxt_sandbox):
        await buy(ccxt_sandbox.exchange("bitmart2", "async"))
        await buy(ccxt_sandbox.exchange("bitmart2", "pro"))
        assert len(ccxt_sandbox.orders("bitmart2")) == 2

    def test_left(ccxt_sandbox):
        asyncio.run(buy(ccxt_sandbox.exchange("bitmart2", "pro")))
        assert len(ccxt_sandbox.orders("bitmart2")) == 1
"""
INI = "[pytest]\nasyncio_mode = auto\nasyncio_default_fixture_loop_scope = function\n"


@pytest.mark.parametrize("options", [(), ("-p", "ccxt_ext_pytest")], ids=["armed", "without-autoload"])
def test_five_lines_are_a_test(wheel_install, tmp_path, options):
    (tmp_path / "pytest.ini").write_text(INI)
    (tmp_path / "test_bot.py").write_text(textwrap.dedent(TESTS))
    warnings = ("-W", "error")
    autoload = {"CCXT_EXT_AUTOLOAD": "0"} if options else {}
    run = (
        "-m",
        "pytest",
        *warnings,
        "-p",
        "no:cacheprovider",
        "-c",
        tmp_path / "pytest.ini",
        *options,
        tmp_path,
    )
    done = wheel_install.start(*warnings, *run, cwd=tmp_path, **autoload)
    assert done.returncode == 0 and "3 passed" in done.stdout, done.stdout + done.stderr
    assert "arning" not in done.stdout + done.stderr


def test_the_extra_has_what_the_plugin_needs(wheel_install):
    [info] = wheel_install.site_packages.glob("ccxt_ext-*.dist-info")
    needed = importlib.metadata.PathDistribution(info).requires
    assert any(each.startswith("pytest") and 'extra == "test"' in each for each in needed)
    assert not any(each.startswith("pytest") and "extra" not in each for each in needed)
