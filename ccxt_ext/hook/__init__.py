"""The import hook: as soon as ccxt is imported, the venues are added to it, and to programs that use it.

Every Python start runs this module, so it imports next to nothing.
"""

import sys

# Not imported from typing, which would take longer than everything else here.
TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from importlib.machinery import ModuleSpec
    from importlib.metadata import Distribution, DistributionFinder
    from types import ModuleType
    from typing import Any

NAMES = ("ccxt", "ccxt.async_support", "ccxt.pro")

# Modules of programs that keep exchanges of their own, and the module of ours that adds the venues' to each.
PROGRAMS = {
    "freqtrade.exchange": "ccxt_ext.integrations.freqtrade",
    "hummingbot.connector": "ccxt_ext.integrations.hummingbot",
    "hummingbot.client.settings": "ccxt_ext.integrations.hummingbot",
    "hummingbot.data_feed.candles_feed.candles_factory": "ccxt_ext.integrations.hummingbot",
}

# The plug-in of pytest, as a distribution of its own. In ours, pytest would read the names of all our files
# at each of its starts, and would rewrite the asserts of all our modules.
PYTEST_PLUGIN = "ccxt-ext-pytest"
PYTEST_POINT = "[pytest11]\nccxt_ext = ccxt_ext_pytest\n"


def _extend(module: "ModuleType") -> None:
    """Add the venues to a module of ccxt's or a program's. If that fails, warn only: that has to work."""
    name = module.__name__
    try:
        from importlib import import_module

        import_module(PROGRAMS.get(name, "ccxt_ext.hook.modules")).extend(module)
    except Exception as error:
        import os

        strict = os.environ.get("CCXT_EXT_SANDBOX_STRICT", "0") != "0"
        if name in NAMES and os.environ.get("CCXT_EXT_SANDBOX") and strict:
            raise  # in strict mode ccxt has to be closed, and now it would be open
        _warn(f"ccxt-ext could not add its exchanges to {name}: {type(error).__name__}: {error}")


def _warn(message: str) -> None:
    import warnings

    try:
        warnings.warn(message, RuntimeWarning, stacklevel=3)
    except Exception:  # warnings are turned into errors
        sys.stderr.write(f"{message}\n")


def _close(id: str, *classes: "type | str | None") -> None:
    """Close classes that may be used as they are, without being asked for by their id."""
    import os

    made = [kind for kind in classes if isinstance(kind, type)]
    if made and os.environ.get("CCXT_EXT_SANDBOX"):
        from ccxt_ext.venue.closed.guard import guard

        for kind in made:
            guard(kind, id)


class _Loader:
    """Replaces a module's own loader, and adds the venues once the module was executed."""

    def __init__(self, loader: "Any") -> None:
        self._loader = loader

    def __getattr__(self, name: str) -> "Any":
        return getattr(self._loader, name)

    def exec_module(self, module: "ModuleType") -> None:
        module.__loader__ = self._loader
        if module.__spec__ is not None:
            module.__spec__.loader = self._loader
        if type(module).__module__ == "ccxt_ext.hook.modules":  # it is being reloaded
            module.__class__ = type(sys)  # until it is extended again: to look at all of it is dear
        import gc

        # Nothing that an import makes is garbage. Looking for some takes a quarter of ccxt's.
        was_enabled = gc.isenabled()
        gc.disable()
        try:
            self._loader.exec_module(module)
        finally:
            if was_enabled:
                gc.enable()
        _extend(module)


class _Finder:
    """Finds these modules by asking the finders after it, and replaces their loader."""

    def find_spec(
        self, fullname: str, path: "Sequence[str] | None" = None, target: "ModuleType | None" = None
    ) -> "ModuleSpec | None":
        if fullname not in NAMES and fullname not in PROGRAMS:
            if fullname.startswith("ccxt"):
                _check_decided(fullname)
            return None
        finders = list(sys.meta_path)
        for finder in finders[finders.index(self) + 1 :] if self in finders else ():
            find_spec = getattr(finder, "find_spec", None)
            spec: ModuleSpec | None = find_spec(fullname, path, target) if find_spec else None
            if spec is not None:
                if hasattr(spec.loader, "exec_module"):
                    spec.loader = _Loader(spec.loader)  # type: ignore[assignment]
                return spec
        return None

    def find_distributions(self, context: "DistributionFinder.Context") -> "Iterable[Distribution]":
        """The plug-in of pytest, for pytest alone; pip goes on to show what is installed."""
        if "_pytest" not in sys.modules or "path" in vars(context):
            return []
        if context.name not in (None, PYTEST_PLUGIN):
            return []
        return [_pytest_plugin()]


def _check_decided(fullname: str) -> None:
    """Raise ImportError for an id that nobody has, as several bring it: `from ccxt import ID` comes here."""
    loading = sys.modules.get("ccxt_ext.hook.loading")  # where it was asked for, if it was
    why = loading and getattr(loading, "UNDECIDED", {}).get(fullname)
    if why:
        raise ImportError(why, name=fullname)


def _pytest_plugin() -> "Distribution":
    from importlib.metadata import Distribution
    from pathlib import Path

    from ccxt_ext._version import __version__

    class PytestPlugin(Distribution):
        def read_text(self, filename: str) -> "str | None":
            known = {
                "METADATA": f"Metadata-Version: 2.1\nName: {PYTEST_PLUGIN}\nVersion: {__version__}\n",
                "entry_points.txt": PYTEST_POINT,
            }
            return known.get(filename)

        def locate_file(self, path: "Any") -> "Any":
            return Path(__file__).parents[2] / path

    return PytestPlugin()


FINDER = _Finder()


def register(
    id: "str | None" = None,
    sync: "type | str | None" = None,
    async_support: "type | str | None" = None,
    pro: "type | str | None" = None,
    sandbox: "type | str | None" = None,
) -> None:
    """Add the venues to ccxt: now, if it is already imported, else as soon as it is.

    With an id, add a venue to this process first. Each of its classes is given as it is, or as "module:name",
    which is imported when it is asked for: those for ccxt, ccxt.async_support and ccxt.pro, and its frontend
    for the sandbox. Raises ValueError if the id is taken; the same again changes nothing.
    """
    if id is not None:
        from ccxt_ext.plugins import register as bring

        bring(id, sync, async_support, pro, sandbox)
        _close(id, sync, async_support, pro)
    elif not (sync is async_support is pro is sandbox is None):
        raise TypeError("register() needs the id of the venue")
    if sys.meta_path[:1] != [FINDER]:
        # In front of whoever finds ccxt as well, as pytest may; so it can come back to the front, too.
        sys.meta_path[:] = [FINDER, *(finder for finder in sys.meta_path if finder is not FINDER)]
    for name in (*NAMES, *PROGRAMS):
        if name in sys.modules:
            __import__(name)  # waits for another thread that may be importing it right now
            _extend(sys.modules[name])
