"""A sandbox that runs elsewhere, used by its control port's address or by the file that it wrote."""

from __future__ import annotations

import json
import socket
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import ccxt
import pytest

from ccxt_ext.sandbox import Sandbox, SandboxError
from ccxt_ext.sandbox.command import described_in


@pytest.fixture(scope="module")
def running() -> Iterator[Sandbox]:
    with Sandbox(venues=["bitmart2", "btex"]) as sandbox:
        yield sandbox


def test_it_is_used_as_one_of_ones_own(sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:9")  # nobody is there
    with Sandbox.connect(sandbox.control_url) as box:
        assert box.control_url == sandbox.control_url
        assert box.describe() == sandbox.describe()
        assert box.config("btex", "counterparty") == sandbox.config("btex", "counterparty")
        order = ccxt.bitmart2(box.config("bitmart2")).create_order("BTC/USDT", "limit", "buy", 0.01, 5000)
        assert [row["id"] for row in box.control("GET", "/orders?venue=bitmart2")] == [order["id"]]
        before = box.control("GET", "/clock")["now"]
        assert box.advance(hours=1, minutes=1) >= before + 61 * 60_000
        assert sandbox.control("GET", "/clock")["now"] >= before + 61 * 60_000
    assert sandbox.control("GET", "/faults") == {"faults": []}  # it runs on


def test_what_it_refuses_is_an_error(sandbox: Sandbox) -> None:
    box = Sandbox.connect(sandbox.control_url)
    with pytest.raises(SandboxError, match="unknown venue 'kraken'; there are bitmart2, btex"):
        box.config("kraken")
    with pytest.raises(SandboxError, match="unknown account 'mine'; there are config, counterparty"):
        box.config("btex", "mine")
    with pytest.raises(SandboxError, match="no such call"):
        box.control("GET", "/nothing")


def test_a_file_leads_to_it(sandbox: Sandbox, tmp_path: Path) -> None:
    file = tmp_path / "sandbox.json"
    file.write_text(json.dumps(sandbox.describe()))
    assert Sandbox.connect(file).describe() == sandbox.describe()
    assert Sandbox.connect(str(file)).control_url == sandbox.control_url


@pytest.mark.parametrize(
    ("where", "why"),
    [
        ("nothing.json", "cannot read nothing.json: No such file or directory"),
        ("https://127.0.0.1:1", "is no address of a control port"),
        ("http://127.0.0.1:1/path", "is no address of a control port"),
        ("http://user@127.0.0.1:1", "is no address of a control port"),
        ("http://", "is no address of a control port"),
        ("http://exchange.example:80", "exchange.example is not loopback, and CCXT_EXT_ALLOW_HOSTS"),
        ("http://10.0.0.1:80", "10.0.0.1 is not loopback"),
        ("http://127.0.0.1.example:80", "is not loopback"),
    ],
)
def test_an_address_that_makes_no_sense_is_refused(where: str, why: str) -> None:
    with pytest.raises(SandboxError, match=why):
        Sandbox.connect(where)


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"control": 1}', "[" * 100_000])
def test_a_file_of_another_kind_is_refused(tmp_path: Path, text: str) -> None:
    file = tmp_path / "sandbox.json"
    file.write_text(text)
    with pytest.raises(SandboxError, match="is not what ccxt-ext sandbox --write wrote"):
        Sandbox.connect(file)


def test_nobody_is_there() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))  # nobody listens
        with pytest.raises(SandboxError, match="no sandbox answers at http"):
            Sandbox.connect(f"http://127.0.0.1:{taken.getsockname()[1]}")


@pytest.mark.parametrize("body", [b"<html>", b"[]", b'{"venues": 1}'])
def test_somebody_else_is_there(body: bytes) -> None:
    class Other(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *args: object) -> None:
            """Tell nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Other) as server:
        threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
        try:
            with pytest.raises(SandboxError, match="is no control port of a sandbox"):
                Sandbox.connect(f"http://127.0.0.1:{server.server_port}")
        finally:
            server.shutdown()


def test_the_file_is_there_for_as_long_as_the_sandbox(tmp_path: Path) -> None:
    file = tmp_path / "sandbox.json"
    file.write_text("of an earlier one, which was killed")
    with described_in(file, '{"control": "http://127.0.0.1:1"}'):
        assert json.loads(file.read_text()) == {"control": "http://127.0.0.1:1"}
        assert list(tmp_path.iterdir()) == [file]
    assert list(tmp_path.iterdir()) == []


def test_the_file_of_another_stays(tmp_path: Path) -> None:
    file = tmp_path / "sandbox.json"
    with described_in(file, "{}"):
        file.write_text("another's")
    assert file.read_text() == "another's"


def test_a_file_that_cannot_be_written_leaves_nothing(tmp_path: Path) -> None:
    folder = tmp_path / "folder"
    folder.mkdir()
    with pytest.raises(SandboxError, match="cannot write"), described_in(folder, "{}"):
        raise AssertionError("it went on")
    assert list(tmp_path.iterdir()) == [folder]


@pytest.mark.parametrize("name", ["http://sandbox", "sandbox:80", "", "a b"])
def test_a_name_that_no_host_has_is_refused(name: str) -> None:
    with pytest.raises(ValueError, match="is no name of a host"), Sandbox(allow_hosts=[name]):
        raise AssertionError("it went on")


def test_one_at_another_host_is_used_if_its_user_allows_it(monkeypatch: pytest.MonkeyPatch) -> None:
    resolve = socket.getaddrinfo

    def as_among_containers(host: str, *args: object, **kwargs: object) -> object:
        return resolve("127.0.0.1" if host == "the-sandbox" else host, *args, **kwargs)  # type: ignore[arg-type]

    monkeypatch.setattr(socket, "getaddrinfo", as_among_containers)
    with Sandbox(venues="btex", host="127.0.0.1", allow_hosts="the-sandbox") as sandbox:
        url = sandbox.control_url.replace("127.0.0.1", "the-sandbox")
        with pytest.raises(
            SandboxError, match="the-sandbox is not loopback, and CCXT_EXT_ALLOW_HOSTS does not"
        ):
            Sandbox.connect(url)
        monkeypatch.setenv("CCXT_EXT_ALLOW_HOSTS", "other, The-Sandbox")
        box = Sandbox.connect(url)
        told = box.describe()["venues"]
        monkeypatch.setenv("CCXT_EXT_SANDBOX", json.dumps({"btex": told["btex"]["config"]}))
        exchange = ccxt.btex()
        assert exchange.fetch_ticker("BTC/USDT")["symbol"] == "BTC/USDT"
        assert exchange.urls["api"]["spot"].startswith("http://the-sandbox:")
        monkeypatch.delenv("CCXT_EXT_ALLOW_HOSTS")
        with pytest.raises(ccxt.PermissionDenied, match="names an address that is not loopback"):
            exchange.fetch_ticker("BTC/USDT")
