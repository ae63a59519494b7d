"""The hook gives `freqtrade.exchange` classes beside its own, whatever else is called freqtrade."""

import pytest

from tests.packaging.freqtrade_on_disk import ILL, put_classes, put_freqtrade
from tests.packaging.plugins_on_disk import write


@pytest.fixture
def run(wheel_install, tmp_path):
    """Runs a program with what was put into `tmp_path` on its path."""

    def run(code, **variables):
        return wheel_install.run(code, PYTHONPATH=str(tmp_path), **variables)

    return run


def test_a_class_is_there_by_name_and_imported_when_it_is_asked_for(run, tmp_path):
    put_freqtrade(tmp_path)
    put_classes(tmp_path)
    done = run("""
        import sys
        assert not any("freqtrade" in name for name in sys.modules)
        import freqtrade
        assert "ccxt_ext.integrations" not in sys.modules and "ccxt_ext.plugins" not in sys.modules
        from freqtrade import exchange
        assert not {"acme_freqtrade", "ccxt_ext.integrations.freqtrade.exchange"} & {*sys.modules}
        assert not hasattr(exchange, "acme") and not hasattr(exchange, "Unknown")
        assert "acme_freqtrade" not in sys.modules
        kind = exchange.Acme
        import acme_freqtrade, finding
        from freqtrade.exchange import Acme
        assert kind is Acme is acme_freqtrade.Acme is vars(exchange)["Acme"]
        assert type(finding.made("acme", 7)) is kind and finding.made("acme", 7).config == 7
        assert type(finding.made("unknown")) is exchange.Exchange
        assert type(finding.made("binance")) is exchange.Binance
    """)
    assert done.stderr == ""


def test_what_is_ill_ends_its_own_bot_with_a_message_and_no_other(run, tmp_path):
    put_freqtrade(tmp_path)
    put_classes(tmp_path)
    done = run(f"""
        import finding
        for name, (_, reason) in {ILL}.items():
            told = finding.complaint(name.lower())
            assert told.startswith(f"freqtrade's class {{name}} of ccxt-acme 1.0 "), told
            assert reason in told, told
        assert finding.complaint("acme") is None
        assert finding.listed() == {{"Acme", "Binance", "BybitEU", *{[*ILL]}}}
    """)
    lines = done.stderr.splitlines()
    # freqtrade has no logging yet, so that Python writes warnings itself; each of them once.
    assert len(lines) == len({*lines}) == len(ILL) - 2 + 1, done.stderr
    assert sum("adds no exchange to freqtrade" in line for line in lines) == 1


def test_freqtrades_own_stay_its_own_and_unchanged(run, tmp_path):
    put_freqtrade(tmp_path)
    put_classes(
        tmp_path,
        **{"Binance": "acme_freqtrade:Acme", "Bybiteu": "acme_freqtrade:Acme", "acme": "acme_freqtrade:Acme"},
        Other="freqtrade.exchange:Binance",
    )
    done = run("""
        import freqtrade.exchange as package
        own, init = package.Binance, package.Binance.__init__
        import finding
        assert type(finding.made("binance")) is own and finding.listed() == {"Binance", "BybitEU", "Other"}
        assert issubclass(package.Other, own) and package.Other is not own and own.__init__ is init
        assert package.Exchange.__init__ is init
        assert not hasattr(package, "Acme") and not hasattr(package, "acme")
    """)
    assert [line for line in done.stderr.splitlines() if "adds no exchange" not in line] == [
        "freqtrade has a class Binance of its own, which stays in place; ccxt-acme 1.0 brings one too",
        "freqtrade has a class BybitEU of its own, which stays in place; ccxt-acme 1.0 brings one too",
        "ccxt-acme 1.0 brings 'acme' for freqtrade, which is looked up as 'Acme' there",
    ]


def test_who_may_come_in_and_who_has_a_name(run, tmp_path):
    put_freqtrade(tmp_path)
    put_classes(tmp_path, Acme="acme_freqtrade:Acme")
    put_classes(tmp_path, "other-acme", Acme="acme_freqtrade:Acme", Btex="acme_freqtrade:Acme")
    run("""
        import finding
        told = finding.complaint("acme")
        assert "of ccxt-acme 1.0 and other-acme 1.0 does not work" in told and "CCXT_EXT_PLUGINS" in told
    """)
    run("import finding; assert finding.complaint('acme') is None", CCXT_EXT_PLUGINS="other-acme")
    run(
        """
        import finding
        assert not hasattr(finding.package, "Acme") and type(finding.made("acme")) is finding.package.Exchange
        """,
        CCXT_EXT_PLUGINS="none",
    )


def test_switched_off(run, tmp_path):
    put_freqtrade(tmp_path)
    put_classes(tmp_path, Acme="acme_freqtrade:Acme")
    run(
        """
        import freqtrade.exchange
        before = dict(vars(freqtrade.exchange))
        assert not hasattr(freqtrade.exchange, "Acme")
        import sys
        assert not any(name.startswith("ccxt_ext") for name in sys.modules)
        import ccxt_ext  # adds the classes to what is imported already
        assert freqtrade.exchange.Acme and before.items() <= vars(freqtrade.exchange).items()
        """,
        CCXT_EXT_AUTOLOAD="0",
    )


@pytest.mark.parametrize("name", ["freqtrade/exchange/__init__.py", "freqtrade/exchange.py"])
@pytest.mark.parametrize(
    "text", ["class Btex: pass\n", "Exchange = 'a text'\n", "def __getattr__(name): return name\n"]
)
def test_something_else_of_this_name_is_left_alone(run, tmp_path, name, text):
    write(tmp_path, {"freqtrade/__init__.py": "", name: text})
    done = run("""
        import sys
        import freqtrade.exchange as package
        import ccxt_ext
        ccxt_ext.register()
        assert package.__loader__ is package.__spec__.loader
        assert "ccxt_ext" not in type(package.__loader__).__module__
        assert "ccxt_ext.integrations.freqtrade.shelf" not in sys.modules and "__dir__" not in vars(package)
    """)
    assert done.stderr == ""


def test_a_package_that_raises_is_told_as_without_us(run, tmp_path):
    write(tmp_path, {"freqtrade/__init__.py": "", "freqtrade/exchange/__init__.py": "1 / 0"})
    done = run("""
        try:
            import freqtrade.exchange
        except ZeroDivisionError:
            print("told")
    """)
    assert (done.stdout, done.stderr) == ("told\n", "")


def test_its_own_getattr_and_reload(run, tmp_path):
    put_freqtrade(tmp_path)
    put_classes(tmp_path, Acme="acme_freqtrade:Acme")
    with (tmp_path / "freqtrade/exchange/__init__.py").open("a") as package:
        package.write(
            "\n\ndef __getattr__(name):\n    if name == 'Later':\n        return 'its own'\n"
            "    raise AttributeError('its own words')\n\n\n"
            "def __dir__():\n    return ['Later', 'Exchange']\n"
        )
    done = run("""
        import importlib
        import freqtrade.exchange as package
        import ccxt_ext
        for _ in range(3):
            assert package.Later == "its own" and dir(package) == ["Acme", "Exchange", "Later"]
            try:
                package.Nothing
            except AttributeError as error:
                assert str(error) == "its own words"
            kind = package.Acme
            assert kind.__module__ == "acme_freqtrade"
            importlib.reload(package)
            ccxt_ext.register()
            assert package.Acme is kind
    """)
    assert [line for line in done.stderr.splitlines() if "adds no exchange" not in line] == []


def test_threads_that_import_at_once_get_the_same_class(run, tmp_path):
    put_freqtrade(tmp_path)
    put_classes(tmp_path, Acme="acme_freqtrade:Acme")
    write(
        tmp_path,
        {
            "acme_freqtrade.py": "import time; time.sleep(0.1)\n"
            + "from freqtrade.exchange import Exchange\nclass Acme(Exchange): pass\n"
        },
    )
    run("""
        import threading
        barrier, seen = threading.Barrier(8), []

        def work(number):
            barrier.wait()
            if number % 2:
                import ccxt_ext
                ccxt_ext.register()
            import freqtrade.exchange
            seen.append((freqtrade.exchange.Acme, freqtrade.exchange.__getattr__.__self__))

        threads = [threading.Thread(target=work, args=[number]) for number in range(8)]
        [thread.start() for thread in threads]
        [thread.join() for thread in threads]
        assert len(seen) == 8 and len(set(seen)) == 1
    """)


def test_registration_waits_for_an_import_under_way_in_another_thread(run, tmp_path):
    put_freqtrade(tmp_path)
    put_classes(tmp_path, Acme="acme_freqtrade:Acme")
    package = tmp_path / "freqtrade/exchange/__init__.py"
    package.write_text("import gate\ngate.inside.set()\nassert gate.go.wait(20)\n" + package.read_text())
    write(tmp_path, {"gate.py": "import threading\ninside, go = threading.Event(), threading.Event()\n"})
    run(
        """
        import threading
        import gate
        importing = threading.Thread(target=__import__, args=["freqtrade.exchange"])
        importing.start()
        assert gate.inside.wait(20)
        threading.Timer(0.2, gate.go.set).start()
        import ccxt_ext
        import freqtrade.exchange
        assert freqtrade.exchange.Acme
        importing.join()
        """,
        CCXT_EXT_AUTOLOAD="0",
    )


@pytest.mark.parametrize("version", ["2026.2", "2025.12", "2026.9", "docker-2026.2-dev-12345678"])
def test_a_release_that_does_not_fit_is_told_in_one_line(run, tmp_path, version):
    put_freqtrade(tmp_path, version)
    put_classes(tmp_path, Acme="acme_freqtrade:Acme")
    done = run("""
        import finding
        assert type(finding.made("btex")) is finding.package.Exchange
        assert type(finding.made("bitmaxfutures")) is finding.package.Exchange
        assert finding.listed() == {"Acme", "Binance", "BybitEU"}
        assert type(finding.made("acme")).__name__ == "Acme"  # which needs nothing of ours
    """)
    [line] = done.stderr.splitlines()
    assert line.startswith(
        f"ccxt-ext adds no exchange to freqtrade {version}, which works as it does without: "
    )
    assert line.endswith("Known to fit: freqtrade 2026.3 to 2026.9")
    assert ("it is too old" in line) is (version != "2026.9")
