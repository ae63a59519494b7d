"""What a contract has promised is noticed when it is gone, and may be added to."""

import ast
import json
import subprocess
import sys
from pathlib import Path

import pytest

from scripts import contract

MODULE = '''\
"""Parts."""

__all__ = ["LIMIT", "Kept", "Row", "call"]

#: How many.
LIMIT = 3


class Base:
    def below(self, a):
        """Of a base."""


class Kept(Base):
    """A class."""

    #: how large
    size: int = 1

    def __init__(self, a, b=1):
        #: what was given
        self.given = a

    def method(self, a, *, named=1):
        """Does it."""

    @property
    def figure(self):
        """A figure."""

    @staticmethod
    def made(of):
        """Made."""


class Row(NamedTuple):
    """A row."""

    price: str
    size: str = "1"


async def call(a, b=2, *, c, **more):
    """Calls."""
'''
#: What is changed, into what, and what that breaks.
CHANGES = [
    ("async def call(a, b=2,", "async def call(a, b=2, d=3,", None),
    ("*, c, **more", "*, c, d=1, **more", None),
    ("*, c, **more", "*, c=3, **more", None),
    ("def method(self, a, *, named=1)", "def method(self, a, named=1)", None),
    ("async def call", "def another(): ...\n\n\nasync def call", None),
    ('    size: str = "1"', '    size: str = "1"\n    more: int = 2', None),
    ("LIMIT = 3", "LIMIT = 4", None),
    ('__all__ = ["LIMIT", ', "__all__ = [", "LIMIT is gone"),
    ("async def call(a, b=2,", "async def call(a, b,", "call is called in another way"),
    ("async def call(a, b=2,", "async def call(a, d, b=2,", "call is called in another way"),
    ("async def call(a, b=2,", "async def call(b, a=2,", "call is called in another way"),
    ("async def call(a, b=2,", "async def call(a,", "call is called in another way"),
    ("*, c, **more", "**more", "call is called in another way"),
    ("*, c, **more", "*, c", "call is called in another way"),
    ("*, c, **more", "*, c, d, **more", "call is called in another way"),
    ("async def call", "def call", "call is called in another way"),
    ("self, a, b=1", "self, a, b", "Kept is called in another way"),
    ("*, named=1", "*, other=1", "Kept.method is called in another way"),
    ("def method", "def another", "Kept.method is gone"),
    ("made(of)", "made(of, more)", "Kept.made is called in another way"),
    ("below(self, a)", "below(self)", "Kept.below is called in another way"),
    ("    @property\n", "", "Kept.figure is called in another way"),
    ("figure(self)", "figures(self)", "Kept.figure is gone"),
    ('        """Does it."""', "        return 1", "Kept.method is gone"),
    ("#: what was given", "# what was given", "Kept.given is gone"),
    ('size: str = "1"', "size: str", "Row is called in another way"),
]


@pytest.fixture
def promised(tmp_path):
    (tmp_path / "toy").mkdir()

    def promised(text):
        ast.parse(text)
        path = tmp_path / str(len(list(tmp_path.iterdir())))
        (path / "toy").mkdir(parents=True)
        (path / "toy/parts.py").write_text(text)
        return json.loads(json.dumps(contract.promise(path, ["toy"])))

    return promised


def test_nothing_is_broken_where_nothing_has_changed(promised):
    assert not list(contract.broken(promised(MODULE), promised(MODULE)))


@pytest.mark.parametrize(("old", "new", "found"), CHANGES)
def test_a_change(promised, old, new, found):
    changed = MODULE.replace(old, new, 1)
    assert changed != MODULE
    broken = list(contract.broken(promised(MODULE), promised(changed)))
    assert broken == ([f"toy.parts.{found}"] if found else [])


def test_what_is_public_is_written_down_for_a_release(tmp_path):
    for path in (contract.ROOT / "scripts").glob("*.py"):
        (tmp_path / "scripts").mkdir(exist_ok=True)
        (tmp_path / "scripts" / path.name).write_text(path.read_text())
    venue = tmp_path / "ccxt_ext/venue"
    venue.mkdir(parents=True)
    (tmp_path / "docs/reference").mkdir(parents=True)
    (tmp_path / "ccxt_ext/_version.py").write_text("CONTRACT = 7\n")
    (venue / "parts.py").write_text(MODULE)
    written = tmp_path / "docs/reference/contract-7.json"
    assert write(tmp_path) == (0, "")
    before = written.read_text()
    assert json.loads(before)["ccxt_ext.venue.parts"]["LIMIT"] == {"call": None}
    (venue / "parts.py").write_text(MODULE.replace("def method", "def another"))
    assert contract.broken_promises(tmp_path) == {"ccxt_ext.venue.parts.Kept.method is gone"}
    code, said = write(tmp_path)
    assert code == 1 and "ccxt_ext.venue.parts.Kept.method is gone" in said
    assert written.read_text() == before
    (tmp_path / "ccxt_ext/_version.py").write_text("CONTRACT = 8\n")
    assert contract.broken_promises(tmp_path) == set()


def write(root: Path):
    done = subprocess.run([sys.executable, root / "scripts/contract.py"], capture_output=True, text=True)
    return done.returncode, done.stderr
