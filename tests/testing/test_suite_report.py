"""What a run of the suite tells, and keeps in its report."""

import json
from types import SimpleNamespace

import pytest

from ccxt_ext.testing import Profile
from ccxt_ext.testing.conformance import test_01_classes
from ccxt_ext.testing.conformance.cases import ATTRIBUTE, chapter_files
from ccxt_ext.testing.conformance.report import Planned, Report
from ccxt_ext.testing.conformance.tested import Tested

CASE = vars(test_01_classes.classes)[ATTRIBUTE]


def phase(when, outcome="passed", **more):
    told = {"failed": outcome == "failed", "skipped": outcome == "skipped", "longreprtext": "why", **more}
    return SimpleNamespace(when=when, duration=0.5, outcome=outcome, **told)


@pytest.fixture
def report():
    """Of one venue and one case, which was planned for two kinds."""
    made = Report({"btex": Tested(Profile("btex", level="trades"))})
    made.modules.update(chapter_files())
    for kind in ("sync", "async"):
        made.plan(Planned("btex", CASE.number, kind, "", ""), CASE)
    return made


def run(report, kind, *phases):
    for each in phases:
        report.take(("btex", CASE.number, kind), each)


def outcomes(report):
    return {planned.kind: result.outcome for planned, result in report.of("btex")}


def test_what_came_of_each(report):
    run(report, "sync", phase("setup"), phase("call"), phase("teardown"))
    assert outcomes(report) == {"sync": "passed", "async": "not run"}
    assert not report.whole()
    run(
        report,
        "async",
        phase("setup"),
        phase("call", "skipped", wasxfail="reason: the venue"),
        phase("teardown"),
    )
    assert outcomes(report) == {"sync": "passed", "async": "exempt"}
    assert report.whole() and report.level("btex").level == "proven"


@pytest.mark.parametrize("broken", ["setup", "call", "teardown"])
def test_a_case_fails_wherever_it_breaks(report, broken):
    for when in ("setup", "call", "teardown"):
        run(report, "sync", phase(when, "failed" if when == broken else "passed"))
    assert outcomes(report)["sync"] == "failed"


def test_a_level_that_is_claimed_has_to_be_shown(report):
    run(report, "sync", phase("call"))
    run(report, "async", phase("call", "failed"))
    assert report.broken_claims() == ["btex claims the level trades, and has none"]
    assert "btex claims the level trades, and has none" in list(report.lines())
    report.results.clear()
    for kind in ("sync", "async"):
        run(report, kind, phase("call"))
    assert report.broken_claims() == []


def test_no_level_follows_from_a_part_of_the_suite(report):
    for kind in ("sync", "async"):
        run(report, kind, phase("call"))
    report.modules.pop()
    assert report.level("btex") == (None, "only a part of the suite was run")
    assert not report.whole()


def test_a_selection_of_cases_tells_no_level(report):
    run(report, "sync", phase("call"))
    assert report.level("btex") == (None, "only a part of the suite was run")
    assert not any(line.startswith("level") for line in report.lines())
    run(report, "async", phase("call"))
    assert "level: proven" in report.lines()


def test_the_file_has_all_that_a_reader_needs(report):
    run(report, "sync", phase("call"))
    run(report, "async", phase("call", "failed"))
    told = json.loads(report.as_json())
    assert told["format"] == told["contract"] == 1
    assert {"python", "ccxt", "ccxt-ext", "platform"} == set(told["versions"])
    [venue] = told["venues"]
    assert (venue["venue"], venue["distribution"], venue["level"]) == ("btex", "ccxt-ext", None)
    assert venue["chapters"]["1"] == {"name": "Classes and `has` tell the truth", "passed": 1, "failed": 1}
    assert [(case["kind"], case["outcome"]) for case in venue["cases"]] == [
        ("async", "failed"),
        ("sync", "passed"),
    ]
    assert venue["cases"][0]["because"] == "why" and "because" not in venue["cases"][1]


def test_a_worker_tells_the_controller_what_it_planned(report):
    heard = Report(report.venues)
    heard.hear(json.loads(json.dumps(report.told())))
    assert (heard.modules, heard.planned) == (report.modules, report.planned)
    assert list(heard.cases) == list(report.cases)
