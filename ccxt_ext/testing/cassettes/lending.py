"""Gives a test its cassette, and says what is wrong with it afterwards."""

from __future__ import annotations

import os
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

import ccxt_ext
from ccxt_ext.testing.cassettes.errors import CassetteError
from ccxt_ext.testing.cassettes.fixture import Cassette
from ccxt_ext.testing.cassettes.settings import settings_of

_PASSED = pytest.StashKey[bool]()
_RECORDED = pytest.StashKey[dict[Path, str]]()


class Outcomes:
    """Notes whether a test passed, for what is written after it."""

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_makereport(
        self, item: pytest.Item
    ) -> Generator[None, pytest.TestReport, pytest.TestReport]:
        report = yield
        if report.when == "call":
            item.stash[_PASSED] = report.passed
        return report


@contextmanager
def lent(request: pytest.FixtureRequest) -> Iterator[Cassette]:
    item, config = request.node, request.config
    if not config.pluginmanager.has_plugin("ccxt_cassette_outcomes"):
        config.pluginmanager.register(Outcomes(), "ccxt_cassette_outcomes")
    recorded = config.stash.setdefault(_RECORDED, {})
    wrong = ""
    try:
        settings = settings_of(item)
        if settings.mode is not None:
            _check_recording(config)
    except CassetteError as error:
        wrong = f"ccxt_cassette: {error}"
    if wrong:
        pytest.fail(wrong, pytrace=False)
    ccxt_ext.reset_shared()  # what clients of the tests before have learnt of the same keys

    def sandbox() -> Any:
        return request.getfixturevalue("ccxt_sandbox") if "ccxt_sandbox" in item.fixturenames else None

    cassette = Cassette(settings, recorded, sandbox)
    complaints: list[str] = []
    try:
        yield cassette
        complaints = cassette.finish(item.stash.get(_PASSED, False))
    finally:
        cassette.close()
    if complaints:
        pytest.fail("\n".join(complaints), pytrace=False)


def _check_recording(config: Any) -> None:
    if os.environ.get("CI"):
        raise CassetteError(
            "nothing is recorded where CI is set; record on your own machine, and commit the file"
        )
    if hasattr(config, "workerinput"):
        raise CassetteError("nothing is recorded by several workers at once; leave out -n, or say -n 0")
