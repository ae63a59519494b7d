"""Makes sync twins: modules that do the same as async ones, without async and await.

A module has a twin if it says so, in a line of its own: `# twin: rest_sync.py`. Where both are written by
hand, the line is `# twin: blocking.py, by hand`. A twin imports the twins of what its source imports, where
modules of the same package or of ccxt_ext have any.

Nothing is imported of the package, which may be broken as long as it has no twins.
"""

from __future__ import annotations

import difflib
import functools
import re
import subprocess
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from ccxt_ext.authoring.packages import Package
from ccxt_ext.authoring.syncing import NoTwin, rewritten

BANNER = "# Generated from {} by `ccxt-ext twins`. Do not edit.\n"

SAID = re.compile(r"^#[ \t]*twin:[ \t]*(.*?)[ \t]*(?:\n|\Z)", re.MULTILINE)
MADE = re.compile(r"# Generated from (\S+\.py) by ")
RUFF_TABLE = re.compile(r"^\[tool\.ruff[.\]]", re.MULTILINE)

OURS = Package(Path(__file__).resolve().parents[1], "ccxt_ext")


class NoTools(Exception):
    """What makes twins is not installed."""


@dataclass(frozen=True)
class Problem:
    """What is wrong with a file."""

    path: Path
    what: str


@dataclass(frozen=True)
class Generated:
    """A file as it should be."""

    path: Path
    text: str

    @property
    def is_there(self) -> bool:
        return self.path.exists() and self.path.read_bytes() == self.text.encode()

    @property
    def state(self) -> str:
        return "is out of date" if self.path.exists() else "is missing"

    def write(self) -> None:
        self.path.write_bytes(self.text.encode())

    def difference(self) -> str:
        there = self.path.read_text(encoding="utf-8", errors="replace") if self.path.exists() else ""
        old, new = (text.splitlines(keepends=True) for text in (there, self.text))
        return "".join(difflib.unified_diff(old, new, str(self.path), "generated anew"))


def twins(package: Package) -> tuple[list[Generated], list[Problem]]:
    """The twins that a package should have, and what is wrong with its files."""
    ruff = path_of_ruff()
    sources = Sources(package)
    problems = []
    made = []
    for path in package.files():
        try:
            sources.check_is_no_orphan(path)
            if twin := sources.twin(path):
                made.append(twin)
        except NoTwin as error:
            problems.append(Problem(path, f"{error} (line {error.line})" if error.line else str(error)))
    with ThreadPoolExecutor() as pool:
        found = list(pool.map(lambda twin: formatted(twin, package.top.folder.parent, ruff), made))
    return found, problems


def path_of_ruff() -> str:
    try:
        import unasync  # noqa: F401
        from ruff.__main__ import find_ruff_bin

        return str(find_ruff_bin())
    except (ImportError, FileNotFoundError) as error:
        raise NoTools(f"{error}: pip install 'ccxt-ext[twins]'") from None


@dataclass(frozen=True)
class Said:
    """What a module says of its twin."""

    name: str
    by_hand: bool

    @classmethod
    def by(cls, text: str) -> Said | None:
        if (found := SAID.search(text)) is None:
            return None
        name, _, more = found[1].partition(", ")
        if more not in ("", "by hand") or not name.endswith(".py"):
            raise NoTwin(f"`{found[0].strip()}` is neither `# twin: NAME.py` nor `# twin: NAME.py, by hand`")
        return cls(name, more != "")


class Sources:
    """The modules of a package, and of ccxt_ext, and what they say."""

    def __init__(self, package: Package) -> None:
        self.package = package
        self.known = {known.name: known for known in (OURS, package.top)}
        self.text = functools.cache(text_of)

    def twin_of(self, module: str) -> str | None:
        """The name of a module's twin, without the path to it."""
        package = self.known.get(module.partition(".")[0])
        if package is None or not (path := package.path(module)).is_file():
            return None
        try:
            said = Said.by(self.text(path))
        except NoTwin as error:
            raise NoTwin(f"imports {module}, where {error}") from None
        return said.name.removesuffix(".py") if said else None

    def twin(self, path: Path) -> Generated | None:
        """What is generated from a module, not yet formatted."""
        said = Said.by(self.text(path))
        if said is None:
            return None
        twin = path.with_name(said.name)
        if said.by_hand:
            if not twin.is_file():
                raise NoTwin(f"there is no {twin.name}")
            return None
        if twin.name != f"{path.stem}_sync.py":
            raise NoTwin(f"its twin is not {twin.name} but {path.stem}_sync.py")
        if twin.exists() and not MADE.match(self.text(twin)):
            raise NoTwin(f"{twin.name} was written by hand: delete it, or say `# twin: {twin.name}, by hand`")
        module = self.package.module(path)
        made = rewritten(self.text(path), module, path.name == "__init__.py", self.twin_of)
        return Generated(twin, BANNER.format(path.name) + SAID.sub("", made, count=1))

    def check_is_no_orphan(self, path: Path) -> None:
        """A module that was generated needs one that calls it its twin."""
        if (made := MADE.match(self.text(path))) is None:
            return
        source = path.with_name(made[1])
        if not source.is_file():
            raise NoTwin("its source is gone, delete it")
        if Said.by(self.text(source)) != Said(path.name, by_hand=False):
            raise NoTwin(
                f"{source.name} does not say `# twin: {path.name}`: add that line, or delete this twin"
            )


def text_of(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError:
        raise NoTwin("is not UTF-8") from None


def formatted(twin: Generated, folder: Path, ruff: str) -> Generated:
    """With sorted imports: by the project's own settings of ruff, or else by ruff's defaults."""
    options = ["--quiet", "--no-cache", "--stdin-filename", str(twin.path), "-"]
    if not has_settings(twin.path):
        options.insert(0, "--isolated")  # from what a user has set for all projects
    text = twin.text.encode()
    for command in ("check --select I --fix-only", "format"):
        done = subprocess.run([ruff, *command.split(), *options], input=text, capture_output=True, cwd=folder)
        if done.returncode:
            raise NoTools(f"ruff fails: {done.stderr.decode(errors='replace').strip()}")
        text = done.stdout
    return Generated(twin.path, text.decode())


def has_settings(path: Path) -> bool:
    """Whether the project says how ruff is to format this file."""
    for folder in path.parents:
        if any((folder / name).is_file() for name in ("ruff.toml", ".ruff.toml")):
            return True
        project = folder / "pyproject.toml"
        if project.is_file() and RUFF_TABLE.search(project.read_text(encoding="utf-8")):
            return True
    return False
