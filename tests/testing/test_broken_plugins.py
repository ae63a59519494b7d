"""A plug-in that cannot be used is one line of the suite's, and no case is run."""

import subprocess
import sys

import pytest

PROFILE = """
import ccxt
import ccxt_ext
from ccxt_ext.testing import Profile

class crooked(ccxt.Exchange):
    def describe(self):
        return self.deep_extend(super().describe(), {{"id": "crooked"}})

ccxt_ext.register("crooked", {brought})
PROFILE = Profile("crooked")
"""


@pytest.mark.parametrize(
    ("brought", "words"),
    [
        ('sync="nowhere_to_be_found:crooked"', "No module named 'nowhere_to_be_found'"),
        ("sync=ccxt.btcmarkets", "the id 'btcmarkets', not the one"),
        ('sync=crooked, sandbox="nowhere_to_be_found:Frontend"', "the frontend of crooked does not work"),
    ],
)
def test_what_is_wrong_is_one_line(tmp_path, brought, words):
    path = tmp_path / "profile.py"
    path.write_text(PROFILE.format(brought=brought))
    command = ["-m", "pytest", "-p", "no:cacheprovider", "-q", "ccxt_ext/testing/conformance"]
    done = subprocess.run(
        [sys.executable, *command, f"--ccxt-profile={path}"], capture_output=True, text=True
    )
    assert done.returncode == pytest.ExitCode.USAGE_ERROR, done.stdout + done.stderr
    [told] = [line for line in done.stderr.splitlines() if line.startswith("ERROR: ")]
    assert words in told
    assert "crooked" not in done.stdout
