"""What docs/containers.md shows works as printed, as far as that can be seen without containers."""

import json
import re
import socket
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from tests.cli.cli_helpers import COMMAND, PATIENCE_S, environment, run
from tests.ids import IDS

PAGE = (Path(__file__).parents[2] / "docs" / "containers.md").read_text()
IMAGE, BOT_IMAGE = re.findall(r"```dockerfile\n(.*?)```", PAGE, re.DOTALL)
SERVICES = yaml.safe_load(re.findall(r"```yaml\n(.*?)```", PAGE, re.DOTALL)[0])["services"]
COMMANDS = [json.loads(line) for line in re.findall(r"CMD (\[.*\])", IMAGE)]
NAME = "sandbox"  # of the service, so the bot's name for its host

# Python imports it at its start: in a network of containers, the service's name leads to its address.
RESOLVER = f"""
import socket
resolve = socket.getaddrinfo
socket.getaddrinfo = lambda host, *a, **k: resolve("127.0.0.1" if host == {NAME!r} else host, *a, **k)
"""

BOT = """
import ccxt
exchange = ccxt.btex({"apiKey": "of mine", "secret": "of mine"})
print(exchange.create_order("BTC/USDT", "limit", "buy", 0.01, 1000)["id"] != "", exchange.urls["api"]["spot"])
"""


@pytest.fixture(scope="module")
def control():
    """The port of a sandbox that was started as its container starts it, but for its ports."""
    words = SERVICES[NAME]["command"]
    assert words[0] == "ccxt-ext"
    at = words.index("--port")
    command = [*COMMAND, *words[1:at], *words[at + 2 :], "--json"]
    with subprocess.Popen(command, env=environment(), stdout=subprocess.PIPE, text=True) as process:
        try:
            yield json.loads(process.stdout.readline())["control"].rpartition(":")[2]
        finally:
            process.kill()


def test_a_bot_in_another_container_trades(control, tmp_path):
    (tmp_path / "sitecustomize.py").write_text(RESOLVER)
    url = SERVICES["bot"]["entrypoint"][3].replace("8000", control)
    words = [*SERVICES["bot"]["entrypoint"][1:3], url, "--", sys.executable, "-c", BOT]
    env = {**SERVICES["bot"]["environment"], "PYTHONPATH": str(tmp_path)}
    done = run(*words, env=env)
    assert done.returncode == 0, done.stderr
    traded, address = done.stdout.split()
    assert traded == "True"
    assert address.startswith(f"http://{NAME}:")
    denied = run(*words, env={**env, "CCXT_EXT_ALLOW_HOSTS": "another"})
    assert denied.returncode == 2
    assert f"{NAME} is not loopback" in denied.stderr


def test_the_container_is_healthy_once_the_sandbox_answers(control):
    python, *code = COMMANDS[0]
    assert python == "python"
    words = [word.replace("8000", control) for word in code]
    assert subprocess.run([sys.executable, *words], timeout=PATIENCE_S).returncode == 0
    with socket.socket() as nobody:
        nobody.bind(("127.0.0.1", 0))
        words = [word.replace("8000", str(nobody.getsockname()[1])) for word in code]
        assert subprocess.run([sys.executable, *words], stderr=subprocess.DEVNULL).returncode != 0


def test_all_its_ports_are_open():
    first, last = re.search(r"EXPOSE (\d+)-(\d+)", IMAGE).groups()
    assert int(last) - int(first) == len(IDS)
    assert COMMANDS[1][COMMANDS[1].index("--port") + 1] == first
    assert SERVICES["bot"]["entrypoint"][3] == f"http://{NAME}:{first}"
    assert NAME in SERVICES["bot"]["depends_on"]
