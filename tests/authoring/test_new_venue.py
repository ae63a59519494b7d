"""What makes a new venue's files: its rules for templates, what an author may answer, all files or none."""

from pathlib import Path

import pytest

from ccxt_ext.authoring.new_venue import Answers, Unfit, WouldOverwrite, write_all
from ccxt_ext.authoring.new_venue.rendering import rendered

WORDS = {"acme": "shop", "Acme Exchange": "The acme Shop", "Acme": "Shop"}


@pytest.mark.parametrize(
    ("template", "flags", "text"),
    [
        ("acme = 'Acme Exchange'\nclass AcmeFeed:\n", (), "shop = 'The acme Shop'\nclass ShopFeed:\n"),
        ("a\nb  # with --swap\nc\n", (), "a\nc\n"),
        ("a\nb  # with --swap\nc\n", ("swap",), "a\nb\nc\n"),
        ("a\nb  # with --swap\nc\n", ("streams",), "a\nc\n"),
        ("a  # why  # with --swap\n", ("swap",), "a  # why\n"),
        ('{"a": 1} // with --swap\n| b | <!-- with --swap -->\n', ("swap",), '{"a": 1}\n| b |\n'),
        ("# with --swap\nall of it\n", (), None),
        ("# with --swap\nall of it\n", ("swap",), "all of it\n"),
        # Blank lines around what is left out do not add up.
        ("a\n\n\nb  # with --swap\n    c  # with --swap\n\n\nd\n", (), "a\n\n\nd\n"),
        ("a\n\nb  # with --swap\nc\n", (), "a\n\nc\n"),
        ("a\n\nb  # with --swap\n", (), "a\n"),
        ("a\n\nb  # with --swap\n\nc  # with --swap\n\n\nd\n", (), "a\n\n\nd\n"),
        ("", (), ""),
    ],
)
def test_the_rules_for_templates(template: str, flags: tuple[str, ...], text: str | None) -> None:
    assert rendered(template, WORDS, flags) == text


@pytest.mark.parametrize(
    "id", ["", "Acme", "ac-me", "1st", "class", "ccxt", "rest", "exchange", "a" * 31, "é"]
)
def test_an_id_that_no_venue_can_have(id: str) -> None:
    with pytest.raises(Unfit, match="the id"):
        Answers.checked(id)


def test_an_id_that_somebody_has() -> None:
    with pytest.raises(Unfit, match="'binance' is taken"):
        Answers.checked("binance", taken={"binance"})


@pytest.mark.parametrize("name", ["", " ", 'a "b"', "a\nb", "a\\", "Köln", "x" * 41, "-a"])
def test_a_name_that_would_not_fit(name: str) -> None:
    with pytest.raises(Unfit, match="the name"):
        Answers.checked("acme", name)


@pytest.mark.parametrize(
    "url",
    [
        "",
        "api.acme.com",
        "http://api.acme.com",
        "https://",
        "https://a.com/v1",
        "https://a b",
        "https://u@a.com",
    ],
)
def test_a_url_that_is_none(url: str) -> None:
    with pytest.raises(Unfit, match="the URL"):
        Answers.checked("acme", url=url)


def test_what_is_taken_if_nothing_is_said() -> None:
    assert Answers.checked("my_shop") == Answers("my_shop", "MyShop", "https://api.my-shop.example")
    assert Answers.checked("acme", url="https://acme.com:8443/").url == "https://acme.com:8443"


def tree(root: Path) -> dict[str, str | None]:
    return {
        str(path.relative_to(root)): path.read_text() if path.is_file() else None for path in root.rglob("*")
    }


def test_files_are_written_in_new_folders(tmp_path: Path) -> None:
    (tmp_path / "old").write_text("before")
    write_all(tmp_path, {"a/b/c": "new", "d": "new"}, {"old": "after"})
    assert tree(tmp_path) == {"a": None, "a/b": None, "a/b/c": "new", "d": "new", "old": "after"}


def test_nothing_is_written_over(tmp_path: Path) -> None:
    (tmp_path / "b").write_text("mine")
    with pytest.raises(WouldOverwrite, match="b exists"):
        write_all(tmp_path, {"a": "new", "b": "new"})
    assert tree(tmp_path) == {"b": "mine"}


@pytest.mark.parametrize("trouble", [OSError("no space left"), KeyboardInterrupt()])
def test_nothing_is_left_when_it_fails(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, trouble: BaseException
) -> None:
    (tmp_path / "old").write_text("before")
    write = Path.write_bytes

    def fail_at_last(path: Path, content: bytes) -> int:
        if content == b"after":
            write(path, b"half of it")
            raise trouble
        return write(path, content)

    monkeypatch.setattr(Path, "write_bytes", fail_at_last)
    with pytest.raises(type(trouble)):
        write_all(tmp_path, {"new/a/b": "new", "c": "new"}, {"old": "after"})
    assert tree(tmp_path) == {"old": "before"}
