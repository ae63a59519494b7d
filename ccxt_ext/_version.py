"""The version of this package, of its contract with venues, and the releases of ccxt that it works with."""

from __future__ import annotations

__version__ = "0.1.0"

# The oldest supported release of ccxt, as in setup.cfg, and the newest one that the tests have run on.
CCXT_OLDEST = "4.5.28"
CCXT_NEWEST = "4.5.90"

# The version of what is public for those who write venues (docs/plug-ins.md). It rises when a venue that was
# written for the one before may not work any more.
CONTRACT = 1

_BUILT_FOR = "_ccxt_ext_contract"
_REACHED = "_ccxt_ext_conformance"


def accept(cls: type, contract: int | None) -> None:
    """Note which version of the contract a class was built for. Raises ImportError if it is another one."""
    if contract is None:
        return
    if contract != CONTRACT:
        raise ImportError(
            f"{cls.__module__}.{cls.__qualname__} was built for version {contract} of ccxt-ext's contract "
            f"with venues, and ccxt-ext {__version__} has version {CONTRACT}"
        )
    setattr(cls, _BUILT_FOR, contract)


def note_conformance(cls: type, level: str | None) -> None:
    """Note which level of conformance the author of a class has seen it reach (docs/conformance.md)."""
    if level is not None:
        setattr(cls, _REACHED, level)


def conformance_of(cls: type) -> str | None:
    """Which level of conformance a class says that it has reached; None if it does not say."""
    return getattr(cls, _REACHED, None)


def contract_of(cls: type) -> int | None:
    """Which version of the contract a class was built for; None if it does not say."""
    return getattr(cls, _BUILT_FOR, None)
