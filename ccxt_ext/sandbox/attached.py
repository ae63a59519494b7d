"""A sandbox that runs elsewhere: in another process, or in another container."""

from __future__ import annotations

import json as jsonlib
import os
import re
from collections.abc import Mapping
from http.client import HTTPException
from pathlib import Path
from typing import Any
from urllib.error import HTTPError, URLError
from urllib.request import ProxyHandler, Request, build_opener

from ccxt_ext._hosts import may_be_a_sandbox, why_not
from ccxt_ext.sandbox.errors import SandboxError
from ccxt_ext.sandbox.steering import Steering

ADDRESS = re.compile(r"http://([A-Za-z0-9._-]+|\[[0-9A-Fa-f:.]+\])(?::\d{1,5})?/?")
PATIENCE_S = 600.0
"""Some calls let days go by."""


class Attached(Steering):
    """A sandbox that runs elsewhere, by the address of its control port or the file that it wrote.

    It is neither started nor stopped from here.
    """

    def __init__(self, where: str | os.PathLike[str]) -> None:
        self._url = control_url_of(where)
        self._open = build_opener(ProxyHandler({})).open  # a proxy would lead elsewhere
        self.describe()

    def __enter__(self) -> Attached:
        return self

    def __exit__(self, *exc_info: object) -> None:
        return None

    @property
    def control_url(self) -> str:
        return self._url

    def describe(self) -> dict[str, Any]:
        told = self.control("GET", "/")
        if not isinstance(told, dict) or not isinstance(told.get("venues"), dict):
            raise SandboxError(f"{self._url} is no control port of a sandbox")
        return {"control": self._url, "venues": told["venues"]}

    def config(self, venue: str, account: str = "config") -> dict[str, Any]:
        venues = self.describe()["venues"]
        if venue not in venues:
            raise SandboxError(f"unknown venue {venue!r}; there are {', '.join(venues)}")
        if account not in venues[venue]:
            raise SandboxError(f"unknown account {account!r}; there are {', '.join(venues[venue])}")
        return dict(venues[venue][account])

    def control(self, method: str, path: str, json: Any = None) -> Any:
        body = None if json is None else jsonlib.dumps(json).encode()
        headers = {"Content-Type": "application/json"}
        request = Request(self._url + path, body, headers, method=method.upper())
        try:
            with self._open(request, timeout=PATIENCE_S) as response:
                return jsonlib.loads(response.read())
        except HTTPError as error:
            with error:
                raise SandboxError(_reason(error.read()) or f"{self._url}: {error}") from None
        except (OSError, HTTPException) as error:
            why = error.reason if isinstance(error, URLError) else error
            raise SandboxError(f"no sandbox answers at {self._url}: {why}") from None
        except ValueError:
            raise SandboxError(f"{self._url} is no control port of a sandbox") from None


def control_url_of(where: str | os.PathLike[str]) -> str:
    """The control port's address, from itself or from the file in which a sandbox has written it."""
    text = os.fspath(where)
    if "://" not in text:
        text = _told_in(Path(text))
    found = ADDRESS.fullmatch(text)
    if found is None:
        raise SandboxError(f"{text!r} is no address of a control port, such as http://127.0.0.1:8000")
    host = found[1].strip("[]")
    if not may_be_a_sandbox(host):
        raise SandboxError(f"{text}: {why_not(host)}")
    return text.rstrip("/")


def _told_in(file: Path) -> str:
    try:
        told = jsonlib.loads(file.read_bytes())
    except OSError as error:
        raise SandboxError(f"cannot read {file}: {error.strerror}") from None
    except (ValueError, RecursionError):
        told = None
    if not isinstance(told, Mapping) or not isinstance(told.get("control"), str):
        raise SandboxError(f"{file} is not what ccxt-ext sandbox --write wrote")
    return str(told["control"])


def _reason(body: bytes) -> str | None:
    """The error that the control port tells."""
    try:
        told = jsonlib.loads(body)
    except (ValueError, RecursionError):
        return None
    return str(told["error"]) if isinstance(told, dict) and "error" in told else None
