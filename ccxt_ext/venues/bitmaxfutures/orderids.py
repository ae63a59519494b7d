"""The ids of orders, which can be computed before the venue answers. No I/O."""

import hashlib
import re
import secrets
import string

LONGEST = 32
# What of a client id enters the order id, and what a client id has to be for that.
TAIL = 9
_ENTERS = re.compile(r"[A-Za-z0-9]{9,32}")
_CLIENT_ID = re.compile(r"\w[\w-]*\w", re.ASCII)

REST, SOCKET = "a", "s"  # where an order came from
_LETTERS = string.ascii_letters + string.digits


def new_client_id() -> str:
    return "".join(secrets.choice(_LETTERS) for _ in range(LONGEST))


def is_client_id(id: str) -> bool:
    return len(id) <= LONGEST and _CLIENT_ID.fullmatch(id) is not None


def page_order_id(client_id: str, time: int, uid: str | None, source: str = REST) -> str | None:
    """The id as the venue's page tells it; None where a part of it is not known before the answer."""
    if uid is None or not _ENTERS.fullmatch(client_id):
        return None
    return f"{source}{time:x}{uid}{client_id[-TAIL:]}"


def demo_order_id(
    client_id: str, time: int, account: str | None, symbol: str, side: str, source: str = REST
) -> str | None:
    """The id as the venue's demo programs compute it."""
    if account is None:
        return None
    digest = hashlib.md5(
        f"{time}{account}{symbol}{side[:1]}{client_id}".encode(), usedforsecurity=False
    ).hexdigest()
    return f"{time:x}"[:11] + source + (account[-12:] + digest)[: LONGEST - 12]
