"""Packages, found without importing them."""

from __future__ import annotations

import re
import sysconfig
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.machinery import PathFinder
from importlib.util import find_spec
from pathlib import Path

DOTTED_NAME = re.compile(r"[^\W\d]\w*(\.[^\W\d]\w*)*")


class NoPackage(Exception):
    """There is no such package, or none whose files may be written."""


@dataclass(frozen=True)
class Package:
    """A package, or one inside it: its folder, and the name by which it is imported."""

    folder: Path
    name: str

    @property
    def top(self) -> Package:
        folder = self.folder
        for _ in range(self.name.count(".")):
            folder = folder.parent
        return Package(folder, self.name.partition(".")[0])

    def files(self, folder: Path | None = None) -> Iterator[Path]:
        """Its modules, and those of the packages in it."""
        folder = folder or self.folder
        for path in sorted(folder.iterdir()):
            if path.suffix == ".py":
                yield path
            elif (path / "__init__.py").is_file():
                yield from self.files(path)

    def module(self, path: Path) -> str:
        """The name by which one of its modules is imported."""
        parts = path.relative_to(self.folder).with_suffix("").parts
        return ".".join([self.name, *(parts[:-1] if parts[-1] == "__init__" else parts)])

    def path(self, module: str) -> Path:
        """The file of a module, if it is one of this package and no package itself."""
        return Path(self.folder, *module.split(".")[self.name.count(".") + 1 :]).with_suffix(".py")


def package_of(given: str) -> Package:
    """The package with this import name, or in this folder."""
    folder = Path(given)
    if folder.is_dir():
        return package_in(folder)
    if not DOTTED_NAME.fullmatch(given):
        raise NoPackage(f"there is no folder {given!r}")
    found = located(given)
    if found is None:
        raise NoPackage(
            f"there is no package {given!r}: no folder here, and nothing that Python could import"
        )
    if any(found.is_relative_to(Path(sysconfig.get_path(kind)).resolve()) for kind in ("purelib", "platlib")):
        raise NoPackage(f"{given!r} is an installed copy, in {found}: give the folder of its source")
    return Package(found, given)


def package_in(folder: Path) -> Package:
    if not (folder / "__init__.py").is_file():
        inner = [path.parent for path in (*folder.glob("src/*/__init__.py"), *folder.glob("*/__init__.py"))]
        hint = f"; is it {inner[0]}?" if inner else ""
        raise NoPackage(f"{str(folder)!r} is no package, as it has no __init__.py{hint}")
    folder = folder.resolve()
    names = [folder.name]
    for parent in folder.parents:
        if not (parent / "__init__.py").is_file():
            break
        names.insert(0, parent.name)
    return Package(folder, ".".join(names))


def located(name: str) -> Path | None:
    """The folder of a package that Python could import."""
    path, *inner = name.split(".")
    try:
        spec = find_spec(path)
    except ValueError:  # from a module in sys.modules that has no spec, such as __main__
        return None
    for part in inner:
        if spec is None or spec.submodule_search_locations is None:
            return None
        path = f"{path}.{part}"
        spec = PathFinder.find_spec(path, spec.submodule_search_locations)
    if spec is None or not spec.submodule_search_locations:
        return None
    return Path(next(iter(spec.submodule_search_locations))).resolve()
