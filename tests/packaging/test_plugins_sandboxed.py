"""While CCXT_EXT_SANDBOX is set, a plug-in reaches its sandbox or nothing, however it is imported."""

import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from tests.packaging.plugins_on_disk import PLAIN, put_acme, write

# A program that hands the real keys and addresses to all three classes, which it imports in two ways.
PROGRAM = """
import asyncio, sys
{imports}
import ccxt
urls = {{"rest": sys.argv[1], "ws": sys.argv[2]}}
config = {{"apiKey": "real-key", "timeout_on_exit": 0, "urls": {{"api": urls}}}}

def outcome(error):
    print(type(error).__name__)

try:
    print(sync_class(config).fetch_time())
except ccxt.BaseError as error:
    outcome(error)

async def main():
    for kind in (async_class, streaming_class):
        async with kind(config) as exchange:
            try:
                print(await exchange.fetch_time())
            except ccxt.BaseError as error:
                outcome(error)
    async with streaming_class(config) as exchange:
        try:
            await exchange.watch_ticker("A/B")
        except ccxt.BaseError as error:
            outcome(error)

asyncio.run(main())
"""
BY_ID = """
import ccxt.async_support, ccxt_ext.pro
sync_class, async_class, streaming_class = ccxt.acme, ccxt.async_support.acme, ccxt_ext.pro.acme
"""
# After its modules were imported, so that nobody knew then whose classes they have.
REGISTERED = """
import ccxt.async_support, ccxt_ext.pro
import ccxt_acme.rest_sync, ccxt_acme.stream
where = {"sync": "rest_sync", "async_support": "rest", "pro": "stream"}
ccxt_ext.register("acme", **{kind: f"ccxt_acme.{module}:acme" for kind, module in where.items()})
sync_class, async_class, streaming_class = ccxt.acme, ccxt.async_support.acme, ccxt_ext.pro.acme
"""
REGISTERED_CLASSES = """
import ccxt_ext
from ccxt_acme.rest_sync import acme as sync_class
from ccxt_acme.rest import acme as async_class
from ccxt_acme.stream import acme as streaming_class
ccxt_ext.register("acme", sync=sync_class, async_support=async_class, pro=streaming_class)
"""
BY_MODULE = """
from ccxt_acme.rest_sync import acme as sync_class
from ccxt_acme.rest import acme as async_class
from ccxt_acme.stream import acme as streaming_class
"""


class Server(ThreadingHTTPServer):
    """Tells the time, and keeps what it gets."""

    def __init__(self) -> None:
        self.got: list[str] = []
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                outer.got.append(f"{self.path} {self.headers.get('key', '')}")
                body = b'{"time": 7}'
                self.send_response(200)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *args: object) -> None:
                """Nothing: `got` is the log."""

        super().__init__(("127.0.0.1", 0), Handler)
        self.thread = threading.Thread(target=self.serve_forever, args=(0.01,))
        self.thread.start()

    def urls(self) -> dict[str, str]:
        return {"rest": f"http://127.0.0.1:{self.server_port}", "ws": f"ws://127.0.0.1:{self.server_port}/ws"}

    def __exit__(self, *args: object) -> None:
        self.shutdown()
        self.thread.join()
        super().__exit__(*args)


WAYS = {
    "by id": BY_ID,
    "by module": BY_MODULE,
    "registered": REGISTERED,
    "registered classes": REGISTERED_CLASSES,
}


@pytest.mark.parametrize("way", WAYS)
def test_plain_classes_of_ccxts_are_closed(wheel_install, tmp_path, way):
    if way.startswith("by"):
        put_acme(tmp_path)
    else:
        write(tmp_path, PLAIN)
    with Server() as sandbox, Server() as real:

        def run(boxes: dict[str, object] | None) -> list[str]:
            sandbox.got.clear()
            done = wheel_install.start(
                *("-c", PROGRAM.format(imports=WAYS[way]), *real.urls().values()),
                PYTHONPATH=str(tmp_path),
                CCXT_EXT_SANDBOX=json.dumps(boxes) if boxes else "",
            )
            assert done.returncode == 0, done.stderr
            return done.stdout.split()

        served = run({"acme": {"apiKey": "sandbox-key", "urls": {"api": sandbox.urls()}}})
        assert served[:3] == ["7", "7", "7"] and len(served) == 4, (
            served
        )  # no handshake: it speaks HTTP alone
        assert sandbox.got == ["/time sandbox-key"] * 3 + ["/ws "]
        unserved = run({"btex": {"urls": {"api": sandbox.urls()}}})
        assert unserved[:3] == ["OutsideSandbox"] * 3 and len(unserved) == 4, unserved
        assert sandbox.got == [] == real.got
        if way == "registered":  # without the variable, the classes do as they would without us
            assert run(None)[:3] == ["7", "7", "7"]
            assert (sandbox.got, real.got) == ([], ["/time real-key"] * 3 + ["/ws "])
