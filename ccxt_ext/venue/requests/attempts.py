# twin: attempts_sync.py
"""Sends a request: decides whether to try again after a failure, and which error the caller gets."""

from collections.abc import Mapping
from typing import Any

from ccxt.base.errors import (
    BaseError,
    ExchangeError,
    InvalidNonce,
    OperationFailed,
    OrderNotFound,
)
from ccxt.base.exchange import Exchange

from ccxt_ext.venue.calls.unified import with_raw_fields
from ccxt_ext.venue.keys import waiting
from ccxt_ext.venue.keys.lines import holding
from ccxt_ext.venue.keys.nonces import shared_nonces
from ccxt_ext.venue.orders import outcomes
from ccxt_ext.venue.orders.outcomes import NOT_CARRIED_OUT, changes_something
from ccxt_ext.venue.requests import building, latest_status, turns
from ccxt_ext.venue.requests.ranks import at_least, rank_of_endpoint


async def send(
    exchange: Exchange,
    path: str,
    api: Any,
    method: str,
    params: Any,
    *args: Any,
    config: dict[str, Any],
) -> Any:
    """Send a request and return the answer. It is sent only once if its endpoint must not be called twice."""
    params = with_raw_fields(exchange.id, params)
    # Refuses missing parts of the path, whatever the venue's sign() would make of them.
    building.fill_path(exchange, path, params)
    once, cancels = config.get("once", False), "cancels" in config
    does = changes_something(config)
    if once:
        # With maxRetriesOnFailure, ccxt would send an order again after a timeout.
        repeats, params = retries_of_unknown(exchange, params, config)
    else:
        repeats, params = exchange.handle_option_and_params(params, path, "maxRetriesOnFailure", 0)
    pause, params = exchange.handle_option_and_params(params, path, "maxRetriesOnFailureDelay", 0)
    # Retries are done here: older releases of ccxt sign once for all attempts, with the same nonce.
    params = exchange.extend(params, {"maxRetriesOnFailure": 0})
    unknown = clock_was_set = False
    while True:
        latest_status.note_status(0)
        try:
            return await send_once(exchange, path, api, method, params, *args, config=config)
        except BaseError as error:
            failed = isinstance(error, OperationFailed)
            # With a status of 5xx, even a clear text may come from a proxy between the venue and here.
            doubtful = (failed and not isinstance(error, NOT_CARRIED_OUT)) or latest_status.answered_5xx()
            unknown = unknown or (does and doubtful and not turns.was_unsent())
            if (
                isinstance(error, InvalidNonce)
                and not (unknown or clock_was_set)
                and sets_its_clock(exchange)
            ):
                # The venue checks the time before it does anything, so even an order can be sent again.
                clock_was_set = True
                await exchange.load_time_difference()
                params = exchange.params_to_send_again(params)
                continue
            if failed and repeats > 0 and (unknown or not once):
                repeats -= 1
            elif unknown and not (cancels and isinstance(error, OrderNotFound)):
                raise unknown_outcome_error(exchange, error, params, config) from error
            else:
                raise
        if pause:
            await exchange.sleep(pause)


def sets_its_clock(exchange: Exchange) -> bool:
    """Whether to correct the clock after the venue refused a timestamp: only if the user asked for it."""
    wanted = exchange.options.get("adjustForTimeDifference") and exchange.has["fetchTime"]
    return bool(wanted) and not latest_status.answered_5xx()


async def send_once(
    exchange: Exchange,
    path: str,
    api: Any,
    method: str,
    params: Any,
    *args: Any,
    config: dict[str, Any],
) -> Any:
    """Send a request once, with its rank, and with a rising nonce if its endpoint says `'nonce': True`."""
    with at_least(rank_of_endpoint(method, config)):
        if not config.get("nonce"):
            return await turns.send_in_turn(exchange, path, api, method, params, *args, config=config)
        return await with_nonce(exchange, path, api, method, params, *args, config=config)


async def with_nonce(
    exchange: Exchange, path: str, api: Any, method: str, params: Any, *args: Any, config: dict[str, Any]
) -> Any:
    """Send a request once it is this key's turn, urgent requests first.

    If the venue refuses the nonce, because another process uses the same key, the request is sent again with
    a higher one. The venue checks the nonce before it does anything, so this is safe for orders too.
    """
    options, numbers = exchange.options["nonce"], shared_nonces(exchange)
    in_turn = options["inTurn"] and exchange.apiKey
    place = (
        await waiting.take_turn(exchange, numbers.line, rank=turns.rank_for(exchange)) if in_turn else None
    )
    with holding(numbers.line, place):
        refusals = 0
        while True:
            try:
                answer = await turns.send_in_turn(exchange, path, api, method, params, *args, config=config)
            except InvalidNonce as error:
                if latest_status.answered_5xx():
                    raise
                numbers.refused(str(error))
                if refusals >= options["retries"]:
                    raise
                refusals += 1
            except ExchangeError:  # the venue took the nonce and refused something else
                numbers.accepted()
                raise
            else:
                numbers.accepted()
                return answer


def retries_of_unknown(exchange: Exchange, params: Any, config: Mapping[str, Any]) -> tuple[int, Any]:
    """How often to send an order again if its outcome is unknown, and the parameters without that option."""
    params = exchange.omit(params, ["maxRetriesOnFailure", "defaultMaxRetriesOnFailure"])
    repeats, params = exchange.handle_option_and_params(params, "createOrder", "retryUnknown", 0)
    repeats = exchange.safe_integer([repeats], 0, 0)
    return (repeats if exchange.client_id_in(params, config)[1] else 0), params


def unknown_outcome_error(
    exchange: Exchange, error: BaseError, params: Any, config: Mapping[str, Any]
) -> BaseError:
    """The error for a caller whose request may or may not have been carried out."""
    if "cancels" in config:
        return outcomes.cancel_unknown(exchange, error, *exchange.ids_to_cancel(params, config))
    if config.get("once"):
        return exchange.outcome_unknown(error, *exchange.client_id_in(params, config))
    return outcomes.change_unknown(exchange, error)
