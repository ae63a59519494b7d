"""Which template goes where: in a project of its own, or in the one that ccxt-ext is made in."""

from __future__ import annotations

from collections.abc import Collection

from ccxt_ext.authoring.new_venue.answers import Answers
from ccxt_ext.authoring.new_venue.rendering import rendered, replaced, templates

# Names that would be hidden, or mean something here, among the templates.
THEIRS = {"github/": ".github/", "gitignore": ".gitignore", "freqtrade_class.py": "freqtrade.py"}
# Names of tests that the project of ccxt-ext has for every venue.
OURS = {
    "test_frontend.py": "test_refusals.py",
    "test_signature.py": "test_signature_vectors.py",
    "venue.py": "raw_client.py",
}


def project_files(answers: Answers) -> dict[str, str]:
    """The files of a project of its own, by their paths in it."""
    package = f"ccxt_{answers.id}"
    homes = {
        "project": "",
        "client": f"src/{package}/",
        "freqtrade": f"src/{package}/",
        "sandbox": f"src/{package}/sandbox/",
        "docs": "docs/",
        "venue_tests": "tests/",
        "frontend_tests": "tests/",
        "payloads": "tests/payloads/",
        "expected": "tests/expected/",
    }
    return made({*answers.flags, "external"}, answers.words(package), homes, THEIRS)


def repository_files(answers: Answers) -> dict[str, str]:
    """The files in the project of ccxt-ext, by their paths in it."""
    id = answers.id
    homes = {
        "repository": "",
        "client": f"ccxt_ext/venues/{id}/",
        "freqtrade": "ccxt_ext/integrations/freqtrade/",
        "sandbox": f"ccxt_ext/sandbox/frontends/{id}/",
        "docs": "docs/venues/",
        "venue_tests": f"tests/venues/{id}/",
        "frontend_tests": f"tests/sandbox/frontends/{id}/",
        "payloads": f"tests/data/{id}/documented/",
        "expected": f"tests/data/{id}/expected/",
    }
    return made(answers.flags, repository_words(answers), homes, {**OURS, "freqtrade_class.py": f"{id}.py"})


def repository_words(answers: Answers) -> dict[str, str]:
    return {
        **answers.words(f"ccxt_ext.venues.{answers.id}"),
        "ccxt-ext twins ccxt_acme": "make generate",
        "tests/profile.py": "FILE",
    }


def made(
    flags: Collection[str], words: dict[str, str], homes: dict[str, str], names: dict[str, str]
) -> dict[str, str]:
    files = {}
    for part, home in homes.items():
        for path, template in templates(part):
            text = rendered(template, words, flags)
            if text is not None:
                files[home + replaced(path, {**words, **names})] = text
    return files
