"""A venue with a planted mistake fails in the case that is about it, and one without in none of them."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.testing.planted import MISTAKES, RIGHT

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def outcomes(tmp_path_factory):
    """By venue and number of the case, the failures of each kind, or None where the case was not run."""
    path = tmp_path_factory.mktemp("planted") / "report.json"
    about = " or ".join(f"({id} and {mistake.case}-)" for id, mistake in MISTAKES.items())
    right = " or ".join(f"{mistake.case}-" for mistake in MISTAKES.values())
    command = [
        *("-m", "pytest", "-p", "tests.testing.planted", "-p", "no:cacheprovider", "-p", "no:randomly"),
        *(f"--ccxt-venue={id}" for id in (RIGHT, *MISTAKES)),
        *("-k", f"{about} or ({RIGHT} and ({right}))", f"--ccxt-report={path}"),
        "ccxt_ext/testing/conformance",
    ]
    done = subprocess.run([sys.executable, *command], cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == pytest.ExitCode.TESTS_FAILED, done.stdout + done.stderr
    return {
        (venue["venue"], case["number"]): [
            each["because"] if each["outcome"] == "failed" else None
            for each in venue["cases"]
            if each["number"] == case["number"] and each["outcome"] != "not run"
        ]
        for venue in json.loads(path.read_text())["venues"]
        for case in venue["cases"]
    }


@pytest.mark.parametrize("id", MISTAKES)
def test_the_case_that_is_about_a_mistake_fails(outcomes, id):
    mistake = MISTAKES[id]
    found = outcomes[id, mistake.case]
    assert found and all(found), found
    assert all(mistake.told in because for because in found), found


@pytest.mark.parametrize("mistake", MISTAKES.values(), ids=MISTAKES)
def test_without_the_mistake_it_passes(outcomes, mistake):
    found = outcomes[RIGHT, mistake.case]
    assert found and not any(found), found
