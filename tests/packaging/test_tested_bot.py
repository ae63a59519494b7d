"""The example of a tested bot, and the docs' first test, in an environment with the wheel."""

import shutil
from pathlib import Path

import pytest

from tests.bots.binance import recordable
from tests.bots.page import printed
from tests.packaging.conftest import ROOT, Environment

EXAMPLE = ROOT / "examples" / "tested-bot"

PYTEST = ("-m", "pytest", "-q", "-p", "no:cacheprovider", "-p", "no:asyncio", "-p", "no:xdist")


@pytest.mark.timeout(200)
def test_its_tests_pass(wheel_install: Environment, tmp_path: Path) -> None:
    """With warnings as errors, as its own settings say."""
    project = copied(tmp_path)
    pages = printed("testing-your-bot.md")
    for name in ("my_bot.py", "test_dip.py"):
        (project / "tests" / name).write_text(pages[name])
    done = wheel_install.start(*PYTEST, cwd=project, timeout=180)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "failed" not in done.stdout and "passed" in done.stdout


@pytest.mark.timeout(200)
def test_its_cassette_can_be_recorded_anew(wheel_install: Environment, tmp_path: Path) -> None:
    project = copied(tmp_path)
    (cassette,) = (project / "tests").rglob("*.yaml")
    text = cassette.read_text()
    with recordable(project / "tests"):
        done = wheel_install.start(*PYTEST, "tests/test_recorded.py", "--ccxt-record=all", cwd=project, CI="")
    assert done.returncode == 0, done.stdout + done.stderr
    assert cassette.read_text() != text, "nothing was recorded"
    done = wheel_install.start(*PYTEST, "tests/test_recorded.py", cwd=project)
    assert done.returncode == 0, done.stdout + done.stderr


def copied(folder: Path) -> Path:
    project = folder / "tested-bot"
    shutil.copytree(EXAMPLE, project, ignore=shutil.ignore_patterns("__pycache__", "*.egg-info"))
    return project


def test_its_readme_names_its_files() -> None:
    text = (EXAMPLE / "README.md").read_text()
    folders = (EXAMPLE / "tests", EXAMPLE / "src" / "dip_bot")
    files = [path for folder in folders for path in folder.glob("*.py")]
    shown = [path for path in files if not path.name.startswith("__")]
    assert shown and all(f"({path.relative_to(EXAMPLE)})" in text for path in shown)
