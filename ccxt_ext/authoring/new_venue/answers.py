"""What the author of a venue says about it."""

from __future__ import annotations

import keyword
import re
from collections.abc import Collection
from dataclasses import dataclass
from urllib.parse import urlsplit

from ccxt_ext._version import __version__
from ccxt_ext.authoring.new_venue.rendering import templates

ID = re.compile(r"[a-z][a-z0-9_]{0,29}")
NAME = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9 .,&+'-]{0,38}[A-Za-z0-9.])?")
HOST = re.compile(r"[A-Za-z0-9.-]+(?::[0-9]{1,5})?")
LONGEST_URL = 60


class Unfit(Exception):
    """An answer that no venue can be made of."""


@dataclass(frozen=True)
class Answers:
    id: str
    name: str
    url: str
    flags: frozenset[str] = frozenset()

    @classmethod
    def checked(
        cls,
        id: str,
        name: str | None = None,
        url: str | None = None,
        flags: Collection[str] = (),
        taken: Collection[str] = (),
    ) -> Answers:
        check_id(id, taken)
        name = class_prefix(id) if name is None else name
        url = f"https://api.{id.replace('_', '-')}.example" if url is None else url.rstrip("/")
        if not NAME.fullmatch(name):
            raise Unfit(f"the name {name!r} is not up to 40 letters, digits, spaces and . , & + ' -")
        parts = urlsplit(url)
        if parts.scheme != "https" or url != f"https://{parts.netloc}" or not HOST.fullmatch(parts.netloc):
            raise Unfit(f"the URL {url!r} is not like https://api.example.com, without a path")
        if len(url) > LONGEST_URL:
            raise Unfit(f"the URL is longer than {LONGEST_URL} characters")
        return cls(id, name, url, frozenset(flags))

    def words(self, package: str) -> dict[str, str]:
        """What stands for what in templates. `package` is what the client is imported by."""
        host = urlsplit(self.url).netloc
        return {
            "ccxt-ext>=0.0.0": f"ccxt-ext>={__version__}",
            "ccxt_acme": package,
            "ccxt-acme": distribution(self.id),
            "Acme Exchange": self.name,
            "https://api.acme.example": self.url,
            "wss://api.acme.example": f"wss://{host}",
            "https://acme.example": f"https://{host.removeprefix('api.')}",
            "ACME": self.id.upper(),
            "AcmeInFreqtrade": self.id.title(),
            "Acme": class_prefix(self.id),
            "acme": self.id,
        }


def check_id(id: str, taken: Collection[str]) -> None:
    if not ID.fullmatch(id) or keyword.iskeyword(id):
        raise Unfit(f"the id {id!r} is not a Python name of up to 30 small letters and digits")
    if id in taken:
        raise Unfit(f"the id {id!r} is taken, by ccxt or by a plug-in that is installed here")
    if id in used_names():
        raise Unfit(f"the id {id!r} is a name that a venue's files use for something else")


def used_names() -> set[str]:
    """A class of such a name would hide what the same file needs."""
    texts = [text for path, text in templates("client") if path.endswith(".py")]
    return {word for text in texts for word in re.findall(r"\w+", text)} - {"acme"}


def class_prefix(id: str) -> str:
    return "".join(part.capitalize() for part in id.split("_"))


def distribution(id: str) -> str:
    return f"ccxt-{id.strip('_').replace('_', '-')}"
