"""Those who wait for news, and what is kept for them until they come."""

import asyncio
from collections.abc import Hashable, Iterable, Sequence
from typing import Any

from ccxt.async_support.base.ws.future import Future


class Audience:
    """A future for each subject that somebody waits for. A connection has one, and so has the polling."""

    #: by subject, for those that somebody waits for
    futures: dict[Hashable, Future]

    def __init__(self) -> None:
        self.futures = {}
        #: how many wait for each subject
        self.waiting: dict[Hashable, int] = {}
        # Subjects that began anew. Who watched them holds what is out of date, so that the first news
        # afterwards is kept until somebody takes it.
        self.owed: set[Hashable] = set()
        self.untold: dict[Hashable, Any] = {}

    def future(self, subject: Hashable) -> Future:
        """The future that all share who wait for the subject."""
        future = self.futures.get(subject)
        if future is None or future.cancelled():
            future = self.futures[subject] = Future()
        return future

    def resolve(self, news: Any, subject: Hashable) -> Any:
        """Give the news to all who wait for the subject."""
        future = self.futures.pop(subject, None)
        if future is not None and not future.done():
            future.set_result(news)
        if self.owed and subject in self.owed:
            self._pay(news, subject, future is not None)
        return news

    def _pay(self, news: Any, subject: Hashable, was_taken: bool) -> None:
        if was_taken:
            self.owed.discard(subject)
            self.untold.pop(subject, None)
        else:
            self.untold[subject] = news

    def reject(self, error: Any, subject: Hashable | None = None) -> Any:
        """Raise an error in all who wait for the subject, or in all who wait for anything.

        ccxt's own keeps an error for which nobody waits until somebody does, when it may be long out of date.
        """
        for each in list(self.futures) if subject is None else [subject]:
            future = self.futures.pop(each, None)
            if future is not None and not future.done():
                future.set_exception(error)
                # Whoever waited for it may be gone, and then asyncio would complain.
                future.exception()
        return error

    def cancel(self) -> None:
        """Cancel all who wait, as ccxt does when an exchange is closed."""
        futures, self.futures = list(self.futures.values()), {}
        for future in futures:
            future.cancel()

    def drop(self, subjects: Iterable[Hashable]) -> None:
        """Keep no news of subjects that nobody wants any more."""
        self.owed.difference_update(subjects)
        for subject in subjects:
            self.untold.pop(subject, None)

    async def news(self, subjects: Sequence[Hashable]) -> Any:
        """The first news of any of the subjects. Others may wait for the same."""
        return (await self.all_news(subjects))[0]

    async def all_news(self, subjects: Sequence[Hashable]) -> list[Any]:  # internal
        """The news of all subjects that have some by the time this task goes on, in the order they came."""
        if self.untold and (untold := [subject for subject in subjects if subject in self.untold]):
            self.owed.difference_update(untold)
            return [self.untold.pop(subject) for subject in untold]
        # A future of this watcher's own: if the shared ones were awaited, cancelling this watcher would
        # cancel them for all others.
        first = asyncio.get_running_loop().create_future()
        done: list[Future] = []

        def came(future: Future) -> None:
            done.append(future)
            if not first.done():
                first.set_result(None)

        futures = [self.future(subject) for subject in subjects]
        for subject, future in zip(subjects, futures, strict=True):
            self.waiting[subject] = self.waiting.get(subject, 0) + 1
            future.add_done_callback(came)
        try:
            await first
        finally:
            for subject, future in zip(subjects, futures, strict=True):
                self.waiting[subject] -= 1
                future.remove_done_callback(came)
        return [future.result() for future in done]
