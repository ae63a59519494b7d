"""Several of freqtrade's commands in one process of its environment, as it takes seconds to import."""

import json
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from tests.clients.client_programs import Environment
from tests.clients.freqtrade_bot import WIDE

Command = Sequence[object]

HYPEROPT = (
    *("--disable-param-export", "--epochs", "3", "--job-workers", "1"),
    *("--hyperopt-loss", "OnlyProfitHyperOptLoss"),
)
"""What the command of this name is given: enough to see that it works."""

_MARK = "==== "
_PROGRAM = f"""
import json, logging, os, signal, sys

from freqtrade.main import main

class Stopper(logging.Handler):
    def emit(self, record):
        if sys.argv[2] and sys.argv[2] in record.getMessage():
            os.kill(os.getpid(), signal.SIGINT)

signal.signal(signal.SIGINT, signal.default_int_handler)  # it may be ignored where tests run
logging.getLogger("freqtrade").addHandler(Stopper())
for arguments in json.loads(sys.argv[1]):
    for stream in (sys.stdout, sys.stderr):
        print("{_MARK}" + arguments[0], file=stream, flush=True)
    try:
        main(arguments)
    except SystemExit as end:
        if end.code and not (sys.argv[2] and end.code == 130):  # that of Ctrl-C
            raise
"""


def run_commands(
    environment: Environment,
    sandbox: str,
    *commands: Command,
    stop_when: str = "",
    env: Mapping[str, str] = {},
    **options: Any,
) -> list[tuple[str, str]]:
    """What each printed on stdout and stderr. All must end well; exchanges are those of the sandbox at an
    address, or in a file. A bot is stopped, as by Ctrl-C, when a line of its log has these words."""
    asked = json.dumps([[str(word) for word in command] for command in commands])
    done: subprocess.CompletedProcess[str] = environment.run(
        *("ccxt-ext", "run", "--attach", sandbox, "--"),
        *(environment.program("python"), "-c", _PROGRAM, asked, stop_when),
        env={**WIDE, **env},
        **options,
    )
    out, errors = (parted(text) for text in (done.stdout, done.stderr))
    return list(zip(out, errors, strict=True))


def parted(text: str) -> list[str]:
    return [part.partition("\n")[2] for part in text.split(_MARK)[1:]]


def written(folder: Path, config: Mapping[str, Any]) -> tuple[str, ...]:
    """The arguments for a configuration and a folder of its own, both in this folder."""
    (folder / "config.json").write_text(json.dumps(config))
    return ("--config", str(folder / "config.json"), "--userdir", str(folder / "user_data"))
