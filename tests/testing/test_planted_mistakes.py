"""A venue with a planted mistake fails in the case that is about it; the same venue without it does not."""

import json
import re
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

pytestmark = pytest.mark.timeout(300)  # the suite is run before the first test

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

# By the number of a case.
MODULES = {
    number: path
    for path in (ROOT / "ccxt_ext/testing/conformance").glob("test_*.py")
    for number in re.findall(r'^@case\(\s*"([\d.]+)"', path.read_text("utf-8"), re.MULTILINE)
}


@pytest.fixture(scope="module")
def failures(tmp_path_factory):
    """By venue and number of the case: for each kind, whether it failed."""
    folder = tmp_path_factory.mktemp("planted")
    streams = [id for id, (_, case, _) in PLANTED.items() if case.startswith("8.")]
    parts = (streams, [id for id in PLANTED if id not in streams])  # what a stream lacks is waited for
    with ThreadPoolExecutor() as side_by_side:
        reports = side_by_side.map(failures_of, parts, (folder / "streams.json", folder / "others.json"))
    return {key: failed for found in reports for key, failed in found.items()}


def failures_of(ids, path):
    planted = [(id, *PLANTED[id]) for id in ids]
    tried = [(venue, case) for id, _, case, like in planted for venue in (id, like)]
    command = [
        *("-m", "pytest", "-p", "no:cacheprovider"),
        *dict.fromkeys(f"{MODULES[case]}::{venue}" for venue, case in tried),
        *(f"--ccxt-profile={profile}" for _, profile, *_ in planted),
        *dict.fromkeys(f"--ccxt-venue={like}" for *_, like in planted),
        *("-k", " or ".join(f"({venue} and case{case}-)" for venue, case in tried), f"--ccxt-report={path}"),
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
