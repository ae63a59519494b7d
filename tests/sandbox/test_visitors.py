"""Who may call a sandbox: programs, and no web page but its own."""

from __future__ import annotations

import json
import urllib.error
import urllib.request
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

import aiohttp
import ccxt
import pytest

from ccxt_ext.sandbox import Sandbox
from ccxt_ext.sandbox.visitors import Visitors


@pytest.fixture(scope="module")
def running() -> Iterator[Sandbox]:
    with Sandbox(venues=["bitmart2", "bitexasia"], allow_hosts=["sandbox"]) as sandbox:
        yield sandbox


def ask(url: str, body: bytes | None = None, **headers: str) -> tuple[int, Any]:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    try:
        with urllib.request.urlopen(urllib.request.Request(url, body, named), timeout=20) as response:
            return response.status, json.loads(response.read())
    except urllib.error.HTTPError as error:
        with error:
            return error.code, json.loads(error.read())


def rest_of(sandbox: Sandbox) -> str:
    return str(sandbox.config("bitmart2")["urls"]["api"]["rest"])


FOREIGN = [
    {"Origin": "https://evil.example"},
    {"Origin": "null"},
    {"Origin": "http://localhost:1"},
    {"Sec_Fetch_Site": "cross-site"},
    {"Sec_Fetch_Site": "same-site"},
    {"Host": "evil.example"},
    {"Host": "rebound.example:80"},
    {"Host": "127.0.0.1.evil.example"},
]


@pytest.mark.parametrize("headers", FOREIGN, ids=str)
def test_a_web_page_can_neither_steer_nor_trade(sandbox: Sandbox, headers: dict[str, str]) -> None:
    fault = b'{"kind": "maintenance"}'
    calls = [(f"{sandbox.control_url}/faults", fault), (f"{sandbox.control_url}/", None)]
    for url, body in [*calls, (f"{rest_of(sandbox)}/v2/ping", None)]:
        status, answer = ask(url, body, **headers)
        assert status == 403
        assert list(answer) == ["error"]
    assert sandbox.control("GET", "/faults") == {"faults": []}
    assert sandbox.control("GET", "/requests?venue=bitmart2") == []


def test_what_a_browser_sends_for_a_page_of_another_place() -> None:
    """The headers that Chromium 156 sent, of which nothing was answered but with a refusal."""
    site, page, rebound = "Sec-Fetch-Site", "http://127.0.0.1:34391", "evil.example:8000"
    own, local = {"Host": "127.0.0.1:8000"}, {"Host": "localhost:8000"}
    visitors = Visitors("127.0.0.1", ["sandbox"])
    for headers in (
        {**own, "Origin": page, site: "same-site"},  # fetch with POST or CORS, a form, a beacon, a preflight
        {**own, "Origin": "null", site: "same-site"},  # a POST that was redirected
        {**own, "Origin": "null", site: "cross-site"},  # of a frame without an origin
        {**own, site: "same-site"},  # fetch without CORS, an image, a script, a frame
        {**own, "Origin": page},  # a WebSocket
        {**local, "Origin": page, site: "cross-site"},
        {**local, site: "cross-site"},
        {**own, "Origin": f"http://{rebound}", site: "cross-site"},
        {"Host": rebound},  # a name that leads here by now: GET, and POST or WebSocket
        {"Host": rebound, "Origin": f"http://{rebound}"},
        {"Host": "sandbox:8000", "Origin": f"http://{rebound}"},
        {"Host": "sandbox:8000", "Origin": "null"},
    ):
        lower = {name.lower(): value for name, value in headers.items()}
        assert visitors.why_refused(lower) and visitors.why_refused(lower, only_looks=True), headers


def test_a_browser_that_does_not_tell_where_a_request_is_from_may_only_look() -> None:
    """It does not tell for a GET of an image, a script or a frame to an address that is not loopback."""
    browser = {
        "user-agent": "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 Chrome/156.0.0.0 Safari/537.36",
        "accept-language": "en-US,en;q=0.9",
    }
    visitors = Visitors("0.0.0.0", ["sandbox"])
    for host in ("sandbox:8001", "192.168.1.7:8001"):
        assert visitors.why_refused({"host": host, **browser}) is not None
        assert visitors.why_refused({"host": host, **browser}, only_looks=True) is None
        for name in browser:  # programs that call themselves so, or are read in a language
            assert visitors.why_refused({"host": host, name: browser[name]}) is None
    own = {"host": "127.0.0.1:8001", **browser}
    assert visitors.why_refused({**own, "sec-fetch-site": "none"}) is None
    assert visitors.why_refused({**own, "origin": "http://127.0.0.1:8001"}) is None


def test_no_image_in_a_web_page_trades(sandbox: Sandbox) -> None:
    browser = {"User_Agent": "Mozilla/5.0", "Accept_Language": "en"}
    assert ask(f"{rest_of(sandbox)}/v2/ping", **browser)[0] == 403
    assert ask(f"{sandbox.control_url}/clock", **browser)[0] == 200
    assert ask(f"{sandbox.control_url}/reset", b"{}", **browser)[0] == 403


@pytest.mark.parametrize("path", ["/stream", "/v1/stream"])
async def test_a_web_page_gets_no_stream(sandbox: Sandbox, path: str) -> None:
    url = sandbox.config("bitexasia")["urls"]["api"]["ws"]
    async with aiohttp.ClientSession() as session:
        with pytest.raises(aiohttp.WSServerHandshakeError) as refused:
            await session.ws_connect(
                f"ws://{urlsplit(url).netloc}{path}", headers={"Origin": "https://evil.example"}
            )
    assert refused.value.status == 403


def test_programs_call_as_ever(sandbox: Sandbox) -> None:
    port = urlsplit(sandbox.control_url).port
    own = f"127.0.0.1:{port}"
    for headers in (
        {},
        {"Host": own},
        {"Host": f"localhost:{port}"},
        {"Host": f"sandbox:{port}"},
        {"Host": f"SANDBOX:{port}"},
        {"Host": f"[::1]:{port}"},
        {"Host": f"192.168.1.7:{port}"},
        {"Host": own, "Origin": f"http://{own}"},
        {"Host": own, "Sec_Fetch_Site": "same-origin"},
        {"Host": own, "Sec_Fetch_Site": "none"},
        {"Content_Type": "text/plain"},
    ):
        assert ask(f"{sandbox.control_url}/clock", **headers)[0] == 200, headers
    exchange = ccxt.bitmart2(sandbox.config("bitmart2"))
    assert exchange.fetch_balance()["BTC"]["total"] > 0


def test_the_addresses_go_by_the_name_that_the_caller_uses(sandbox: Sandbox) -> None:
    port = urlsplit(sandbox.control_url).port
    _, told = ask(f"{sandbox.control_url}/", Host=f"sandbox:{port}")
    rest = urlsplit(rest_of(sandbox))
    assert told["control"] == f"http://sandbox:{port}"
    assert told["venues"]["bitmart2"]["config"]["urls"]["api"]["rest"] == f"http://sandbox:{rest.port}"
    _, told = ask(f"{sandbox.control_url}/", Host=f"[::1]:{port}")
    assert told["control"] == f"http://[::1]:{port}"


@pytest.mark.parametrize(
    ("host", "name", "refused"),
    [
        ("127.0.0.1", "localhost:1", False),
        ("0.0.0.0", "10.0.0.3:1", False),
        ("0.0.0.0", "machine:1", True),
        ("machine", "machine:1", False),
        ("machine", "Machine", False),
        ("127.0.0.1", "localhost.evil.example", True),
        ("127.0.0.1", "", True),
        ("127.0.0.1", "[evil]:1", True),
    ],
)
def test_names(host: str, name: str, refused: bool) -> None:
    assert (Visitors(host).why_refused({"host": name}) is not None) is refused
