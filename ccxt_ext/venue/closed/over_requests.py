"""Lets sync clients connect to their sandbox only."""

import weakref
from typing import Any

import requests
from requests.adapters import HTTPAdapter

from ccxt_ext.venue.blocking import no_redirects
from ccxt_ext.venue.closed import sandboxed


class ClosedAdapter(HTTPAdapter):
    """Connects only to the sandbox. It checks where urllib3 connects to, not what the URL looks like."""

    def __init__(self, instance: Any) -> None:
        # A weak reference, so that the instance can end as soon as nobody else holds it.
        self.instance = weakref.proxy(instance)
        super().__init__()

    def proxy_manager_for(self, proxy: str, **proxy_kwargs: Any) -> Any:
        sandboxed.refuse_proxy(self.instance)

    def get_connection_with_tls_context(self, *args: Any, **kwargs: Any) -> Any:
        return self.checked(super().get_connection_with_tls_context(*args, **kwargs))

    def get_connection(self, *args: Any, **kwargs: Any) -> Any:  # in older releases of requests
        return self.checked(super().get_connection(*args, **kwargs))

    def checked(self, pool: Any) -> Any:
        sandboxed.check(self.instance, pool.host, pool.port)
        return pool


class ClosedSession(requests.Session):
    """Replaces a client's session. Settings that are made on it have no effect on what is sent."""

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
        """Does nothing: a session's headers may belong to a real account."""

    def request(self, method: Any, url: Any, *args: Any, **kwargs: Any) -> requests.Response:
        sandboxed.origins(self._instance)  # raises if nothing may be sent at all
        self._inner.cookies.clear()
        return self._inner.request(method, url, *args, **kwargs)

    def send(self, request: requests.PreparedRequest, **kwargs: Any) -> requests.Response:
        return self._inner.send(request, **kwargs)

    def __reduce__(self) -> tuple[type, tuple[()]]:
        # A copied or pickled instance gets a plain session, and makes its own closed one from it.
        return requests.Session, ()

    def close(self) -> None:
        self._inner.close()
        super().close()
