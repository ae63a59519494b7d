"""What a venue does not stream is polled. One poll serves all who watch the same thing."""

import asyncio
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import Any

from ccxt.base.errors import NetworkError, UnsubscribeError

from ccxt_ext.venue.answers import failures
from ccxt_ext.venue.requests.ranks import without_rank
from ccxt_ext.venue.rest_client import AsyncRestClient
from ccxt_ext.venue.streams.audience import Audience
from ccxt_ext.venue.streams.polls import PlacedOrders, Poll, written
from ccxt_ext.venue.streams.source import Source
from ccxt_ext.venue.streams.subjects import Subject


class Polling(Source):
    def __init__(self, exchange: AsyncRestClient, kinds: Mapping[str, type[Poll]]) -> None:
        self.exchange = exchange
        self.kinds = kinds  # the polls that there can be, by the kind of their subject
        self.polls: dict[Subject, Poll] = {}
        self.tasks: set[asyncio.Task[Any]] = set()
        self.audience = Audience()
        self.placed = PlacedOrders()
        self.is_closing = False

    async def news(self, subjects: Sequence[Subject], params: Any) -> list[Any]:
        if self.is_closing:
            raise asyncio.CancelledError(f"{self.exchange.id} is being closed")
        asked = written(params)
        wanted = [replace(subject, asked=asked) for subject in subjects]
        polls = [self.begun(subject, params) for subject in wanted]
        news = await self.audience.news(wanted)
        poll = next((poll for poll in polls if poll.taken(news)), polls[0])
        return poll.parts_of(news)

    def begun(self, subject: Subject, params: Any) -> Poll:
        """The poll of a subject, which runs from now on."""
        poll = self.polls.get(subject)
        if poll is None:
            poll = self.kinds[subject.kind](self.exchange, subject, params, self.placed)
            self.polls[subject] = poll
        if poll.task is None or poll.task.done():
            # As long as it runs it serves others too, who are in no hurry.
            poll.task = without_rank(asyncio.get_running_loop().create_task, poll.run(self.audience))
            self.tasks.add(poll.task)
            poll.task.add_done_callback(self._ended)
        return poll

    def _ended(self, task: asyncio.Task[Any]) -> None:
        self.tasks.discard(task)
        error = None if task.cancelled() else task.exception()
        if isinstance(error, Exception):  # a failed call is no such error, its poll goes on
            text = f"{self.exchange.id} polling failed: {type(error).__name__} {error}"
            self.audience.reject(failures.error_for_caller(self.exchange, NetworkError(text)))

    async def leave(self, subjects: Sequence[Subject], params: Any) -> None:
        for subject, poll in list(self.polls.items()):
            if any(subject.is_left_with(left) for left in subjects):
                del self.polls[subject]
                if poll.task is not None:
                    poll.task.cancel()
                self.audience.reject(UnsubscribeError(f"{self.exchange.id} {subject}"), subject)

    def note(self, order: Any) -> None:
        self.placed.note(order)
        if order["id"] is not None:
            for poll in self.polls.values():
                poll.note(order)

    @asynccontextmanager
    async def closing(self) -> AsyncIterator[None]:
        self.is_closing = True
        self.polls.clear()
        self.audience.cancel()
        for task in self.tasks:
            task.cancel()
        try:
            yield
            await asyncio.gather(*self.tasks, return_exceptions=True)
        finally:
            self.is_closing = False
