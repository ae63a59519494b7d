"""A pytest that has nothing to do with us is as it was before ccxt-ext was installed."""

import json
import textwrap

import pytest

# Without this, pytest-asyncio itself warns.
INI = "[pytest]\nasyncio_default_fixture_loop_scope = function\n"

# Where it is written, what pytest has imported and rewritten, and what it took to know our options.
LOOK = """
    import importlib, importlib.metadata, json, sys, time

    def test_look(pytestconfig):
        found = {"options": hasattr(pytestconfig.option, "ccxt_venue")}
        found["imported"] = [name for name in ("ccxt", "ccxt_ext") if name in sys.modules]
        plugins = pytestconfig.pluginmanager.list_plugin_distinfo()
        found["plugins"] = [dist.project_name for _, dist in plugins]
        if "ccxt_ext" in sys.modules:
            import ccxt, ccxt.pro, ccxt_ext.cli.app, ccxt_ext.testing.bench
            assert ccxt.btex().id == ccxt.pro.btex.__name__ == "btex"
        found["rewritten"] = [
            name
            for name, module in sys.modules.items()
            if name.split(".")[0] in ("ccxt", "ccxt_ext")
            and type(module.__loader__).__module__ == "_pytest.assertion.rewrite"
        ]
        with open("found.json", "w") as file:
            json.dump(found, file)
"""


@pytest.fixture
def look(wheel_install, tmp_path):
    """Runs pytest in a folder of a project, with warnings as errors, and gives what a test there found."""
    (tmp_path / "pytest.ini").write_text(INI)
    (tmp_path / "test_look.py").write_text(textwrap.dedent(LOOK))

    def run(*options, **variables):
        folder = ["-p", "no:cacheprovider", "--rootdir", tmp_path, "-c", tmp_path / "pytest.ini"]
        done = wheel_install.start(
            "-W",
            "error",
            "-m",
            "pytest",
            "-W",
            "error",
            *folder,
            *options,
            tmp_path,
            cwd=tmp_path,
            **variables,
        )
        assert done.returncode == 0, done.stdout + done.stderr
        assert "arning" not in done.stdout + done.stderr
        return json.loads((tmp_path / "found.json").read_text())

    return run


def test_it_warns_of_nothing_imports_no_ccxt_and_rewrites_nothing(look):
    found = look()
    assert found["options"] and "ccxt-ext-pytest" in found["plugins"]
    assert found["imported"] == ["ccxt_ext"]  # the import hook, which every Python start has
    assert found["rewritten"] == []


def test_without_autoload_it_does_nothing_at_all(look):
    found = look(CCXT_EXT_AUTOLOAD="0")
    assert found["imported"] == []
    assert not found["options"] and "ccxt-ext-pytest" not in found["plugins"]


def test_without_autoload_the_options_can_be_had(look):
    found = look("-p", "ccxt_ext_pytest", CCXT_EXT_AUTOLOAD="0")
    assert found["options"] and found["imported"] == []


def test_it_takes_a_small_part_of_what_pytest_takes_to_be_imported(wheel_install):
    """To find the plug-in among all distributions, to read it, to import it, and to add its options.

    Both are times of the processor, taken in one process: pytest takes some 100 ms, and this 1.
    """
    done = wheel_install.run(
        """
        import importlib.metadata, statistics, sys, time
        began = time.process_time()
        import pytest
        of_pytest = time.process_time() - began
        from _pytest.config import _iter_rewritable_modules, get_config

        def seconds(name):
            parser = get_config()._parser
            started = time.process_time()
            [dist] = importlib.metadata.Distribution.discover(name=name)
            assert dist.metadata["Name"] == name
            [point] = [point for point in dist.entry_points if point.group == "pytest11"]
            list(_iter_rewritable_modules(map(str, dist.files or ())))
            point.load().pytest_addoption(parser)
            taken = time.process_time() - started
            del sys.modules["ccxt_ext_pytest"]
            return taken

        print(statistics.median(seconds("ccxt-ext-pytest") for _ in range(11)) / of_pytest)
        """
    )
    assert float(done.stdout) < 0.04


def test_nobody_but_pytest_finds_the_plug_in(wheel_install):
    done = wheel_install.run(
        """
        import importlib.metadata
        print(sorted({dist.name for dist in importlib.metadata.distributions() if "ccxt" in dist.name}))
        """
    )
    assert done.stdout.strip() == "['ccxt', 'ccxt-ext']"


def test_pip_knows_one_distribution(wheel_install):
    done = wheel_install.start("-m", "pip", "--disable-pip-version-check", "list", "--format", "json")
    names = {each["name"] for each in json.loads(done.stdout)}
    assert "ccxt-ext" in names and "ccxt-ext-pytest" not in names
