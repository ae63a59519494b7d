"""Reads a page that tells what to run and which file to fill in, in order.

A block of a terminal is

    ```console
    $ command, which may go on \\
    > in a line like this
    what it prints, where `...` stands for anything
    ```

and whatever else has to be known about the block below stands in a comment before it:

- `<!-- exit code: 1 -->`;
- `<!-- not run: needs the network -->`;
- `<!-- file: PATH -->`: the block is an excerpt of that file of the example, with `...` for what is left out.
  From here on the file is as in the example;
- `<!-- files: PATH PATH -->`, before no block: the same of files that are not shown, or of all in a folder.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

NOTE = re.compile(r"<!-- (file|files|exit code|not run): (.*) -->")
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


def steps(text: str) -> Iterator[Step]:
    notes: dict[str, str] = {}
    block: list[str] | None = None
    kind, begins = "", 0
    for number, line in enumerate(text.splitlines(), 1):
        if block is not None and line == "```":
            yield from of_block(kind, block, begins, notes)
            block, notes = None, {}
        elif block is not None:
            block.append(line)
        elif fence := FENCE.fullmatch(line):
            block, kind, begins = [], fence[1], number
        elif note := NOTE.fullmatch(line):
            if note[1] == "files":
                yield Step(number, files=note[2].split())
            else:
                notes[note[1]] = note[2]
        elif line and notes:
            raise ValueError(f"line {number}: {notes} is said of no block")


def of_block(kind: str, lines: list[str], begins: int, notes: dict[str, str]) -> Iterator[Step]:
    if "file" in notes:
        yield Step(begins, files=[notes["file"]], excerpt="\n".join(lines))
    elif kind == "console":
        step = None
        for number, line in enumerate(lines, begins + 1):
            if line.startswith("$ "):
                if step:
                    yield step
                code, why = int(notes.get("exit code", 0)), notes.get("not run", "")
                step = Step(number, command=line[2:], code=code, not_run=why)
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
