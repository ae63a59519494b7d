"""What is public is enough for a venue: one that is built of nothing else trades, streams and refuses."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

from tests.house import public, public_members
from tests.house.rules import ours
from tests.house.sources import Module

HERE = Path(__file__).parent
SOURCES = [path for path in sorted((HERE / "small").glob("*.py")) if path.name != "trial.py"]


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: path.stem)
def test_it_is_built_of_public_parts(path):
    tree = ast.parse(path.read_text())
    names = public.public_names(ours())
    used = set(public.used_names(Module(tree, "small"), ours()))
    assert not {
        each
        for each in used
        if each not in names and each.rpartition(".")[2] not in names.get(each.rpartition(".")[0], ())
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef):
            for entry, attribute in public_members.uses_of_arguments(node, tree, "small"):
                assert public_members.is_told(entry, attribute), f"{entry.name}.{attribute}"


def test_it_works():
    command = [sys.executable, "-m", "small.trial"]
    done = subprocess.run(command, cwd=HERE, capture_output=True, text=True, timeout=100)
    assert done.stdout == "traded\n", done.stderr
