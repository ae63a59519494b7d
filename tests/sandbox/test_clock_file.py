"""The file that tells the time: killed sandboxes leave theirs behind, and the next one takes them away."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from ccxt_ext.sandbox import clock_file
from ccxt_ext.sandbox.clock_file import PREFIX, ClockFile
from ccxt_ext.sandbox.engine import Clock

KEEPER = """
from ccxt_ext.sandbox.clock_file import ClockFile
from ccxt_ext.sandbox.engine import Clock
file = ClockFile()
file.open(Clock())
print(file.path, flush=True)
input()
"""


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    return tmp_path


def keeper(folder: Path) -> tuple[subprocess.Popen[str], Path]:
    """Another process with such a file."""
    process = subprocess.Popen(
        [sys.executable, "-c", KEEPER],
        env={**os.environ, "TMPDIR": str(folder)},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    return process, Path(process.stdout.readline().strip())


@contextmanager
def opened() -> Iterator[Path]:
    file = ClockFile()
    file.open(Clock())
    assert file.path is not None
    path = Path(file.path)
    assert path.exists()
    yield path
    file.close()
    assert not path.exists()


def test_the_next_sandbox_takes_away_what_a_killed_one_has_left_and_nothing_else(folder: Path) -> None:
    killed, left = keeper(folder)
    living, kept = keeper(folder)
    others = [folder / name for name in ("ccxt-ext-other", f"{PREFIX}link", f"{PREFIX}dir", f"{PREFIX}pipe")]
    others[0].touch()
    others[1].symlink_to(others[0])
    others[2].mkdir()
    os.mkfifo(others[3])
    with killed, living:
        assert left.exists() and kept.exists()
        killed.send_signal(signal.SIGKILL)
        killed.wait()
        with opened() as mine:
            assert not left.exists()
            assert sorted(folder.iterdir()) == sorted([mine, kept, *others])
            with opened():  # a second one in this process does not take the first one's
                assert mine.exists()
        assert kept.exists()
        living.communicate("\n")


def test_files_of_other_users_and_those_that_cannot_be_removed_stay(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    left = folder / f"{PREFIX}left"
    left.touch()
    with monkeypatch.context() as patch:
        patch.setattr(os, "geteuid", lambda: left.stat().st_uid + 1)
        with opened():
            assert left.exists()

    unlink = os.unlink

    def refuse(path: str) -> None:
        if path == str(left):
            raise PermissionError
        unlink(path)

    with monkeypatch.context() as patch:
        patch.setattr(clock_file.os, "unlink", refuse)
        with opened():
            assert left.exists()
    with opened():
        assert not left.exists()


def test_one_that_somebody_took_away_does_no_harm() -> None:
    file = ClockFile()
    file.open(Clock())
    assert file.path is not None
    os.unlink(file.path)
    file.tell(Clock(frozen=True))
    file.close()


def test_without_locks_nothing_is_taken_away(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (folder / f"{PREFIX}left").touch()

    def refuse(file: int, how: int) -> None:
        raise OSError("no locks here")

    monkeypatch.setattr(clock_file.fcntl, "flock", refuse)
    with opened():
        assert (folder / f"{PREFIX}left").exists()


def test_one_that_was_taken_away_before_it_was_locked_is_made_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    lock, taken = clock_file._lock, []

    def late(file: int) -> bool | None:
        if len(taken) < 2:
            [path] = Path(tempfile.gettempdir()).iterdir()
            path.unlink()
            taken.append(path)
            return len(taken) == 1
        return lock(file)

    monkeypatch.setattr(clock_file, "_lock", late)
    with opened() as path:
        assert path not in taken


def test_where_the_folder_cannot_be_read_there_is_a_file_all_the_same(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(path: str) -> None:
        raise PermissionError

    monkeypatch.setattr(clock_file.os, "scandir", refuse)
    with opened():
        assert folder.exists()
