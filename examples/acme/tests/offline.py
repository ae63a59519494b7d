"""A client whose requests are answered here, by payloads that the venue publishes."""

import io
from pathlib import Path

import ccxt
import requests
from requests.adapters import BaseAdapter

PAYLOADS = Path(__file__).parent / "payloads"
MARKETS = "get-pairs"  # the one that lists the markets


def payload(name):
    return (PAYLOADS / f"{name}.json").read_text()


class Answers(BaseAdapter):
    """Answers each request with the same text, and keeps the requests."""

    def __init__(self, text, status=200):
        super().__init__()
        self.text, self.status = text, status
        self.requests = []

    def send(self, request, **kwargs):
        self.requests.append(request)
        response = requests.Response()
        response.status_code, response.reason, response.request = self.status, "", request
        response.url = request.url
        response.raw = io.BytesIO(self.text.encode())
        return response

    def close(self):
        pass

    @property
    def lines(self):
        return [f"{request.method} {request.path_url}" for request in self.requests]


def client(text, status=200, **config):
    """A client that knows the documented markets, and what it sends."""
    keys = {"apiKey": "key", "secret": "acme-documents-secret"}
    exchange = ccxt.acme({**keys, "enableRateLimit": False, **config})
    exchange.session.mount("https://", Answers(payload(MARKETS)))
    exchange.set_markets(exchange.fetch_markets())
    answers = Answers(text, status)
    exchange.session.mount("https://", answers)
    return exchange, answers
