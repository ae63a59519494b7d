"""Where the bytes of a sync client leave, while it is to reach a sandbox and nothing else."""

import weakref
from typing import Any

import requests
from requests.adapters import HTTPAdapter

from ccxt_ext.venue.blocking import no_redirects
from ccxt_ext.venue.closed import sandboxed


class ClosedAdapter(HTTPAdapter):
    """Connects to the sandbox only. It compares where urllib3 connects to, not how an address looks."""

    def __init__(self, instance: Any) -> None:
        # Weakly, as ccxt's instances are to end as soon as nobody holds them.
        self.instance = weakref.proxy(instance)
        super().__init__()

    def proxy_manager_for(self, proxy: str, **proxy_kwargs: Any) -> Any:
        sandboxed.refuse_proxy(self.instance)

    def get_connection_with_tls_context(self, *args: Any, **kwargs: Any) -> Any:
        return self.checked(super().get_connection_with_tls_context(*args, **kwargs))

    def get_connection(self, *args: Any, **kwargs: Any) -> Any:  # of older releases of requests
        return self.checked(super().get_connection(*args, **kwargs))

    def checked(self, pool: Any) -> Any:
        sandboxed.check(self.instance, pool.host, pool.port)
        return pool


class ClosedSession(requests.Session):
    """Takes the place of a client's session. Nothing that is set on it has an effect on what is sent."""

    def __init__(self, instance: Any) -> None:
        self._instance = weakref.proxy(instance)
        self.serves = weakref.ref(instance)
        self._inner = requests.Session()
        self._inner.trust_env = False
        self._inner.get_redirect_target = no_redirects  # type: ignore[assignment]
        adapter = ClosedAdapter(instance)
        for prefix in ("http://", "https://"):
            self._inner.mount(prefix, adapter)
        super().__init__()

    @property
    def headers(self) -> Any:
        return self._inner.headers.copy()

    @headers.setter
    def headers(self, headers: Any) -> None:
        """Those of a session may be an account's."""

    def request(self, method: Any, url: Any, *args: Any, **kwargs: Any) -> requests.Response:
        sandboxed.origins(self._instance)  # raises where nothing may be sent at all
        self._inner.cookies.clear()
        return self._inner.request(method, url, *args, **kwargs)

    def send(self, request: requests.PreparedRequest, **kwargs: Any) -> requests.Response:
        return self._inner.send(request, **kwargs)

    def __reduce__(self) -> tuple[type, tuple[()]]:
        # Whose copy gets it makes a closed one of it, of its own.
        return requests.Session, ()

    def close(self) -> None:
        self._inner.close()
        super().close()
