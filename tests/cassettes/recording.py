"""How conversations are put on disk: without secrets, with their origin, under the venue's own address."""

import json
import re
import urllib.parse
from pathlib import Path

import yaml

from ccxt_ext.venue.answers.redact import MASK

CASSETTES = Path(__file__).resolve().parents[2] / "cassettes"
ORIGINS = ("documented", "sandbox", "live")

# Headers that a replay needs; others tell the machine and the hour of the recording.
KEPT_HEADERS = ("content-type", "content-length")


def origin_of(url):
    parts = urllib.parse.urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"


def moved(urls, origin):
    """The same paths at another address."""
    if isinstance(urls, dict):
        return {name: moved(url, origin) for name, url in urls.items()}
    if urls.startswith("ws"):
        origin = origin.replace("http", "ws", 1)
    return origin + urllib.parse.urlsplit(urls.replace("{hostname}", "hostname")).path


class OriginSerializer:
    """vcrpy's YAML with one more key at the top: where the recording comes from."""

    origin: str  # of the conversation that is being recorded

    @classmethod
    def serialize(cls, cassette):
        return yaml.dump({"origin": cls.origin, **cassette}, sort_keys=False)

    @staticmethod
    def deserialize(text):
        return yaml.safe_load(text)


class Cleaner:
    """Takes secrets out of requests and answers before anything is written or compared."""

    def __init__(self, profile, local_url: str | None = None):
        self.profile = profile
        self.local_url = local_url

    def request(self, request):
        if request.host in ("127.0.0.1", "localhost"):
            if self.local_url is None or not request.uri.startswith(self.local_url):
                return None  # the sandbox's control port
            path = request.uri.removeprefix(self.local_url)
            request.uri = self.profile.origin(path) + path
        for name in list(request.headers):
            if name.lower() in self.profile.secret_headers:
                request.headers[name] = MASK
            elif name.lower() not in KEPT_HEADERS:
                del request.headers[name]
        request.headers.pop("Content-Length", None)
        if request.body:
            request.body = self.form(request.body)
        request.uri = self.renamed(request.uri)
        return request

    def renamed(self, text):
        """Without ids of accounts that are a part of other texts."""
        for pattern, name in self.profile.pseudonyms.items():
            text = re.sub(pattern, name, text)
        return text

    def form(self, body):
        text = body.decode() if isinstance(body, bytes) else body
        for name in self.profile.secret_fields:
            text = re.sub(rf"(^|&){name}=[^&]*", rf"\1{name}={MASK}", text)
        return self.renamed(text).encode()

    def told(self, text, names):
        """JSON without the texts that have one of the names."""
        for name in names:
            # A text, or a list of them.
            text = re.sub(rf'("{name}"\s*:\s*\[?\s*)"[^"]*"', rf'\1"{MASK}"', text)
        return self.renamed(text)

    def response(self, response):
        headers = response["headers"]
        response["headers"] = {name: value for name, value in headers.items() if name.lower() in KEPT_HEADERS}
        body = response["body"]["string"]
        cleaned = self.told(body.decode() if isinstance(body, bytes) else body, self.profile.secret_answers)
        response["body"]["string"] = cleaned.encode()
        lengths = [name for name in response["headers"] if name.lower() == "content-length"]
        for name in lengths:
            response["headers"][name] = [str(len(response["body"]["string"]))]
        return response


def same_body(ours, recorded):
    assert _comparable(ours.body) == _comparable(recorded.body)


def same_query(ours, recorded):
    """vcrpy's own matcher would accept a parameter that is sent twice."""
    assert urllib.parse.parse_qsl(ours.uri.partition("?")[2]) == urllib.parse.parse_qsl(
        recorded.uri.partition("?")[2]
    )


def _comparable(body):
    text = (body or b"").decode() if isinstance(body, bytes | None) else body
    try:
        return json.loads(text, parse_float=str, parse_int=str)
    except ValueError:
        return sorted(urllib.parse.parse_qsl(text))


def cassettes():
    return sorted(CASSETTES.glob("*/*.yaml"))
