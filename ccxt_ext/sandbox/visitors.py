"""Tells requests of programs from those that a web page makes in the user's browser.

The sandbox's keys are no secret, and its control port asks for none. So a page from anywhere could reset it
or trade in it, by the browser of who runs it: by a request to its address, or by a name of the page's own
that leads there (DNS rebinding). Browsers tell of both, in headers that a page cannot change; but where a GET
comes from they tell only to addresses that they trust, such as loopback.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Iterable, Mapping

OWN_PAGES = ("same-origin", "none")
"""What a browser sends as Sec-Fetch-Site for the sandbox's own page, and for an address that was typed."""


class Visitors:
    """Who may call: whoever names the sandbox as it is called, and comes from no other web page."""

    def __init__(self, host: str, allowed: Iterable[str] = ()) -> None:
        """`host` is the address that it listens on, `allowed` are further names that it goes by."""
        self._names = {"localhost", host.lower(), *(name.lower() for name in allowed)}

    def why_refused(self, headers: Mapping[str, str], only_looks: bool = False) -> str | None:
        """Why a request with these headers (names in lower case) is refused; None if it is not.

        One that `only_looks` may come from anywhere, as the answer is kept from pages of another place.
        """
        host = headers.get("host")
        if host is not None and not self._is_own(name_in(host)):
            return f"this sandbox does not go by the name {name_in(host)!r}; --allow-host adds one"
        origin = headers.get("origin")
        if origin is not None and origin.partition("://")[2] != host:
            return "requests of other web pages are refused"
        site = headers.get("sec-fetch-site")
        if site is not None and site not in OWN_PAGES:
            return "requests of other web pages are refused"
        if site is None and origin is None and not only_looks and is_browser(headers):
            return "requests of browsers are refused that do not tell from which web page they are"
        return None

    def _is_own(self, name: str) -> bool:
        # Only a name can be made to lead here: who gives an address in numbers means it.
        return name in self._names or is_address(name)


def name_in(authority: str) -> str:
    """The host of `host:port`."""
    if authority.startswith("["):
        return authority[1:].partition("]")[0].lower()
    return authority.partition(":")[0].lower()


def is_browser(headers: Mapping[str, str]) -> bool:
    """Whether headers are those that a browser always sends, and a page cannot keep it from."""
    return headers.get("user-agent", "").startswith("Mozilla/") and "accept-language" in headers


def is_address(name: str) -> bool:
    try:
        ipaddress.ip_address(name)
    except ValueError:
        return False
    return True
