"""Which of hummingbot's connector tests each connector passes, and that they are hummingbot's own."""

import inspect
from importlib import import_module
from typing import Any

import pytest
from hummingbot.connector.test_support.exchange_connector_test import AbstractExchangeConnectorTests
from hummingbot.connector.test_support.perpetual_derivative_test import AbstractPerpetualDerivativeTests

from ccxt_ext.integrations.hummingbot import shelf

SPOT = AbstractExchangeConnectorTests.ExchangeConnectorTests
PERPETUAL = AbstractPerpetualDerivativeTests.PerpetualDerivativeTests

LEFT_TO_EACH = {"test_get_buy_and_sell_collateral_tokens"}
"""hummingbot has the name of this test, and each connector its body."""


def own_tests(kind: Any) -> set[str]:
    """Those that a class has of its own."""
    return {name for name in vars(kind) if name.startswith("test_")}


def test_there_are_as_many_as_when_this_was_written() -> None:
    assert (len(own_tests(SPOT)), len(own_tests(PERPETUAL))) == (39, 16)


@pytest.mark.parametrize("row", shelf.OURS, ids=lambda row: row.name)
def test_all_run_as_they_are(row: Any) -> None:
    module = import_module(f"tests.hummingbot.conformance.test_{row.name}")
    kind = next(each for name, each in vars(module).items() if name.startswith("Test"))
    theirs = SPOT if row.kind == "spot" else PERPETUAL
    assert kind.connector == row.name
    assert issubclass(kind, theirs)
    changed = {
        name
        for name in own_tests(SPOT) | own_tests(theirs)
        if inspect.unwrap(getattr(kind, name)) is not inspect.unwrap(getattr(theirs, name))
    }
    assert changed - LEFT_TO_EACH == set(kind.does_not_apply)
    assert len(set(kind.does_not_apply) & own_tests(SPOT)) <= 2
    assert len(set(kind.does_not_apply) & own_tests(PERPETUAL)) <= 1
