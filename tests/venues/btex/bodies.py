"""btex's bodies: the fields of a request, and the envelope around an answer."""

from urllib.parse import parse_qsl

from ccxt_ext.testing.wire import Answer


def fields_of(request):
    return dict(parse_qsl(request.body))


def fine(data):
    return {"code": 1, "info": "ok", "data": data}


def answered(data):
    return Answer(fine(data))
