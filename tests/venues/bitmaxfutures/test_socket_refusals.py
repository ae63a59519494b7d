"""Orders over a socket: what is told of each refusal, in each shape of frame.

Over REST, that is chapter 12 of the conformance suite.
"""

import ccxt
import pytest

import ccxt_ext.pro
from ccxt_ext.testing.conformance.refusing import REFUSED, WORDS, Refusal, Words, changing_wrongly
from ccxt_ext.testing.wire import Answer
from tests.venues.bitmaxfutures import codes
from tests.venues.bitmaxfutures.other_end import PRIVATE, SYMBOL, Bitmax, row, signed_on

ID = "a177cOld"
ORDER = (SYMBOL, "limit", "buy", 0.1, 9500)
PLACED = {"m": "order", "ac": "FUTURES", "code": 0, "info": {"orderId": ID, "symbol": "BTC-PERP"}}

# Each with the action that it sends.
CALLS = {
    "create_order_ws": ("place-order", ORDER),
    "cancel_order_ws": ("cancel-order", (ID, SYMBOL)),
    "cancel_all_orders_ws": ("cancel-all", (SYMBOL,)),
}

SHAPES = (
    lambda code, reason, text: {"m": "order", "code": code, "info": {"reason": reason, "errorMsg": text}},
    lambda code, reason, text: {"m": "order", "code": str(code), "status": "Err", "info": {"reason": reason}},
    lambda code, reason, text: {"m": "error", "code": code, "reason": reason, "info": text},
    lambda code, reason, text: {"m": "error", "code": code, "reason": reason},
)

# Frames that are none of the documented ones, of whatever they speak.
ODD = (
    lambda text: {"m": "order", "message": text},
    lambda text: {"m": "order", "error": text},
    lambda text: {"m": "order", "code": None, "info": {"errorMsg": text}},
    lambda text: {"m": "order", "code": 0, "info": text},
    lambda text: {"m": "order", "code": 0},
    lambda text: {"m": "order", "code": 0, "info": None, "reason": text},
    lambda text: {"m": "order", "info": {"orderId": None, "errorMsg": text}},
    lambda text: {"m": "error", "reason": text},
    lambda text: {"reason": text},
)
NO_FRAMES = ("<html><body><h1>{}</h1></body></html>", "{}", '"{}"', '["{}"]', "null", '{{"m": "order"')
TEXTS = ("Insufficient funds", "Unknown error", "Order not found", "Order already filled", "")


def coded_words():
    """All that BitMax documents, each with its code."""
    for words in WORDS:
        yield words, codes.OF_WORDS.get(words.text, codes.OF_OTHER_WORDS)
    for reason, (code, kinds) in codes.OTHERS.items():
        yield Words(reason or "anything", kinds, unsaid=reason == "SOMETHING_NEW"), (code, reason)


def frames():
    """Each with the refusal that it stands for; the id of the request is still to be put in."""
    for words, (code, reason) in coded_words():
        clear = not words.unsaid and all(issubclass(kind, REFUSED) for kind in words.kinds)
        for shape in SHAPES:
            frame = shape(code, reason, words.text)
            yield Refusal(words, Answer(frame), documented=True, clear=clear), frame
    for text in TEXTS:
        words = Words(text, (ccxt.BaseError,))
        for shape in ODD:
            yield Refusal(words, Answer(shape(text)), doubtful=True), shape(text)
        for page in NO_FRAMES:
            yield Refusal(words, Answer(page.format(text)), doubtful=True), page.format(text)


async def said(venue, task, action, frame):
    """Answer the request of a call."""
    (request,) = venue.sent_to(PRIVATE)
    assert request["action"] == action
    await venue.say(frame if isinstance(frame, str) else {**frame, "id": request["id"]}, url=PRIVATE)


async def error_of(task):
    assert task.done()
    try:
        await task
    except ccxt.BaseError as error:
        return error


def wrongly(method, refusal, error):
    if "cancel" in method and isinstance(error, ccxt.OrderNotFound):
        if not refusal.words.gone:
            yield "OrderNotFound"
        return
    yield from changing_wrongly(refusal, error)


def test_these_are_all():
    """Of all venues' streaming classes: so another one cannot be left out."""
    able = {
        (id, name)
        for id in ccxt_ext.exchanges
        for name, can in getattr(ccxt_ext.pro, id)().has.items()
        if can and name.endswith("Ws") and name.startswith(("create", "cancel", "edit", "withdraw"))
    }
    forms = {name for _, name in able if name.startswith("create")}
    assert {id for id, _ in able} == {"bitmaxfutures"}
    assert {name for _, name in able} - forms == {"cancelOrderWs", "cancelAllOrdersWs", "editOrderWs"}
    assert forms and "createOrdersWs" not in forms  # all are made of createOrderWs


@pytest.mark.parametrize("method", CALLS)
async def test_a_request(method):
    wrong = []
    async with Bitmax() as venue:
        await signed_on(venue)
        action, arguments = CALLS[method]
        for refusal, frame in frames():
            task = await venue.watch(method, *arguments)
            await said(venue, task, action, frame)
            error = await error_of(task)
            wrong += [f"{refusal}: {what}" for what in wrongly(method, refusal, error)]
            assert len(venue.connections) == 1
    assert not wrong, "\n".join(["", *wrong])


@pytest.mark.parametrize("half", ["cancel", "place"])
async def test_editing(half):
    wrong = []
    old = row(orderId=ID, status="New", side="Buy", orderType="Limit", price="9500", stopPrice="0")
    async with Bitmax() as venue:
        venue.rest["order/status"] = lambda request: {"code": 0, "data": told.pop(0)}
        await signed_on(venue)
        for refusal, frame in frames():
            told = [old, {**old, "status": "Canceled"}]
            task = await venue.watch("edit_order_ws", ID, *ORDER)
            await said(venue, task, "cancel-order", PLACED if half == "place" else frame)
            if half == "place":
                await said(venue, task, "place-order", frame)
            error = await error_of(task)
            wrong += [f"{refusal}: {what}" for what in wrongly(half, refusal, error)]
            gone = getattr(error, "canceled_order_id", None)
            wrong += [f"{refusal}: {gone} told as gone"] if gone != (ID if half == "place" else None) else []
            assert venue.sent_to(PRIVATE) == [] and len(venue.connections) == 1
    assert not wrong, "\n".join(["", *wrong])
