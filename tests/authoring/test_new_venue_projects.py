"""What `ccxt-ext new-venue --external` writes: every combination of its flags is sound as it is."""

import ast
import importlib.util
import itertools
import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from ccxt_ext._version import CONTRACT
from ccxt_ext.authoring.new_venue import Answers, project_files, write_all
from ccxt_ext.authoring.new_venue.rendering import TEMPLATES, templates
from ccxt_ext.authoring.packages import Package
from ccxt_ext.authoring.twins import twins

COMBINATIONS = [flags for count in range(3) for flags in itertools.combinations(("streams", "swap"), count)]
LONGEST = "a" * 30, "N" * 40, f"https://{'u' * 44}.example"


def project(folder: Path, answers: Answers) -> Path:
    write_all(folder / answers.id, project_files(answers))
    return folder / answers.id


@pytest.fixture(scope="module")
def projects(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """One for each combination, and one whose id, name and URL are as long as they may be."""
    folder = tmp_path_factory.mktemp("projects")
    made = [
        project(folder, Answers.checked("".join(["acme", *flags]), flags=flags)) for flags in COMBINATIONS
    ]
    return [*made, project(folder, Answers.checked(*LONGEST, flags=("streams", "swap")))]


def done(*command: object, folder: Path | None = None) -> None:
    ran = subprocess.run(
        [sys.executable, "-m", *map(str, command)], cwd=folder, capture_output=True, text=True
    )
    assert ran.returncode == 0, ran.stdout + ran.stderr


def test_ruff_has_nothing_to_say(projects: list[Path]) -> None:
    done("ruff", "format", "--no-cache", "--check", *projects)
    done("ruff", "check", "--no-cache", *projects)


def test_mypy_has_nothing_to_say(projects: list[Path], tmp_path: Path) -> None:
    """All at once, by the settings that each of them has."""
    [settings] = {
        re.findall(r"^\[tool\.mypy\]$.*?(?=^\[tool\.pytest)", text_of(path), re.DOTALL | re.MULTILINE)[0]
        for path in projects
    }
    roots = ":".join(str(path / "src") for path in projects)
    packages = json.dumps([f"ccxt_{path.name}" for path in projects])
    assert 'packages = ["ccxt_acme"]' in settings
    settings = settings.replace('mypy_path = "src"', f"mypy_path = {roots!r}")
    (tmp_path / "pyproject.toml").write_text(settings.replace('["ccxt_acme"]', packages))
    done("mypy", "--cache-dir", os.devnull, folder=tmp_path)  # nobody would read a cache


def text_of(project: Path) -> str:
    return (project / "pyproject.toml").read_text().replace(f'"ccxt_{project.name}"', '"ccxt_acme"')


def test_the_twins_are_those_that_our_tool_makes(projects: list[Path]) -> None:
    for path in projects:
        package = f"ccxt_{path.name}"
        found, wrong = twins(Package(path / "src" / package, package))
        assert len(found) == 2
        assert [str(each.path) for each in found if not each.is_there] == []
        assert not wrong


@pytest.mark.parametrize("flags", COMBINATIONS)
def test_only_what_was_asked_for(flags: tuple[str, ...]) -> None:
    files = project_files(Answers.checked("acme", flags=flags))
    assert ("src/ccxt_acme/feed.py" in files) is ("streams" in flags)
    assert ("tests/payloads/ws-error.json" in files) is ("streams" in flags)
    assert ("src/ccxt_acme/perpetuals.py" in files) is ("swap" in flags)
    text = "".join(files.values())
    assert ("wss://" in text) is ("streams" in flags)
    assert ("BTC-USDT-PERP" in text) is ("swap" in flags)
    assert "with --s" not in text
    for path, content in files.items():
        if path.endswith(".json"):
            json.loads(content)


def test_everything_has_the_names_that_were_given() -> None:
    answers = Answers.checked("my_shop", "The Shop", "https://api.shop.test", ("streams", "swap"))
    files = project_files(answers)
    text = "".join([*files, *files.values()])
    for left in ("acme", "Acme", "ACME"):
        assert left not in text
    settings = files["pyproject.toml"]
    assert 'name = "ccxt-my-shop"' in settings
    for group, target in (
        ("sync", "ccxt_my_shop.rest_sync:my_shop"),
        ("async_support", "ccxt_my_shop.rest:my_shop"),
        ("pro", "ccxt_my_shop.stream:my_shop"),
        ("sandbox", "ccxt_my_shop.sandbox.frontend:Frontend"),
    ):
        assert f'[project.entry-points."ccxt_ext.{group}"]\nmy_shop = "{target}"\n' in settings
    metadata = files["src/ccxt_my_shop/metadata.py"]
    for line in ('"name": "The Shop"', '"rest": "https://api.shop.test"', '"ws": "wss://api.shop.test/'):
        assert line in metadata
    assert "class MyShopFeed(Feed)" in files["src/ccxt_my_shop/feed.py"]


def test_each_template_is_used() -> None:
    everything = project_files(Answers.checked("acme", flags=("streams", "swap")))
    elsewhere = ("lines", "repository")
    parts = [path.name for path in TEMPLATES.iterdir() if not path.name.startswith((".", *elsewhere))]
    assert len(everything) == len([path for part in parts for path in templates(part)])


def test_what_is_written_is_for_this_version_of_the_contract() -> None:
    files = project_files(Answers.checked("acme"))
    assert f"class Protocol(Venue, contract={CONTRACT}):" in files["src/ccxt_acme/protocol.py"]
    frontend = files["src/ccxt_acme/sandbox/frontend.py"]
    assert f"class Frontend(BaseFrontend[Listing], contract={CONTRACT}):" in frontend


def test_it_is_built_from_what_is_public() -> None:
    for path, text in project_files(Answers.checked("acme", flags=("streams", "swap"))).items():
        for node in ast.walk(ast.parse(text)) if path.endswith(".py") else ():
            if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("ccxt_ext."):
                for name in node.names:
                    assert is_public(str(node.module), name.name), f"{path}: {node.module}.{name.name}"


def is_public(module: str, name: str) -> bool:
    """Whether a module says that it has this name for others, or this is a module that has such names."""
    if name in getattr(importlib.import_module(module), "__all__", ()):
        return True
    found = importlib.util.find_spec(f"{module}.{name}")
    return found is not None and hasattr(importlib.import_module(found.name), "__all__")
