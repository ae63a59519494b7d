"""The reference says of each public name what the source says, and nothing of what is private."""

from pathlib import Path

import pytest

from scripts import reference

PARTS = '''\
"""What is built on.

More about it.
"""

from toy.venue.inner import Base, f
from json import loads

__all__ = ["LIMIT", "Kind", "Page", "Whole", "f"]

#: How many there
#: may be.
LIMIT = 3
SECRET = 4  # not public

Kind = str | None
"""A word."""


class Page(NamedTuple):
    """Rows."""

    rows: list[str]
    """All of them."""
    last: bool = False


class Whole(Base, part=True):
    """Does it.

    In two ways.
    """

    size: int = 1  #: how large
    hidden: int = 2

    def __init_subclass__(cls, name: str = "", **others: Any) -> None:
        """Derived under a name."""

    def __init__(self, size: int) -> None:
        #: what was given
        self.given = size
        self.own = size

    @property
    def double(self) -> int:
        """Twice the size."""

    async def ask(
        self,
        what: str,
        *args: Any,
        often: int = 1_000,
        pairs: tuple[
            str,  # the one
            str,
        ] = ("a", "b"),
        **more: Any,
    ) -> dict[str, list[int]]:
        """Ask.

        Twice.
        """

    @staticmethod
    def made(of: str) -> "Whole":
        """Made of a text."""

    def _private(self) -> None:
        """No."""

    def run(self) -> None:  # internal
        """For others here."""

    def untold(self) -> None: ...
'''
INNER = '''\
"""Private."""

class Base:
    """Private as well."""

    def inherited(self, a=1):
        """From the base."""

@contextmanager
def f(a, b=2, *, c) -> Iterator[int]:
    """Adds."""
'''
PAGE = """\
<!-- Written by scripts/generate.py. Do not edit. -->

# Parts

The public parts of `toy.venue`. [README.md](README.md) says what is promised about them.

| module | what for |
| --- | --- |
| [`toy.venue.parts`](#toyvenueparts) | What is built on. |

## `toy.venue.parts`

What is built on.

More about it.

For sync classes, `toy.venue.parts_sync` has the same without `async`.

### `LIMIT`

```python
LIMIT = 3
```

How many there
may be.

### `Kind`

```python
Kind = str | None
```

A word.

### `Page`

```python
class Page(NamedTuple)
Page(rows: list[str], last: bool = False)
```

Rows.

Its members:

- `rows: list[str]`: All of them.

### `Whole`

```python
class Whole(Base, part=True)
Whole(size: int)
```

Does it.

In two ways.

Its members:

- `size: int = 1`: how large
- `class ...(Whole, name: str = "")`: Derived under a name.
- `given: int`: what was given
- `double: int`: Twice the size.
- `async ask(what: str, *args: Any, often: int = 1_000, pairs: tuple[str, str] = ("a", "b"), **more: Any) \
-> dict[str, list[int]]`: Ask.

  Twice.
- `made(of: str) -> "Whole"`: Made of a text.
- `inherited(a=1)`: From the base.

### `f`

```python
@contextmanager
f(a, b=2, *, c) -> Iterator[int]
```

Adds.
"""


@pytest.fixture
def project(tmp_path: Path) -> Path:
    texts = {"parts": PARTS, "parts_sync": PARTS, "inner": INNER, "__init__": ""}
    (tmp_path / "toy/venue").mkdir(parents=True)
    for name, text in texts.items():
        (tmp_path / f"toy/venue/{name}.py").write_text(text)
    return tmp_path


def test_a_page(project):
    assert reference.page(project, "toy.venue", "Parts").splitlines() == PAGE.splitlines()


def test_a_name_from_outside_is_not_ours_to_promise(project):
    path = project / "toy/venue/parts.py"
    path.write_text(PARTS.replace('"f"]', '"f", "loads"]'))
    with pytest.raises(LookupError, match=r"toy\.venue\.parts has no loads"):
        reference.page(project, "toy.venue", "Parts")


def test_there_are_pages_for_the_packages_that_there_are():
    root = Path(reference.__file__).resolve().parents[1]
    pages = reference.pages(root)
    assert {"docs/reference/venue.md", "docs/reference/frontend.md"} <= pages.keys()
    assert all((root / path).read_text() == text for path, text in pages.items())
