"""Removes credentials from logs and error texts."""

import logging
import re
from collections.abc import Callable, Iterable
from typing import Any

__all__ = ["MASK"]

#: What takes the place of a secret, for a venue that hides more in its own `redact()`.
MASK = "***"

# The end of a field's name, then its value, as in JSON, a dict's repr, a header line or a query. How the name
# begins is not matched, as that takes quadratic time in long words. Looking for the first letter makes it
# fast, as that fails at most places of a text.
_FIELD = re.compile(
    r"""(?ix)
    ( (?= [acmpst] )
      (?: authorization | signature | api[-_]?key | access[-_]?key | secret | client[-_]id
        | token | passphrase | \b sign? | memo ) ["']?
      \s* [:=] \s* ["']? (?: bearer \s+ )? )
    ( [^\s"'&,;}\])]+ )
    """
)

# Shorter values are ordinary words and numbers. Masking those would make texts unreadable.
_SHORTEST = 4


def redact(text: str, secrets: Iterable[str | None]) -> str:
    """`text` without any of the secrets, and without the values of fields that carry them."""
    # Credentials that were read from JSON may be numbers.
    texts = {str(secret) for secret in secrets if secret}
    for secret in sorted((text for text in texts if len(text) >= _SHORTEST), key=len, reverse=True):
        # A secret of digits is not masked inside a longer number.
        text = (
            re.sub(rf"(?<![\w.]){secret}(?![\w.])", MASK, text)
            if secret.isdecimal()
            else text.replace(secret, MASK)
        )
    # Not a template string: for those `re` imports a module, which fails while the interpreter shuts down,
    # and exchanges log then too.
    return _FIELD.sub(lambda found: found[1] + MASK, text)


class RedactingLogger(logging.LoggerAdapter):
    """Cleans messages with `clean`, and passes them on to another logger."""

    def __init__(self, logger: Any, clean: Callable[[str], str]) -> None:
        super().__init__(logger, {})
        self._clean = clean

    def log(self, level: int, msg: object, *args: Any, **kwargs: Any) -> None:
        if self.isEnabledFor(level):
            text = logging.LogRecord("", level, "", 0, msg, args, None).getMessage()
            self.logger.log(level, "%s", self._clean(text), **kwargs)
