"""The engine's news, on their way to the channels of the streams."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable

from ccxt_ext.sandbox.frontend import News


class NewsQueue:
    """Passes news on in order, and at once unless they are held up."""

    def __init__(self) -> None:
        self._waiting: deque[News] = deque()
        self._holds = 0
        self._deliver: Callable[[News], None]

    def deliver_to(self, receiver: Callable[[News], None]) -> None:
        self._deliver = receiver

    def put(self, news: News) -> None:
        self._waiting.append(news)
        self._pass_on()

    def __enter__(self) -> None:
        """Hold up news during a `with` block, so that orders get ids, and requests answers, before them."""
        self._holds += 1

    def __exit__(self, *_: object) -> None:
        self._holds -= 1
        self._pass_on()

    def _pass_on(self) -> None:
        while self._waiting and not self._holds:
            self._deliver(self._waiting.popleft())
