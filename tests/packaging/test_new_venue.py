"""What every venue brings: files of its own, and lines in shared ones. Tells all that a new one lacks."""

from pathlib import Path

import pytest

from tests.ids import IDS

ROOT = Path(__file__).resolve().parents[2]
PAGE = "CONTRIBUTING.md"

FILES = (
    "ccxt_ext/venues/ID/__init__.py",
    "ccxt_ext/venues/ID/metadata.py",
    "ccxt_ext/venues/ID/protocol.py",
    "ccxt_ext/venues/ID/rest.py",
    "ccxt_ext/venues/ID/rest_sync.py",
    "ccxt_ext/venues/ID/stream.py",
    "ccxt_ext/sandbox/frontends/ID/frontend.py",
    "tests/data/ID/documented",
    "tests/data/ID/expected",
    "tests/venues/ID/profile.py",
    "tests/static/request/ID.json",
    "tests/static/response/ID.json",
    "tests/static/markets/ID.json",
    "tests/static/currencies/ID.json",
    "tests/sandbox/frontends/ID/test_refusals.py",
    "benchmarks/payloads/ID.py",
    "cassettes/ID",
    "docs/venues/ID.md",
)

LINES = {
    "tests/cassettes/recorded_venues.py": '"ID": Profile(',
    "tests/clients/client_venues.py": '"ID": ClientVenue(',
    "README.md": "| `ID` |",
    "docs/streams.md": "| `ID` |",
    "docs/sandbox-venues.md": "## ID\n",
}


def lacking(id: str, root: Path = ROOT) -> list[str]:
    lines = {path: line.replace("ID", id) for path, line in LINES.items()}
    return [
        *(path for path in (name.replace("ID", id) for name in FILES) if not (root / path).exists()),
        *(f"{path}: {line}" for path, line in lines.items() if line not in (root / path).read_text()),
    ]


@pytest.mark.parametrize("id", IDS)
def test_a_venue_has_all_that_it_needs(id: str) -> None:
    lacks = lacking(id)
    assert not lacks, "\n".join([f"{id} lacks, of what {PAGE} tells:", *lacks])


def test_one_that_nobody_has_written_lacks_everything() -> None:
    assert len(lacking("nowhere")) == len(FILES) + len(LINES)


@pytest.mark.parametrize("path", LINES)
def test_the_page_tells_of_every_shared_file(path: str) -> None:
    assert Path(path).name in (ROOT / PAGE).read_text()
