"""What simulated exchanges of all kinds have in common, without input and output."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode, urlsplit

from ccxt_ext.sandbox.errors import SandboxError
from ccxt_ext.testing.simulated.explaining import error_of, explained
from ccxt_ext.testing.simulated.markets import structure
from ccxt_ext.venue.closed import sandboxed
from ccxt_ext.venue.closed.following import follow

AT = "simulatedAt"
"""The setting with the addresses of the sandbox."""
KEY = "X-Simulated-Key"
API = "simulated"


class Surface:
    """A class of ccxt's whose unified methods work on a sandbox. It stands before that class."""

    simulated = True
    ping = None

    def __init__(self: Any, config: Mapping[str, Any] | None = None) -> None:
        given = dict(config or {})
        at = given.get(AT)
        if not isinstance(at, Mapping):
            raise SandboxError(
                "a simulated exchange is made by `ccxt_sandbox.exchange(id)`, which knows its sandbox"
            )
        parts = [urlsplit(at[name]) for name in ("rest", "ws")]
        origins = frozenset((each.hostname or "", each.port or 0) for each in parts)
        sandboxed.bind(self, sandboxed.Target({}, origins))
        super().__init__(given)  # type: ignore[call-arg]  # that of ccxt's class
        if "markets" not in given:
            self.markets = self.markets_by_id = None  # some classes have a list of the venue's
        if not self.synchronous:
            self.ssl_context = False  # which is slow to make; the sandbox has no TLS
        follow(self)

    # requests

    def sign(
        self: Any,
        path: str,
        api: Any = "public",
        method: str = "GET",
        params: Mapping[str, Any] = {},
        headers: Any = None,
        body: Any = None,
    ) -> dict[str, Any]:
        """A request to the sandbox. There are no others."""
        if api != API:
            raise explained(self.id, path)
        url = f"{self.simulatedAt['rest']}{path}"
        asked, own = params["asked"], params["private"]
        sent = {KEY: json.dumps(self.simulated_key())} if own else {}
        if method == "GET":
            texts = {name: _text(value) for name, value in asked.items() if value is not None}
            url += f"?{urlencode(texts)}" if texts else ""
            return {"url": url, "method": method, "headers": sent, "body": None}
        sent["Content-Type"] = "application/json"
        return {"url": url, "method": method, "headers": sent, "body": json.dumps(asked)}

    def simulated_key(self: Any) -> dict[str, str]:
        """The account's key: the hashes of the credentials that this exchange needs.

        Raises AuthenticationError as ccxt does if one is missing.
        """
        self.check_required_credentials()
        names = [name for name, needed in self.requiredCredentials.items() if needed] or ["apiKey", "secret"]
        given = {name: getattr(self, name, None) for name in names}
        return {
            name: hashlib.sha256(str(value).encode()).hexdigest() for name, value in given.items() if value
        }

    def handle_errors(
        self: Any,
        code: Any,
        reason: Any,
        url: Any,
        method: Any,
        headers: Any,
        body: Any,
        response: Any,
        request_headers: Any,
        request_body: Any,
    ) -> None:
        error = error_of(self.id, response)
        if error is not None:
            raise error

    def calculate_rate_limiter_cost(self: Any, *args: Any) -> Any:
        return 1

    def on_json_response(self: Any, body: Any) -> Any:
        return json.loads(body)

    def simulated_market(self: Any, row: Mapping[str, Any]) -> dict[str, Any]:
        """A market of the sandbox as ccxt has it."""
        return structure(self, row)

    # what would go elsewhere

    def get_socks_proxy_session(self: Any, proxy: str) -> Any:
        sandboxed.refuse_proxy(self)


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return ",".join(map(str, value)) if isinstance(value, (list, tuple)) else str(value)
