"""While a cassette is replayed, whatever goes to the network fails, and says where to."""

from __future__ import annotations

import ipaddress
import socket
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from typing import Any

from ccxt_ext.testing.cassettes.errors import NetworkRefused

__tracebackhide__ = True  # pytest shows the line of the test that called this


@contextmanager
def no_network(allowed: Collection[str], refused: Callable[[str], None]) -> Iterator[None]:
    """Refuse all hosts but some: names, addresses, or "loopback". `refused` is told of each attempt."""

    def check(host: Any, port: Any) -> None:
        name = host.decode() if isinstance(host, bytes) else str(host or "localhost")
        if name in allowed or ("loopback" in allowed and _is_loopback(name)):
            return
        where = f"{name}:{port}" if port else name
        text = (
            f"there is no network while a cassette is replayed, and something went to {where}; "
            f'@pytest.mark.ccxt_cassette(allow_hosts=["{name}"]) lets it'
        )
        refused(text)
        raise NetworkRefused(text)

    def check_address(connection: socket.socket, address: Any) -> None:
        if connection.family in (socket.AF_INET, socket.AF_INET6):
            try:
                check(address[0], address[1])
            except NetworkRefused:
                connection.close()  # who made it does not expect this error
                raise

    connect, connect_ex = socket.socket.connect, socket.socket.connect_ex
    sendto, sendmsg = socket.socket.sendto, getattr(socket.socket, "sendmsg", None)  # not on Windows
    getaddrinfo, by_name, by_name_ex = socket.getaddrinfo, socket.gethostbyname, socket.gethostbyname_ex

    def connect_checked(self: socket.socket, address: Any) -> Any:
        check_address(self, address)
        return connect(self, address)

    def connect_ex_checked(self: socket.socket, address: Any) -> Any:
        check_address(self, address)
        return connect_ex(self, address)

    def sendto_checked(self: socket.socket, data: Any, *rest: Any) -> Any:
        check_address(self, rest[-1])
        return sendto(self, data, *rest)

    def sendmsg_checked(self: socket.socket, buffers: Any, *rest: Any) -> Any:
        if len(rest) > 2 and rest[2] is not None:
            check_address(self, rest[2])
        assert sendmsg is not None
        return sendmsg(self, buffers, *rest)

    def getaddrinfo_checked(host: Any, port: Any, *args: Any, **kwargs: Any) -> Any:
        # A server that is about to listen asks, too.
        if not _is_local(host):
            check(host, port)
        return getaddrinfo(host, port, *args, **kwargs)

    def by_name_checked(host: Any) -> Any:
        if not _is_local(host):
            check(host, None)
        return by_name(host)

    def by_name_ex_checked(host: Any) -> Any:
        if not _is_local(host):
            check(host, None)
        return by_name_ex(host)

    changes: list[tuple[Any, str, Any, Any]] = [
        (socket.socket, "connect", connect_checked, connect),
        (socket.socket, "connect_ex", connect_ex_checked, connect_ex),
        (socket.socket, "sendto", sendto_checked, sendto),
        (socket, "getaddrinfo", getaddrinfo_checked, getaddrinfo),
        (socket, "gethostbyname", by_name_checked, by_name),
        (socket, "gethostbyname_ex", by_name_ex_checked, by_name_ex),
    ]
    if sendmsg is not None:
        changes.append((socket.socket, "sendmsg", sendmsg_checked, sendmsg))
    own = {name for owner, name, _, _ in changes if name in vars(owner)}
    for owner, name, checked, _ in changes:
        setattr(owner, name, checked)
    try:
        yield
    finally:
        for owner, name, _, before in changes:
            if name in own:
                setattr(owner, name, before)
            else:
                delattr(owner, name)  # it is the base class's


def _is_local(host: Any) -> bool:
    name = host.decode() if isinstance(host, bytes) else host
    return not name or _is_loopback(str(name)) or str(name) in ("0.0.0.0", "::")


def _is_loopback(name: str) -> bool:
    if name == "localhost":
        return True
    try:
        return ipaddress.ip_address(name).is_loopback
    except ValueError:
        return False
