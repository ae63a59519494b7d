"""Chapter 12, over sockets: what is no answer leaves an order's outcome unknown."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

import ccxt

from ccxt_ext.testing.client import Client
from ccxt_ext.testing.conformance.cases import case
from ccxt_ext.testing.conformance.placing import resting
from ccxt_ext.testing.conformance.raising import none_of
from ccxt_ext.testing.conformance.refusing import is_unknown
from ccxt_ext.testing.conformance.socket_answers import (
    Other,
    SocketAnswers,
    answers_without_an_order,
    pages,
    words_alone,
)

# Of what does not say which request it is for, a client may hear nothing.
WAIT_MS = 8000

GONE = "Order not found"
TEXTS = ("Insufficient funds", "Unknown error", GONE, "")


@case(
    "12.10",
    "An order over a socket whose answer is none is of unknown outcome",
    needs=("createOrderWs",),
    kinds=("pro",),
    frontend=True,
    level="proven",
    patience_s=120,
)
async def placing(client: Callable[..., Client], symbol: str) -> None:
    """The venue has taken it; instead of its answer comes a frame in another shape, with words that may look
    like a refusal, or no frame of the venue's at all."""
    trader = client(timeout=WAIT_MS)
    amount, price = await resting(trader, symbol)
    order = (symbol, "limit", "buy", amount, price)

    async def arguments() -> tuple[Any, ...]:
        return order

    shapes = (words_alone, answers_without_an_order)
    others = [other for shape in shapes for text in TEXTS for other in shape(text)]
    none_of(
        [wrong async for wrong in told_wrongly(trader, [*others, *pages(GONE)], "createOrderWs", arguments)]
    )


@case(
    "12.11",
    "So is a cancel",
    needs=("createOrder", "cancelOrderWs"),
    kinds=("pro",),
    frontend=True,
    level="proven",
    patience_s=120,
)
async def cancelling(client: Callable[..., Client], symbol: str) -> None:
    """Nothing of the kind is OrderNotFound, but where it says that there is no such order."""
    trader = client(timeout=WAIT_MS)
    amount, price = await resting(trader, symbol)

    async def arguments() -> tuple[Any, ...]:
        order = await trader("createOrder", symbol, "limit", "buy", amount, price)
        return order["id"], symbol

    others = [other for text in TEXTS for other in words_alone(text)]
    none_of(
        [wrong async for wrong in told_wrongly(trader, [*others, *pages(GONE)], "cancelOrderWs", arguments)]
    )


async def told_wrongly(
    trader: Client, others: list[Other], method: str, arguments: Callable[[], Awaitable[tuple[Any, ...]]]
) -> AsyncIterator[str]:
    answers = SocketAnswers()
    with answers.listening():
        await trader(method, *await arguments())  # its first one has to sign on before
        for other in others:
            given = await arguments()
            with answers.instead(other) as told:
                error = await raised(trader, method, given)
            assert told, f"{method}: the venue has answered nothing: {error!r}"
            what = wrong(error, gone=GONE in told[0])
            if what:
                yield f"{method}, answered {told[0][:90]!r}: {what}"


async def raised(trader: Client, method: str, arguments: tuple[Any, ...]) -> Exception | None:
    try:
        await trader(method, *arguments)
    except Exception as error:
        return error
    return None


def wrong(error: Exception | None, gone: bool) -> str:
    if error is None:
        return "told as a success"
    if not isinstance(error, ccxt.BaseError):
        return f"{error!r}, which is no error of ccxt's"
    if isinstance(error, ccxt.OrderNotFound):
        return "" if gone else f"{error!r}, which nothing speaks of"
    return "" if is_unknown(error) else f"{error!r}, and not that its outcome is unknown"
