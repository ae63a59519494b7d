"""The tests that docs/virtual-time.md shows, as they are printed there."""

from pathlib import Path
from textwrap import dedent

pytest_plugins = "pytester"

PAGE = Path(__file__).parents[2] / "docs" / "virtual-time.md"


def test_the_examples_of_the_page(pytester):
    lines = PAGE.read_text("utf-8").splitlines()
    printed = dedent("\n".join(line for line in lines if line.startswith("    ") or not line))
    pytester.makepyfile(test_page=printed)
    result = pytester.runpytest_inprocess("-p", "no:cacheprovider", "-p", "no:asyncio", "-W", "error")
    result.assert_outcomes(passed=2)
