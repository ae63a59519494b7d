"""An installed ccxt-ext has what type checkers read."""

from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def test_a_wheel_has_each_stub(wheel_install):
    installed = wheel_install.site_packages / "ccxt_ext"
    stubs = [path.relative_to(ROOT / "ccxt_ext") for path in ROOT.glob("ccxt_ext/**/*.pyi")]
    assert len(stubs) >= 8
    assert [path for path in [Path("py.typed"), *stubs] if not (installed / path).is_file()] == []


def test_structures_are_there_at_run_time(installed):
    installed.run("""
        from ccxt_ext.types import OHLCV, Balances, Order, Tickers
        assert Order(id="1", symbol="BTC/USDT") == {"id": "1", "symbol": "BTC/USDT"}
    """)
