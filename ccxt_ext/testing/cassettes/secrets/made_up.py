"""Made-up credentials of the same form as those of a recording, as signers refuse others."""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

Form = Mapping[str, Any]
"""What the file tells about a credential: its form, and what a signer has to know of it."""

_BASE58 = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"  # each a digit of base64, too
_BASE32 = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"
_UUID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)


def form_of(secret: str) -> dict[str, Any]:
    text = secret.replace("\\n", "\n")
    if "-----BEGIN" in text:
        return {"form": "pem", **_pem_form(text)}
    if _UUID.fullmatch(secret):
        return {"form": "uuid"}
    if secret.isdecimal():
        return {"form": "digits", "length": len(secret)}
    if re.fullmatch(r"(0x)?(?:[0-9a-f]{2}){8,}", secret, re.IGNORECASE):
        prefix = secret[:2].lower() == "0x"
        return {"form": "hex", "length": len(secret) - 2 * prefix, **({"prefix": "0x"} if prefix else {})}
    if re.fullmatch(r"[A-Za-z0-9+/]+={0,2}", secret) and len(secret) % 4 == 0 and re.search(r"[+/=]", secret):
        return {"form": "base64", "bytes": len(base64.b64decode(secret))}
    if len(secret) >= 16 and re.fullmatch(r"[A-Z2-7]+=*", secret):
        return {"form": "base32", "length": len(secret)}
    return {"form": "text", "length": len(secret)}


def made_up(label: str, form: Form) -> str:
    """A credential of a form: the same for the same label."""
    kind = form["form"]
    if kind == "pem":
        return _pem(
            form["key"], form.get("curve"), form.get("bits"), form["format"], form.get("escaped", False)
        )
    if kind == "uuid":
        digits = _bytes(label, 16).hex()
        return f"{digits[:8]}-{digits[8:12]}-4{digits[13:16]}-a{digits[17:20]}-{digits[20:]}"
    if kind == "digits":
        return "9" * int(form["length"])
    if kind == "hex":
        # Small enough to be a private key of the usual curves.
        digits = "0" + _bytes(label, int(form["length"])).hex()
        return str(form.get("prefix", "")) + digits[: int(form["length"])]
    if kind == "base64":
        return base64.b64encode(_bytes(label, int(form["bytes"]))).decode()
    alphabet = _BASE32 if kind == "base32" else _BASE58
    return "".join(alphabet[byte % len(alphabet)] for byte in _bytes(label, int(form["length"])))


def _bytes(label: str, length: int) -> bytes:
    return hashlib.shake_256(f"made up for {label}".encode()).digest(length)


def _pem_form(text: str) -> dict[str, Any]:
    from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
    from cryptography.hazmat.primitives.serialization import load_pem_private_key

    head = re.search(r"-----BEGIN ([A-Z0-9 ]+)-----", text)
    style = "pkcs8" if head is None or head[1] == "PRIVATE KEY" else "traditional"
    try:
        key = load_pem_private_key(text.strip().encode(), None)
    except (ValueError, TypeError):  # it is no key, or one with a password: any will do
        return {"key": "rsa", "bits": 2048, "format": style}
    if isinstance(key, rsa.RSAPrivateKey):
        return {"key": "rsa", "bits": key.key_size, "format": style}
    if isinstance(key, ec.EllipticCurvePrivateKey):
        return {"key": "ec", "curve": key.curve.name, "format": style}
    if isinstance(key, ed25519.Ed25519PrivateKey):
        return {"key": "ed25519", "format": style}
    return {"key": "rsa", "bits": 2048, "format": style}


@lru_cache(maxsize=8)
def _pem(kind: str, curve: str | None, bits: int | None, style: str, escaped: bool) -> str:
    from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
    from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

    key: Any
    if kind == "ec":
        key = ec.generate_private_key(
            {"secp256k1": ec.SECP256K1, "secp384r1": ec.SECP384R1}.get(str(curve), ec.SECP256R1)()
        )
    elif kind == "ed25519":
        key = ed25519.Ed25519PrivateKey.generate()
    else:
        key = rsa.generate_private_key(public_exponent=65537, key_size=bits or 2048)
    wanted = PrivateFormat.TraditionalOpenSSL if style == "traditional" else PrivateFormat.PKCS8
    return str(key.private_bytes(Encoding.PEM, wanted, NoEncryption()).decode())
