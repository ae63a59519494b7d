"""What `ccxt-ext new-venue` writes into the project of ccxt-ext, and its lines in files that are shared."""

import ast
import configparser
import itertools
import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from ccxt_ext.authoring.new_venue import (
    Answers,
    NoCheckout,
    changed_files,
    checkout,
    repository_files,
    write_all,
)
from ccxt_ext.authoring.new_venue.insertions import PLACES
from ccxt_ext.authoring.new_venue.rendering import templates
from tests.packaging.test_new_venue import FILES, ROOT, lacking

COMBINATIONS = [flags for count in range(3) for flags in itertools.combinations(("streams", "swap"), count)]


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """As much of ours as has to be there."""
    imported = ("tests/ids.py", "tests/cassettes/conversations.py", "tests/venues/profiles.py")
    for path in {*(place.path for place in PLACES), "pyproject.toml", *imported}:
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / path, tmp_path / path)
    return tmp_path


def written(project: Path, answers: Answers) -> list[str]:
    new, changed = repository_files(answers), changed_files(project, answers)
    write_all(project, new, changed)
    return [*new, *changed]


@pytest.mark.parametrize("flags", COMBINATIONS)
def test_a_venue_has_all_but_its_recordings(project: Path, flags: tuple[str, ...]) -> None:
    paths = written(project, Answers.checked("brandnew", flags=flags))
    assert lacking("brandnew", project) == ["cassettes/brandnew"]
    assert ("tests/static/ws/brandnew.json" in paths) is ("streams" in flags)
    for path in paths:
        if path.endswith(".json"):
            json.loads((project / path).read_text())
    table = configparser.ConfigParser()
    table.read(project / "setup.cfg")
    modules = {
        group: dict(line.split(" = ") for line in table["options.entry_points"][group].strip().splitlines())
        for group in ("ccxt_ext.sync", "ccxt_ext.async_support", "ccxt_ext.pro", "ccxt_ext.sandbox")
    }
    for group, target in (
        ("ccxt_ext.sync", "ccxt_ext.venues.brandnew.rest_sync:brandnew"),
        ("ccxt_ext.async_support", "ccxt_ext.venues.brandnew.rest:brandnew"),
        ("ccxt_ext.pro", "ccxt_ext.venues.brandnew.stream:brandnew"),
        ("ccxt_ext.sandbox", "ccxt_ext.sandbox.frontends.brandnew.frontend:Frontend"),
    ):
        assert modules[group]["brandnew"] == target
        assert modules[group].keys() > {"btex", "bitmart2"}
        path, _, name = target.partition(":")
        file = project / f"{path.replace('.', '/')}.py"
        assert name in [
            node.name for node in ast.parse(file.read_text()).body if isinstance(node, ast.ClassDef)
        ]


@pytest.mark.parametrize("id", ["b", "b" * 30])
def test_ruff_has_nothing_to_say(project: Path, id: str) -> None:
    answers = Answers.checked(id, "N" * 40, f"https://{'u' * 44}.example", ("streams", "swap"))
    files = [path for path in written(project, answers) if path.endswith(".py")]
    for command in ("format --check", "check"):
        ruff = [sys.executable, "-m", "ruff", *command.split(), "--no-cache", *files]
        done = subprocess.run(ruff, cwd=project, capture_output=True, text=True)
        assert done.returncode == 0, done.stdout + done.stderr


def test_nothing_but_lines_are_added(project: Path) -> None:
    before = {place.path: (project / place.path).read_text() for place in PLACES}
    written(project, Answers.checked("brandnew", flags=("swap",)))
    for path, text in before.items():
        left = (project / path).read_text().splitlines()
        assert [line for line in text.splitlines() if line not in left] == []
        assert len(left) > len(text.splitlines())


def test_each_line_that_is_shared_has_its_place() -> None:
    assert sorted(place.template for place in PLACES) == [path for path, _ in templates("lines")]


def test_the_checkout_is_the_one_around(tmp_path: Path, project: Path) -> None:
    assert checkout(project) == project
    assert checkout(project / "docs") == project
    assert checkout(ROOT / "tests" / "authoring") == ROOT
    (tmp_path / "setup.cfg").write_text("[metadata]\nname = another\n")
    with pytest.raises(NoCheckout, match="say --external DIR"):
        checkout(tmp_path)


def test_a_file_that_has_changed_too_much_is_told(project: Path) -> None:
    (project / "docs/streams.md").write_text("# Streams\n")
    with pytest.raises(NoCheckout, match=r"docs/streams\.md has changed"):
        changed_files(project, Answers.checked("brandnew"))
    (project / "docs/streams.md").unlink()
    with pytest.raises(NoCheckout, match=r"docs/streams\.md is missing"):
        changed_files(project, Answers.checked("brandnew"))


def test_the_page_tells_of_the_same_files() -> None:
    new = repository_files(Answers.checked("brandnew", flags=("streams",)))
    found = [path.replace("ID", "brandnew") for path in FILES if path != "cassettes/ID"]
    for path in found:
        assert path in new or any(each.startswith(f"{path}/") for each in new), path
