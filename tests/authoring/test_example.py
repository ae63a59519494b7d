"""examples/acme is what `ccxt-ext new-venue` makes today, but for what docs/adding-a-venue.md fills in.

Who changes a template changes the example too, where nothing is filled in. Where it is, somebody has to look
whether the example wants the change, and then notes it: `python -m tests.authoring.test_example`.
"""

import hashlib
import json
from pathlib import Path

from ccxt_ext.authoring.new_venue import Answers, project_files
from tests.packaging.guide import steps

ROOT = Path(__file__).resolve().parents[2]
EXAMPLE = ROOT / "examples/acme"
PAGE = ROOT / "docs/adding-a-venue.md"
SEEN = Path(__file__).with_name("example_templates.json")

AS_THE_PAGE_SAYS = Answers.checked("acme", "Acme Exchange", "https://api.acme.example", ["streams"])


def is_filled_in(file: str) -> bool:
    named = [path for step in steps(PAGE.read_text(encoding="utf-8")) for path in step.files]
    return any(file == path or file.startswith(f"{path}/") for path in named)


def differs(file: str, text: str) -> bool:
    """Not for twins, as they follow their sources."""
    there = EXAMPLE / file
    return not file.endswith("_sync.py") and there.exists() and there.read_text(encoding="utf-8") != text


def templates_of_what_is_filled_in() -> dict[str, str]:
    return {
        file: hashlib.sha256(text.encode()).hexdigest()[:12]
        for file, text in sorted(project_files(AS_THE_PAGE_SAYS).items())
        if is_filled_in(file) and differs(file, text)
    }


def test_what_is_not_filled_in_is_as_it_is_made() -> None:
    files = project_files(AS_THE_PAGE_SAYS)
    untouched = {file: text for file, text in files.items() if not is_filled_in(file)}
    assert [file for file in untouched if not (EXAMPLE / file).exists()] == []
    assert [file for file, text in untouched.items() if differs(file, text)] == []


def test_what_is_filled_in_has_followed_its_template() -> None:
    seen, now = json.loads(SEEN.read_text()), templates_of_what_is_filled_in()
    changed = sorted(file for file in seen.keys() | now if seen.get(file) != now.get(file))
    assert not changed, f"see whether {EXAMPLE} wants what has changed in the templates of {changed}"


if __name__ == "__main__":
    SEEN.write_text(json.dumps(templates_of_what_is_filled_in(), indent=1) + "\n")
