"""The conformance suite, out of the wheel, in projects whose pytest is set up in other ways."""

import json

import pytest

# Each of these would break a suite that leans on it.
HOSTILE = {
    "names": """
        [pytest]
        asyncio_default_fixture_loop_scope = function
        python_files = test_*.py ccxt.py __init__.py plugin.py fixtures.py cases.py
        python_functions = *
        python_classes = *
        filterwarnings = error
        empty_parameter_set_mark = fail_at_collect
    """,
    "other names": """
        [pytest]
        asyncio_default_fixture_loop_scope = function
        asyncio_mode = auto
        python_files = check_*.py
        python_functions = check_*
        addopts = --strict-markers --strict-config --doctest-modules -n 2
        xfail_strict = true
        filterwarnings = error
    """,
    "import modes": """
        [pytest]
        asyncio_default_fixture_loop_scope = session
        asyncio_mode = strict
        addopts = --import-mode=importlib -p no:cacheprovider --assert=plain
        filterwarnings = error
        timeout = 0.001
    """,
    "append": """
        [pytest]
        asyncio_default_fixture_loop_scope = function
        addopts = --import-mode=append -p no:asyncio -p no:xdist -p no:timeout
    """,
}

# Cases without and with a sandbox, plain and async.
CHOSEN = "case1.1- or case1.12- or case1.21- or case1.22-"

# Fixtures of the caller's, of names that the suite has too.
CONFTEST = """
import pytest

@pytest.fixture
def trader():
    raise AssertionError("the caller's own fixture")

id = kind = symbol = sandbox = trader
"""


@pytest.fixture
def suite(wheel_install, tmp_path):
    """Runs the suite in a folder of its own."""

    def run(*options, **variables):
        command = ["-m", "pytest", "--pyargs", "ccxt_ext.testing.conformance", *options]
        return wheel_install.start(*command, cwd=tmp_path, timeout=110, **variables)

    return run


@pytest.mark.parametrize("ini", HOSTILE.values(), ids=HOSTILE)
def test_it_leans_on_nothing_of_the_callers(suite, tmp_path, ini):
    (tmp_path / "pytest.ini").write_text(ini.replace("\n        ", "\n"))
    (tmp_path / "conftest.py").write_text(CONFTEST)
    done = suite("--ccxt-venue", "bitexasia", "-k", CHOSEN, "--ccxt-report", "r.json")
    assert done.returncode == 0, done.stdout[-5000:] + done.stderr[-5000:]
    report = json.loads((tmp_path / "r.json").read_text())
    [venue] = report["venues"]
    outcomes = {(case["number"], case["kind"]): case["outcome"] for case in venue["cases"]}
    passed = {key for key, outcome in outcomes.items() if outcome == "passed"}
    assert passed == {
        *((number, kind) for number in ("1.1", "1.12") for kind in ("sync", "async", "pro")),
        ("1.21", "sync"),
        ("1.21", "async"),
        ("1.22", "pro"),
    }
    assert outcomes["1.7", "sync"] == "not run"
    assert venue["level"] is None and venue["missing"] == "only a part of the suite was run"


def test_who_names_no_venue_is_told(suite):
    done = suite()
    assert done.returncode == pytest.ExitCode.USAGE_ERROR
    assert "--ccxt-venue" in done.stderr + done.stdout


def test_a_venue_that_there_is_not_is_told(suite):
    done = suite("--ccxt-venue", "acmee")
    assert done.returncode == pytest.ExitCode.USAGE_ERROR
    assert "there is no venue 'acmee'" in done.stderr


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (None, "is no Python file"),
        ("", "has no PROFILE"),
        ("from ccxt_ext.testing import Profile\nPROFILE = Profile(id='acmee')", "there is no venue 'acmee'"),
    ],
    ids=["missing", "empty", "of another"],
)
def test_a_profile_that_is_none_is_told(suite, tmp_path, text, told):
    if text is not None:
        (tmp_path / "profile.py").write_text(text)
    done = suite("--ccxt-profile", "profile.py")
    assert done.returncode == pytest.ExitCode.USAGE_ERROR
    assert told in done.stderr
