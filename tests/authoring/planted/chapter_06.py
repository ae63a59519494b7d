"""An error is told with all that was sent, headers included, as somebody may add to find a mistake."""

import inspect
from typing import Any, NoReturn

import ccxt

from tests.authoring.planted.planting import planted

CASE = "6.1"


def mistaken(cls: Any) -> Any:
    class Mistaken(cls):  # type: ignore[misc]
        def fetch(self, *sent: Any) -> Any:
            def tell(error: Exception) -> NoReturn:
                raise type(error)(f"{error} {sent}") from error

            async def later(answer: Any) -> Any:
                try:
                    return await answer
                except ccxt.BaseError as error:
                    tell(error)

            try:
                answer = super().fetch(*sent)
            except ccxt.BaseError as error:
                tell(error)
            return later(answer) if inspect.isawaitable(answer) else answer

    return Mistaken


PROFILE = planted("planted06", mistaken)
