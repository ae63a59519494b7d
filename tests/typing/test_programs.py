"""Programs of users, read by the two type checkers that are in use."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PROGRAMS = {path.stem: path.read_text() for path in Path(__file__).parent.glob("programs/*.py")}
PROGRAMS["of_the_page"] = (ROOT / "docs/types.md").read_text().split("```python\n")[1].split("```")[0]

RIGHT = ("right_sync", "right_async", "right_pro", "right_tests", "given_to_ccxts", "of_the_page")
WRONG = ("wrong_sync", "wrong_async", "wrong_pro", "wrong_tests")

Said = dict[tuple[str, int], list[str]]


class Report:
    """What a checker found in the programs, by program and line."""

    def __init__(self) -> None:
        self.faults: Said = {}
        self.revealed: Said = {}

    def faults_of(self, program: str) -> dict[int, list[str]]:
        return {line: said for (name, line), said in self.faults.items() if name == program}


def mypys(folder: Path) -> Report:
    command = [sys.executable, "-m", "mypy", "--strict", "--warn-unreachable", "--no-error-summary"]
    done = subprocess.run(
        # Nobody would read a cache: to write one takes a seventh of the time.
        [*command, "--output=json", "--cache-dir", os.devnull, folder / "programs"],
        cwd=folder,
        capture_output=True,
        text=True,
    )
    assert done.returncode in (0, 1), done.stdout + done.stderr
    report = Report()
    for said in map(json.loads, done.stdout.splitlines()):
        place = (Path(said["file"]).stem, said["line"])
        if said["severity"] == "error":
            report.faults.setdefault(place, []).append(said["message"])
        elif found := re.fullmatch(r'Revealed type is "(.*)"', said["message"]):
            report.revealed.setdefault(place, []).append(short(found[1]))
    return report


def short(revealed: str) -> str:
    """A type in mypy's words without modules, and without the fields of a TypedDict."""
    text = ""
    while (begin := revealed.find("TypedDict(")) >= 0:
        end = begin + closing(revealed[begin:])
        name = revealed[begin + len("TypedDict(") : end].partition(",")[0]
        revealed = revealed[:begin] + name + revealed[end + 1 :]
    text = re.sub(r"\b(?:\w+\.)+(?=\w)", "", revealed)
    return re.sub(r"Literal\['(\w+)'\](?: \| Literal\['\w+'\])+", together, text)


def closing(text: str) -> int:
    depth = 0
    for at, letter in enumerate(text):
        depth += (letter == "(") - (letter == ")")
        if letter == ")" and not depth:
            return at
    raise ValueError(text)


def together(found: "re.Match[str]") -> str:
    return f"Literal[{', '.join(re.findall(chr(39) + '[^]]*' + chr(39), found[0]))}]"


def pyrights(folder: Path) -> Report:
    settings = {"include": ["programs"], "typeCheckingMode": "strict", "reportUnreachable": "error"}
    (folder / "pyrightconfig.json").write_text(json.dumps(settings))
    done = subprocess.run(
        [sys.executable, "-m", "basedpyright", "--outputjson", "--pythonpath", sys.executable],
        cwd=folder,
        capture_output=True,
        text=True,
    )
    assert done.returncode in (0, 1), done.stdout + done.stderr
    report = Report()
    for said in json.loads(done.stdout)["generalDiagnostics"]:
        place = (Path(said["file"]).stem, said["range"]["start"]["line"] + 1)
        if said["severity"] == "error":
            report.faults.setdefault(place, []).append(said["message"])
        elif found := re.fullmatch(r'Type of ".*" is "(.*)"', said["message"], re.DOTALL):
            report.revealed.setdefault(place, []).append(found[1])
    return report


@pytest.fixture(scope="module", params=[mypys, pyrights])
def report(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Report:
    """Outside of the project, so that the checker finds the package as it is installed."""
    folder = tmp_path_factory.mktemp("user")
    (folder / "programs").mkdir()
    for program, text in PROGRAMS.items():
        (folder / f"programs/{program}.py").write_text(text)
    found: Report = request.param(folder)
    return found


def marked(program: str, pattern: str) -> dict[int, str]:
    lines = PROGRAMS[program].splitlines()
    found = ((number, re.search(pattern, line)) for number, line in enumerate(lines, 1))
    return {number: match[1] for number, match in found if match}


def test_each_program_is_of_one_kind() -> None:
    assert sorted(PROGRAMS) == sorted((*RIGHT, *WRONG))


@pytest.mark.parametrize("program", RIGHT)
def test_no_fault_is_found_with_what_is_right(report: Report, program: str) -> None:
    assert report.faults_of(program) == {}


@pytest.mark.parametrize("program", RIGHT)
def test_what_is_revealed_is_what_it_is(report: Report, program: str) -> None:
    """A line that a checker held for unreachable would reveal nothing."""
    told = {line: said for (name, line), said in report.revealed.items() if name == program}
    assert told == {line: [type] for line, type in marked(program, r"reveal_type\(.*\)  # (.*)").items()}


@pytest.mark.parametrize("program", WRONG)
def test_each_fault_is_found_and_no_other(report: Report, program: str) -> None:
    assert set(report.faults_of(program)) == set(marked(program, "# (wrong)$"))
