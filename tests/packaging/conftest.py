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
        self, *arguments: object, cwd: Path | None = None, timeout: float = 60, **variables: str
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


@pytest.fixture(scope="session")
def source(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of what the package is built from, so that building leaves nothing in the project's folder."""
    folder = tmp_path_factory.mktemp("source")
    for name in SOURCES:
        shutil.copy(ROOT / name, folder)
    shutil.copytree(ROOT / "ccxt_ext", folder / "ccxt_ext", ignore=shutil.ignore_patterns("__pycache__"))
    return folder


@pytest.fixture(scope="session")
def wheel(tmp_path_factory: pytest.TempPathFactory, source: Path) -> Path:
    environment = make_environment(tmp_path_factory.mktemp("builder") / "env")
    folder = tmp_path_factory.mktemp("build")
    shutil.copytree(source, folder / "source")
    environment.pip("wheel", "--no-deps", "--no-build-isolation", "-w", folder, folder / "source")
    return next(folder.glob("*.whl"))


@pytest.fixture(scope="session")
def wheel_install(tmp_path_factory: pytest.TempPathFactory, wheel: Path) -> Environment:
    environment = make_environment(tmp_path_factory.mktemp("wheel") / "env")
    environment.pip("install", "--no-deps", "--ignore-installed", wheel)
    return environment


@pytest.fixture(scope="session")
def editable_install(tmp_path_factory: pytest.TempPathFactory, source: Path) -> Environment:
    environment = make_environment(tmp_path_factory.mktemp("editable") / "env")
    environment.pip("install", "--no-deps", "--no-build-isolation", "--ignore-installed", "-e", source)
    return environment


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
        environment = make_environment(tmp_path / "env")
        shutil.copytree(wheel_install.site_packages, environment.site_packages, dirs_exist_ok=True)
        for name, text in files.items():
            path = (
                next(environment.site_packages.glob(name))
                if "*" in name
                else environment.site_packages / name
            )
            if text is not None:
                path.parent.mkdir(exist_ok=True)
                path.write_text(textwrap.dedent(text))
            elif path.is_dir():
                shutil.rmtree(path)
            else:
                path.unlink()
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
