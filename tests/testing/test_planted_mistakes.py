"""A venue with a planted mistake fails in the case that is about it; the same venue without it does not."""

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
LIKE = "bitexasia"


def found(pattern, text, otherwise=None):
    match = re.search(pattern, text, re.MULTILINE)
    return match[1] if match else otherwise


# Read, not imported: whoever imports one has the venue.
PLANTED = {
    found(r'planted\("(\w+)"', text): (
        path,
        found(r'^CASE = "(.*)"', text),
        found(r'like="(\w+)"', text, LIKE),
    )
    for path in sorted((ROOT / "tests/authoring/planted").glob("chapter_*.py"))
    for text in [path.read_text("utf-8")]
}


@pytest.fixture(scope="module")
def failures(tmp_path_factory):
    """By venue and number of the case: for each kind, whether it failed."""
    path = tmp_path_factory.mktemp("planted") / "report.json"
    about = [f"({venue} and case{case}-)" for id, (_, case, like) in PLANTED.items() for venue in (id, like)]
    command = [
        *("-m", "pytest", "-p", "no:cacheprovider", "ccxt_ext/testing/conformance"),
        *(f"--ccxt-profile={profile}" for profile, *_ in PLANTED.values()),
        *(f"--ccxt-venue={like}" for like in sorted({like for *_, like in PLANTED.values()})),
        *("-k", " or ".join(about), f"--ccxt-report={path}"),
    ]
    done = subprocess.run([sys.executable, *command], cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == pytest.ExitCode.TESTS_FAILED, done.stdout + done.stderr
    return {
        (venue["venue"], number): [
            case["outcome"] == "failed"
            for case in venue["cases"]
            if case["number"] == number and case["outcome"] in ("passed", "failed")
        ]
        for venue in json.loads(path.read_text())["venues"]
        for number in {case["number"] for case in venue["cases"]}
    }


@pytest.mark.parametrize("id", PLANTED)
def test_the_case_that_is_about_a_mistake_fails(failures, id):
    _, case, _ = PLANTED[id]
    failed = failures[id, case]
    assert failed and all(failed), failed


@pytest.mark.parametrize("id", PLANTED)
def test_without_the_mistake_it_passes(failures, id):
    _, case, like = PLANTED[id]
    failed = failures[like, case]
    assert failed and not any(failed), failed
