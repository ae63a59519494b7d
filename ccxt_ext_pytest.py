"""The plugin of pytest: the fixture `ccxt_sandbox`, and the options of the conformance suite.

ccxt_ext/hook offers this module to pytest, and every start of pytest imports it. So it imports neither ccxt
nor ccxt_ext until a fixture or an option is used. With CCXT_EXT_AUTOLOAD=0, `pytest -p ccxt_ext_pytest` has
them.
"""

import sys

import pytest

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Generator, Iterator
    from pathlib import Path

    from ccxt_ext.testing import BotSandbox, Cassette
    from ccxt_ext.testing.bots.servers import Servers

MARKERS = (
    "ccxt_sandbox(venues, seed, live, limits, clock, scenario, markets, ...): how the sandbox is started: "
    "the arguments of ccxt_ext.sandbox.Sandbox, and the markets of simulated exchanges",
    "ccxt_cassette(name, source, freeze, allow_unplayed, allow_hosts, patience, start_ms): under which name "
    "the fixture ccxt_cassette of a test records, and from what (live, sandbox, documented)",
)
SUITE = "ccxt_ext.testing.conformance"

# pytest puts a finder of its own in front, which may find ccxt too, as `python_files` can be set.
if "ccxt_ext.hook" in sys.modules:
    sys.modules["ccxt_ext.hook"].register()


def pytest_addoption(parser: "pytest.Parser") -> None:
    group = parser.getgroup("ccxt", "tests of bots, and of venues (--pyargs ccxt_ext.testing.conformance)")
    group.addoption(
        "--ccxt-venue",
        action="append",
        default=[],
        metavar="ID",
        help="the venue that is tested, by its ccxt id; may be repeated",
    )
    group.addoption(
        "--ccxt-profile",
        action="append",
        default=[],
        metavar="FILE",
        help="a Python file with PROFILE = ccxt_ext.testing.Profile(...): what the suite cannot see by "
        "itself about a venue; may be repeated",
    )
    group.addoption(
        "--ccxt-report", metavar="FILE", help="where to write the results, as JSON that can be published"
    )
    parser.addini(
        "ccxt_sandbox_dir",
        "where snapshots of the sandboxes of failed tests are written; else in pytest's temporary folder",
        default="",
    )
    group.addoption(
        "--ccxt-record",
        choices=["missing", "all"],
        help="record the cassettes that are missing, or all, with the keys that the tests give",
    )
    group.addoption(
        "--ccxt-cassettes",
        action="store_true",
        help="list the cassettes that there are with their age, and run nothing",
    )
    parser.addini("ccxt_cassette_dir", "where cassettes are, in place of cassettes/ next to a test's file")


def pytest_configure(config: "pytest.Config") -> None:
    for marker in MARKERS:
        config.addinivalue_line("markers", marker)
    if config.getoption("ccxt_venue") or config.getoption("ccxt_profile"):
        from ccxt_ext.testing.conformance.plugin import begin

        begin(config)
    elif any(str(argument).startswith(SUITE) for argument in config.args):
        raise pytest.UsageError("which venue is to be tested? Say it by --ccxt-venue ID")


def pytest_cmdline_main(config: "pytest.Config") -> "int | None":
    if not config.getoption("ccxt_cassettes"):
        return None
    from ccxt_ext.testing.cassettes.listing import show

    return show(config)


@pytest.fixture(scope="session")
def _ccxt_sandbox_servers() -> "Iterator[Servers]":
    from ccxt_ext.testing.bots.servers import Servers

    servers = Servers()
    yield servers
    servers.stop()


@pytest.fixture
def ccxt_sandbox(
    request: pytest.FixtureRequest,
    _ccxt_sandbox_servers: "Servers",
    tmp_path_factory: pytest.TempPathFactory,
) -> "Iterator[BotSandbox]":
    """Exchanges to test a bot on, for this test alone. The marker ccxt_sandbox says what they are like."""
    from ccxt_ext.testing.bots.lending import lent

    def folder() -> "Path":
        given = request.config.getini("ccxt_sandbox_dir")
        return request.config.rootpath / given if given else tmp_path_factory.getbasetemp() / "ccxt_sandbox"

    with lent(request.node, _ccxt_sandbox_servers, folder) as box:
        yield box


LENDING = "ccxt_ext.testing.bots.lending"
"""The module that is imported once a test has used the fixture."""


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item: pytest.Item) -> "Generator[None, object, object]":
    result = yield
    if LENDING in sys.modules:
        sys.modules[LENDING].look_after(item)
    return result


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item,
) -> "Generator[None, pytest.TestReport, pytest.TestReport]":
    report = yield
    if report.failed and LENDING in sys.modules:
        sys.modules[LENDING].add_section(item, report)
    return report


@pytest.fixture
def ccxt_cassette(request: pytest.FixtureRequest) -> "Iterator[Cassette]":
    """Exchanges of ccxt that are recorded once (--ccxt-record), and replayed without a network."""
    try:
        from ccxt_ext.testing.cassettes.lending import lent
    except ModuleNotFoundError as error:
        lacking = error.name
    else:
        lacking = None
    if lacking is not None:
        pytest.fail(f"ccxt_cassette needs {lacking}: pip install 'ccxt-ext[test]'", pytrace=False)
    with lent(request) as cassette:
        yield cassette
