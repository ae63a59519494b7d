"""Programs in processes of their own, pointed at the sandbox of a test."""

from __future__ import annotations

import os
import shlex
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Any

from ccxt_ext.program.environment import armed, pointed
from ccxt_ext.sandbox.errors import SandboxError

__tracebackhide__ = True  # pytest shows the line of the test that called this

PYTHONS = ("python", "python3")
PATIENCE_S = 5.0
"""How long a program may take to end when it is asked to, before it is killed."""
SHOWN_LINES = 20


class ProgramFailed(subprocess.CalledProcessError):
    """A program has ended with another exit code than 0. The text has the last lines that it wrote."""

    def __str__(self) -> str:
        written = "\n".join((self.stdout + self.stderr).splitlines()[-SHOWN_LINES:])
        return f"{shown(self.cmd)} ended with exit code {self.returncode}:\n{written}"


class Program:
    """A program that runs beside the test. It is ended with the test, or with its `with` block."""

    def __init__(
        self, command: Sequence[str], environment: Mapping[str, str], cwd: Any, input: str | None
    ) -> None:  # internal
        self.command = command
        """The program and its arguments."""
        self._folder = tempfile.TemporaryDirectory(prefix="ccxt-ext-program-")
        given, *written = (Path(self._folder.name, name) for name in ("stdin", "stdout", "stderr"))
        self._written = written
        self._texts: list[str] | None = None
        given.write_text(input or "", "utf-8")
        try:
            with given.open("rb") as stdin, written[0].open("wb") as stdout, written[1].open("wb") as stderr:
                self._process = subprocess.Popen(
                    command,
                    env=dict(environment),
                    cwd=cwd,
                    stdin=stdin,
                    stdout=stdout,
                    stderr=stderr,
                    start_new_session=True,  # so that what it starts can be ended with it
                )
        except OSError as error:
            self._folder.cleanup()
            raise SandboxError(f"{shown(command)} cannot be run: {error.strerror}") from None

    @property
    def returncode(self) -> int | None:
        """Its exit code; None while it runs."""
        return self._process.poll()

    @property
    def stdout(self) -> str:
        """What it has written so far."""
        return self._read()[0]

    @property
    def stderr(self) -> str:
        """What it has written to standard error so far."""
        return self._read()[1]

    def wait(self, timeout: float = 60, check: bool = True) -> subprocess.CompletedProcess[str]:
        """Wait until it has ended, and return what it wrote. After `timeout` seconds it is stopped.

        Raises subprocess.TimeoutExpired then, and with `check` subprocess.CalledProcessError for another
        exit code than 0.
        """
        try:
            code = self._process.wait(timeout)
        except subprocess.TimeoutExpired:
            self.stop()
            written = [text.encode() for text in self._read()]
            raise subprocess.TimeoutExpired(self.command, timeout, *written) from None
        if check and code:
            raise ProgramFailed(code, list(self.command), *self._read())
        return subprocess.CompletedProcess(list(self.command), code, *self._read())

    def stop(self) -> int:
        """Ask it to end, and return its exit code. If it does not within 5 seconds, it is killed."""
        self._signal(signal.SIGTERM)
        try:
            return self._process.wait(PATIENCE_S)
        except subprocess.TimeoutExpired:
            self._signal(getattr(signal, "SIGKILL", signal.SIGTERM))
            return self._process.wait()

    def _signal(self, number: int) -> None:
        if self._process.poll() is not None:
            return
        if hasattr(os, "killpg"):
            os.killpg(self._process.pid, number)
        else:
            self._process.terminate()

    def end(self) -> None:  # internal
        """Stop it, and keep what it wrote."""
        self.stop()
        self._texts = self._read()
        self._folder.cleanup()

    def _read(self) -> list[str]:
        if self._texts is not None:
            return self._texts
        return [path.read_bytes().decode("utf-8", "replace") for path in self._written]

    def __enter__(self) -> Program:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.stop()

    def __repr__(self) -> str:
        code = self.returncode
        return f"<{shown(self.command)}: {'runs' if code is None else f'ended with {code}'}>"


class Programs:
    """The programs of one test."""

    def __init__(self) -> None:
        self._started: list[Program] = []

    def start(
        self,
        command: str | Sequence[str | os.PathLike[str]],
        configs: Mapping[str, Mapping[str, Any]],
        *,
        input: str | None = None,
        env: Mapping[str, str] | None = None,
        cwd: str | os.PathLike[str] | None = None,
        strict: bool = True,
    ) -> Program:
        """Start a program that these accounts' configs are given to, by venue."""
        arguments = (
            shlex.split(command) if isinstance(command, str) else [os.fspath(each) for each in command]
        )
        if not arguments:
            raise SandboxError("no command; for example: run('python bot.py')")
        environment = pointed(armed({**os.environ, **(env or {})}), configs, strict)
        program = Program([_found(arguments[0], environment), *arguments[1:]], environment, cwd, input)
        self._started.append(program)
        return program

    def end(self) -> None:
        for program in self._started:
            program.end()
        self._started.clear()


def _found(name: str, environment: Mapping[str, str]) -> str:
    """The program's path. Python is the one that runs the test."""
    if name in PYTHONS:
        return sys.executable
    path = shutil.which(name, path=environment.get("PATH"))
    if path is None and not Path(name).is_file():
        raise SandboxError(f"{name}: no such command")
    return path or name


def shown(command: Sequence[str]) -> str:
    return shlex.join(map(str, command))
