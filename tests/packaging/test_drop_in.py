"""After `pip install ccxt-ext`, ccxt has the venues, and no program has to import ccxt_ext for it."""

from pathlib import Path

import pytest


def test_ccxt_has_the_venue(installed):
    installed.run("""
        import sys
        import ccxt
        assert not any(name.startswith("ccxt_ext.venues") for name in sys.modules)
        assert "bitmart2" in ccxt.exchanges
        assert "bitmart2" in ccxt.__all__
        assert "bitmart2" in dir(ccxt) and "binance" in dir(ccxt)
        assert ccxt.exchanges == sorted(set(ccxt.exchanges))
        assert not any(name.startswith("ccxt_ext.venues") for name in sys.modules)

        assert hasattr(ccxt, "bitmart2")
        assert issubclass(ccxt.bitmart2, ccxt.Exchange)
        assert getattr(ccxt, "bitmart2") is ccxt.bitmart2
        assert ccxt.bitmart2().id == "bitmart2"
        from ccxt import bitmart2
        assert bitmart2 is ccxt.bitmart2

        import ccxt_ext
        assert ccxt_ext.bitmart2 is ccxt.bitmart2
    """)


def test_async_support_has_the_venue(wheel_install):
    wheel_install.run("""
        import asyncio
        from ccxt.async_support import bitmart2
        import ccxt.async_support
        import ccxt
        assert "bitmart2" in ccxt.async_support.exchanges
        assert "bitmart2" in ccxt.async_support.__all__
        assert "bitmart2" in dir(ccxt.async_support)
        assert issubclass(bitmart2, ccxt.async_support.Exchange)
        assert ccxt.async_support.bitmart2 is bitmart2 is not ccxt.bitmart2

        async def main():
            async with bitmart2() as exchange:
                assert exchange.id == "bitmart2"
        asyncio.run(main())

        import ccxt_ext.async_support
        assert ccxt_ext.async_support.bitmart2 is bitmart2
    """)


@pytest.mark.parametrize("module", ["ccxt", "ccxt.async_support"])
def test_star_import_brings_the_venue(wheel_install, module):
    wheel_install.run(f"""
        from {module} import *
        import {module}
        assert bitmart2 is {module}.bitmart2
        assert "bitmart2" in exchanges
    """)


@pytest.mark.parametrize("module", ["ccxt", "ccxt.async_support"])
def test_the_venue_has_a_module_like_those_of_ccxt(wheel_install, module):
    wheel_install.run(f"""
        import importlib, inspect
        from {module}.bitmart2 import bitmart2
        import {module}
        import {module}.bitmart2
        assert {module}.bitmart2 is bitmart2  # the class, as with ccxt's own
        assert importlib.import_module("{module}.bitmart2").bitmart2 is bitmart2
        assert inspect.getmodule(bitmart2).__name__.startswith("ccxt_ext.venues.bitmart2.")
    """)


@pytest.mark.parametrize("module", ["ccxt", "ccxt.async_support", "ccxt.pro"])
def test_who_looks_at_all_that_a_module_has_finds_the_venues(wheel_install, module):
    """In `vars(ccxt)`, or among its members. Until somebody does, no venue is imported."""
    wheel_install.run(f"""
        import copy, importlib, inspect, pickle, sys, types
        import {module}
        import ccxt_ext
        module = sys.modules["{module}"]
        def imported():
            return [name for name in sys.modules if name.startswith("ccxt_ext.venues")]

        assert isinstance(module, types.ModuleType) and inspect.ismodule(module)
        assert {{*ccxt_ext.exchanges, "binance"}} <= set(dir(module)) and hasattr(module, "binance")
        assert repr(module).startswith("<module '{module}' from")
        module.something_of_mine = 1
        assert module.something_of_mine == 1 and not imported()

        for id in ccxt_ext.exchanges:
            kind = vars(module)[id]
            assert kind is module.__dict__[id] is getattr(module, id) is vars(module).get(id)
            assert issubclass(kind, module.Exchange if "{module}" != "ccxt.pro" else object)
        assert set(module.exchanges) <= vars(module).keys()
        classes = dict(inspect.getmembers(module, inspect.isclass))
        assert set(module.exchanges) <= classes.keys()
        vars(module)["another"] = 2
        assert module.another == 2 and module.something_of_mine == 1
        importlib.reload(module)
        assert vars(module)["btex"].__name__ == "btex"
    """)


def test_a_venue_that_cannot_be_imported_does_not_spoil_the_list(changed):
    done = changed({"ccxt_ext/venues/btex/rest_sync.py": "1 / 0"}).run("""
        import ccxt
        assert vars(ccxt)["btex"] is ccxt.btex and vars(ccxt)["bitmart2"] is ccxt.bitmart2
        assert not any(ccxt.btex().has.values()) and ccxt.bitmart2().has["fetchTicker"]
    """)
    assert "RuntimeWarning: ccxt.btex of ccxt-ext 0.1.0 does not work: ZeroDivisionError" in done.stderr


def test_children_have_the_venue(installed, tmp_path):
    program = tmp_path / "program.py"
    program.write_text("""
import multiprocessing, subprocess, sys

def look(name):
    import ccxt
    return getattr(ccxt, name).__name__

if __name__ == "__main__":
    code = "import ccxt; print(ccxt.bitmart2.__name__)"
    print(subprocess.check_output([sys.executable, "-c", code], text=True).strip())
    with multiprocessing.get_context("spawn").Pool(1) as pool:
        print(pool.apply(look, ["bitmart2"]))
""")
    assert installed.start(program).stdout.split() == ["bitmart2", "bitmart2"]


def test_a_program_without_ccxt_loads_next_to_nothing(installed):
    code = "import sys; print(*sorted(sys.modules))"
    with_hook = set(installed.run(code).stdout.split())
    without = set(installed.run(code, CCXT_EXT_AUTOLOAD="0").stdout.split())
    assert with_hook - without == {"ccxt_ext", "ccxt_ext.hook"}


def test_a_program_without_ccxt_starts_as_fast(wheel_install, paired_ratio):
    def start(switch: str) -> None:
        wheel_install.run("pass", CCXT_EXT_AUTOLOAD=switch)

    assert paired_ratio(lambda: start("1"), lambda: start("0")) < 1.3


def test_autoload_switched_off(wheel_install):
    wheel_install.run(
        """
        import sys
        import ccxt
        assert not any(name.startswith("ccxt_ext") for name in sys.modules)
        assert "bitmart2" not in ccxt.exchanges and not hasattr(ccxt, "bitmart2")
        import ccxt_ext  # registers
        assert "bitmart2" in ccxt.exchanges and ccxt.bitmart2 is ccxt_ext.bitmart2
        import ccxt.async_support
        assert "bitmart2" in ccxt.async_support.exchanges
        """,
        CCXT_EXT_AUTOLOAD="0",
    )
    wheel_install.run(
        """
        import sys
        import ccxt_ext
        assert "ccxt" not in sys.modules
        import ccxt
        assert "bitmart2" in ccxt.exchanges and ccxt.bitmart2 is ccxt_ext.bitmart2
        """,
        CCXT_EXT_AUTOLOAD="0",
    )


def test_python_without_site_starts(installed):
    done = installed.run("import sys; print('ccxt_ext' in sys.modules)", "-S")
    assert (done.stdout, done.stderr) == ("False\n", "")


@pytest.mark.parametrize("options, variables", [(["-I"], {}), (["-E"], {}), ([], {"PYTHONSAFEPATH": "1"})])
def test_isolated_python_has_the_venue(wheel_install, options, variables):
    done = wheel_install.run("import ccxt; print(ccxt.bitmart2.__name__)", *options, **variables)
    assert (done.stdout, done.stderr) == ("bitmart2\n", "")


def test_registering_again_changes_nothing(wheel_install):
    done = wheel_install.run("""
        import importlib
        import ccxt, ccxt_ext
        first = ccxt.bitmart2
        ccxt_ext.register()
        importlib.reload(ccxt)
        importlib.reload(ccxt_ext)
        ccxt_ext.register()
        assert ccxt.bitmart2 is first
        assert ccxt.exchanges.count("bitmart2") == ccxt.__all__.count("bitmart2") == 1
        assert "binance" in dir(ccxt) and not hasattr(ccxt, "no_such_name")
    """)
    assert done.stderr == ""


def test_missing_names_are_told_as_by_any_module(wheel_install):
    wheel_install.run("""
        import ccxt, ccxt_ext, ccxt_ext.async_support
        for module in (ccxt, ccxt_ext, ccxt_ext.async_support):
            try:
                module.bitmart3
            except AttributeError as error:
                assert str(error) == f"module {module.__name__!r} has no attribute 'bitmart3'"
            else:
                raise AssertionError
    """)


def test_ccxt_ext_lists_what_it_has(wheel_install):
    wheel_install.run("""
        import ccxt_ext
        from importlib.metadata import version
        from ccxt_ext.plugins import ids
        assert ccxt_ext.exchanges == ids() and len(ids()) == 5
        assert ccxt_ext.async_support.exchanges == ids("async_support")
        assert ccxt_ext.pro.exchanges == ids("pro")
        assert {"bitmart2", "exchanges", "register", "__version__"} <= set(dir(ccxt_ext))
        assert ccxt_ext.__version__ == version("ccxt-ext")
        from ccxt_ext import *
        assert bitmart2 is ccxt_ext.bitmart2
    """)


def test_threads_that_import_at_once_get_the_same_class(wheel_install):
    wheel_install.run("""
        import threading
        barrier, seen = threading.Barrier(8), []

        def work(number):
            barrier.wait()
            if number % 2:
                import ccxt
            else:
                import ccxt.async_support
            assert "bitmart2" in ccxt.exchanges
            seen.append(ccxt.bitmart2)

        threads = [threading.Thread(target=work, args=[number]) for number in range(8)]
        [thread.start() for thread in threads]
        [thread.join() for thread in threads]
        assert len(seen) == 8 and len(set(seen)) == 1
    """)


def test_registration_waits_for_an_import_under_way_in_another_thread(wheel_install, tmp_path):
    (tmp_path / "ccxt").mkdir()
    (tmp_path / "ccxt/__init__.py").write_text(
        "import gate\ngate.inside.set()\nassert gate.go.wait(20)\nexchanges = []\n__all__ = exchanges[:]\n"
    )
    (tmp_path / "gate.py").write_text("import threading\ninside, go = threading.Event(), threading.Event()\n")
    wheel_install.run(
        """
        import threading, time
        import gate
        importing = threading.Thread(target=__import__, args=["ccxt"])
        importing.start()
        assert gate.inside.wait(20)
        threading.Timer(0.2, gate.go.set).start()
        import ccxt_ext
        importing.join()
        import ccxt
        assert ccxt.exchanges == sorted(ccxt_ext.exchanges)
        """,
        CCXT_EXT_AUTOLOAD="0",
        PYTHONPATH=str(tmp_path),
    )


def test_uninstalling_leaves_nothing(changed):
    environment = changed({})
    environment.pip("uninstall", "-y", "ccxt-ext")
    left: list[Path] = [path for path in environment.site_packages.iterdir() if "ccxt_ext" in path.name]
    assert left == []
    done = environment.run("import ccxt; print(hasattr(ccxt, 'bitmart2'))")
    assert (done.stdout, done.stderr) == ("False\n", "")


def test_the_installation_is_complete_and_tidy(wheel_install):
    names = {path.name for path in wheel_install.site_packages.iterdir() if "dist-info" not in path.name}
    assert names - {"__pycache__", "zz_borrowed.pth"} == {
        "ccxt_ext",
        "ccxt_ext_autoload.pth",
        "ccxt_ext_pytest.py",
    }
    assert (wheel_install.site_packages / "ccxt_ext/py.typed").exists()


def test_an_editable_install_adds_no_import_hook_of_setuptools(editable_install):
    done = editable_install.run("import sys; print([type(f).__name__ for f in sys.meta_path], *sys.modules)")
    assert "__editable__" not in done.stdout
