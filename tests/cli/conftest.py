import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from ccxt_ext.sandbox import Sandbox


@pytest.fixture(scope="module")
def box() -> Iterator[Sandbox]:
    with Sandbox(["bitmart2"], seed=1) as sandbox:
        yield sandbox


@pytest.fixture
def config_file(box: Sandbox, tmp_path: Path) -> str:
    file = tmp_path / "config.json"
    file.write_text(json.dumps(box.config("bitmart2")))
    return str(file)
