import os
from contextlib import ExitStack
from pathlib import Path

import pytest

import ccxt_ext.pro
from tests.cassettes.conversations import LIVE
from tests.cassettes.documented import documented_server
from tests.cassettes.recorded_venues import KEYS, NOW, PROFILES, check_signatures
from tests.cassettes.told import CASSETTES
from tests.cassettes.ws_conversations import LIVE as LIVE_STREAMS
from tests.cassettes.ws_conversations import stream_conversations

SAMPLES = Path(__file__).resolve().parents[1] / "data"


def pytest_generate_tests(metafunc):
    """Each conversation is recorded once, and replayed by all classes that can have it."""
    live = bool(os.environ.get("CCXT_EXT_RECORD_LIVE"))
    if "conversation" in metafunc.fixturenames:
        names = [(id, name) for id, profile in PROFILES.items() for name in profile.conversations()]
        names += [(id, name) for id in PROFILES for name in LIVE if live or path_of(id, name).exists()]
        kinds = ["sync", "async"]
    elif "stream" in metafunc.fixturenames:
        ids = ccxt_ext.pro.exchanges
        names = [(id, name) for id in ids for name in stream_conversations(id)]
        names += [(id, name) for id in ids for name in LIVE_STREAMS if live or path_of(id, name).exists()]
        kinds = ["pro"]
    else:
        return
    name = "conversation" if "conversation" in metafunc.fixturenames else "stream"
    metafunc.parametrize(("id", name, "kind"), [case(id, told, kind) for id, told in names for kind in kinds])


def case(id, name, kind):
    origin = name.partition("-")[0]
    # Those of this machine are the same whenever they are recorded.
    clock = {} if origin == "live" else {"start_ms": NOW}
    mark = pytest.mark.ccxt_cassette(f"{id}/{name}", source=origin, **clock)
    return pytest.param(id, name, kind, id=f"{id}-{name}-{kind}", marks=mark)


def path_of(id, name):
    return CASSETTES / id / f"{name}.yaml"


@pytest.fixture
def profile(id):
    return PROFILES[id]


@pytest.fixture
def make(request, ccxt_cassette, id, kind, profile):
    """Makes the exchange of a conversation. On replay, each of its signatures is checked anew."""
    recording = request.config.getoption("ccxt_record")
    with ExitStack() as stack:

        def make(**options):
            config, via = {"rateLimit": 0, "options": options}, None
            if ccxt_cassette.origin == "documented":
                config |= KEYS
                if recording:
                    url = stack.enter_context(
                        documented_server(SAMPLES / id / "documented", profile.documented)
                    )
                    via = {profile.url: url} | dict.fromkeys(profile.elsewhere.values(), url)
            elif ccxt_cassette.origin == "live":
                names = ("apiKey", "secret", "uid")
                config |= {name: os.environ.get(f"CCXT_EXT_{name.upper()}") for name in names}
            ccxt_cassette.hide(fields=profile.secret_fields, patterns=profile.pseudonyms)
            exchange = ccxt_cassette.exchange(id, kind, via=via, **config)
            if not ccxt_cassette.recording:
                check_signatures(exchange, profile)
            return exchange

        yield make
