"""What a contract has promised is kept: each public name, and that it can be called as before.

`python scripts/contract.py` writes down what is public now, in docs/reference/contract-N.json. It is called
for each release, so that what came since the last one is promised as well. `make check` fails if something of
that is gone, or has to be called in another way. Then it is brought back, or the contract's number rises.
"""

from __future__ import annotations

import ast
import json
import re
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

if __name__ == "__main__":  # else it is imported by its full name
    sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from scripts.reference import PAGES, Entry, Function, public_modules

ROOT = Path(__file__).resolve().parents[1]

# By module: its public names, each with how it is called (None if it is not) and its members, likewise.
Promise = Mapping[str, Mapping[str, Mapping[str, Any]]]


def number(root: Path = ROOT) -> int:
    """The number of the contract, as the source has it."""
    found = re.search(r"^CONTRACT = (\d+)$", (root / "ccxt_ext/_version.py").read_text(), re.MULTILINE)
    assert found, "CONTRACT is not in _version.py"
    return int(found[1])


def path_of(root: Path = ROOT) -> Path:
    return root / f"docs/reference/contract-{number(root)}.json"


def promise(root: Path = ROOT, packages: Any = tuple(PAGES)) -> dict[str, Any]:
    """What is public now."""
    return {
        module.name: {entry.name: _entry(entry) for entry in module.entries()}
        for package in packages
        for module in public_modules(root, package)
    }


def _entry(entry: Entry) -> dict[str, Any]:
    if isinstance(entry.node, Function):
        return {"call": _call(entry.node, drop_first=False)}
    if not isinstance(entry.node, ast.ClassDef):
        return {"call": None}
    members = {member.name: _member(entry, member.name) for member in entry.members}
    return {"call": _constructor(entry), "members": members}


def _constructor(entry: Entry) -> dict[str, Any] | None:
    assert isinstance(entry.node, ast.ClassDef)
    if not entry.constructor:
        return None
    for node in entry.node.body:
        if isinstance(node, Function) and node.name == "__init__":
            return _call(node, drop_first=True)
    fields = {
        each.target.id: each.value is not None
        for each in entry.node.body
        if isinstance(each, ast.AnnAssign) and isinstance(each.target, ast.Name)
    }
    return {"in_order": [_argument(name, has_default) for name, has_default in fields.items()]}


def _member(entry: Entry, name: str) -> dict[str, Any] | None:
    """How a method is called; None for an attribute."""
    assert isinstance(entry.node, ast.ClassDef)
    for node in entry.node.body:
        if isinstance(node, Function) and node.name == name:
            is_attribute = any("property" in ast.unparse(each) for each in node.decorator_list)
            is_static = any("staticmethod" in ast.unparse(each) for each in node.decorator_list)
            return None if is_attribute else _call(node, drop_first=not is_static)
    for base in entry.bases():
        if any(member.name == name for member in base.members):
            return _member(base, name)
    return None


def _call(node: ast.FunctionDef | ast.AsyncFunctionDef, drop_first: bool) -> dict[str, Any]:
    args = node.args
    plain = [*args.posonlyargs, *args.args]
    defaults = [False] * (len(plain) - len(args.defaults)) + [True] * len(args.defaults)
    in_order = [_argument(arg.arg, has) for arg, has in zip(plain, defaults, strict=True)]
    call: dict[str, Any] = {"in_order": in_order[1:] if drop_first else in_order}
    if args.kwonlyargs:
        pairs = zip(args.kwonlyargs, args.kw_defaults, strict=True)
        call["by_name"] = [_argument(arg.arg, default is not None) for arg, default in pairs]
    if args.vararg:
        call["more"] = True
    if args.kwarg:
        call["more_by_name"] = True
    if isinstance(node, ast.AsyncFunctionDef):
        call["async"] = True
    return call


def broken(before: Promise, now: Promise) -> Iterator[str]:
    """What was promised and is not so any more."""
    for module, names in before.items():
        for name, was in names.items():
            full, found = f"{module}.{name}", now.get(module, {}).get(name)
            if found is None:
                yield f"{full} is gone"
                continue
            opened = "members" in was and was["call"] is None  # a class whose instances are given, not made
            if not opened and not can_be_called(was["call"], found["call"]):
                yield f"{full} is called in another way"
            for member, call in was.get("members", {}).items():
                if member not in found.get("members", {}):
                    yield f"{full}.{member} is gone"
                elif not can_be_called(call, found["members"][member]):
                    yield f"{full}.{member} is called in another way"


def can_be_called(before: Any, now: Any) -> bool:
    """Whether each call that was right is right yet."""
    if before is None or now is None:
        return before is now
    flags = ("more", "more_by_name")
    if any(before.get(flag) and not now.get(flag) for flag in flags):
        return False
    if bool(before.get("async")) != bool(now.get("async")):
        return False
    order, new_order = before["in_order"], now["in_order"]
    if len(new_order) < len(order) or (before.get("more") and len(new_order) > len(order)):
        return False
    if not all(now in (was, f"{was}=") for was, now in zip(order, new_order, strict=False)):
        return False
    if not all(map(_may_be_left_out, new_order[len(order) :])):
        return False
    by_name, new_by_name = before.get("by_name", []), now.get("by_name", [])
    named = {*new_order, *new_by_name}
    if not all(argument in named or f"{argument}=" in named for argument in by_name):
        return False
    known = {argument.rstrip("=") for argument in by_name}
    return all(_may_be_left_out(each) or each in known for each in new_by_name)


def _argument(name: str, has_default: bool) -> str:
    return f"{name}=" if has_default else name


def _may_be_left_out(argument: str) -> bool:
    return argument.endswith("=")


def broken_promises(root: Path = ROOT) -> set[str]:
    """What the contract has promised in a release, and is not so now."""
    path = path_of(root)
    return set(broken(json.loads(path.read_text()), promise(root))) if path.exists() else set()


def written(promised: Promise) -> str:
    """A promise as JSON, with a line for each name."""
    modules = []
    for module, names in sorted(promised.items()):
        rows = ((json.dumps(name), json.dumps(names[name], sort_keys=True)) for name in sorted(names))
        lines = [f"  {name}: {what}" for name, what in rows]
        modules.append(f" {json.dumps(module)}: {{\n" + ",\n".join(lines) + "\n }")
    return "{\n" + ",\n".join(modules) + "\n}\n"


if __name__ == "__main__":
    wrong = broken_promises()
    if wrong:
        sys.exit("\n".join(["not written, as this was promised:", *sorted(wrong)]))
    path_of().write_text(written(promise()))
    print(f"wrote {path_of().relative_to(ROOT)}")
