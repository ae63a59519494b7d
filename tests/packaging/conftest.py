"""Fresh virtual environments into which pip has installed ccxt-ext, from a wheel and editable."""

import os
import shutil
import statistics
import subprocess
import sys
import sysconfig
import textwrap
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SOURCES = (
    "setup.cfg",
    "setup.py",
    "pyproject.toml",
    "README.md",
    "LICENSE",
    "ccxt_ext_autoload.pth",
    "ccxt_ext_pytest.py",
)


@dataclass(frozen=True)
class Environment:
    """A virtual environment of the test's own."""

    folder: Path

    @property
    def python(self) -> Path:
        return self.folder / ("Scripts/python.exe" if os.name == "nt" else "bin/python")

    @property
    def site_packages(self) -> Path:
        paths = {"base": str(self.folder), "platbase": str(self.folder)}
        return Path(sysconfig.get_path("purelib", vars=paths))

    def start(
        self, *arguments: object, cwd: Path | None = None, timeout: float | None = None, **variables: str
    ) -> subprocess.CompletedProcess[str]:
        """Run Python, with none of the caller's Python settings and outside of the project's folder."""
        inherited = {k: v for k, v in os.environ.items() if not k.startswith(("PYTHON", "CCXT_EXT", "COV"))}
        return subprocess.run(
            [self.python, *map(str, arguments)],
            env={**inherited, **variables},
            cwd=cwd or self.folder,
            capture_output=True,
            text=True,
            timeout=timeout,
        )

    def run(self, code: str, *options: str, **variables: str) -> subprocess.CompletedProcess[str]:
        """Run a program that must end well."""
        done = self.start(*options, "-c", textwrap.dedent(code), **variables)
        assert done.returncode == 0, done.stderr
        return done

    def pip(self, *arguments: object) -> None:
        done = self.start("-m", "pip", "--disable-pip-version-check", *arguments)
        assert done.returncode == 0, done.stdout + done.stderr


def make_environment(folder: Path) -> Environment:
    """An empty one that borrows ccxt and the build tools from the environment that runs the tests."""
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", folder], check=True)
    environment = Environment(folder)
    borrowed = {sysconfig.get_path("purelib"), sysconfig.get_path("platlib")}
    # Its name makes it the last one read: what the environment has of its own comes first.
    (environment.site_packages / "zz_borrowed.pth").write_text("\n".join(sorted(borrowed)) + "\n")
    return environment


def linked(source: str, target: str) -> str:
    """As shutil.copy2(), and much faster. pip and Python never write into a file that is there."""
    try:
        os.link(source, target)
    except OSError:  # it is there already, or the file system has no links
        shutil.copy2(source, target)
    return target


def copied_environment(installed: Environment, folder: Path) -> Environment:
    """Another one that has the same installed, its commands among it. pip takes much longer.

    What is in it may be replaced or deleted. What is written into a file of it, `installed` has as well.
    """
    environment = make_environment(folder)
    # While pytest or Python writes down what it has compiled, the file has a name that ends in a number.
    passing = shutil.ignore_patterns("*.pyc.*")
    shutil.copytree(
        installed.site_packages,
        environment.site_packages,
        ignore=passing,
        copy_function=linked,
        dirs_exist_ok=True,
    )
    for command in installed.python.parent.glob("ccxt-ext*"):
        copy = environment.python.parent / command.name
        copy.write_text(command.read_text().replace(str(installed.folder), str(folder)))
        copy.chmod(command.stat().st_mode)
    return environment


Once = Callable[[str, Callable[[Path], None]], Path]


@pytest.fixture(scope="session")
def once(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Once:
    """`once(name, make)` is a folder that one of xdist's workers fills, and all use: none changes it."""
    base = tmp_path_factory.getbasetemp()
    shared = base.parent if hasattr(request.config, "workerinput") else base

    def once(name: str, make: Callable[[Path], None]) -> Path:
        folder, told = shared / name, shared / f"{name}.told"
        try:
            folder.mkdir()
        except FileExistsError:
            while not told.exists():  # pytest-timeout ends it, if need be
                time.sleep(0.05)
            assert not told.read_text(), f"another worker has failed to make {name}: {told.read_text()}"
            return folder
        failure = ""
        try:
            make(folder)
        except BaseException as error:
            failure = repr(error)
            raise
        finally:
            telling = told.with_suffix(".telling")
            telling.write_text(failure)
            telling.replace(told)
        return folder

    return once


def copy_source(folder: Path) -> None:
    """What the package is built from, so that building leaves nothing in the project's folder."""
    folder.mkdir(exist_ok=True)
    for name in SOURCES:
        shutil.copy(ROOT / name, folder)
    shutil.copytree(ROOT / "ccxt_ext", folder / "ccxt_ext", ignore=shutil.ignore_patterns("__pycache__"))


@pytest.fixture(scope="session")
def wheel(once: Once) -> Path:
    def build(folder: Path) -> None:
        environment = make_environment(folder / "env")
        copy_source(folder / "source")
        environment.pip("wheel", "--no-deps", "--no-build-isolation", "-w", folder, folder / "source")

    return next(once("wheel", build).glob("*.whl"))


@pytest.fixture(scope="session")
def wheel_install(once: Once, wheel: Path) -> Environment:
    def install(folder: Path) -> None:
        environment = make_environment(folder / "env")
        environment.pip("install", "--no-deps", "--ignore-installed", wheel)

    return Environment(once("wheel_install", install) / "env")


@pytest.fixture(scope="session")
def editable_install(once: Once) -> Environment:
    def install(folder: Path) -> None:
        environment = make_environment(folder / "env")
        copy_source(folder / "source")
        options = ("--no-deps", "--no-build-isolation", "--ignore-installed")
        environment.pip("install", *options, "-e", folder / "source")

    return Environment(once("editable_install", install) / "env")


@pytest.fixture(params=["wheel", "editable"])
def installed(request: pytest.FixtureRequest) -> Environment:
    """ccxt-ext installed, in both ways."""
    environment: Environment = request.getfixturevalue(f"{request.param}_install")
    return environment


@pytest.fixture
def changed(wheel_install: Environment, tmp_path: Path) -> Callable[[dict[str, str | None]], Environment]:
    """Makes a copy of the wheel's environment in which some files are written anew, or deleted.

    A name with a star means the file that is there.
    """

    def change(files: dict[str, str | None]) -> Environment:
        environment = copied_environment(wheel_install, tmp_path / "env")
        for name, text in files.items():
            path = (
                next(environment.site_packages.glob(name))
                if "*" in name
                else environment.site_packages / name
            )
            if path.is_dir():
                shutil.rmtree(path)
            elif text is None or path.exists():
                path.unlink()  # what is written gets a file of its own: this one is the wheel's as well
            if text is not None:
                path.parent.mkdir(exist_ok=True)
                path.write_text(textwrap.dedent(text))
        return environment

    return change


@pytest.fixture
def paired_ratio() -> Callable[[Callable[[], object], Callable[[], object]], float]:
    """How much longer the first takes than the second: the median over interleaved pairs."""

    def seconds(work: Callable[[], object]) -> float:
        started = time.perf_counter()
        work()
        return time.perf_counter() - started

    def measure(first: Callable[[], object], second: Callable[[], object]) -> float:
        first(), second()
        return statistics.median(seconds(first) / seconds(second) for _ in range(31))

    return measure
