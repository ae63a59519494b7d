"""Keeps credentials out of logs and error texts."""

import logging
import re
from collections.abc import Callable, Iterable
from typing import Any

MASK = "***"

# The end of a field's name, whatever encloses it (JSON, a dict's repr, a header line or a query), then its
# value. What a name may begin with is not looked at, for that takes quadratic time in long words; the first
# letters are, as most places in a text fail there.
_FIELD = re.compile(
    r"""(?ix)
    ( (?= [acmpst] )
      (?: authorization | signature | api[-_]?key | access[-_]?key | secret | client[-_]id
        | token | passphrase | \b sign? | memo ) ["']?
      \s* [:=] \s* ["']? (?: bearer \s+ )? )
    ( [^\s"'&,;}\])]+ )
    """
)

# Shorter values are ordinary words and numbers; masking them would only garble the text.
_SHORTEST = 4


def redact(text: str, secrets: Iterable[str | None]) -> str:
    """`text` without any of the secrets, and without the values of fields that carry them."""
    # Whoever reads credentials from JSON may hand over numbers.
    texts = {str(secret) for secret in secrets if secret}
    for secret in sorted((text for text in texts if len(text) >= _SHORTEST), key=len, reverse=True):
        # Digits within a longer number are that number's.
        text = (
            re.sub(rf"(?<![\w.]){secret}(?![\w.])", MASK, text)
            if secret.isdecimal()
            else text.replace(secret, MASK)
        )
    # Not a template, for which `re` imports a module: exchanges also log when the interpreter shuts down.
    return _FIELD.sub(lambda found: found[1] + MASK, text)


class RedactingLogger(logging.LoggerAdapter):
    """Passes on to another logger what `clean` leaves of a message."""

    def __init__(self, logger: Any, clean: Callable[[str], str]) -> None:
        super().__init__(logger, {})
        self._clean = clean

    def log(self, level: int, msg: object, *args: Any, **kwargs: Any) -> None:
        if self.isEnabledFor(level):
            text = logging.LogRecord("", level, "", 0, msg, args, None).getMessage()
            self.logger.log(level, "%s", self._clean(text), **kwargs)
