import json
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

import ccxt_ext
import ccxt_ext.async_support
import ccxt_ext.pro
from ccxt_ext.hook import loading
from ccxt_ext.plugins import registry
from ccxt_ext.sandbox import Sandbox
from ccxt_ext.sandbox.frontends import why_broken


@pytest.fixture(scope="module")
def box() -> Iterator[Sandbox]:
    with Sandbox(["bitmart2"], seed=1) as sandbox:
        yield sandbox


@pytest.fixture
def config_file(box: Sandbox, tmp_path: Path) -> str:
    file = tmp_path / "config.json"
    file.write_text(json.dumps(box.config("bitmart2")))
    return str(file)


@pytest.fixture
def plug_ins(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A folder on this process's path. What is put there counts as installed, until the test ends."""
    folder = tmp_path / "plug-ins"
    folder.mkdir()
    monkeypatch.syspath_prepend(str(folder))
    monkeypatch.setattr(registry, "_registry", None)
    monkeypatch.setattr(loading, "_stand_ins", {})
    faces = {face: set(vars(face)) for face in (ccxt_ext, ccxt_ext.async_support, ccxt_ext.pro)}
    modules = set(sys.modules)
    yield folder
    for face, names in faces.items():
        for name in set(vars(face)) - names:
            delattr(face, name)
    for name in set(sys.modules) - modules:
        if str(folder) in (getattr(sys.modules[name], "__file__", None) or ""):
            del sys.modules[name]
    why_broken.cache_clear()
