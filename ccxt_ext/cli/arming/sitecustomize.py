"""Arms the import hook in a Python that does not have ccxt-ext in its environment.

`ccxt-ext run` puts this folder on PYTHONPATH, and Python imports `sitecustomize` when it starts. It may be
any version of Python, so this uses nothing new, and leaves nothing else on sys.path. It never fails, except
with --strict: if ccxt cannot be closed, the program must not start.
"""

import os
import sys


def arm() -> None:
    if "ccxt_ext" in sys.modules:
        return
    if sys.version_info < (3, 10):  # noqa: UP036 - any version of Python may run this
        if is_strict():
            sys.exit("ccxt-ext run --strict needs Python 3.10 or newer")
        return
    home = os.path.dirname(os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__)))))
    # At the end, and only for this import: the other packages there belong to another environment.
    sys.path.append(home)
    try:
        __import__("ccxt_ext")
    except Exception as error:
        sys.stderr.write(f"ccxt-ext is off: {type(error).__name__}: {error}\n")
        if is_strict():
            sys.exit(1)
    finally:
        sys.path.remove(home)


def is_strict() -> bool:
    return bool(os.environ.get("CCXT_EXT_SANDBOX")) and os.environ.get("CCXT_EXT_SANDBOX_STRICT", "0") != "0"


def give_way() -> None:
    """Python imports one sitecustomize only: let the one that this hides have its turn."""
    from importlib.machinery import PathFinder

    here = os.path.dirname(os.path.abspath(__file__))
    spec = PathFinder.find_spec("sitecustomize", [path for path in sys.path if path and not same(path, here)])
    if spec is not None and spec.loader is not None:
        from importlib.util import module_from_spec

        module = sys.modules["sitecustomize"] = module_from_spec(spec)
        spec.loader.exec_module(module)


def same(path: str, other: str) -> bool:
    return os.path.realpath(path) == os.path.realpath(other)


# Not when something else imports it as a part of the package.
if __name__ == "sitecustomize":
    arm()
    give_way()
