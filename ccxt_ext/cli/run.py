"""`ccxt-ext run`: runs any program in which ccxt has the venues, if wanted with a sandbox behind them."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import time
from typing import Annotated, Any

import typer

from ccxt_ext.cli.exits import FAILED, WrongUse, complain
from ccxt_ext.cli.sandbox import (
    Accounts,
    Attach,
    Books,
    Candles,
    Clock,
    Fit,
    Limit,
    Limits,
    Live,
    Options,
    Prices,
    Scenario,
    Seed,
    Start,
    Time,
    Venues,
    accounts_in,
    market_in,
    options_in,
    running,
)
from ccxt_ext.cli.venues import SANDBOX, addresses, ids_of, known
from ccxt_ext.program.environment import armed, pointed
from ccxt_ext.program.own_sandbox import STRICT_VARIABLE, own_sandbox

WHO = "ccxt-ext run"
NOT_FOUND = 127  # as in shells
NOT_EXECUTABLE = 126
WATCH_S = 0.1


def run(
    context: typer.Context,
    command: Annotated[list[str] | None, typer.Argument(metavar="-- COMMAND...", show_default=False)] = None,
    sandbox: Annotated[bool, typer.Option("--sandbox", help="Point the venues at a sandbox.")] = False,
    attach: Attach = None,
    venue: Venues = None,
    seed: Seed = 1,
    live: Live = False,
    limits: Limit = Limits.relaxed,
    option: Options = None,
    prices: Prices = None,
    candles: Candles = None,
    fit: Fit = False,
    book: Books = None,
    start: Start = None,
    account: Accounts = None,
    clock: Time = Clock.running,
    scenario: Scenario = None,
    strict: Annotated[
        bool,
        typer.Option(
            "--strict", help="With a sandbox: no exchange of ccxt reaches anything but the sandbox."
        ),
    ] = False,
) -> int:
    """Run a program in which ccxt has the venues.

    It works in programs of other Python environments too, those without ccxt-ext. With --sandbox, every
    client of a venue talks to a local sandbox, whatever keys and addresses it was given, and reaches nothing
    else. With --strict, the exchanges that ccxt has itself reach nothing at all.
    """
    if not command:
        raise WrongUse("run", "no COMMAND; for example: ccxt-ext run --sandbox -- python bot.py")
    venues = known("run", venue or (), SANDBOX)
    settings = {
        "venues": venues or None,
        "seed": seed,
        "live": live,
        "limits": limits.value,
        "options": options_in("run", option or (), venues),
        "prices": prices,
        "accounts": accounts_in("run", account or ()),
        "clock": clock.value,
        **market_in("run", candles or (), fit, book or (), start),
        "scenario": scenario,
    }
    if sandbox and attach is not None:
        raise WrongUse("run", "--sandbox starts a sandbox, --attach uses one that runs; leave out one")
    usual = seed == 1 and limits is Limits.relaxed and clock is Clock.running
    moved = prices or candles or book or start or scenario
    if not sandbox and (venue or live or option or moved or account or not usual):
        moving = "--prices, --candles, --book, --start, --scenario"
        names = f"--venue, --seed, --live, --limits, --option, {moving}, --account and --clock"
        raise WrongUse("run", f"{names} are for --sandbox")
    if strict and not sandbox and attach is None:
        raise WrongUse("run", "--strict is for --sandbox and --attach")
    program = shutil.which(command[0])
    if program is None:
        there = os.path.isfile(command[0])
        complain(WHO, f"{command[0]}: {'cannot be executed' if there else 'no such command'}")
        return NOT_EXECUTABLE if there else NOT_FOUND
    environment = armed(os.environ)
    if strict:
        environment[STRICT_VARIABLE] = "1"
    if attach is not None:
        with running("run", attach) as box:
            announce(environment, box.describe())
    if not hasattr(os, "fork"):  # Windows, where a program cannot replace this process either
        return run_within(program, command, environment, settings if sandbox else None)
    if sandbox:
        try:
            announce(environment, start_beside(settings))
        except OSError as error:
            complain(WHO, f"the sandbox did not start: {error}")
            return FAILED
    sys.stdout.flush()
    # The program takes this process's place: signals, exit code and terminal are its own.
    os.execve(program, command, environment)


def announce(environment: dict[str, str], box: dict[str, Any]) -> None:
    """Point the program at the sandbox, and say so."""
    configs = {venue: accounts["config"] for venue, accounts in box["venues"].items()}
    environment.update(pointed({}, configs))
    for venue, config in configs.items():
        urls = sorted(url for url in addresses(config["urls"]["api"]) if url.startswith("http"))
        origins = dict.fromkeys("/".join(url.split("/")[:3]) for url in urls)
        complain(WHO, f"{venue} is a sandbox at {', '.join(origins)}")
    if environment.get(STRICT_VARIABLE, "0") != "0":
        complain(WHO, "all other exchanges of ccxt are closed: they send nothing")
    elif closed := [id for id in ids_of() if id not in configs]:
        complain(WHO, f"closed, as the sandbox does not serve them: {', '.join(closed)}")
    complain(WHO, f"control port {box['control']}")


def start_beside(settings: dict[str, Any]) -> dict[str, Any]:
    """Start a sandbox in a process that ends when this one does, and return its description.

    This process is going to become the program. So the sandbox must not be a child of it, as a program may
    wait for all its children. It must not be in its process group, as Ctrl-C is for the program, which may
    have orders to cancel. And it must hold none of its pipes, as readers wait until all holders have ended.
    """
    reading, writing = os.pipe()
    program = os.getpid()
    middle = os.fork()
    if middle == 0:
        os.setsid()
        if os.fork() == 0:
            serve(settings, program, writing)
        os._exit(0)
    os.close(writing)
    os.waitpid(middle, 0)
    with os.fdopen(reading) as pipe:
        answer = pipe.read()
    told = json.loads(answer or '{"error": "it ended"}')
    if "error" in told:
        raise OSError(told["error"])
    return dict(told)


def serve(settings: dict[str, Any], program: int, writing: int) -> None:
    """Run the sandbox until the program has ended. Its description goes into the pipe."""
    try:
        nothing = os.open(os.devnull, os.O_RDWR)
        for standard in (0, 1):
            os.dup2(nothing, standard)
        with own_sandbox(**settings) as box, os.fdopen(writing, "w") as pipe:
            os.dup2(nothing, 2)  # which venues are left out has been told on it
            json.dump(box.describe(), pipe)
            pipe.close()
            while is_alive(program):
                time.sleep(WATCH_S)
    except Exception as error:
        os.write(writing, json.dumps({"error": str(error)}).encode())
    finally:
        os._exit(0)


def is_alive(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def run_within(
    program: str, command: list[str], environment: dict[str, str], settings: dict[str, Any] | None
) -> int:
    """Run the program as a child of this process."""
    if settings is None:
        return subprocess.run([program, *command[1:]], env=environment).returncode
    with own_sandbox(**settings) as box:
        announce(environment, box.describe())
        return subprocess.run([program, *command[1:]], env=environment).returncode
