"""Which of a table's rules an error's text fits. Words are whole: "assigned" says nothing of a sign."""

import functools
import re
from collections.abc import Mapping
from typing import TypeVar

T = TypeVar("T")

JOINT = " + "

_HUMP = re.compile(r"(?<=[a-z])(?=[A-Z])")
# What one clause says of its subject is not said of another's.
_BETWEEN = r"[^,.;:!?]*?"


@functools.cache
def pattern_of(rule: str) -> re.Pattern[str]:
    return re.compile(_BETWEEN.join(_word(words) for words in rule.lower().split(JOINT)))


def _word(words: str) -> str:
    """The words, alone or as a plural. Scripts without blanks have no such borders."""
    text = re.escape(words)
    if re.match("[a-z0-9]", words):
        text = "(?<![a-z0-9])" + text
    if re.search("[a-z0-9]$", words):
        text += "(?:e?s)?(?![a-z0-9])"
    return text


def first_match(rules: Mapping[str, T], text: str) -> T | None:
    """The first of the rules that the text fits, in any case.

    Where a rule joins words by " + ", one clause of the text has them all, in their order.
    """
    # "accessKey" has two words, as "access_key" and "access key" have.
    readings = (text.lower(), _HUMP.sub(" ", text).lower())
    for rule, found in rules.items():
        pattern = pattern_of(rule)
        if any(pattern.search(reading) for reading in readings):
            return found
    return None
