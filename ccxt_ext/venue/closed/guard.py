"""Closes clients while the environment names a sandbox: they use its keys, and send only to its address.

Addresses are checked where bytes leave. So it does not matter what led there: a changed address, a proxy, the
user's own session, a redirect or a stream. Without the environment variable, none of this has any effect.
"""

import gc
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from inspect import getattr_static
from typing import Any

from ccxt.base.exchange import Exchange

from ccxt_ext.venue.closed import sandboxed
from ccxt_ext.venue.closed.following import follow
from ccxt_ext.venue.keys.credentials import CREDENTIALS

# The defaults of ccxt's own class. Not every release has all of them.
CCXTS = {name: getattr(Exchange, name, None) for name in (*CREDENTIALS, "headers")}

MISSING: Any = object()

_SEALED = "_ccxt_ext_sealed"
_ANSWER = "_ccxt_ext_answer"


def is_sealed(instance: Any) -> bool:
    """Whether the instance was made for a sandbox, and its constructor has ended."""
    return vars(instance).get(_SEALED, False)


class Stored:
    """A descriptor for an attribute of instances. It stores the value where it would be without it."""

    def __init__(self, default: Any = None) -> None:
        self.default = default  # None means ccxt's own default

    def __set_name__(self, owner: Any, name: str) -> None:
        self.name = name
        if self.default is None:
            self.default = CCXTS.get(name)

    def __get__(self, instance: Any, owner: Any = None) -> Any:
        if instance is None:
            return self.default
        return instance.__dict__.get(self.name, self.default)

    def __set__(self, instance: Any, value: Any) -> None:
        instance.__dict__[self.name] = value

    def __delete__(self, instance: Any) -> None:
        instance.__dict__.pop(self.name, None)


class Credential(Stored):
    """A credential that stays the sandbox's, as programs may set their real one at any time."""

    def __set__(self, instance: Any, value: Any) -> None:
        if not is_sealed(instance) or self.was_given(instance, value):
            super().__set__(instance, value)

    def was_given(self, instance: Any, value: Any) -> bool:
        """Whether the value is a token that the sandbox itself has just issued."""
        answer = vars(instance).get(_ANSWER)
        return self.name == "token" and isinstance(answer, str) and bool(value) and str(value) in answer


class Headers(Stored):
    """The headers that the class defines. Others could be the real account's, such as an access token."""

    def __get__(self, instance: Any, owner: Any = None) -> Any:
        headers = super().__get__(instance, owner)
        return dict(headers or {}) if instance is not None and is_sealed(instance) else headers

    def __set__(self, instance: Any, value: Any) -> None:
        if not is_sealed(instance):
            super().__set__(instance, value)


class Session(Stored):
    """The session. Whichever one is set, reading it gives one that reaches only the sandbox."""

    def __get__(self, instance: Any, owner: Any = None) -> Any:
        session = super().__get__(instance, owner)
        if session is None or instance is None or sys.is_finalizing() or not sandboxed.is_closed(instance):
            return session
        closed = close_session(instance, session)
        if closed is not session:
            instance.__dict__[self.name] = closed
        return closed

    def __set__(self, instance: Any, value: Any) -> None:
        # The user's own async session is dropped: it may belong to another event loop. ccxt makes a new one.
        if (
            value is None
            or instance.synchronous
            or not sandboxed.is_closed(instance)
            or is_own(instance, value)
        ):
            super().__set__(instance, value)


@contextmanager
def without_collector() -> Iterator[None]:
    """A `with` block around an import. The collector could destroy another exchange meanwhile, whose
    session would be looked for in the module that is only half imported."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()


def is_own(instance: Any, session: Any) -> bool:
    """Whether the session was made by ccxt's async class, or by ours."""
    with without_collector():
        from ccxt_ext.venue.closed.over_aiohttp import is_closed

    connector = getattr(session, "connector", None)
    return connector is not None and (connector is instance.tcp_connector or is_closed(instance, session))


def close_session(instance: Any, session: Any) -> Any:
    """The session, or a new one in its place, so that it reaches only the instance's sandbox."""
    if instance.synchronous:
        with without_collector():
            from ccxt_ext.venue.closed.over_requests import ClosedSession

        if isinstance(session, ClosedSession) and session.serves() is instance:
            return session
        return ClosedSession(instance)
    with without_collector():
        from ccxt_ext.venue.closed.over_aiohttp import closed_session, is_closed

    return session if is_closed(instance, session) else closed_session(instance, session)


class Construction:
    """A `with` block around a constructor: gives it the sandbox's configuration, and seals the instance."""

    def __init__(self, instance: Any, venue: str, config: Mapping[str, Any]) -> None:
        self.instance = instance
        # The constructor of a streaming class calls that of a REST class, which may be guarded too.
        self.outermost = sandboxed.target_of(instance) is None
        self.config, self.target = (
            sandboxed.redirect(venue, config) if self.outermost else (dict(config), None)
        )
        if self.target is not None:
            sandboxed.bind(instance, self.target)
            for name in CREDENTIALS:
                # Set on the instance, so that a subclass's own attributes have no effect.
                vars(instance)[name] = CCXTS[name]

    def __enter__(self) -> dict[str, Any]:
        return self.config

    def __exit__(self, kind: object, *_: object) -> None:
        if self.target is not None:
            vars(self.instance)[_SEALED] = True
        if kind is None and self.outermost and (self.target is not None or not sandboxed.is_set()):
            follow(self.instance)


# The descriptors that replace attributes of ccxt's Exchange class.
STORED: dict[str, type[Stored]] = {
    "session": Session,
    "headers": Headers,
    **dict.fromkeys(CREDENTIALS, Credential),
}


def close_class(cls: type) -> None:
    """Put the descriptors into a class of ours. Its own attributes of these names become their defaults."""
    for name, stored in STORED.items():
        own = vars(cls).get(name, MISSING)
        if own is MISSING:
            if not isinstance(getattr_static(cls, name, None), Stored):
                put_descriptor(cls, stored(), name)
        elif not isinstance(own, Stored):
            put_descriptor(cls, stored(own), name)


def is_closed_class(cls: type) -> bool:
    """Whether the class has the descriptors."""
    return isinstance(getattr_static(cls, "apiKey", None), Credential)


def put_descriptor(cls: type, stored: Stored, name: str) -> None:
    stored.__set_name__(cls, name)
    setattr(cls, name, stored)


def note_answer(instance: Any, response: tuple[Any, ...]) -> None:
    """Remember the latest answer, which may contain a token."""
    if is_sealed(instance):
        vars(instance)[_ANSWER] = response[5]


def guard(cls: type, venue: str) -> type:
    """Close any subclass of ccxt's Exchange, for as long as the variable is set. `venue` is its id."""
    if is_closed_class(cls):
        return cls
    for name, stored in STORED.items():
        put_descriptor(cls, stored(getattr(cls, name, None)), name)
    replace(cls, "__init__", lambda original: made_by(original, venue))
    replace(cls, "set_sandbox_mode", switched_by)
    replace(cls, "enable_demo_trading", switched_by)
    replace(cls, "on_rest_response", noted_by)
    close_socks(cls)
    return cls


def replace(cls: type, name: str, wrapped: Callable[[Any], Any]) -> None:
    """Wrap a method of the class, if it has it."""
    if hasattr(cls, name):
        setattr(cls, name, wrapped(getattr(cls, name)))


def made_by(original: Any, venue: str) -> Any:
    def __init__(self: Any, config: Any = {}, *args: Any, **kwargs: Any) -> None:
        with Construction(self, venue, config) as redirected:
            original(self, redirected, *args, **kwargs)

    return __init__


def switched_by(original: Any) -> Any:
    def switch(self: Any, enabled: bool) -> Any:
        return None if sandboxed.is_closed(self) else original(self, enabled)

    return switch


def noted_by(original: Any) -> Any:
    def on_rest_response(self: Any, *args: Any) -> Any:
        note_answer(self, args)
        return original(self, *args)

    return on_rest_response


def close_socks(cls: type) -> None:
    def closed_by(original: Any) -> Any:
        def get_socks_proxy_session(self: Any, socksProxy: str) -> Any:
            if sandboxed.is_closed(self):
                sandboxed.refuse_proxy(self)
            return original(self, socksProxy)

        get_socks_proxy_session.closes = True  # type: ignore[attr-defined]
        return get_socks_proxy_session

    replace(cls, "get_socks_proxy_session", closed_by)


def guard_ccxt(cls: type) -> None:
    """Close ccxt's own Exchange class, and so all exchanges. They keep their keys, but send nothing."""
    for base in cls.__mro__:
        if "session" in vars(base) and not isinstance(vars(base)["session"], Stored):
            put_descriptor(base, Session(vars(base)["session"]), "session")
        if "get_socks_proxy_session" in vars(base) and not hasattr(
            vars(base)["get_socks_proxy_session"], "closes"
        ):
            close_socks(base)
