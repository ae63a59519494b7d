"""The options of the conformance suite, which pytest has to know before it finds the suite.

Every start of pytest imports this module, so it imports neither ccxt nor ccxt_ext until an option is used.
"""

import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from importlib.machinery import ModuleSpec
    from types import ModuleType

    import pytest

PACKAGE = "ccxt_ext"
SUITE = "ccxt_ext.testing.conformance"


class AsItIs:
    """Finds ccxt_ext as it is, but for the suite's cases.

    pytest rewrites the asserts of all that a distribution with a plugin brings, which takes longer than
    importing it, and which here only the cases need.
    """

    def find_spec(
        self, fullname: str, path: "Sequence[str] | None" = None, target: "ModuleType | None" = None
    ) -> "ModuleSpec | None":
        if fullname != PACKAGE and not fullname.startswith(f"{PACKAGE}."):
            return None
        if fullname.startswith(f"{SUITE}."):
            return None
        finders = list(sys.meta_path)
        for finder in finders[finders.index(self) + 1 :] if self in finders else ():
            find_spec = getattr(finder, "find_spec", None)
            if find_spec is None or type(finder).__module__.startswith("_pytest."):
                continue
            spec: ModuleSpec | None = find_spec(fullname, path, target)
            if spec is not None:
                return spec
        return None


# pytest has put its own finder in front before it imports plugins.
sys.meta_path.insert(0, AsItIs())


def pytest_addoption(parser: "pytest.Parser") -> None:
    group = parser.getgroup(
        "ccxt", "conformance of venues of ccxt (pytest --pyargs ccxt_ext.testing.conformance)"
    )
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


def pytest_configure(config: "pytest.Config") -> None:
    if config.getoption("ccxt_venue") or config.getoption("ccxt_profile"):
        from ccxt_ext.testing.conformance.plugin import begin

        begin(config)
    elif any(str(argument).startswith(SUITE) for argument in config.args):
        import pytest

        raise pytest.UsageError("which venue is to be tested? Say it by --ccxt-venue ID")
