"""What goes over a socket keeps the venue's limits of it, the urgent first."""

import asyncio
import itertools
import types

import pytest

from ccxt_ext.pro import bitmaxfutures
from ccxt_ext.venue.requests.ranks import Rank, at_least
from tests.venue.requests.virtual_time import START, in_virtual_time, now, run

_ids = itertools.count()


def line_to(exchange, sent):
    async def send(message):
        sent.append((round(now() - START, 3), message.get("action", message["op"]), message))

    return types.SimpleNamespace(
        timing=exchange.feed.options(), send=send, check_open=lambda: None, throttles={}, url="ws://x"
    )


class Scene:
    def __init__(self, **config):
        self.exchange = in_virtual_time(bitmaxfutures({"apiKey": "key", "secret": "secret", **config}))
        self.sent = []
        self.connection = line_to(self.exchange, self.sent)

    async def ask(self, action, rank=Rank.REST):
        with at_least(rank):
            message = {"op": "req", "id": str(next(_ids)), "action": action}
            await self.exchange.feed.tell(
                self.connection, lambda: {**message, "time": now()}, self.exchange.feed.counted_as(message)
            )


def limits(**most):
    return {"options": {"ws": {"limits": most}}}


def test_requests_wait_when_a_minute_is_full_and_cancellations_go_first():
    async def scene():
        it = Scene(**limits(order=5))
        orders = [it.ask("place-order", Rank.ORDER) for _ in range(8)]
        cancels = [it.ask("cancel-order", Rank.CANCEL) for _ in range(4)]
        await asyncio.gather(*orders, *cancels, it.ask("account"))
        return it.sent

    sent = run(scene())
    assert [when for when, _, _ in sent] == pytest.approx([0] * 6 + [62] * 5 + [124] * 2, abs=0.01)
    actions = [action for _, action, _ in sent]
    assert "cancel-order" not in actions[:6] + actions[11:] and actions[6:11].count("cancel-order") == 4
    assert all(message["time"] == pytest.approx(START + when, abs=0.01) for when, _, message in sent)


@pytest.mark.parametrize(
    "config", [{**limits(order=5), "enableRateLimit": False}, limits(order=None)], ids=str
)
def test_no_limit_if_so_wished(config):
    async def scene():
        it = Scene(**config)
        await asyncio.gather(*(it.ask("place-order", Rank.ORDER) for _ in range(20)))
        return it.sent

    assert {when for when, _, _ in run(scene())} == {0}


def test_each_kind_of_message_has_its_limit():
    exchange = bitmaxfutures()
    kinds = {
        "order": [
            {"op": "req", "action": action} for action in ("place-order", "cancel-order", "cancel-all")
        ],
        "snapshot": [{"op": "req", "action": "depth-snapshot"}],
        "request": [{"op": "req", "action": "open-order"}, {"op": "req", "action": "margin-risk"}],
        "subscription": [{"op": "sub", "ch": "x"}, {"op": "unsub", "ch": "x"}],
        "session": [{"op": "auth"}, {"op": "ping"}, {"op": "pong"}],
    }
    for kind, messages in kinds.items():
        assert {exchange.feed.counted_as(message) for message in messages} == {kind}
    assert exchange.feed.options()["limits"] == {
        "order": 8000,
        "request": 10000,
        "snapshot": 400,
        "subscription": 150,
    }
