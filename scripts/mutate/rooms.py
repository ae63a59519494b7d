"""The rooms: which modules are changed together, and which tests have to notice it."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

TOP = Path(__file__).resolve().parents[2]
SUITE = "ccxt_ext/testing/conformance"
MONEY = (
    "contract_parts*",
    "contracts*",
    "edges*",
    "kinds*",
    "ledger*",
    "liquidation*",
    "orders*",
    "profits*",
    "time*",
)


class Room(NamedTuple):
    modules: tuple[str, ...]
    tests: tuple[str, ...]
    choose: str = ""  # the value of pytest's -k
    venues: str = "*"  # those that the conformance suite is run over

    @property
    def options(self) -> list[str]:
        """For pytest, beside the tests."""
        if not any(name.startswith(SUITE) for name in self.tests):
            return []
        profiles = sorted(TOP.glob(f"tests/venues/{self.venues}/profile.py"))
        return [f"--ccxt-profile={path.relative_to(TOP)}" for path in profiles]

    @property
    def files(self) -> list[Path]:
        return _found(self.modules)

    @property
    def test_files(self) -> list[str]:
        return [str(path.relative_to(TOP)) for path in _found(self.tests)]


def _found(patterns: tuple[str, ...]) -> list[Path]:
    found: dict[Path, None] = {}
    for pattern in patterns:
        paths = sorted(path for path in TOP.glob(pattern) if not path.name.endswith("_sync.py"))
        if not paths:
            raise SystemExit(f"mutate: there is no {pattern}")
        found.update(dict.fromkeys(paths))
    return list(found)


def _suite(*names: str) -> tuple[str, ...]:
    """Modules of the conformance suite."""
    return tuple(f"{SUITE}/test_{name}.py" for name in names)


def _venue(id: str, *modules: str) -> Room:
    return Room(
        tuple(f"ccxt_ext/venues/{id}/{module}.py" for module in modules),
        (
            *_suite("02_structures", "03_*", "04_*", "05_*", "06_*", "07_*", "09_*", "12_*", "13_plausible"),
            "tests/venues/test_conformance*.py",
            f"tests/venues/{id}/test_*.py",
            "tests/venues/test_retry_unknown.py",
            "tests/venues/test_unknown_words.py",
            "tests/cassettes/test_conversations.py",
            "tests/ccxt_suite/test_static.py",
        ),
        f"{id} or test_retry_unknown",
        id,
    )


def _engine(*modules: str, tests: tuple[str, ...] = MONEY) -> Room:
    return Room(
        tuple(f"ccxt_ext/sandbox/engine/{module}.py" for module in modules),
        tuple(f"tests/sandbox/engine/test_{name}.py" for name in tests),
    )


ROOMS = {
    "shared": Room(
        ("ccxt_ext/venue/keys/nonces.py", "ccxt_ext/venue/keys/shared.py", "ccxt_ext/venue/keys/lines.py"),
        (
            "tests/venue/keys/test_nonces.py",
            "tests/venue/keys/test_shared.py",
            "tests/venue/keys/test_lines.py",
            "tests/venues/test_waiting_by_key.py",
            "tests/venues/bitmart2/test_tokens.py",
            *_suite("07_*"),
        ),
    ),
    "throttle": Room(
        ("ccxt_ext/venue/requests/throttle.py", "ccxt_ext/venue/requests/ranks.py"),
        (
            "tests/venue/requests/test_throttle.py",
            "tests/venue/requests/test_turns.py",
            "tests/venue/keys/test_lines.py",
            *_suite("07_*"),
        ),
    ),
    "parameters": Room(
        ("ccxt_ext/venue/calls/unified.py", "ccxt_ext/venue/calls/market_choice.py"),
        (
            "tests/venue/calls/test_kinds.py",
            "tests/venue/calls/test_unified.py",
            "tests/venues/test_declared_params.py",
            *_suite("09_params"),
        ),
    ),
    "errors": Room(
        (
            "ccxt_ext/venue/answers/text_rules.py",
            "ccxt_ext/venue/answers/refusals.py",
            "ccxt_ext/venues/bitmaxfutures/errors.py",
            "ccxt_ext/venues/*/metadata.py",  # only their tables of errors are changed
        ),
        (
            "tests/venue/answers/test_words.py",
            "tests/venue/answers/test_refusals.py",
            "tests/venues/bitmaxfutures/test_answers.py",
            "tests/venues/bitmaxfutures/test_errors.py",
            "tests/venues/test_refusal_words.py",
            *_suite("05_answers"),
        ),
        "words or refus or error or placing or cancelling or looking or orders",
    ),
    "bitexasia": _venue("bitexasia", "protocol", "nonce_texts"),
    "bitexbit": _venue(
        "bitexbit",
        "protocol",
        "requests",
        "payments",
        "bodies",
        "signing",
        "errors",
        "fields",
        "markets",
        "market_data",
        "orders",
        "trades",
        "fills",
        "account",
        "flow",
    ),
    "bitmart2": _venue(
        "bitmart2", "errors", "market_data", "orders", "pages", "protocol", "signing", "tokens"
    ),
    "bitmaxfutures": _venue(
        "bitmaxfutures",
        "protocol",
        "accounts",
        "signing",
        "sending",
        "order_rows",
        "order_answers",
        "order_fills",
        "streams/order_desk",
        "order_requests",
        "triggers",
        "orderids",
        "sent_orders",
        "edits",
        "fills",
        "positions",
        "margins",
    ),
    "btex": _venue(
        "btex",
        "protocol",
        "answers",
        "contracts",
        "errors",
        "fate",
        "kinds",
        "market_data",
        "memory",
        "order_requests",
        "orders",
        "pairs",
        "positions",
        "signing",
        "terms",
        "trades",
        "wallets",
    ),
    "engine-money": _engine(
        "ledger",
        "exact",
        "value",
        "formulas",
        "positions",
        "contracts/schedule",
        "trading/spot",
        "checks",
    ),
    "engine-margins": _engine(
        "contracts/holdings",
        "contracts/margins",
        "contracts/order_margins",
        "contracts/requirements",
        "contracts/liquidation",
        "contracts/contract_settlement",
    ),
    "engine-candles": _engine(
        "synthetic/played",
        "synthetic/path",
        "synthetic/rows",
        "synthetic/quotes",
        "synthetic/barter",
        "trading/candles",
        tests=("candles", "histories", "live", "moved_prices", "parts", "played*", "rows"),
    ),
}
