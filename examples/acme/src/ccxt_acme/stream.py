"""Acme Exchange for those who watch. What the feed does not stream is polled."""

from ccxt_ext.venue.streams.streaming import Streaming

from . import rest
from .feed import AcmeFeed


class acme(
    Streaming,
    rest.acme,
    feed=AcmeFeed,
):
    pass
