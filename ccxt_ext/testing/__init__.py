"""What proves a venue, and what tests of bots are written with.

The conformance suite, and the profile that tells it more about a venue:
pytest --pyargs ccxt_ext.testing.conformance --ccxt-venue acme --ccxt-profile tests/profile.py

The fixture `ccxt_sandbox`, which any test can ask for, gives a `BotSandbox`; `ccxt_cassette` a `Cassette`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from ccxt_ext.testing.bots.box import BotSandbox
    from ccxt_ext.testing.bots.faults import Fault
    from ccxt_ext.testing.bots.programs import Program
    from ccxt_ext.testing.cassettes.fixture import Cassette
    from ccxt_ext.testing.profile import Profile, Way
    from ccxt_ext.testing.wire import Answer, Request

__all__ = ["Answer", "BotSandbox", "Cassette", "Fault", "Profile", "Program", "Request", "Way"]

_HOMES = {
    "Answer": "wire",
    "BotSandbox": "bots.box",
    "Cassette": "cassettes.fixture",
    "Fault": "bots.faults",
    "Profile": "profile",
    "Program": "bots.programs",
    "Request": "wire",
    "Way": "profile",
}
"""Each name's module, which is imported when it is asked for: some need ccxt."""


if not TYPE_CHECKING:  # for whom it would make every name one of this module's

    def __getattr__(name: str) -> Any:
        if name not in _HOMES:
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        from importlib import import_module

        return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
