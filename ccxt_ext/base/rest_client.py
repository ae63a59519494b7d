"""The part of a venue's class that sends requests, for all venues."""

from typing import Any

from ccxt.base.errors import (
    BadResponse,
    BaseError,
    DDoSProtection,
    ExchangeError,
    ExchangeNotAvailable,
    InvalidNonce,
    NetworkError,
    NotSupported,
    RateLimitExceeded,
)

from ccxt_ext.base.aio import TRANSPORT_ERRORS, AsyncExchange

# The venue says that it did not take the order. Any other failure leaves that open.
REFUSED = (InvalidNonce, RateLimitExceeded, DDoSProtection)


class AsyncRestClient(AsyncExchange):
    """ccxt's Exchange, with its errors made uniform and its order calls sent once.

    An endpoint that places orders, or does anything else that must not happen twice, says so with
    `'once': True` in its entry of the `api` tree.
    """

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        cls.refuse_what_it_has_not()

    @classmethod
    def refuse_what_it_has_not(cls) -> None:
        """Make every method that `has` calls False raise NotSupported.

        ccxt's base emulates some of them (editOrder cancels and creates), which a venue may not want.
        """
        has = cls.metadata()["has"]
        for name in AsyncExchange.describe(AsyncExchange)["has"]:
            method = AsyncExchange.un_camel_case(None, name)
            inherited = getattr(AsyncExchange, method, None)
            if not has.get(name) and callable(inherited) and getattr(cls, method) is inherited:
                setattr(cls, method, _not_supported(name))

    async def request(
        self,
        path: str,
        api: Any = "public",
        method: str = "GET",
        params: Any = {},
        *args: Any,
        config: dict[str, Any] = {},
    ) -> Any:
        if not config.get("once"):
            return await super().request(path, api, method, params, *args, config=config)
        # ccxt would repeat an order that timed out, if asked to retry failures.
        params = self.extend(params, {"maxRetriesOnFailure": 0})
        try:
            return await super().request(path, api, method, params, *args, config=config)
        except (NetworkError, BadResponse) as error:
            if isinstance(error, REFUSED):
                raise
            raise self.outcome_unknown(error) from error

    async def fetch(self, url: str, method: str = "GET", headers: Any = None, body: Any = None) -> Any:
        try:
            return await super().fetch(url, method, headers, body)
        except BaseError as error:
            told = self.told(error)
            if told is error:
                raise
            # What lies behind an error that had to be cleaned holds the same secrets.
            raise told from None

    def told(self, error: BaseError) -> BaseError:
        """The error as its caller gets it: of one class for one cause, and free of secrets."""
        kind = type(error)
        text = str(error)
        if isinstance(error.__cause__, TRANSPORT_ERRORS) and kind in (ExchangeError, NetworkError):
            # A connection that was refused or cut: ccxt's sync and async classes each name it otherwise.
            kind = ExchangeNotAvailable
            text = f"{text} {type(error.__cause__).__name__}"
        clean = self.redact(text)
        return error if kind is type(error) and clean == text else kind(clean)

    async def load_time_difference(self, params: Any = {}) -> int:
        """How far this clock is ahead of the venue's, taken at the middle of the round trip."""
        before = self.milliseconds()
        server = await self.fetch_time(params)
        after = self.milliseconds()
        self.options["timeDifference"] = (before + after) // 2 - server
        return self.options["timeDifference"]


def _not_supported(name: str) -> Any:
    async def refuse(self: AsyncRestClient, *args: Any, **kwargs: Any) -> Any:
        raise NotSupported(f"{self.id} {name}() is not supported")

    return refuse
