"""Programs in environments of their own."""

import json
import os
import signal
import subprocess
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any


@dataclass(frozen=True)
class Environment:
    """A virtual environment of the programs' own."""

    folder: Path

    def program(self, name: str) -> str:
        path = self.folder / ("Scripts" if os.name == "nt" else "bin") / name
        return str(path)

    def variables(self) -> dict[str, str]:
        """This process's, without what would let its own Python settings through."""
        return {k: v for k, v in os.environ.items() if not k.startswith(("PYTHON", "CCXT_EXT", "COV"))}

    def start(self, name: str, *arguments: object, **options: Any) -> subprocess.Popen[str]:
        variables = {**self.variables(), **options.pop("env", {})}
        return subprocess.Popen(
            [self.program(name), *map(str, arguments)],
            **{"env": variables, "cwd": self.folder, "text": True, "stdin": subprocess.DEVNULL, **options},
        )

    def run(self, name: str, *arguments: object, **options: Any) -> subprocess.CompletedProcess[str]:
        """Run a program that must end well."""
        variables = {**self.variables(), **options.pop("env", {})}
        done = subprocess.run(
            [self.program(name), *map(str, arguments)],
            **{"env": variables, "cwd": self.folder, "text": True, "capture_output": True, **options},
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done


@dataclass(frozen=True)
class RunningSandbox:
    """`ccxt-ext sandbox --json`, as a program of an environment."""

    described: dict[str, Any]

    def config(self, venue: str, account: str = "config") -> dict[str, Any]:
        config: dict[str, Any] = self.described["venues"][venue][account]
        return config

    def control(self, path: str) -> Any:
        with urllib.request.urlopen(self.described["control"] + path, timeout=30) as answer:
            return json.load(answer)

    def orders(self, venue: str, account: str) -> dict[str, dict[str, Any]]:
        """The engine's own list of an account's orders, by id."""
        return {o["id"]: o for o in self.control(f"/orders?venue={venue}") if o["account"] == account}

    def proofs(self, venue: str) -> set[str]:
        """The tokens and signatures in the headers of the latest requests."""
        seen = self.control(f"/requests?venue={venue}")
        return {
            word
            for request in seen
            for name, value in request["headers"].items()
            for word in value.split()
            if len(word) >= 32 and name.lower() != "content-type"
        }

    def check_ledger(self) -> None:
        for currencies in self.control("/ledger").values():
            for currency, sums in currencies.items():
                assert sums["total"] == sums["deposited"], currency


@contextmanager
def running_sandbox(environment: Environment, log: Path, *options: str) -> Iterator[RunningSandbox]:
    with log.open("w") as errors:
        process = environment.start(
            "ccxt-ext", "sandbox", "--json", *options, stdout=subprocess.PIPE, stderr=errors
        )
    with process:
        assert process.stdout is not None
        line = process.stdout.readline()
        assert line, log.read_text()
        try:
            yield RunningSandbox(json.loads(line))
        finally:
            process.send_signal(signal.SIGTERM)
            assert process.wait(30) == 0, log.read_text()
    assert log.read_text() == ""
