"""Tests that need freqtrade's own objects: they run where it is installed, in one process."""

import os
from pathlib import Path

import pytest

from tests.clients.client_programs import Environment

pytestmark = pytest.mark.timeout(400)

INSIDE = Path(__file__).parent / "inside"
PLAIN = ("-q", "--noconftest", "-c", os.devnull, "-p", "no:cacheprovider")


@pytest.mark.parametrize("module", sorted(path.stem for path in INSIDE.glob("*.py")))
def test_of_a_class_of_freqtrades(clients: Environment, module: str) -> None:
    clients.run("python", "-m", "pytest", *PLAIN, INSIDE / f"{module}.py", cwd=INSIDE)
