"""Runs the real command, piped or on a terminal; or what it does, in this process."""

import fcntl
import io
import os
import pty
import re
import struct
import subprocess
import sys
import termios
from collections.abc import Mapping
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path
from unittest import mock

from ccxt_ext.cli import main

COMMAND = [sys.executable, "-m", "ccxt_ext"]
PATIENCE_S = 60
DECORATION = re.compile(r"\x1b\[[0-9;?]*[a-zA-Z]")
COLOUR = re.compile(r"\x1b\[(\d+;)*3[0-9]")


def environment(changes: Mapping[str, str] = {}) -> dict[str, str]:
    """This one, without what would change how the command behaves."""
    kept = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith("CCXT_EXT_")
        and name not in ("NO_COLOR", "FORCE_COLOR", "COLUMNS", "PYTHONPATH")
    }
    return {**kept, "PYTHONUTF8": "1", **changes}


def run(
    *arguments: str, env: Mapping[str, str] = {}, cwd: Path | None = None
) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [*COMMAND, *arguments],
        env=environment(env),
        cwd=cwd,
        capture_output=True,
        text=True,
        timeout=PATIENCE_S,
    )


def run_here(*arguments: str, env: Mapping[str, str] = {}) -> subprocess.CompletedProcess[str]:
    """As `run`, for what needs no process of its own: most of its time that would import ccxt."""
    out, error = io.StringIO(), io.StringIO()
    with (
        mock.patch.dict(os.environ, environment(env), clear=True),
        redirect_stdout(out),
        redirect_stderr(error),
    ):
        code = main(arguments)
    return subprocess.CompletedProcess(arguments, code, out.getvalue(), error.getvalue())


def run_on_terminal(*arguments: str, columns: int = 100, env: Mapping[str, str] = {}) -> tuple[int, str]:
    """The exit code, and all that a terminal of that width is sent."""
    master, slave = pty.openpty()
    fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", 50, columns, 0, 0))
    process = subprocess.Popen(
        [*COMMAND, *arguments],
        env=environment({"TERM": "xterm-256color", **env}),
        stdin=slave,
        stdout=slave,
        stderr=slave,
        start_new_session=True,
    )
    os.close(slave)
    output = b""
    with os.fdopen(master, "rb", buffering=0) as terminal:
        while True:
            try:
                part = terminal.read(65536)
            except OSError:  # how Linux tells the end of a terminal
                break
            if not part:
                break
            output += part
    return process.wait(PATIENCE_S), output.decode().replace("\r\n", "\n")


def undecorated(text: str) -> str:
    return DECORATION.sub("", text)
