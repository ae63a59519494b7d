"""The sync classes are their async sources, rewritten; the check sees whatever else they are.

tests/authoring/test_twins.py has what twins are.
"""

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
REST = "ccxt_ext/venues/bitmart2/rest.py"
TWIN = "ccxt_ext/venues/bitmart2/rest_sync.py"


@pytest.fixture(scope="module")
def generated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A part of the project: what venues are built from, and one venue."""
    folder = tmp_path_factory.mktemp("generated")
    for name in ("venue", "venues/bitmart2"):
        copy = folder / "ccxt_ext" / name
        shutil.copytree(ROOT / "ccxt_ext" / name, copy, ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("pyproject.toml", "ccxt_ext/venues/__init__.py"):
        shutil.copy(ROOT / name, folder / name)
    generate(folder)
    return folder


@pytest.fixture
def project(generated: Path, tmp_path: Path) -> Path:
    return shutil.copytree(generated, tmp_path / "project")


def generate(project: Path, *options: str) -> "subprocess.CompletedProcess[str]":
    command = [sys.executable, ROOT / "scripts/generate.py", "--root", project, *options]
    return subprocess.run(command, capture_output=True, text=True)


def test_twins_are_written_even_if_a_class_cannot_tell_what_it_can(project):
    (project / "README.md").write_text("no table")
    (project / TWIN).unlink()
    assert generate(project).returncode != 0
    assert (project / TWIN).exists()


def test_a_twin_is_its_source_without_async(project):
    (project / REST).write_text('''\
# twin: rest_sync.py
from ccxt_ext.venue.aio import AsyncWaiter
from ccxt_ext.venue.rest_client import AsyncRestClient


class bitmart2(AsyncRestClient):
    """Says async and await, in words."""

    async def fetch_time(self, waiter: AsyncWaiter):
        async with waiter:
            return [await self.public_get_time()   , "await"]
''')
    assert generate(project).stdout == f"wrote {TWIN}\n"
    assert (
        (project / TWIN).read_text()
        == '''\
# Generated from rest.py by `ccxt-ext twins`. Do not edit.
from ccxt_ext.venue.blocking import SyncWaiter
from ccxt_ext.venue.rest_client_sync import SyncRestClient


class bitmart2(SyncRestClient):
    """Says async and await, in words."""

    def fetch_time(self, waiter: SyncWaiter):
        with waiter:
            return [self.public_get_time(), "await"]
'''
    )


def test_a_second_run_writes_nothing(project):
    again, check = generate(project), generate(project, "--check")
    assert (again.returncode, again.stdout) == (0, "")
    assert (check.returncode, check.stderr) == (0, "")


@pytest.mark.parametrize(
    "spoil, complaint",
    [
        (lambda twin: twin.write_text(twin.read_text()[:-200]), "is out of date"),
        (lambda twin: twin.write_text(twin.read_text() + "\nmore = 1\n"), "is out of date"),
        (lambda twin: twin.write_bytes(twin.read_bytes().replace(b"\n", b"\r\n")), "is out of date"),
        (lambda twin: twin.unlink(), "is missing"),
        (lambda twin: twin.with_name("rest.py").unlink(), "its source is gone"),
    ],
    ids=["cut off", "added to", "line ends", "missing", "no source"],
)
def test_the_check_fails_and_repairs_nothing(project, spoil, complaint):
    twin = project / TWIN
    spoil(twin)
    before = twin.read_bytes() if twin.exists() else None
    done = generate(project, "--check")
    assert done.returncode == 1
    assert f"rest_sync.py: {complaint}" in done.stderr or f"rest_sync.py {complaint}" in done.stderr
    assert (twin.read_bytes() if twin.exists() else None) == before


def test_a_project_without_sources_is_a_fault(tmp_path):
    (tmp_path / "ccxt_ext").mkdir()
    done = generate(tmp_path, "--check")
    assert done.returncode == 1 and "no sources under" in done.stderr


def test_the_readmes_table_tells_what_the_classes_tell(project):
    readme = project / "README.md"
    shutil.copy(ROOT / "README.md", readme)
    assert generate(project, "--check").returncode == 0
    told = readme.read_text()
    readme.write_text(re.sub("(`fetchBidsAsks` .*?)emulated", r"\1yes", told, count=1))
    assert "README.md is out of date" in generate(project, "--check").stderr
    generate(project)
    assert readme.read_text() == told


def test_the_stubs_are_those_of_the_classes(project):
    for package in ("", "async_support/", "pro/"):
        (project / "ccxt_ext" / package).mkdir(exist_ok=True)
    (project / "ccxt_ext/__init__.py").touch()
    generate(project)
    for path in ("_absent.pyi", "_calls.pyi", "__init__.pyi", "pro/_calls.pyi", "pro/__init__.pyi"):
        assert (project / "ccxt_ext" / path).read_text() == (ROOT / "ccxt_ext" / path).read_text()
    stub = project / "ccxt_ext/pro/__init__.pyi"
    stub.write_text(stub.read_text().replace("    WatchTicker,\n", "", 1))
    done = generate(project, "--check")
    assert done.returncode == 1
    assert "pro/__init__.pyi is out of date" in done.stderr
