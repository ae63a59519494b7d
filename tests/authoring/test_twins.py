"""`ccxt-ext twins` for a package of somebody else's."""

import subprocess
import sys
import tempfile
import textwrap
from pathlib import Path

import pytest

from ccxt_ext.cli import main
from tests.cli.cli_helpers import environment, run

BANNER = "# Generated from {}.py by `ccxt-ext twins`. Do not edit.\n"

REST = '''\
# twin: rest_sync.py
"""Says async and await, in words."""

from ccxt_ext.venue.answers import new_markets, reading
from ccxt_ext.venue.rest_client import AsyncRestClient

import acme_x.pages
from acme_x import pages, words
from acme_x.aio import AsyncTimer, later
from acme_x.pages import AsyncReader as Reader

from . import pages as lists


class acme_x(AsyncRestClient):
    async def fetch_time(self, timer: AsyncTimer, attempts=1):
        async with timer, Reader():
            await later(attempts)
            await acme_x.pages.get(words.pages)
            return [await pages.get("pages", "await"), await lists.get(), new_markets, reading.rows]
'''
TWIN = '''\
"""Says async and await, in words."""

from ccxt_ext.venue.answers import new_markets_sync, reading
from ccxt_ext.venue.rest_client_sync import SyncRestClient

import acme_x.pages_sync
from acme_x import pages_sync, words
from acme_x.blocking import SyncTimer, later
from acme_x.pages_sync import SyncReader as Reader

from . import pages_sync as lists


class acme_x(SyncRestClient):
    def fetch_time(self, timer: SyncTimer, attempts=1):
        with timer, Reader():
            later(attempts)
            acme_x.pages_sync.get(words.pages)
            return [pages_sync.get("pages", "await"), lists.get(), new_markets_sync, reading.rows]
'''
FILES = {
    "pyproject.toml": "[tool.ruff]\nline-length = 110\n",
    "src/acme_x/__init__.py": "raise RuntimeError('imported')\n",
    "src/acme_x/rest.py": REST,
    "src/acme_x/pages.py": "# twin: pages_sync.py\nasync def get(*a): ...\n\n\nclass AsyncReader: ...\n",
    "src/acme_x/words.py": "pages = 1\n",
    "src/acme_x/aio.py": "# twin: blocking.py, by hand\n",
    "src/acme_x/blocking.py": "",
}
PACKAGE = "src/acme_x"


@pytest.fixture
def project(tmp_path, monkeypatch):
    """A project, which is the current folder."""
    for name, text in FILES.items():
        put(tmp_path / name, text)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def put(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(textwrap.dedent(text))


def test_a_twin_is_its_source_without_async(project):
    done = run("twins", PACKAGE, cwd=project)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == f"wrote {PACKAGE}/pages_sync.py\nwrote {PACKAGE}/rest_sync.py\n"
    assert (project / PACKAGE / "rest_sync.py").read_text() == BANNER.format("rest") + TWIN


def test_a_second_run_writes_nothing(project, capsys):
    assert main(["twins", PACKAGE]) == 0
    capsys.readouterr()
    assert main(["twins", PACKAGE]) == 0 and main(["twins", PACKAGE, "--check"]) == 0
    assert capsys.readouterr() == ("", "")


def test_the_check_shows_what_differs_and_writes_nothing(project, capsys):
    main(["twins", PACKAGE])
    rest, twin = project / PACKAGE / "rest.py", project / PACKAGE / "rest_sync.py"
    rest.write_text(REST.replace("attempts=1", "attempts=2"))
    capsys.readouterr()
    before = twin.read_text()
    assert main(["twins", PACKAGE, "--check"]) == 1
    told = capsys.readouterr()
    assert (
        told.err == f"ccxt-ext twins: {PACKAGE}/rest_sync.py is out of date: run `ccxt-ext twins {PACKAGE}`\n"
    )
    assert "\n+    def fetch_time(self, timer: SyncTimer, attempts=2):\n" in told.out
    assert twin.read_text() == before
    twin.unlink()
    assert main(["twins", PACKAGE, "--check"]) == 1
    assert "rest_sync.py is missing" in capsys.readouterr().err
    assert not twin.exists()


def test_an_import_name_will_do_and_nothing_is_imported(project):
    """The package raises if it is imported, and ccxt would take its time."""
    program = (
        "import sys; from ccxt_ext.cli import main; code = main(['twins', 'acme_x']);"
        "print(code, [name for name in ('acme_x', 'ccxt') if name in sys.modules])"
    )
    variables = environment({"PYTHONPATH": str(project / "src")})
    done = subprocess.run(
        [sys.executable, "-c", program], env=variables, cwd=project, capture_output=True, text=True
    )
    assert done.stdout.endswith("rest_sync.py\n0 []\n"), done.stderr


def test_one_inside_is_found_by_both_names(project, monkeypatch):
    put(project / "src/acme_x/more/__init__.py", "")
    put(
        project / "src/acme_x/more/rest.py",
        "# twin: rest_sync.py\nfrom acme_x.pages import get\nfrom ..pages import get as a\n",
    )
    monkeypatch.syspath_prepend(project / "src")
    twin = project / "src/acme_x/more/rest_sync.py"
    for package in ("acme_x.more", "src/acme_x/more", str(project / "src/acme_x/more/")):
        assert main(["twins", package]) == 0
        made = twin.read_text().splitlines()
        assert made[1:] == ["from acme_x.pages_sync import get", "", "from ..pages_sync import get as a"]
        twin.unlink()
    assert not (project / PACKAGE / "rest_sync.py").exists()


def test_twins_are_formatted_by_the_projects_settings(project):
    put(project / "pyproject.toml", "[tool.ruff]\nline-length = 60\nformat.quote-style = 'single'\n")
    main(["twins", PACKAGE])
    made = (project / PACKAGE / "rest_sync.py").read_text()
    assert "                pages_sync.get('pages', 'await'),\n" in made


def test_without_settings_twins_are_the_same_whoever_makes_them(project, monkeypatch):
    """Neither what a user has set for all projects counts, nor the current folder."""
    put(project / "pyproject.toml", "[project]\nname = 'tool.ruff'\n")
    twin = project / PACKAGE / "rest_sync.py"
    main(["twins", PACKAGE])
    first = twin.read_text()
    assert max(map(len, first.splitlines())) <= 88
    twin.unlink()
    put(project / "home/ruff/ruff.toml", "line-length = 40\n")
    put(project / "home/ccxt_ext/__init__.py", "")
    monkeypatch.setenv("XDG_CONFIG_HOME", str(project / "home"))
    monkeypatch.chdir(project / "home")
    assert main(["twins", str(project / PACKAGE)]) == 0
    assert twin.read_text() == first


def test_a_temporary_folder_may_have_any_name(project, monkeypatch):
    folder = project / "async/sync"
    folder.mkdir(parents=True)
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    assert main(["twins", PACKAGE]) == 0
    assert list(folder.iterdir()) == []


def test_what_is_no_module_of_the_package_has_no_twin(project):
    put(project / PACKAGE / "templates/rest.py", "# twin: rest_sync.py\n")
    main(["twins", PACKAGE])
    assert not (project / PACKAGE / "templates/rest_sync.py").exists()


HEAD = "# twin: rest_sync.py\n"
# A file, its text, and what is said.
REFUSED = {
    "cannot be parsed": ("rest.py", HEAD + "def f(:\n", "rest.py: cannot be parsed: "),
    "not UTF-8": ("rest.py", b"# twin: rest_sync.py\n'\xff'\n", "rest.py: is not UTF-8"),
    "another twin": (
        "rest.py",
        "# twin: pages_sync.py\n",
        "rest.py: its twin is not pages_sync.py but rest_sync.py",
    ),
    "no name": ("rest.py", "# twin: yes\n", "rest.py: `# twin: yes` is neither `# twin: NAME.py` nor "),
    "no name, in another": (
        "pages.py",
        "# twin:\n",
        "rest.py: imports acme_x.pages, where `# twin:` is neither ",
    ),
    "no other half": ("aio.py", "# twin: threads.py, by hand\n", "aio.py: there is no threads.py"),
    "by hand": (
        "pages_sync.py",
        "a = 1\n",
        "pages.py: pages_sync.py was written by hand: delete it, or say ",
    ),
    "source gone": ("b_sync.py", BANNER.format("b"), "b_sync.py: its source is gone, delete it"),
    "source silent": (
        "words_sync.py",
        BANNER.format("words"),
        "words_sync.py: words.py does not say `# twin: words_sync.py`",
    ),
    "f-string": (
        "rest.py",
        HEAD + "async def f(a):\n    return f'{await a}'\n",
        "rest.py: an f-string has something async in it: take that out of the string (line 3)",
    ),
    "module without a twin": (
        "rest.py",
        HEAD + "from acme_x import words\n\nasync def f():\n    await words.get()\n",
        "rest.py: words.get is waited for, and acme_x.words has no twin (line 5)",
    ),
    "function without a twin": (
        "rest.py",
        HEAD + "from asyncio import sleep\nasync def f():\n    await sleep(1)\n",
        "rest.py: sleep is waited for, and asyncio.sleep has no twin (line 4)",
    ),
    "name of a module": (
        "rest.py",
        HEAD + "from acme_x import pages\npages = 1\n",
        "rest.py: 'pages' is a module that has a twin: use another name here (line 3)",
    ),
    "argument": (
        "rest.py",
        HEAD + "from acme_x import pages\ndef f(pages): ...\n",
        "rest.py: 'pages' is a module that has a twin: use another name here (line 3)",
    ),
    "no Python any more": (
        "rest.py",
        HEAD + "async def f(a):\n    return await(a)\n",
        "rest.py: its twin would not be Python: ",
    ),
}


@pytest.mark.parametrize("file, text, said", REFUSED.values(), ids=REFUSED.keys())
@pytest.mark.parametrize("options", [[], ["--check"]], ids=["write", "check"])
def test_what_no_twin_can_be_made_of_is_told(project, capsys, file, text, said, options):
    main(["twins", PACKAGE])
    path = project / PACKAGE / file
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    capsys.readouterr()
    assert main(["twins", PACKAGE, *options]) == 1
    told = capsys.readouterr().err
    assert f"ccxt-ext twins: {PACKAGE}/{said}" in told, told
    assert path.read_bytes() == (text if isinstance(text, bytes) else text.encode())


def test_the_others_are_written_though_one_cannot_be(project, capsys):
    (project / PACKAGE / "pages.py").write_text("# twin: pages_sync.py\n(")
    assert main(["twins", PACKAGE]) == 1
    assert (project / PACKAGE / "rest_sync.py").exists() and not (
        project / PACKAGE / "pages_sync.py"
    ).exists()


WRONG_USE = {
    "no such name": ("acme_y", "there is no package 'acme_y'"),
    "no such inner name": ("email.acme", "there is no package 'email.acme'"),
    "a module": ("textwrap", "there is no package 'textwrap'"),
    "no such folder": ("src/acme_y", "there is no folder 'src/acme_y'"),
    "a folder above": (".", "'.' is no package, as it has no __init__.py; is it src/acme_x?"),
    "a folder beside": ("docs", "'docs' is no package, as it has no __init__.py"),
    "installed": ("pytest", "'pytest' is an installed copy, in "),
    "none says so": ("plain", "no module of plain says that it has a twin: add `# twin: rest_sync.py` to "),
}


@pytest.mark.parametrize("package, said", WRONG_USE.values(), ids=WRONG_USE.keys())
def test_wrong_use_is_2_and_one_line(project, capsys, package, said):
    put(project / "docs/index.md", "")
    put(project / "plain/__init__.py", "")
    assert main(["twins", package]) == 2
    told = capsys.readouterr()
    assert told.err.startswith(f"ccxt-ext twins: {said}") and told.err.count("\n") == 1
    assert told.out == ""


@pytest.mark.parametrize("tool", ["unasync", "ruff"])
def test_a_tool_that_is_missing_is_named(project, capsys, monkeypatch, tool):
    for name in [name for name in sys.modules if name.partition(".")[0] == tool]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, tool, None)
    assert main(["twins", PACKAGE]) == 2
    told = capsys.readouterr().err
    assert f"{tool}" in told and told.endswith(": pip install 'ccxt-ext[twins]'\n") and told.count("\n") == 1


def test_settings_that_ruff_does_not_take_are_told(project, capsys):
    put(project / "ruff.toml", "line-length = 'x'\n")
    assert main(["twins", PACKAGE]) == 2
    assert "ccxt-ext twins: ruff fails: " in capsys.readouterr().err
