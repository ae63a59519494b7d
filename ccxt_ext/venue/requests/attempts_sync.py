# Generated from attempts.py by scripts/generate.py. Do not edit.
"""What becomes of one request: sent once or again, and what its caller is told."""

from collections.abc import Mapping
from typing import Any

from ccxt.base.errors import (
    BaseError,
    DDoSProtection,
    ExchangeError,
    InvalidNonce,
    OperationFailed,
    OrderNotFound,
    RateLimitExceeded,
)
from ccxt.base.exchange import Exchange

from ccxt_ext.venue.calls.unified import with_raw_fields
from ccxt_ext.venue.keys import waiting_sync
from ccxt_ext.venue.keys.lines import holding
from ccxt_ext.venue.keys.nonces import Nonces, nonces
from ccxt_ext.venue.orders import outcomes
from ccxt_ext.venue.orders.outcomes import changes_something
from ccxt_ext.venue.requests import building, status, turns_sync
from ccxt_ext.venue.requests.ranks import at_least, rank_of_endpoint

# The venue says that it did not take the order. Any other failure leaves that open.
REFUSED = (InvalidNonce, RateLimitExceeded, DDoSProtection)


def send(
    exchange: Exchange,
    path: str,
    api: Any,
    method: str,
    params: Any,
    *args: Any,
    config: dict[str, Any],
) -> Any:
    """The answer to a request. An endpoint that must not be asked twice is asked once."""
    params = with_raw_fields(exchange.id, params)
    building.fill_path(
        exchange, path, params
    )  # a gap is refused here, whatever the venue's sign() makes of it
    once, cancels = config.get("once", False), "cancels" in config
    does = changes_something(config)
    if once:
        # ccxt would repeat an order that timed out, if asked to retry failures.
        repeats, params = retries_of_unknown(exchange, params, config)
    else:
        repeats, params = exchange.handle_option_and_params(params, path, "maxRetriesOnFailure", 0)
    pause, params = exchange.handle_option_and_params(params, path, "maxRetriesOnFailureDelay", 0)
    # Older releases of ccxt sign once for all attempts, and a venue takes a nonce once only.
    params = exchange.extend(params, {"maxRetriesOnFailure": 0})
    unknown = clock_was_set = False
    while True:
        status.note_status(0)
        try:
            return send_once(exchange, path, api, method, params, *args, config=config)
        except BaseError as error:
            failed = isinstance(error, OperationFailed)
            # With a 5xx even a clear text may be that of something between the venue and here.
            doubtful = (failed and not isinstance(error, REFUSED)) or status.answered_5xx()
            unknown = unknown or (does and doubtful and not turns_sync.was_unsent())
            if (
                isinstance(error, InvalidNonce)
                and not (unknown or clock_was_set)
                and sets_its_clock(exchange)
            ):
                # A refused time precedes processing: an order may be sent again.
                clock_was_set = True
                exchange.load_time_difference()
                params = exchange.params_to_send_again(params)
                continue
            if failed and repeats > 0 and (unknown or not once):
                repeats -= 1
            elif unknown and not (cancels and isinstance(error, OrderNotFound)):
                raise unknown_outcome_error(exchange, error, params, config) from error
            else:
                raise
        if pause:
            exchange.sleep(pause)


def sets_its_clock(exchange: Exchange) -> bool:
    """Whether the clock is set by the venue's when that refuses a time, as asked for."""
    wanted = exchange.options.get("adjustForTimeDifference") and exchange.has["fetchTime"]
    return bool(wanted) and not status.answered_5xx()


def send_once(
    exchange: Exchange,
    path: str,
    api: Any,
    method: str,
    params: Any,
    *args: Any,
    config: dict[str, Any],
) -> Any:
    """Send once. Where the venue demands rising nonces (`'nonce': True`), the calls of a key go in turn,
    the urgent ones first.

    A refused nonce is replaced by a higher one: such a refusal precedes processing, so that this holds
    for orders as well. It happens when another process uses the same key.
    """
    with at_least(rank_of_endpoint(method, config)):
        if not config.get("nonce"):
            return turns_sync.send_in_turn(exchange, path, api, method, params, *args, config=config)
        return with_nonce(exchange, path, api, method, params, *args, config=config)


def with_nonce(
    exchange: Exchange, path: str, api: Any, method: str, params: Any, *args: Any, config: dict[str, Any]
) -> Any:
    options, numbers = exchange.options["nonce"], shared_nonces(exchange)
    in_turn = options["inTurn"] and exchange.apiKey
    place = (
        waiting_sync.take_turn(exchange, numbers.line, rank=turns_sync.rank_for(exchange))
        if in_turn
        else None
    )
    with holding(numbers.line, place):
        refusals = 0
        while True:
            try:
                answer = turns_sync.send_in_turn(exchange, path, api, method, params, *args, config=config)
            except InvalidNonce as error:
                if status.answered_5xx():
                    raise
                numbers.refused(str(error))
                if refusals >= options["retries"]:
                    raise
                refusals += 1
            except ExchangeError:  # about something else
                numbers.accepted()
                raise
            else:
                numbers.accepted()
                return answer


def shared_nonces(exchange: Exchange) -> Nonces:
    return nonces(exchange.id, str(exchange.apiKey))


def retries_of_unknown(exchange: Exchange, params: Any, config: Mapping[str, Any]) -> tuple[int, Any]:
    """How often an order of unknown outcome is sent again, and the parameters without that number."""
    params = exchange.omit(params, ["maxRetriesOnFailure", "defaultMaxRetriesOnFailure"])
    repeats, params = exchange.handle_option_and_params(params, "createOrder", "retryUnknown", 0)
    repeats = exchange.safe_integer([repeats], 0, 0)
    return (repeats if exchange.client_id_in(params, config)[1] else 0), params


def unknown_outcome_error(
    exchange: Exchange, error: BaseError, params: Any, config: Mapping[str, Any]
) -> BaseError:
    """For whoever asked for something, and cannot know whether it was done."""
    if "cancels" in config:
        return outcomes.cancel_unknown(exchange, error, *exchange.ids_to_cancel(params, config))
    if config.get("once"):
        return exchange.outcome_unknown(error, *exchange.client_id_in(params, config))
    return outcomes.change_unknown(exchange, error)
