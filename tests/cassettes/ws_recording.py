"""What a client and a venue say to each other, streams above all: put on file on its way, and played back.

The client talks to a loopback server, which passes everything on (`Recorder`) or plays the venue (`Player`).
"""

import asyncio
import json
import re
import urllib.parse
from contextlib import asynccontextmanager
from dataclasses import asdict, dataclass, field

import aiohttp
from aiohttp import web

from ccxt_ext.venue.answers.redact import MASK
from tests.cassettes.recording import CASSETTES, Cleaner

PATIENCE_S = 5
QUIET_S = 0.3
SHORTEST_KEY = 6

# What belongs to a call, a request or a connection, which the file numbers each on their own.
BEGUN_BY = {
    "result": "call",
    "answer": "request",
    "sent": "connect",
    "received": "connect",
    "closed": "connect",
}
BY_CLIENT = ("call", "result", "request", "connect", "sent")

# A moment in seconds or milliseconds: a live recording was made at another hour than it is replayed.
MOMENT = re.compile(r"[12]\d{9}(\d{3})?")
HEADERS_OF_ONE_HOP = (
    "host",
    "connection",
    "upgrade",
    "content-length",
    "accept-encoding",
    "transfer-encoding",
)


@dataclass(frozen=True)
class Event:
    """A line of the file."""

    ms: int  # since the start
    what: str
    number: int
    told: object


@dataclass(eq=False)
class Place:
    """A call, a request or a connection, as it goes on now."""

    request: web.BaseRequest | None = None
    socket: web.WebSocketResponse | None = None
    reply: asyncio.Future = field(default_factory=lambda: asyncio.get_running_loop().create_future())


async def settle():
    """Let the client see what it was just sent, so that it comes before what follows also for the client."""
    await asyncio.sleep(0.002)
    for _ in range(20):
        await asyncio.sleep(0)


class Tape:
    """The loopback server, and the order of what happens."""

    def __init__(self):
        self.turn = asyncio.Lock()  # whoever tells the client something has it until that is seen

    def happened(self, what, place, told):
        """The client did something. Done, with how it is on file, once that is where the conversation is."""
        raise NotImplementedError

    async def quiet(self):
        """Wait until nobody has said anything for a while, which only matters to a recording."""

    @asynccontextmanager
    async def serve(self):
        runner = web.ServerRunner(web.Server(self.handle, access_log=None), shutdown_timeout=1)
        await runner.setup()
        try:
            site = web.TCPSite(runner, "127.0.0.1", 0)
            await site.start()
            yield "http://{}:{}".format(*runner.addresses[0][:2])
        finally:
            await runner.cleanup()

    async def handle(self, request):
        if request.headers.get("Upgrade", "").lower() != "websocket":
            return await self.answer(request)
        socket = web.WebSocketResponse(compress=False)
        await socket.prepare(request)
        await self.follow(Place(request, socket))
        return socket

    async def answer(self, request):
        raise NotImplementedError

    async def follow(self, place):
        raise NotImplementedError


def told_of(request, body):
    return {"method": request.method, "target": request.raw_path, "body": body}


class Recorder(Tape):
    """Passes on what the client says to `address(target, is_stream)`, and what comes back."""

    def __init__(self, address):
        super().__init__()
        self.address = address
        self.events = []
        self.numbers = {}
        self.begun_at = self.latest = asyncio.get_running_loop().time()

    def note(self, what, place, told):
        now = asyncio.get_running_loop().time()
        self.latest = now
        key = BEGUN_BY.get(what, what), place
        if what not in BEGUN_BY:
            self.numbers[key] = 1 + sum(kind == what for kind, _ in self.numbers)
        event = Event(round(1000 * (now - self.begun_at)), what, self.numbers[key], told)
        self.events.append(event)
        return event

    def happened(self, what, place, told):
        done = asyncio.get_running_loop().create_future()
        done.set_result(self.note(what, place, told))
        return done

    async def quiet(self):
        while (left := self.latest + QUIET_S - asyncio.get_running_loop().time()) > 0:
            await asyncio.sleep(left)

    async def answer(self, request):
        place, body = Place(request), await request.read()
        self.note("request", place, told_of(request, body.decode()))
        async with aiohttp.ClientSession() as session:
            url, headers = self.address(request.raw_path, False), passed_on(request.headers)
            async with session.request(
                request.method, url, headers=headers, data=body, allow_redirects=False
            ) as answer:
                status, text = answer.status, await answer.text()
        async with self.turn:
            self.note("answer", place, {"status": status, "text": text})
            response = web.Response(status=status, text=text, content_type="application/json")
            await response.prepare(request)
            await response.write_eof()
            await settle()
        return response

    async def follow(self, place):
        path = place.request.raw_path
        url, headers = self.address(path, True), passed_on(place.request.headers)
        self.note("connect", place, path)
        async with (
            aiohttp.ClientSession() as session,
            session.ws_connect(url, headers=headers, max_msg_size=0) as venue,
        ):
            listening = asyncio.create_task(self.listen(venue, place))
            async for message in place.socket:
                self.note("sent", place, message.data)
                await venue.send_str(message.data)
            await venue.close()
            await listening

    async def listen(self, venue, place):
        async for message in venue:
            async with self.turn:
                self.note("received", place, message.data)
                await place.socket.send_str(message.data)
                await settle()
        if not place.socket.closed:
            self.note("closed", place, venue.close_code)
            await place.socket.close(code=venue.close_code)


async def both(*coroutines):
    """Until both have ended, or one has failed."""
    tasks = [asyncio.create_task(coroutine) for coroutine in coroutines]
    done, left = await asyncio.wait(tasks, return_when=asyncio.FIRST_EXCEPTION)
    for task in left:
        task.cancel()
    await asyncio.gather(*left, return_exceptions=True)
    return [task.result() for task in tasks if task in done]


def passed_on(headers):
    return {
        name: value
        for name, value in headers.items()
        if name.lower() not in HEADERS_OF_ONE_HOP and not name.lower().startswith("sec-websocket")
    }


class Player(Tape):
    """Says what the venue said, each thing as soon as the client has done what it had done before."""

    def __init__(self, events, scrubber, look):
        super().__init__()
        self.events = events
        self.scrubber = scrubber
        self.look = look  # whether what opens a connection, or is sent over it, is signed as it should be
        self.places = {}
        self.pool = []  # what the client has done and is not in order yet
        self.more = asyncio.Event()
        self.ids = {}  # of requests: as they are on file, and as they are now

    def happened(self, what, place, told):
        done = asyncio.get_running_loop().create_future()
        self.pool.append((what, place, told, done))
        self.more.set()
        return done

    async def play(self):
        for event in self.events:
            if event.what in BY_CLIENT:
                try:
                    await asyncio.wait_for(self.meet(event), PATIENCE_S)
                except (asyncio.TimeoutError, TimeoutError):
                    raise AssertionError(f"{event} did not come, but {self.unmet()}") from None
            else:
                place = self.places[BEGUN_BY[event.what], event.number]
                if event.what == "answer":
                    place.reply.set_result(event.told)
                elif event.what == "received":
                    await place.socket.send_str(self.readdressed(event.told))
                else:
                    await place.socket.close(code=event.told)
                await settle()
        assert not self.pool, f"there was more than on file: {self.unmet()}"

    def unmet(self):
        return [(what, told) for what, _, told, _ in self.pool]

    async def meet(self, event):
        while True:
            for entry in self.pool:
                what, place, told, done = entry
                if what == event.what and self.fits(event, place, told):
                    self.pool.remove(entry)
                    self.places.setdefault((what, event.number), place)
                    if place.socket is not None:
                        self.look(place.request, told if what == "sent" else None)
                    done.set_result(event)
                    return
            self.more.clear()
            await self.more.wait()

    def fits(self, event, place, told):
        if event.what in BEGUN_BY and self.places[BEGUN_BY[event.what], event.number] is not place:
            return False
        ids = self.ids.copy()
        if event.what != "result" and not same(
            comparable(event.what, event.told), comparable(event.what, self.scrubber.clean(told)), ids
        ):
            return False
        self.ids = ids
        return True

    def readdressed(self, text):
        """With the ids of the client's own requests."""
        start, content = parted(text)
        now = with_ids(content, self.ids)
        return text if now == content else start + json.dumps(now, separators=(",", ":"))

    async def answer(self, request):
        place = Place(request)
        self.happened("request", place, told_of(request, await request.text()))
        reply = await place.reply
        return web.Response(status=reply["status"], text=reply["text"], content_type="application/json")

    async def follow(self, place):
        self.happened("connect", place, place.request.raw_path)
        async for message in place.socket:
            self.happened("sent", place, message.data)


def parted(text):
    """What socket.io has in front of a frame's content, and the content."""
    start = re.match(r"\d*(?=[\[{])", text)
    try:
        return [start[0], json.loads(text[start.end() :])] if start else ["", text]
    except ValueError:
        return ["", text]


def comparable(what, told):
    if what == "sent":
        return parted(told)
    if what == "connect":
        return address_of(told)
    if what == "request":
        content = parted(told["body"])[1]
        if isinstance(content, str):
            content = fields_of(content)
        return [told["method"], address_of(told["target"]), content]
    return told


def address_of(target):
    path, _, query = target.partition("?")
    return [path, fields_of(query)]


def fields_of(form):
    return sorted(map(list, urllib.parse.parse_qsl(form, keep_blank_values=True)))


def same(recorded, live, ids):
    """Whether they are, but for moments and the ids of requests, which `ids` takes down."""
    if isinstance(recorded, dict) and isinstance(live, dict):
        if "id" in recorded and "id" in live and ids.setdefault(recorded["id"], live["id"]) != live["id"]:
            return False
        return recorded.keys() == live.keys() and all(
            name == "id" or same(recorded[name], live[name], ids) for name in recorded
        )
    if isinstance(recorded, list) and isinstance(live, list):
        return len(recorded) == len(live) and all(
            same(one, other, ids) for one, other in zip(recorded, live, strict=True)
        )
    return recorded == live or all(MOMENT.fullmatch(str(value)) for value in (recorded, live))


def with_ids(content, ids):
    if isinstance(content, dict):
        return {
            name: ids.get(value, value) if name == "id" else with_ids(value, ids)
            for name, value in content.items()
        }
    return [with_ids(part, ids) for part in content] if isinstance(content, list) else content


class Scrubber:
    """Takes secrets out of events: the keys wherever they are, and what has a secret's name."""

    def __init__(self, profile, keys):
        self.cleaner = Cleaner(profile)
        self.names = (*profile.secret_answers, *profile.secret_messages)
        # Shorter ones are ordinary words and numbers.
        self.keys = [key for key in keys.values() if isinstance(key, str) and len(key) >= SHORTEST_KEY]

    def clean(self, told):
        if isinstance(told, dict):
            return {
                name: MASK if name in self.names and isinstance(value, str) else self.clean(value)
                for name, value in told.items()
            }
        if isinstance(told, list):
            return [self.clean(part) for part in told]
        if not isinstance(told, str):
            return told
        for key in self.keys:
            told = told.replace(key, MASK)
        return self.cleaner.told(self.cleaner.form(told).decode(), self.names)


def path_of(id, conversation):
    return CASSETTES / id / f"{conversation}.ws.jsonl"


def stream_cassettes():
    return sorted(CASSETTES.glob("*/*.ws.jsonl"))


def write(path, head, events, scrubber):
    rows = [head, *({**asdict(event), "told": scrubber.clean(event.told)} for event in events)]
    path.write_text("".join(f"{json.dumps(row)}\n" for row in rows))


def read(path):
    head, *rows = map(json.loads, path.read_text().splitlines())
    return head, [Event(**row) for row in rows]
