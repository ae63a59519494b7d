import os
from contextlib import ExitStack
from pathlib import Path

import pytest

import ccxt_ext
import ccxt_ext.async_support
from ccxt_ext.sandbox import Sandbox
from tests.cassettes.conversations import LIVE
from tests.cassettes.documented import documented_server
from tests.cassettes.recorded_venues import KEYS, NOW, PROFILES, check_signatures
from tests.cassettes.recording import (
    CASSETTES,
    Cleaner,
    OriginSerializer,
    moved,
    origin_of,
    same_body,
    same_query,
)

SAMPLES = Path(__file__).resolve().parents[1] / "data"


def pytest_generate_tests(metafunc):
    """Replay each conversation with both classes; record it once, with the sync class."""
    if "conversation" not in metafunc.fixturenames:
        return
    recording = (metafunc.config.getoption("--record-mode") or "none") != "none"
    names = [(id, name) for id, profile in PROFILES.items() for name in profile.conversations()]
    names += [
        (id, name)
        for id in PROFILES
        for name in LIVE
        if (recording and os.environ.get("CCXT_EXT_RECORD_LIVE"))
        or (CASSETTES / id / f"{name}.yaml").exists()
    ]
    kinds = ["sync"] if recording else ["sync", "async"]
    metafunc.parametrize(
        ("id", "conversation", "kind"),
        [(id, name, kind) for id, name in names for kind in kinds],
        ids=lambda value: value,
    )


@pytest.fixture
def profile(id):
    return PROFILES[id]


@pytest.fixture
def origin(conversation):
    return conversation.partition("-")[0]


@pytest.fixture
def source(id, origin, profile, record_mode):
    """(constructor argument, URL) of what is recorded; when replaying, the venue's own address."""
    config = {**KEYS, "rateLimit": 0}
    with ExitStack() as stack:
        url = profile.url
        if record_mode != "none" and origin == "documented":
            url = stack.enter_context(documented_server(SAMPLES / id / "documented", profile.documented))
            config["urls"] = {"api": moved(getattr(ccxt_ext, id)().urls["api"], url)}
        elif record_mode != "none" and origin == "sandbox":
            sandbox = stack.enter_context(Sandbox(venues=[id], start_ms=NOW))
            config = {**sandbox.config(id), "rateLimit": 0}
            url = origin_of(next(iter(config["urls"]["api"].values())))
        elif record_mode != "none":
            names = ("apiKey", "secret", "uid")
            config = {name: os.environ.get(f"CCXT_EXT_{name.upper()}") for name in names}
        yield config, url


@pytest.fixture
def default_cassette_name(conversation):
    return conversation


@pytest.fixture
def vcr_config(profile, source, origin):
    OriginSerializer.origin = origin
    cleaner = Cleaner(profile, source[1] if source[1] != profile.url else None)
    return {
        "before_record_request": cleaner.request,
        "before_record_response": cleaner.response,
        "match_on": ["method", "scheme", "host", "port", "path", "same_query", "same_body"],
        "decode_compressed_response": True,
    }


def pytest_recording_configure(config, vcr):
    vcr.register_serializer("yaml", OriginSerializer)
    vcr.register_matcher("same_query", same_query)
    vcr.register_matcher("same_body", same_body)


@pytest.fixture
def exchange(id, kind, source, profile, record_mode):
    """An exchange whose clock stands still, and whose signatures are checked on replay."""
    config, _ = source
    exchange = getattr(ccxt_ext if kind == "sync" else ccxt_ext.async_support, id)(config)
    exchange.milliseconds = lambda: NOW
    profile.freeze(exchange)
    if record_mode == "none":
        check_signatures(exchange, profile, config)
    return exchange
