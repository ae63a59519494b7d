"""The import hook: once ccxt is imported, it gets our ids. Imports nothing, as every Python start runs it."""

import sys

# Not from typing, which takes longer to import than all of this.
TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from importlib.machinery import ModuleSpec
    from types import ModuleType
    from typing import Any

NAMES = ("ccxt", "ccxt.async_support", "ccxt.pro")


def _extend(module: "ModuleType") -> None:
    """Put our ids into one of ccxt's modules; a failure is a warning, ccxt itself must work."""
    try:
        from ccxt_ext.hook.modules import extend

        extend(module)
    except Exception as error:
        import os

        if os.environ.get("CCXT_EXT_SANDBOX") and os.environ.get("CCXT_EXT_SANDBOX_STRICT", "0") != "0":
            raise  # ccxt, which was to be closed, would be open
        _warn(f"ccxt-ext could not add its exchanges to {module.__name__}: {type(error).__name__}: {error}")


def _warn(message: str) -> None:
    import warnings

    try:
        warnings.warn(message, RuntimeWarning, stacklevel=3)
    except Exception:  # warnings turned into errors
        sys.stderr.write(f"{message}\n")


class _Loader:
    """Stands in for a module's own loader until the module has been executed."""

    def __init__(self, loader: "Any") -> None:
        self._loader = loader

    def __getattr__(self, name: str) -> "Any":
        return getattr(self._loader, name)

    def exec_module(self, module: "ModuleType") -> None:
        module.__loader__ = self._loader
        if module.__spec__ is not None:
            module.__spec__.loader = self._loader
        self._loader.exec_module(module)
        _extend(module)


class _Finder:
    """Finds nothing by itself: asks the finders after it, and sees to it that the module is extended."""

    def find_spec(
        self, fullname: str, path: "Sequence[str] | None" = None, target: "ModuleType | None" = None
    ) -> "ModuleSpec | None":
        if fullname not in NAMES:
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


FINDER = _Finder()


def register() -> None:
    """Make ccxt find our exchanges: now where it is already imported, else as soon as it is."""
    if FINDER not in sys.meta_path:
        sys.meta_path.insert(0, FINDER)
    for name in NAMES:
        if name in sys.modules:
            __import__(name)  # another thread may be in the middle of it: wait
            _extend(sys.modules[name])
