"""BitMax Futures Pro v2 without the network: signing, requests, errors; the rest is in the modules beside."""

import base64
import binascii
import hmac
import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from ccxt.base.errors import AuthenticationError, BaseError, ExchangeError, OperationFailed

from ccxt_ext.venue.answers import reading, refusals
from ccxt_ext.venue.answers.errors import listed
from ccxt_ext.venue.answers.redact import MASK
from ccxt_ext.venue.requests import building
from ccxt_ext.venue.surface.compat import section
from ccxt_ext.venue.venue import compact_json
from ccxt_ext.venues.bitmaxfutures.accounts import Account, AccountState, account_state
from ccxt_ext.venues.bitmaxfutures.edits import Edits
from ccxt_ext.venues.bitmaxfutures.errors import BATCH, REFUSING
from ccxt_ext.venues.bitmaxfutures.funds import Funds
from ccxt_ext.venues.bitmaxfutures.metadata import DOES_ANYWAY, UNDERSTANDS, metadata
from ccxt_ext.venues.bitmaxfutures.positions import Positions

# What v1 signs is not its path.
V1_SIGNED = {"cash/balance": "balance"}

# What these carry has a time of its own.
TIMED = ("futures/order", "futures/order/batch")

_EMAIL = re.compile(r"""(["']email["']\s*:\s*["'])[^"']*""")


class Protocol(Edits, Positions, Funds):
    understands = UNDERSTANDS
    does_anyway = DOES_ANYWAY

    @classmethod
    def metadata(cls) -> dict[str, Any]:
        return metadata()

    # -- the account --------------------------------------------------------------------------------

    def account_state(self) -> AccountState:
        return account_state(self.urls["api"]["rest"], self.apiKey or "", self.secret or "")

    def told_account(self) -> Account | None:
        """The account as the options tell it."""
        group = self.options["accountGroup"]
        if group is None:  # 0 is one
            return None
        return Account(str(group), self.options["userUID"], self.options["accountId"])

    def known_account(self) -> Account | None:
        return self.told_account() or self.account_state().account

    def account_group(self) -> str:
        account = self.known_account()
        if account is None:
            raise ExchangeError(f"{self.id} does not know the account group yet: call fetchAccounts() first")
        return account.group

    def redact(self, text: str) -> str:
        return _EMAIL.sub(rf"\1{MASK}", super().redact(text))

    # -- requests -----------------------------------------------------------------------------------

    def sign(
        self,
        path: str,
        api: Any = "public",
        method: str = "GET",
        params: Any = {},
        headers: Any = None,
        body: Any = None,
    ) -> dict[str, Any]:
        version, _, access = section(api).partition(".")
        host = self.urls["api"]["rest"].rstrip("/")
        query = params
        if access != "public":
            self.check_required_credentials()
            if method != "GET" and path in TIMED:
                # Only now: a request may have waited for its turn for long, and the venue takes none that is
                # older than 30 seconds.
                query = params = self.stamped(params)
                self.note_leaving(self.orders_in(params) if method == "POST" else ())
            headers = self.signed_headers(self.signed_path(version, path), params)
            if access == "group":
                host = f"{host}/{self.account_group()}"
            if method != "GET" and path not in self.options["postAsQuery"]:
                headers["Content-Type"] = "application/json"
                body = compact_json(params)
                query = {}
        url = f"{host}/api/pro/{version}/{path}"
        if query:
            url += "?" + self.urlencode(
                {name: building.field_text(self, value) for name, value in query.items()}
            )
        return {"url": url, "method": method, "body": body, "headers": headers}

    def stamped(self, params: Mapping[str, Any]) -> dict[str, Any]:
        """With the time at which they are sent in orders and cancellations that have none of their own."""
        now = self.nonce()
        if isinstance(params.get("orders"), list):
            return {**params, "orders": [{"time": now, **order} for order in params["orders"]]}
        return {"time": now, **params}

    def signed_path(self, version: str, path: str) -> str:
        if version == "v1":
            return V1_SIGNED.get(path, path)
        return str(self.options["orderHistPrehash"]) if path == "order/hist" else f"{version}/{path}"

    def signed_headers(self, path: str, params: Mapping[str, Any]) -> dict[str, str]:
        # One time for the header and for the orders, as it is a part of their ids.
        first = params["orders"][0] if params.get("orders") else params
        time = str(first.get("time") or self.nonce())
        return {
            "x-auth-key": self.apiKey,
            "x-auth-timestamp": time,
            "x-auth-signature": self.signature(f"{time}+{path}"),
        }

    def signature(self, text: str) -> str:
        digest = hmac.digest(self.signing_key(), text.encode(), "sha256")
        return base64.b64encode(digest).decode()

    def signing_key(self) -> bytes:
        secret: str = self.secret
        if self.options["secretFormat"] != "base64":
            return secret.encode()
        try:
            return base64.b64decode(secret + "=" * (-len(secret) % 4), validate=True)
        except (binascii.Error, ValueError):
            raise AuthenticationError(f"{self.id} has a secret that is not base64") from None

    def renewed(self, params: Any) -> Any:
        """A request that was refused for its time gets another one."""
        if isinstance(params.get("orders"), list):
            return {**params, "orders": [self.omit(order, "time") for order in params["orders"]]}
        return self.omit(params, "time")

    def orders_in(self, params: Any) -> list[Any]:
        """The new orders that a request carries."""
        listed = params.get("orders", [params])
        return [
            order for order in listed if isinstance(order, Mapping) and "orderQty" in order and "id" in order
        ]

    # -- errors -------------------------------------------------------------------------------------

    def known_by(self, params: Any, config: Mapping[str, Any]) -> tuple[str | Sequence[str] | None, bool]:
        ids = [str(order["id"]) for order in self.orders_in(params)]
        return (ids if "clientId" in config else None), False

    def named_in(self, params: Any, config: Mapping[str, Any]) -> tuple[list[str], list[str]]:
        """A batch lists the cancels, each with an id of its own that is no order's."""
        if isinstance(params.get("orders"), list):
            ids = (self.safe_string(order, config["cancels"]) for order in params["orders"])
            return [], [id for id in ids if id is not None]
        client_ids = [] if config["cancels"] is None else listed(self.safe_string(params, "id"))
        return client_ids, super().named_in(params, config)[1]

    def outcome_unknown(
        self,
        error: BaseError,
        client_id: str | Sequence[str] | None = None,
        idempotent: bool = False,
        order_id: str | Sequence[str] | None = None,
    ) -> BaseError:
        """An order's id may be known even so, and fetchOrder() tells whether there is such an order."""
        ids = order_id or getattr(error, "order_ids", None) or self.order_ids(listed(client_id))
        return super().outcome_unknown(error, client_id, idempotent, ids)

    def advice(self, client_ids: Sequence[str], idempotent: bool) -> str:
        if len(self.order_ids(client_ids)) == len(client_ids):
            return super().advice(client_ids, idempotent)
        return (
            f"the id that belongs to its clientOrderId {', '.join(client_ids)} is not known, so look for it"
            " in fetchOpenOrders() and fetchOrders() before sending it again"
        )

    def order_ids(self, client_ids: Iterable[str]) -> list[str]:
        found = (self.account_state().orders.order_id(id) for id in client_ids)
        return [id for id in found if id is not None]

    @staticmethod
    def is_placing(url: str, method: str) -> bool:
        return method == "POST" and url.endswith(("/order", "/order/batch"))

    def ids_beside(self, answer: Mapping[str, Any]) -> list[str]:
        """The ids of orders in a refusal, which therefore is none."""
        data = answer.get("data")
        places = [answer, answer.get("info"), data]
        if isinstance(data, dict):
            places += [data.get("order"), data.get("info"), data.get("orders")]
        rows = [row for place in places for row in (place if isinstance(place, list) else [place])]
        ids = [self.safe_string(row, "orderId") for row in rows if isinstance(row, dict)]
        return list(dict.fromkeys(id for id in ids if id))

    def handle_errors(
        self,
        code: int,
        reason: str,
        url: str,
        method: str,
        headers: Any,
        body: Any,
        response: Any,
        request_headers: Any,
        request_body: Any,
    ) -> None:
        if isinstance(response, dict):
            told = self.safe_string(response, "code")
            if told not in (None, "0"):
                self.raise_refusal(code, url, method, response)
            if told is None and not 200 <= code < 300:
                refusals.refuse(self, code, reason, self.safe_string(response, "message"), body)
        refusals.refuse(self, code, reason, None, body)
        reading.check_json(self, response, body)

    def raise_refusal(self, status: int, url: str, method: str, answer: Mapping[str, Any]) -> None:
        """What a whole answer that is a refusal means."""
        ids = self.ids_beside(answer) if self.is_placing(url, method) else []
        try:
            self.raise_told(status, url, method, self.told_error(answer))
        except BaseError as error:
            if not ids:
                raise
            raise self.outcome_unknown(error, order_id=ids) from error

    def told_error(self, answer: Mapping[str, Any]) -> Mapping[str, Any]:
        """The error that counts: in a batch, the first order that is wrong by itself."""
        listed = answer.get("info")
        for row in listed if isinstance(listed, list) else ():
            if isinstance(row, dict) and self.safe_string(row, "code") not in (None, "0", BATCH):
                return row
        return answer

    def raise_told(self, status: int, url: str, method: str, error: Mapping[str, Any]) -> None:
        code, reason, message = (self.safe_string(error, key, "") for key in ("code", "reason", "message"))
        feedback = f"{self.id} " + self.redact(" ".join(filter(None, (code, reason, message))))
        self.throw_broadly_matched_exception(self.exceptions["broad"], message, feedback)
        if "/order/status" in url:
            self.throw_exactly_matched_exception(self.exceptions["looking up"], code, feedback)
            self.throw_exactly_matched_exception(self.exceptions["looking up"], reason, feedback)
        if "/order" in url:
            context = self.exceptions["placing" if method == "POST" else "looking"]
            self.throw_exactly_matched_exception(context, code, feedback)
            self.throw_exactly_matched_exception(context, reason, feedback)
        if method != "GET":
            self.throw_exactly_matched_exception(self.exceptions["doing"], code, feedback)
            self.throw_exactly_matched_exception(self.exceptions["doing"], reason, feedback)
        self.throw_exactly_matched_exception(self.exceptions["exact"], code, feedback)
        self.throw_exactly_matched_exception(self.exceptions["exact"], reason, feedback)
        by_status = None if 200 <= status < 300 else self.exceptions["status"].get(str(status))
        if method != "GET" and 200 <= status < 300 and code[:2] not in REFUSING:
            by_status = OperationFailed  # whether something was done is not known
        raise (by_status or refusals.status_class(self, status))(feedback)
