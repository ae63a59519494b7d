"""BTEX for those who watch. The venue has no streams: everything is polled."""

from ccxt_ext.base.streaming import Streaming
from ccxt_ext.venues.btex import rest


class btex(Streaming, rest.btex):
    pass
