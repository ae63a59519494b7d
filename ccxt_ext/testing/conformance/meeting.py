"""A method that meets whatever a case has it answered."""

from __future__ import annotations

import traceback
from typing import Any

import ccxt

from ccxt_ext.testing.conformance.offline import Offline
from ccxt_ext.testing.conformance.tested import Tested
from ccxt_ext.testing.conformance.told import Told
from ccxt_ext.testing.structures import check_result
from ccxt_ext.testing.wire import Answer, Request, call


class Meeting:
    """One exchange for all answers; made anew for each it would take most of the time."""

    def __init__(self, tested: Tested, told: Told, kind: str = "") -> None:
        self.told = told
        self.answer = Answer()
        self.exchange: Any = Offline(tested, kind or tested.kinds[0], self._answered, {}).exchange

    def _answered(self, request: Request) -> Answer:
        return self.answer

    def result(self, answer: Answer) -> Any:
        """What the call gives or raises."""
        self.answer = answer
        return call(self.exchange, self.told.method, *self.told.arguments)

    def outcome(self, answer: Answer) -> Any:
        """The result, or ccxt's error."""
        try:
            return self.result(answer)
        except ccxt.BaseError as error:
            return error

    def check(self, answer: Answer) -> None:
        """A valid structure or an error of ccxt's."""
        method = self.told.method
        met = f"{method}() met {answer.status} {answer.text[:500]}"
        try:
            result = self.result(answer)
        except ccxt.BaseError:
            return
        except Exception as error:
            place = "".join(traceback.format_tb(error.__traceback__)[-2:])
            raise AssertionError(
                f"{met}\nand raised {type(error).__name__}, which is no error of ccxt's: {error}\n{place}"
            ) from error
        try:
            check_result(method, result)
        except AssertionError as error:
            raise AssertionError(f"{met}\nand gave what is no structure of ccxt's: {error}") from error
