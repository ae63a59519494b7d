"""Reads a page that tells what to run and which file to fill in, in order.

A block of a terminal is

    ```console
    $ command, which may go on \\
    > in a line like this
    what it prints, where `...` stands for anything
    ```

and what else has to be known about the block below stands in a comment before it, which no reader sees:
`<!-- exit code: 1 -->`, `<!-- not run: needs the network -->`, or `<!-- in: a checkout -->`.

A line "In `PATH`:" says that the block below is an excerpt of that file of the example, with `...` for
what is left out. A paragraph that begins with "Fill in" names files that are not shown, or folders. From
there on, these are as in the example.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

NOTE = re.compile(r"<!-- (exit code|not run|in): (.*) -->")
FILE = re.compile(r"In `(.*)`:")
FILL_IN = "Fill in "
FENCE = re.compile(r"```(\w*)")


@dataclass
class Step:
    """Something to do: files to fill in, or a command to run."""

    line: int
    files: list[str] = field(default_factory=list)
    excerpt: str = ""
    command: str = ""
    prints: str = ""
    code: int = 0
    not_run: str = ""
    place: str = ""


def steps(text: str) -> Iterator[Step]:
    notes: dict[str, str] = {}
    block: list[str] | None = None
    kind, begins, is_list = "", 0, False
    for number, line in enumerate(text.splitlines(), 1):
        if block is not None and line == "```":
            yield from of_block(kind, block, begins, notes)
            block, notes = None, {}
        elif block is not None:
            block.append(line)
        elif fence := FENCE.fullmatch(line):
            block, kind, begins = [], fence[1], number
        elif note := NOTE.fullmatch(line):
            notes[note[1]] = note[2]
        elif file := FILE.fullmatch(line):
            notes["file"] = file[1]
        elif line and notes:
            raise ValueError(f"line {number}: {notes} is said of no block")
        else:
            is_list = bool(line) and (is_list or line.startswith(FILL_IN))
            files = re.findall("`(.*?)`", line) if is_list else []
            if files:
                yield Step(number, files=files)


def of_block(kind: str, lines: list[str], begins: int, notes: dict[str, str]) -> Iterator[Step]:
    if "file" in notes:
        yield Step(begins, files=[notes["file"]], excerpt="\n".join(lines))
    elif kind == "console":
        step = None
        for number, line in enumerate(lines, begins + 1):
            if line.startswith("$ "):
                if step:
                    yield step
                step = Step(
                    number,
                    command=line[2:],
                    code=int(notes.get("exit code", 0)),
                    not_run=notes.get("not run", ""),
                    place=notes.get("in", ""),
                )
            elif step and line.startswith("> ") and not step.prints:
                step.command += f"\n{line[2:]}"
            elif step is None:
                raise ValueError(f"line {number}: what is printed comes before any command")
            else:
                step.prints += f"{line}\n"
        if step:
            yield step


def is_excerpt(excerpt: str, text: str) -> bool:
    """Whether the parts between lines of `...` follow each other in the text. Indentation counts."""
    for part in re.split(r"^\s*(?:# )?\.\.\.$\n?", excerpt, flags=re.MULTILINE):
        part = part.strip("\n")
        if not part:
            continue
        place = f"\n{text}\n".find(f"\n{part}\n")
        if place < 0:
            return False
        text = text[place + len(part) :]
    return True


def is_printed(wanted: str, got: str) -> bool:
    """Whether that is what was printed, but for white space."""
    parts = (r"\s+".join(map(re.escape, part.split())) for part in wanted.split("..."))
    return re.fullmatch(r"\s*" + ".*".join(parts) + r"\s*", got, re.DOTALL) is not None
