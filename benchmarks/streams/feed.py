"""A server that speaks as the venues do, and sends changes when it is told to."""

import asyncio
import multiprocessing
import struct
from collections.abc import Iterator
from contextlib import contextmanager
from multiprocessing.connection import Connection
from typing import Any

import orjson
from aiohttp import web

from benchmarks.streams.changes import changes
from benchmarks.streams.dialects import BARE, DIALECTS


def framed(message: Any) -> bytes:
    """A message as it goes over the wire."""
    payload = orjson.dumps(message)
    size = len(payload)
    head = struct.pack("!BB", 0x81, size) if size < 126 else struct.pack("!BBH", 0x81, 126, size)
    return head + payload


class Feed:
    def __init__(self) -> None:
        self.transports: dict[str, Any] = {}

    async def venue(self, request: web.Request) -> web.WebSocketResponse:
        """A client of a venue, named by the first part of the path."""
        name = request.match_info["name"]
        socket = web.WebSocketResponse(compress=False)
        await socket.prepare(request)
        self.transports[name] = request.transport
        async for message in socket:
            if message.data == "ping":
                await socket.send_str("pong")
            elif name in DIALECTS:
                for answer in DIALECTS[name].answers(orjson.loads(message.data)):
                    await socket.send_str(orjson.dumps(answer).decode())
        return socket

    async def control(self, request: web.Request) -> web.WebSocketResponse:
        """Told what to send, it says when that is ready, and waits for the word."""
        socket = web.WebSocketResponse(compress=False)
        await socket.prepare(request)
        async for message in socket:
            order = orjson.loads(message.data)
            dialect = DIALECTS[BARE if order["name"] == "bare" else order["name"]]
            frames = [
                framed(dialect.change(number, bids, asks))
                for number, (bids, asks) in enumerate(
                    changes(order["deltas"], order["count"]), start=order["first"]
                )
            ]
            await socket.send_str("ready")
            await socket.receive()
            transport = self.transports[order["name"]]
            if order["pause"]:
                for frame in frames:
                    transport.write(frame)
                    await asyncio.sleep(order["pause"])
            else:
                transport.write(b"".join(frames))
        return socket


def serve(told: Connection) -> None:
    async def run() -> None:
        feed, app = Feed(), web.Application()
        app.add_routes([web.get("/control", feed.control), web.get("/{name}{rest:.*}", feed.venue)])
        runner = web.AppRunner(app)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        told.send(runner.addresses[0][1])
        await asyncio.Event().wait()

    asyncio.run(run())


@contextmanager
def feed() -> Iterator[str]:
    here, there = multiprocessing.Pipe()
    process = multiprocessing.get_context("spawn").Process(target=serve, args=(there,), daemon=True)
    process.start()
    there.close()
    try:
        yield f"ws://127.0.0.1:{here.recv()}"
    finally:
        process.terminate()
        process.join()
