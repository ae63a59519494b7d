"""Which template goes where: in a project of its own, or in the one that ccxt-ext is made in."""

from __future__ import annotations

from ccxt_ext.authoring.new_venue.answers import Answers
from ccxt_ext.authoring.new_venue.rendering import rendered, replaced, templates

# Names that would be hidden, or mean something here, among the templates.
DOTTED = {"github/": ".github/", "gitignore": ".gitignore"}


def project_files(answers: Answers) -> dict[str, str]:
    """The files of a project of its own, by their paths in it."""
    package = f"ccxt_{answers.id}"
    homes = {
        "project": "",
        "client": f"src/{package}/",
        "sandbox": f"src/{package}/sandbox/",
        "payloads": "tests/payloads/",
        "expected": "tests/expected/",
    }
    return made(answers, answers.words(package), homes)


def made(answers: Answers, words: dict[str, str], homes: dict[str, str]) -> dict[str, str]:
    files = {}
    for part, home in homes.items():
        for path, template in templates(part):
            text = rendered(template, words, answers.flags)
            if text is not None:
                files[home + replaced(path, {**words, **DOTTED})] = text
    return files
