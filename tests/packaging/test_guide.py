"""docs/adding-a-venue.md is followed, command by command, in an environment that has the wheel, and so is
the section of CONTRIBUTING.md about a venue in this repository, in a checkout.

What comes of it is examples/acme, whose tests it runs.
"""

import filecmp
import os
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.packaging.conftest import Environment, copied_environment, make_environment
from tests.packaging.guide import Step, is_excerpt, is_printed, steps

ROOT = Path(__file__).resolve().parents[2]
PAGE = ROOT / "docs/adding-a-venue.md"
EXAMPLE = ROOT / "examples/acme"
STEPS = list(steps(PAGE.read_text(encoding="utf-8")))
INSIDE = list(steps((ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")))

REASONS = ("needs the network", "needs an account of PyPI")
PATIENCE_S = 400  # the conformance suite takes the longest


LEFT_BEHIND = ("__pycache__", ".*_cache", ".hypothesis", "*.egg-info", "conformance.json")


def files_in(folder: Path) -> set[str]:
    paths = (path.relative_to(folder) for path in folder.rglob("*") if path.is_file())
    return {
        path.as_posix()
        for path in paths
        if not any(Path(part).match(cache) for part in path.parts for cache in LEFT_BEHIND)
    }


def named(paths: list[str], folder: Path) -> set[str]:
    """The files of these paths, folders being all that is in them."""
    return {
        file for file in files_in(folder) for path in paths if file == path or file.startswith(f"{path}/")
    }


class Reader:
    """Does as the page says."""

    def __init__(self, environment: Environment) -> None:
        self.folder = environment.folder.parent
        self.variables = {
            name: value
            for name, value in os.environ.items()
            if not name.startswith(("PYTHON", "PYTEST", "CCXT", "COV", "PIP", "COLUMNS", "VIRTUAL_ENV"))
        }
        self.variables |= {
            "PATH": f"{environment.python.parent}{os.pathsep}{os.environ['PATH']}",
            # All that is needed is there, and where it is not, pip shall not look for it.
            "PIP_NO_INDEX": "1",
            "PIP_NO_BUILD_ISOLATION": "0",
            "PIP_DISABLE_PIP_VERSION_CHECK": "1",
            "MYPY_CACHE_DIR": os.devnull,  # nobody would read it
        }

    def do(self, step: Step) -> None:
        if step.files:
            self.fill_in(step)
        elif not step.not_run:
            self.run(step)

    def fill_in(self, step: Step) -> None:
        """Take the files over from the example, and drop what it has not."""
        new, old = named(step.files, EXAMPLE), named(step.files, self.folder)
        assert new, f"line {step.line}: {EXAMPLE} has no {step.files}"
        for file in old - new:
            (self.folder / file).unlink()
        for file in new:
            (self.folder / file).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(EXAMPLE / file, self.folder / file)
        if step.excerpt:
            (file,) = new
            text = (EXAMPLE / file).read_text(encoding="utf-8")
            assert is_excerpt(step.excerpt, text), f"line {step.line}: {file} of {EXAMPLE} reads otherwise"

    def run(self, step: Step) -> None:
        if step.command.startswith("cd "):
            self.folder /= step.command.removeprefix("cd ")
            return
        done = subprocess.run(
            ["bash", "-c", step.command],
            cwd=self.folder,
            env=self.variables,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=PATIENCE_S,
        )
        told = f"line {step.line}: {step.command}\nexit code {done.returncode}\n{done.stdout}"
        assert done.returncode == step.code, told
        if step.prints:
            assert is_printed(step.prints, done.stdout), f"{told}\nbut the page has\n{step.prints}"


@pytest.fixture
def reader(wheel_install: Environment, tmp_path: Path) -> Reader:
    """In a folder that has nothing but an environment with the wheel."""
    return Reader(copied_environment(wheel_install, tmp_path / ".venv"))


@pytest.mark.timeout(900)
def test_who_follows_the_page_gets_the_example(reader: Reader) -> None:
    for step in STEPS:
        assert not step.place
        reader.do(step)
    got, wanted = files_in(reader.folder), files_in(EXAMPLE)
    assert got ^ wanted == set(), "the page does not say how to get from the one to the other"
    _, different, _ = filecmp.cmpfiles(reader.folder, EXAMPLE, got, shallow=False)
    assert different == [], "the page says nothing of what is to be filled in there"


@pytest.mark.timeout(600)
def test_a_venue_inside_this_repository(tmp_path: Path) -> None:
    checkout = tmp_path / "checkout"
    shutil.copytree(ROOT, checkout, ignore=shutil.ignore_patterns(".venv*", ".git", *LEFT_BEHIND))
    environment = make_environment(checkout / ".venv")
    environment.pip("install", "--no-deps", "--no-build-isolation", "--ignore-installed", "-e", checkout)
    (environment.folder / ".ready").touch()
    reader = Reader(environment)
    assert len(INSIDE) > 4
    for step in INSIDE:
        assert step.place == "a checkout"
        reader.do(step)


PAGE_OF_TWO = """\
<!-- exit code: 1 -->
<!-- in: a checkout -->
```console
$ one \\
>   more
prints
...

this
$ two
```
In `a.py`:

```python
x = 1
```

Fill in `b`, and
`c` too.

    $ no command of `this`
"""


def test_a_page_is_read_in_order() -> None:
    assert list(steps(PAGE_OF_TWO)) == [
        Step(4, command="one \\\n  more", prints="prints\n...\n\nthis\n", code=1, place="a checkout"),
        Step(10, command="two", code=1, place="a checkout"),
        Step(14, files=["a.py"], excerpt="x = 1"),
        Step(18, files=["b"]),
        Step(19, files=["c"]),
    ]
    for wrong in ("<!-- exit code: 1 -->\nwords", "```console\nno command\n```"):
        with pytest.raises(ValueError, match=r"^line 2: "):
            list(steps(wrong))


@pytest.mark.parametrize(
    ("wanted", "got", "fits"),
    [
        ("...\nlast\n", "last\n", True),
        ("a ... b\n...\n", "a  b\n", True),
        ('{"a": 1, ...}', '{"a": 1, "b": 2}\n', True),
        ("a\n", "a\nb\n", False),
        ("a ... b", "a c", False),
        ("a.b", "axb", False),
    ],
)
def test_what_is_printed(wanted: str, got: str, fits: bool) -> None:
    assert is_printed(wanted, got) == fits


@pytest.mark.parametrize(
    ("excerpt", "fits"),
    [
        ("b\nc", True),
        ("a\n...\nd", True),
        ("    # ...\nd", True),
        ("d\n...\na", False),
        ("a\nc", False),
        ("  b", False),
        ("1", False),
    ],
)
def test_an_excerpt(excerpt: str, fits: bool) -> None:
    assert is_excerpt(excerpt, "a\nb\nc\n    11\nd\n") == fits


def test_nearly_all_commands_of_the_page_are_run() -> None:
    commands = [step for step in STEPS if step.command]
    not_run = [step for step in commands if step.not_run]
    assert {step.not_run for step in not_run} <= set(REASONS)
    assert len(not_run) * 4 < len(commands)
