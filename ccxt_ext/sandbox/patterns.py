"""Regular expressions that are searched in linear time.

`re` goes back and tries again, which can take it years. A fault's pattern comes from outside, and is searched
in the path of every request, while all clients wait. So it is made into a list of instructions, all of whose
states are followed at once (as Thompson and Pike did): a search takes at most two steps for each instruction
and character.

What `re` understands is understood here in the same way, but for references back, conditions, boundaries of
words, and what looks ahead or behind.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

LONGEST = 500
MOST_INSTRUCTIONS = 250

_COUNT = re.compile(r"\{(\d*)(,?)(\d*)\}")
_GROUP = re.compile(r"\((?:\?:|\?P<\w+>)?(?!\?)")
_OCTAL = re.compile("[0-7]{0,2}")
_FLAG = "(?i)"
_ANCHORS = {"^": "begin", "$": "end", r"\A": "begin", r"\Z": "end"}


class BadPattern(ValueError):
    """The pattern cannot be used. The text says why."""


class Instruction(NamedTuple):
    """What has to be true to go on, and where.

    `char` needs a character that fits, `begin` and `end` an end of the text; all go on behind themselves.
    `split` needs nothing, and goes on at each of its targets, which are counted from itself.
    """

    kind: str
    char: re.Pattern[str] | None = None
    targets: tuple[int, ...] = ()


@dataclass(frozen=True)
class Pattern:
    """A regular expression."""

    text: str

    def __post_init__(self) -> None:
        """Raise BadPattern if it cannot be used."""
        instructions_of(self.text)

    def is_in(self, text: str) -> bool:
        """Whether it is found anywhere in the text."""
        return search(instructions_of(self.text), text)[0]


def search(instructions: list[Instruction], text: str) -> tuple[bool, int]:
    """Whether there is a match, and how many steps it took to know."""
    steps = 0
    states: set[int] = set()
    for position in range(len(text) + 1):
        steps += _follow(instructions, 0, states, position == 0, position == len(text))
        if len(instructions) - 1 in states:
            return True, steps
        if position == len(text):
            break
        character, before, states = text[position], states, set()
        for state in before:
            char = instructions[state].char
            if char is not None and char.match(character):
                last = position + 1 == len(text)
                steps += _follow(instructions, state + 1, states, False, last)
        steps += len(before)
    return False, steps


def _follow(
    instructions: list[Instruction], start: int, states: set[int], at_begin: bool, at_end: bool
) -> int:
    """Add the states that are reached from `start` without a character. Returns how many are new."""
    new, waiting = 0, [start]
    while waiting:
        state = waiting.pop()
        if state in states:
            continue
        states.add(state)
        new += 1
        kind, _, targets = instructions[state]
        if kind == "split":
            waiting.extend(state + target for target in targets)
        elif (kind == "begin" and at_begin) or (kind == "end" and at_end):
            waiting.append(state + 1)
    return new


@lru_cache(maxsize=64)
def instructions_of(text: str) -> list[Instruction]:
    """The instructions for a pattern, the last of which is a match. Raises BadPattern."""
    if len(text) > LONGEST:
        raise BadPattern(f"it is longer than {LONGEST} characters")
    try:
        re.compile(text)
        return _Reader(text).read()
    except (re.error, RecursionError, OverflowError) as error:
        raise BadPattern(str(error)) from None


def _split(*targets: int) -> Instruction:
    return Instruction("split", None, targets)


class _Reader:
    """Reads a pattern that `re` has found to be right."""

    def __init__(self, text: str) -> None:
        self._flags = re.IGNORECASE if text.startswith(_FLAG) else re.RegexFlag(0)
        self._text = text[len(_FLAG) :] if self._flags else text
        self._at = 0

    def read(self) -> list[Instruction]:
        return [*self._choice(), Instruction("match")]

    def _choice(self) -> list[Instruction]:
        """What is between two brackets, or the whole: one or the other of what stands between bars."""
        code = self._sequence()
        if self._next() != "|":
            return code
        self._at += 1
        other = self._choice()
        return self._checked([_split(1, len(code) + 2), *code, _split(len(other) + 1), *other])

    def _sequence(self) -> list[Instruction]:
        code: list[Instruction] = []
        while self._next() not in ("", "|", ")"):
            code += self._repeated(self._atom())
            self._checked(code)
        return code

    def _atom(self) -> list[Instruction]:
        rest = self._text[self._at :]
        if rest[0] == "(":
            opening = _GROUP.match(rest)
            if opening is None:
                raise BadPattern(f"{rest[:4]!r} is not understood here: a group is (...) or (?:...)")
            self._at += opening.end()
            code = self._choice()
            self._at += 1
            return code
        size = 1
        if rest[0] == "[":
            size = _class_size(rest)
        elif rest[0] == "\\":
            size = _escape_size(rest)
        atom = rest[:size]
        self._at += size
        if atom in _ANCHORS:
            return [Instruction(_ANCHORS[atom])]
        return [Instruction("char", re.compile(atom, self._flags))]

    def _repeated(self, code: list[Instruction]) -> list[Instruction]:
        """The code as often as what follows it says. Whether that is greedy makes no difference here."""
        least, most, size = self._count()
        if not size:
            return code
        self._at += size
        if self._next() == "?":
            self._at += 1
        elif self._next() == "+":
            raise BadPattern("possessive repetition is not understood here")
        whole = code * least
        if most is None:
            whole += [_split(1, len(code) + 2), *code, _split(-len(code) - 1)]
        else:
            for _ in range(most - least):
                self._checked(whole)
                whole += [_split(1, len(code) + 1), *code]
        return self._checked(whole)

    def _count(self) -> tuple[int, int | None, int]:
        """The least and the most times, and how long the text is that says so; 0 if there is none."""
        sign = self._next()
        if sign in ("*", "+", "?"):
            return int(sign == "+"), 1 if sign == "?" else None, 1
        found = _COUNT.match(self._text, self._at)
        if found is None or found[0] == "{}":
            return 1, 1, 0
        least = int(found[1] or 0)
        if least > MOST_INSTRUCTIONS:
            raise BadPattern("it is too large")
        most = (int(found[3]) if found[3] else None) if found[2] else least
        return least, most, len(found[0])

    def _next(self) -> str:
        return self._text[self._at : self._at + 1]

    def _checked(self, code: list[Instruction]) -> list[Instruction]:
        if len(code) > MOST_INSTRUCTIONS:
            raise BadPattern("it is too large")
        return code


def _class_size(text: str) -> int:
    """How long the character class is that the text begins with."""
    at = 2 if text[1] == "^" else 1
    at += text[at] == "]"  # there it stands for itself
    while text[at] != "]":
        at += 2 if text[at] == "\\" else 1
    return at + 1


def _escape_size(text: str) -> int:
    """How long the escape is that the text begins with."""
    kind = text[1]
    if kind in "123456789bB":
        raise BadPattern(f"{text[:2]} is not understood here")
    if kind == "0":
        return 2 + len(_OCTAL.findall(text, 2)[0])
    if kind == "N":
        return text.index("}") + 1
    return {"x": 4, "u": 6, "U": 10}.get(kind, 2)
