"""What bitexbit is asked for when money is to be moved."""

from collections.abc import Mapping
from typing import Any

from ccxt.base.errors import ArgumentsRequired, BadRequest, InvalidOrder
from ccxt.base.exchange import Exchange
from ccxt.base.precise import Precise

from ccxt_ext.venue.answers import reading
from ccxt_ext.venue.orders import checks
from ccxt_ext.venues.bitexbit.bodies import NumberText


def positive_amount(exchange: Exchange, code: str, amount: Any, method: str) -> str:
    """The text of an amount of money that is to be moved."""
    try:
        checks.check_positive(exchange, amount, "amount")
    except InvalidOrder:
        raise BadRequest(f"{exchange.id} {method}() needs a positive amount, not {amount!r}") from None
    if exchange.currency(code)["precision"] is None:
        return exchange.number_to_string(amount)
    try:
        text = exchange.currency_to_precision(code, amount)
    except ArithmeticError:  # more digits than ccxt's decimals have
        raise BadRequest(f"{exchange.id} {method}() of {amount} {code} cannot be cut to its step") from None
    if Precise.string_eq(text, "0"):
        raise BadRequest(f"{exchange.id} {method}() of {amount} {code} is below the currency's precision")
    return text


def tag_and_params(exchange: Exchange, tag: Any, params: Mapping[str, Any]) -> tuple[Any, dict[str, Any]]:
    """A withdrawal's tag. Newer releases of ccxt have it in the parameters, which come in its place."""
    if isinstance(tag, Mapping):
        tag, params = None, {**tag, **params}
    return exchange.safe_string(params, "tag") if tag is None else tag, exchange.omit(params, "tag")


def withdrawal_request(
    exchange: Exchange,
    code: str,
    amount: Any,
    address: str,
    tag: Any,
    method: Mapping[str, Any],
    params: Mapping[str, Any],
) -> dict[str, Any]:
    """`method` has the ticker and the network, and maybe the rest that the gateway tells of them."""
    text = positive_amount(exchange, code, amount, "withdraw")
    fiat = exchange.safe_bool(method, "is_fiat", exchange.currency(code).get("type") == "fiat")
    id = exchange.safe_string(params, "clientOrderId", exchange.uuid())
    request = {
        "ticker": method["ticker"],
        "network": method["network"],
        "card" if fiat else "address": address,
        "amount": text if exchange.options["gatewayAmountAsString"] else NumberText(text),
        "client_order_id": id,
    }
    if tag is not None:
        request[exchange.options["tagFields"].get(method["network"], "memo")] = tag
    return exchange.extend(request, exchange.omit(params, ["network", "clientOrderId"]))


def only_method(
    exchange: Exchange, methods: list[dict[str, Any]], code: str, flag: str, name: str
) -> dict[str, Any]:
    """The one way to move a currency, of those that are enabled."""
    ticker = exchange.currency(code)["id"]
    fitting = [m for m in methods if m.get("ticker") == ticker and exchange.safe_bool(m, flag, False)]
    if len(fitting) == 1:
        return {**fitting[0], "network": reading.required_text(exchange, fitting[0], "network")}
    if fitting:
        networks = ", ".join(
            exchange.network_id_to_code(reading.required_text(exchange, m, "network")) for m in fitting
        )
        raise ArgumentsRequired(f"{exchange.id} {name}() requires a network for {code}: one of {networks}")
    raise BadRequest(f"{exchange.id} {name}() is not enabled for {code}")
