"""The suite's part in a run of pytest: which venues, which cases, what came of them."""

from __future__ import annotations

import gc
import os
from collections.abc import Generator, Sequence
from pathlib import Path
from typing import Any

import pytest

from ccxt_ext.testing.conformance.cases import FOLDER, chapter_files
from ccxt_ext.testing.conformance.collecting import CaseItem, collected
from ccxt_ext.testing.conformance.report import Planned, Report
from ccxt_ext.testing.conformance.tested import Tested
from ccxt_ext.testing.profile import Profile, load
from ccxt_ext.testing.venues import all_ids, why_unusable

SENT = "ccxt_planned"


def begin(config: pytest.Config) -> None:
    """Called when an option of the suite is used."""
    profiles = _profiles(config)
    unknown = sorted(set(profiles) - set(all_ids()))
    if unknown:
        raise pytest.UsageError(f"there is no venue {unknown[0]!r}; there are {', '.join(all_ids())}")
    for id in profiles:
        reason = why_unusable(id)
        if reason is not None:
            raise pytest.UsageError(reason)
    pytest.register_assert_rewrite(*(f"{__package__}.{name[:-3]}" for name in chapter_files()))
    venues = {id: Tested(profile) for id, profile in profiles.items()}
    config.pluginmanager.register(Plugin(config, venues), "ccxt_conformance")


def _profiles(config: pytest.Config) -> dict[str, Profile]:
    given: Sequence[str] = config.getoption("ccxt_profile")
    found: dict[str, Profile] = {}
    for name in given:
        path = Path(os.path.abspath(config.invocation_params.dir / name))
        try:
            profile = load(path)
        except (OSError, TypeError) as error:
            raise pytest.UsageError(f"--ccxt-profile {name}: {error}") from error
        if profile.id in found:
            raise pytest.UsageError(f"--ccxt-profile {name}: there is another profile of {profile.id}")
        found[profile.id] = profile
    venues = [*dict.fromkeys(config.getoption("ccxt_venue"))]
    return {id: found.get(id) or Profile(id) for id in [*venues, *(id for id in found if id not in venues)]}


class Plugin:
    def __init__(self, config: pytest.Config, venues: dict[str, Tested]) -> None:
        self.config = config
        self.venues = venues
        self.report = Report(venues)

    @pytest.hookimpl(wrapper=True)
    def pytest_collect_file(
        self, file_path: Path, parent: pytest.Collector
    ) -> Generator[None, list[pytest.Collector], list[pytest.Collector]]:
        """In the suite's folder there are cases and nothing else, whatever others would make of its files."""
        found = yield
        return collected(file_path, parent, self.venues) if file_path.parent == FOLDER else found

    @pytest.hookimpl(wrapper=True)
    def pytest_collection(self) -> Generator[None, object, object]:
        """Nothing that collecting makes is garbage, and looking for some takes a third of its time."""
        was_enabled = gc.isenabled()
        gc.disable()
        try:
            return (yield)
        finally:
            if was_enabled:
                gc.enable()

    @pytest.hookimpl(wrapper=True)
    def pytest_runtestloop(self) -> Generator[None, object, object]:
        """The modules and cases that there are now stay, so nobody looks for garbage among them."""
        gc.freeze()
        try:
            return (yield)
        finally:
            gc.unfreeze()

    @pytest.hookimpl(tryfirst=True)
    def pytest_collection_modifyitems(self, config: pytest.Config, items: list[pytest.Item]) -> None:
        """Take out what does not apply, before others choose."""
        left, out = [], []
        for item in items:
            if not isinstance(item, CaseItem):
                left.append(item)
                continue
            because = item.tested.why_not(item.case, item.kind)
            self.report.modules.add(item.path.name)
            self.report.plan(Planned(*item.key, *(because or ("", ""))), item.case)
            if because is None:
                self._arm(item)
                left.append(item)
            else:
                out.append(item)
        if out:
            config.hook.pytest_deselected(items=out)
            items[:] = left

    def _arm(self, item: CaseItem) -> None:
        exempt = item.tested.profile.exempt
        reason = exempt.get(f"{item.case.number}[{item.kind}]") or exempt.get(item.case.number)
        if reason:
            item.add_marker(pytest.mark.xfail(reason=reason, strict=True))
        if self.config.pluginmanager.hasplugin("timeout"):  # pytest-timeout, whose limit may be the caller's
            item.add_marker(pytest.mark.timeout(2 * item.case.patience_s + 60))

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        key = dict(report.user_properties).get("ccxt_case")
        if isinstance(key, list):
            self.report.take(tuple(map(str, key)), report)

    @pytest.hookimpl(optionalhook=True)
    def pytest_testnodedown(self, node: Any, error: object) -> None:
        """A worker of xdist tells what it planned."""
        told = getattr(node, "workeroutput", {}).get(SENT)
        if told is not None:
            self.report.hear(told)

    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        output = getattr(self.config, "workeroutput", None)
        if output is not None:
            output[SENT] = self.report.told()
            return
        if self.report.whole() and self.report.broken_claims() and session.exitstatus == pytest.ExitCode.OK:
            session.exitstatus = pytest.ExitCode.TESTS_FAILED
        path = self.config.getoption("ccxt_report")
        if path:
            target = Path(os.path.abspath(self.config.invocation_params.dir / path))
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(self.report.as_json(), "utf-8")

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        if not self.report.planned:
            return
        terminalreporter.section("conformance")
        for line in self.report.lines():
            terminalreporter.write_line(line)
