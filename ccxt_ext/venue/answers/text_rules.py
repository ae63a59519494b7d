"""Finds the rule of a table that an error's text fits. Rules match whole words: not "sign" in "assigned"."""

import functools
import re
from collections.abc import Mapping
from typing import TypeVar

T = TypeVar("T")

JOINT = " + "

_HUMP = re.compile(r"(?<=[a-z])(?=[A-Z])")
# The words of a rule have to be in one clause: what the next clause says is about something else.
_BETWEEN = r"[^,.;:!?]*?"


@functools.cache
def pattern_of(rule: str) -> re.Pattern[str]:
    return re.compile(_BETWEEN.join(_word(words) for words in rule.lower().split(JOINT)))


def _word(words: str) -> str:
    """A pattern for whole words, also in the plural. Scripts without spaces have no word borders."""
    text = re.escape(words)
    if re.match("[a-z0-9]", words):
        text = "(?<![a-z0-9])" + text
    if re.search("[a-z0-9]$", words):
        text += "(?:e?s)?(?![a-z0-9])"
    return text


def first_match(rules: Mapping[str, T], text: str) -> T | None:
    """The value of the first rule that the text fits. Upper and lower case do not matter.

    If a rule joins words by " + ", one clause of the text must have all of them, in this order.
    """
    # "accessKey" counts as two words, as "access_key" and "access key" do.
    readings = (text.lower(), _HUMP.sub(" ", text).lower())
    for rule, found in rules.items():
        pattern = pattern_of(rule)
        if any(pattern.search(reading) for reading in readings):
            return found
    return None
