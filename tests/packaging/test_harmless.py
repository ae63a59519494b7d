"""Whatever happens to ccxt-ext, Python starts, and ccxt and other import hooks work."""

import pytest

BROKEN = {
    "syntax": {"ccxt_ext/__init__.py": "def ("},
    "syntax in the hook": {"ccxt_ext/hook/__init__.py": "def ("},
    "exception": {"ccxt_ext/hook/__init__.py": "1 / 0"},
    "hook missing": {"ccxt_ext/hook/__init__.py": None},
}

CCXT_WORKS = """
    import ccxt, ccxt.async_support
    assert ccxt.binance().id == "binance"
    assert ccxt.async_support.binance.__name__ == "binance"
    print("works")
"""

# A venue of ours whose id ccxt has already.
CLASH = {
    "ccxt_ext-*.dist-info/entry_points.txt": """
        [ccxt_ext.sync]
        binance = ccxt_ext.venues.binance.rest_sync:binance
        bitmart2 = ccxt_ext.venues.bitmart2.rest_sync:bitmart2
        [ccxt_ext.async_support]
        binance = ccxt_ext.venues.binance.rest:binance
        bitmart2 = ccxt_ext.venues.bitmart2.rest:bitmart2
        [ccxt_ext.pro]
        binance = ccxt_ext.venues.binance.rest:binance
    """,
    "ccxt_ext/venues/binance/__init__.py": "",
    "ccxt_ext/venues/binance/rest_sync.py": "import ccxt\nclass binance(ccxt.binance): pass\n",
    "ccxt_ext/venues/binance/rest.py": "import ccxt.async_support\n"
    "class binance(ccxt.async_support.binance): pass\n",
}


@pytest.mark.parametrize("files", BROKEN.values(), ids=BROKEN)
def test_python_starts_when_ccxt_ext_is_broken(changed, files):
    environment = changed(files)
    done = environment.run(CCXT_WORKS)
    assert done.stdout == "works\n"
    [line] = set(done.stderr.splitlines())  # twice: in a virtual environment, site reads .pth files twice
    assert line.startswith("ccxt-ext is off: ")
    environment.run("pass", "-W", "error")


@pytest.mark.parametrize(
    "files",
    [{"ccxt_ext": None}, {"ccxt_ext/__init__.py": None}],
    ids=["nothing but the .pth", "no __init__"],
)
def test_python_starts_when_ccxt_ext_is_half_removed(changed, files):
    done = changed(files).run(CCXT_WORKS)
    assert (done.stdout, done.stderr) == ("works\n", "")


def test_python_starts_without_standard_error(changed):
    environment = changed(BROKEN["syntax"])
    code = "import os, sys; os.close(2); os.execv(sys.executable, [sys.executable, '-c', 'print(7)'])"
    assert environment.run(code).stdout == "7\n"


@pytest.mark.parametrize("text", ["def (", None], ids=["syntax", "missing"])
def test_ccxt_works_when_registration_is_broken(changed, text):
    environment = changed({"ccxt_ext/hook/modules.py": text})
    done = environment.run(CCXT_WORKS)
    assert done.stdout == "works\n"
    assert "RuntimeWarning: ccxt-ext could not add its exchanges to ccxt: " in done.stderr
    assert environment.run(CCXT_WORKS, "-W", "error::RuntimeWarning").stdout == "works\n"


def test_ccxt_works_when_a_venue_is_broken(changed):
    environment = changed({"ccxt_ext/venues/bitmart2/protocol.py": "1 / 0"})
    done = environment.run(
        CCXT_WORKS
        + """
    try:
        ccxt.bitmart2().load_markets()
    except ccxt.NotSupported as error:
        print(error)
    """
    )
    why = "ccxt.bitmart2 of ccxt-ext 0.1.0 does not work: ZeroDivisionError: division by zero\n"
    assert done.stdout == f"works\n{why}" and done.stderr.count(why) == 1


def test_an_error_in_ccxt_itself_is_told_as_it_is(wheel_install, tmp_path):
    (tmp_path / "ccxt").mkdir()
    (tmp_path / "ccxt/__init__.py").write_text("1 / 0")
    done = wheel_install.run(
        """
        for attempt in range(2):
            try:
                import ccxt
            except ZeroDivisionError:
                print("broken")
        """,
        PYTHONPATH=str(tmp_path),
    )
    assert (done.stdout, done.stderr) == ("broken\nbroken\n", "")


def test_no_garbage_is_looked_for_while_ccxt_is_imported(wheel_install, tmp_path):
    (tmp_path / "ccxt.py").write_text("import gc, sys\nsys.looks = gc.isenabled()\nsys.breaks()")
    done = wheel_install.run(
        """
        import gc, sys
        def imported(breaks):
            sys.modules.pop("ccxt", None)
            sys.breaks = breaks
            import ccxt
            assert not sys.looks
        imported(lambda: None)
        assert gc.isenabled()
        try:
            imported(lambda: 1 / 0)
        except ZeroDivisionError:
            assert gc.isenabled()
        gc.disable()
        imported(lambda: None)
        assert not gc.isenabled()
        print("works")
        """,
        "-W",
        "ignore",
        PYTHONPATH=str(tmp_path),
    )
    assert (done.stdout, done.stderr) == ("works\n", "")


@pytest.mark.parametrize("file", ["ccxt.py", "ccxt/__init__.py", "ccxt/data.txt"])
def test_something_else_named_ccxt_is_left_alone(wheel_install, tmp_path, file):
    (tmp_path / file).parent.mkdir(exist_ok=True)
    (tmp_path / file).write_text("")
    done = wheel_install.run(
        """
        import sys
        sys.path[:] = [path for path in sys.path if not path.endswith("site-packages")]
        import ccxt
        assert not hasattr(ccxt, "bitmart2") and "__getattr__" not in vars(ccxt)
        """,
        PYTHONPATH=str(tmp_path),
    )
    assert done.stderr == ""


def test_an_id_of_ccxt_stays_ccxts(changed):
    done = changed(CLASH).run("""
        import ccxt, ccxt.async_support, ccxt.pro
        import ccxt_ext.async_support
        for module in (ccxt, ccxt.async_support, ccxt.pro):
            assert module.binance.__module__ == f"{module.__name__}.binance"
            assert module.exchanges.count("binance") == 1
        assert ccxt.bitmart2.__name__ == ccxt.async_support.bitmart2.__name__ == "bitmart2"
        assert ccxt_ext.binance.__module__ == "ccxt_ext.venues.binance.rest_sync"
        assert ccxt_ext.async_support.binance.__module__ == "ccxt_ext.venues.binance.rest"
        ccxt_ext.register()
    """)
    warning = (
        "ccxt has an exchange 'binance' of its own, which stays in place; ccxt-ext's is ccxt_ext.binance"
    )
    assert done.stderr.count(warning) == 1, done.stderr


def test_a_clash_does_not_stop_the_others_where_warnings_are_errors(changed):
    done = changed(CLASH).run(
        "import ccxt; assert ccxt.bitmart2.__name__ == 'bitmart2'; print(ccxt.binance.__module__)",
        "-W",
        "error::RuntimeWarning",
    )
    assert done.stdout == "ccxt.binance\n"


def test_an_id_that_ccxt_lacks_in_one_module_only_is_not_filled_in(changed, tmp_path):
    # ccxt has bitso over REST and no streams for it: ccxt.pro.bitso must not become another venue.
    files = {
        name.replace("binance", "bitso"): text.replace("binance", "bitso") for name, text in CLASH.items()
    }
    done = changed(files).run("""
        import ccxt.pro
        assert "bitso" in ccxt.exchanges and not hasattr(ccxt.pro, "bitso")
        assert "bitso" not in ccxt.pro.exchanges
    """)
    assert done.stderr.count("ccxt has an exchange 'bitso'") == 1


def test_a_class_that_somebody_put_into_ccxt_stays(wheel_install):
    done = wheel_install.run(
        """
        import ccxt
        class bitmart2(ccxt.Exchange):
            pass
        ccxt.bitmart2 = bitmart2
        import ccxt_ext
        assert ccxt.bitmart2 is bitmart2 and ccxt_ext.bitmart2 is not bitmart2
        import ccxt.async_support
        assert "bitmart2" not in ccxt.async_support.exchanges
        """,
        CCXT_EXT_AUTOLOAD="0",
    )
    assert done.stderr.count("ccxt has an exchange 'bitmart2' of its own") == 1


def test_ccxt_looks_as_without_the_hook(wheel_install):
    code = """
        import importlib.machinery, importlib.resources, importlib.util, inspect, pkgutil
        for finding in (True, False):
            if finding:
                spec = importlib.util.find_spec("ccxt")
                print(spec.origin, spec.loader.get_filename("ccxt"), spec.loader.is_package("ccxt"))
            import ccxt, ccxt.async_support
            for module in (ccxt, ccxt.async_support):
                print(type(module.__loader__), module.__loader__ is module.__spec__.loader, module.__file__)
                print(len(inspect.getsource(module)), len(pkgutil.get_data(module.__name__, "__init__.py")))
                print(importlib.resources.files(module))
    """
    assert wheel_install.run(code).stdout == wheel_install.run(code, CCXT_EXT_AUTOLOAD="0").stdout


def test_a_ccxt_that_is_lazy_itself_goes_on_being_so(wheel_install, tmp_path):
    (tmp_path / "ccxt.py").write_text("""
exchanges = ["binance"]
__all__ = ["exchanges", "binance"]
def __getattr__(name):
    if name == "binance":
        return "ccxt's own"
    raise AttributeError("ccxt's own words")
def __dir__():
    return ["binance"]
""")
    wheel_install.run(
        """
        import importlib
        import ccxt, ccxt_ext
        for again in (ccxt_ext.register, lambda: importlib.reload(ccxt), lambda: None):
            assert ccxt.binance == "ccxt's own"
            assert dir(ccxt) == ccxt.exchanges == sorted(["binance", *ccxt_ext.exchanges])
            try:
                ccxt.nothing
            except AttributeError as error:
                assert str(error) == "ccxt's own words"
            again()
        """,
        PYTHONPATH=str(tmp_path),
    )


def test_a_ccxt_that_is_too_old_goes_on_without_the_venues(wheel_install, tmp_path):
    (tmp_path / "ccxt.py").write_text("""
__version__ = "4.4.99"
exchanges = ["binance"]
__all__ = ["exchanges", "binance"]
binance = "ccxt's own"
""")
    done = wheel_install.run(
        """
        import ccxt, ccxt_ext
        assert ccxt.exchanges == ["binance"] and ccxt.binance == "ccxt's own"
        assert not hasattr(ccxt, "btex") and not hasattr(ccxt, "nothing") and vars(ccxt)["binance"]
        why = "ccxt-ext 0.1.0 needs ccxt 4.5.28 or newer, and this is ccxt 4.4.99"
        for look, kind in ((lambda: ccxt.btex, AttributeError), (lambda: ccxt_ext.btex, ImportError)):
            try:
                look()
            except kind as error:
                assert str(error).endswith(why), error
            else:
                raise AssertionError
        """,
        PYTHONPATH=str(tmp_path),
    )
    assert done.stderr.count("and this is ccxt 4.4.99; its exchanges are left out") == 1


def test_a_ccxt_that_is_too_new_is_named(wheel_install):
    wheel_install.run("""
        import ccxt
        from ccxt.base import precise
        from ccxt_ext._version import CCXT_NEWEST
        del precise.Precise
        reasons = []
        for id, version in (("btex", "99.1.0"), ("bitmart2", CCXT_NEWEST)):
            ccxt.__version__ = version
            try:
                getattr(ccxt, id)().load_markets()
            except ccxt.NotSupported as error:
                reasons.append(str(error))
        assert len(reasons) == 2 and all("cannot import name 'Precise'" in reason for reason in reasons)
        known = f"ccxt-ext 0.1.0 is known to work with ccxt 4.5.28 to {CCXT_NEWEST}, and this is "
        assert reasons[0].endswith(f"({known}99.1.0)") and known not in reasons[1]
    """)


@pytest.mark.parametrize("module", ["ccxt", "ccxt.async_support", "ccxt.pro"])
def test_what_streams_need_is_missed_by_streams_alone(wheel_install, module):
    """As in an environment where ccxt-ext is not installed, which has ccxt and what ccxt needs."""
    wheel_install.run(f"""
        import asyncio, sys
        for name in ("engineio", "socketio", "sortedcontainers", "rich", "typer", "orjson"):
            sys.modules[name] = None
        import ccxt, {module}
        home = sys.modules["{module}"]
        for id in home.exchanges:
            getattr(home, id)

        async def main():
            for id in ("bitmart2", "btex", "bitmaxfutures", "bitexbit", "bitexasia"):
                assert getattr(home, id)().has["fetchTicker"]
            if "{module}" != "ccxt.pro":
                return
            exchange = home.bitexbit()
            market = {{"id": "a_b", "symbol": "A/B", "base": "A", "quote": "B", "spot": True}}
            exchange.set_markets([market])
            async def fetch_ticker(symbol, params={{}}):
                return {{"symbol": symbol}}
            exchange.fetch_ticker = fetch_ticker
            for watch in (exchange.watch_order_book, exchange.watch_trades):
                try:
                    await watch("A/B")
                except ccxt.NotSupported as error:
                    assert "python-socketio has to be installed" in str(error)
                    assert "engineio" in str(error)
                else:
                    raise AssertionError
            assert (await exchange.watch_ticker("A/B"))["symbol"] == "A/B"
            await exchange.close()

        asyncio.run(main())
    """)


@pytest.mark.parametrize("first", ["theirs", "ours"])
def test_another_import_hook_works_beside_ours(wheel_install, first):
    """One that, like wrapt's, wraps the loader that the other finders come up with."""
    wheel_install.run(
        f"""
        import importlib.util, sys

        class Loader:
            def __init__(self, loader):
                self.loader = loader
            def create_module(self, spec):
                return self.loader.create_module(spec)
            def exec_module(self, module):
                module.__spec__.loader = module.__loader__ = self.loader
                self.loader.exec_module(module)
                seen.append(module.__name__)

        class Finder:
            busy = False
            def find_spec(self, name, path=None, target=None):
                if self.busy or name not in ("ccxt", "ccxt.async_support", "json.tool"):
                    return None
                self.busy = True
                try:
                    spec = importlib.util.find_spec(name)
                finally:
                    self.busy = False
                spec.loader = Loader(spec.loader)
                return spec

        seen = []
        if {first == "ours"}:
            import ccxt_ext
        sys.meta_path.insert(0, Finder())
        import ccxt_ext
        import ccxt.async_support, json.tool
        assert seen == ["ccxt", "ccxt.async_support", "json.tool"]
        assert ccxt.bitmart2.__name__ == ccxt.async_support.bitmart2.__name__ == "bitmart2"
        assert type(ccxt.__loader__).__name__ == "SourceFileLoader"
        """,
        CCXT_EXT_AUTOLOAD="0",
    )


def test_lazily_imported_ccxt_has_the_venue(wheel_install):
    wheel_install.run("""
        import importlib.util, sys
        spec = importlib.util.find_spec("ccxt")
        spec.loader = importlib.util.LazyLoader(spec.loader)
        ccxt = sys.modules["ccxt"] = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(ccxt)
        assert "ccxt.base" not in sys.modules
        assert "bitmart2" in ccxt.exchanges
        assert ccxt.bitmart2().id == "bitmart2"
    """)


def test_the_hook_of_another_finder_for_ccxt_is_asked(wheel_install, tmp_path):
    """As with an editable install of ccxt: a finder at the end of the list knows where it is."""
    (tmp_path / "elsewhere.py").write_text("exchanges = ['a', 'z']\n__all__ = ['exchanges', 'a', 'z']\n")
    wheel_install.run(f"""
        import importlib.util, sys

        class Finder:
            @staticmethod
            def find_spec(name, path=None, target=None):
                if name == "ccxt":
                    return importlib.util.spec_from_file_location(name, {str(tmp_path / "elsewhere.py")!r})

        class OldFinder:
            def find_module(self, name, path=None):
                assert name != "ccxt"

        sys.path[:] = [path for path in sys.path if not path.endswith("site-packages")]
        sys.meta_path += [OldFinder(), Finder]
        import ccxt, ccxt_ext
        assert ccxt.exchanges == ["a", *sorted(ccxt_ext.exchanges), "z"]
    """)
