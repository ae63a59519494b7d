"""`ccxt-ext new-venue`: what it prints, and wrong use. tests/authoring has what it writes."""

import shutil
from pathlib import Path

import pytest

from ccxt_ext.authoring.new_venue.insertions import PLACES
from tests.cli.cli_helpers import run, run_here

ROOT = Path(__file__).resolve().parents[2]


def test_what_is_written_is_told_and_what_to_do_next(tmp_path: Path) -> None:
    folder = tmp_path / "new" / "shop"
    done = run(
        "new-venue", "brandnew", "--external", str(folder), "--name", "A Shop", "--url", "https://shop.test"
    )
    assert (done.returncode, done.stderr) == (0, "")
    told, steps = done.stdout.split("\nNext:\n")
    files = {path for path in folder.rglob("*") if path.is_file()}
    assert {Path(line.removeprefix("wrote ")) for line in told.splitlines()} == files
    assert f"    cd {folder}\n" in steps
    assert "    ccxt-ext call brandnew fetchTicker BTC/USDT --sandbox\n" in steps
    assert '"name": "A Shop"' in (folder / "src/ccxt_brandnew/metadata.py").read_text()
    assert not (folder / "src/ccxt_brandnew/feed.py").exists()


def test_an_empty_folder_will_do(tmp_path: Path) -> None:
    done = run("new-venue", "brandnew", "--external", ".", "--swap", "--streams", cwd=tmp_path)
    assert done.returncode == 0
    assert (tmp_path / "src/ccxt_brandnew/feed.py").exists()
    assert (tmp_path / "src/ccxt_brandnew/perpetuals.py").exists()


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("Acme",), "the id 'Acme' is not a Python name"),
        (("binance",), "the id 'binance' is taken"),
        (("btex",), "the id 'btex' is taken"),
        (("abstract",), "the id 'abstract' is taken"),
        (("brandnew", "--url", "ftp://acme.com"), "the URL 'ftp://acme.com' is not like"),
        (("brandnew", "--name", '"'), "the name '\"' is not"),
        ((), "Missing argument 'ID'"),
    ],
)
def test_wrong_use_is_one_line_and_leaves_nothing(tmp_path: Path, arguments: list[str], told: str) -> None:
    done = run_here("new-venue", *arguments, "--external", str(tmp_path / "new"))
    assert (done.returncode, done.stdout) == (2, "")
    [line] = done.stderr.splitlines()
    assert line.startswith("ccxt-ext new-venue: ")
    assert told in line
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_is_not_empty(tmp_path: Path) -> None:
    (tmp_path / "mine").write_text("mine")
    for folder in (tmp_path, tmp_path / "mine"):
        done = run_here("new-venue", "brandnew", "--external", str(folder))
        assert (done.returncode, done.stdout) == (2, "")
        assert done.stderr == f"ccxt-ext new-venue: {folder} is not an empty folder\n"
    assert [path.name for path in tmp_path.iterdir()] == ["mine"]


def test_in_no_checkout_a_folder_has_to_be_given(tmp_path: Path) -> None:
    done = run("new-venue", "brandnew", cwd=tmp_path)
    assert (done.returncode, done.stdout) == (2, "")
    assert "is in no checkout of ccxt-ext: say --external DIR" in done.stderr


def test_in_a_checkout_of_ours_it_becomes_one_of_ours(tmp_path: Path) -> None:
    for path in {place.path for place in PLACES}:
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / path, tmp_path / path)
    done = run("new-venue", "brandnew", cwd=tmp_path / "docs")
    assert (done.returncode, done.stderr) == (0, "")
    assert f"wrote {tmp_path / 'ccxt_ext/venues/brandnew/rest.py'}\n" in done.stdout
    assert f"changed {tmp_path / 'setup.cfg'}\n" in done.stdout
    assert "    make generate\n" in done.stdout
    again = run("new-venue", "brandnew", cwd=tmp_path)
    assert (again.returncode, again.stdout) == (2, "")
    assert again.stderr.endswith(" exists\n")
