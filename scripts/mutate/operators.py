"""Kinds of changes besides cosmic-ray's own: of calls, statements, strings and errors."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from ccxt.base import errors
from cosmic_ray.operators.operator import Operator
from cosmic_ray.plugins import get_operator
from parso.python.tree import Name, String

Position = tuple[tuple[int, int], tuple[int, int]]

# Calculations with money are calls here, and so are comparisons of ccxt's numbers.
SWAPPED = {
    "add": "subtract",
    "subtract": "add",
    "multiply": "divide",
    "divide": "multiply",
    "min": "max",
    "max": "min",
    "any": "all",
    "all": "any",
    "up": "down",
    "down": "up",
    "string_add": "string_sub",
    "string_sub": "string_add",
    "string_mul": "string_div",
    "string_div": "string_mul",
    "string_lt": "string_le",
    "string_le": "string_lt",
    "string_gt": "string_ge",
    "string_ge": "string_gt",
    "string_eq": "string_gt",
    "string_min": "string_max",
    "string_max": "string_min",
}

ERRORS = {name for name, found in vars(errors).items() if isinstance(found, type)} - {"NotSupported"}


# The arguments of these calls are for people or for the type checker.
_SAID = {"cast", "TypeVar", "warn", "Literal", "ContextVar"}


class _Own(Operator):
    def mutation_positions(self, node: Any) -> Iterator[Position]:
        if self.fits(node):
            yield node.start_pos, node.end_pos

    def fits(self, node: Any) -> bool:
        raise NotImplementedError

    @classmethod
    def examples(cls) -> tuple[()]:
        return ()


class SwapCall(_Own):
    def fits(self, node: Any) -> bool:
        following = node.get_next_sibling() if node.type == "name" and node.value in SWAPPED else None
        if node.type == "name" and node.parent.type == "trailer":
            following = node.parent.get_next_sibling()
        called = following is not None and following.type == "trailer" and following.children[0] == "("
        return called and node.type == "name" and node.value in SWAPPED

    def mutate(self, node: Any, index: int) -> Any:
        return Name(SWAPPED[node.value], node.start_pos, node.prefix)


class DeleteStatement(_Own):
    """Removes a statement: a call, an assignment with an operator, or a raise."""

    def fits(self, node: Any) -> bool:
        if node.parent is None or node.parent.type != "simple_stmt" or node.parent.children[0] is not node:
            return False
        if node.type == "expr_stmt":
            return str(node.children[1].type) == "operator" and node.children[1].value not in ("=", ":")
        return node.type in ("atom_expr", "await_expr", "raise_stmt", "del_stmt", "yield_expr")

    def mutate(self, node: Any, index: int) -> Any:
        return Name("pass", node.start_pos, node.get_first_leaf().prefix)


class ReplaceString(_Own):
    """Changes a string, unless it is documentation, or meant for people or the type checker."""

    def fits(self, node: Any) -> bool:
        if node.type != "string" or node.value.startswith(("r", "f", "b", "R", "F", "B")):
            return False
        if node.parent.type in ("simple_stmt", "strings") or node.value[1:-1] == "":
            return False
        following = node.get_next_leaf()
        if following.value == ":" and following.get_next_leaf().value == "None":
            return False  # ccxt's functions use None for a missing name
        above = node.parent
        while above is not None:
            if above.type in ("raise_stmt", "param", "import_from", "assert_stmt"):
                return False
            if above.type == "annassign":
                return _is_value(node, above)
            if above.type == "trailer" and _SAID & {_called(above), above.parent.get_first_leaf().value}:
                return False
            if above.type == "expr_stmt" and above.get_first_leaf().value in ("__slots__", "__all__"):
                return False
            above = above.parent
        return True

    def mutate(self, node: Any, index: int) -> Any:
        return String(f"{node.value[0]}X{node.value[1:]}", node.start_pos, node.prefix)


class ReplaceError(_Own):
    """Replaces an exception of ccxt's by another one, in tables and where it is raised."""

    def fits(self, node: Any) -> bool:
        if node.type != "name" or node.value not in ERRORS:
            return False
        above = node.parent
        while above is not None:
            if above.type in ("import_from", "import_as_names", "except_clause", "param"):
                return False
            if above.type == "annassign":
                return _is_value(node, above)
            if above.type in ("funcdef", "classdef") and node.start_pos < above.children[-1].start_pos:
                return False  # what it returns, what it derives from
            if above.type == "trailer" and _called(above) in ("isinstance", "issubclass"):
                return False
            above = above.parent
        return True

    def mutate(self, node: Any, index: int) -> Any:
        return Name('__import__("ccxt").NotSupported', node.start_pos, node.prefix)


def _is_value(node: Any, annotated: Any) -> bool:
    """Whether it stands in the value of an annotated assignment, and not in the annotation."""
    marks = [each for each in annotated.children if each == "="]
    return bool(marks) and bool(node.start_pos > marks[0].start_pos)


def _called(trailer: Any) -> str:
    before = trailer.get_previous_sibling()
    if before is None:
        return ""
    leaf = before.get_last_leaf()
    return str(leaf.value)


_COMPARED = (
    *("Lt_LtE", "LtE_Lt", "Gt_GtE", "GtE_Gt", "Lt_GtE", "LtE_Gt", "Gt_LtE", "GtE_Lt"),
    *("Eq_NotEq", "NotEq_Eq", "Is_IsNot", "IsNot_Is"),
)
_CALCULATED = ("Add_Sub", "Sub_Add", "Mul_Div", "Div_Mul", "FloorDiv_Mul", "Mod_Mul", "LShift_RShift")
_OTHERS = (
    "NumberReplacer",
    "ReplaceTrueWithFalse",
    "ReplaceFalseWithTrue",
    "ReplaceAndWithOr",
    "ReplaceOrWithAnd",
    "AddNot",
    "ReplaceUnaryOperator_Delete_Not",
    "ReplaceUnaryOperator_USub_UAdd",
    "ReplaceBreakWithContinue",
    "ReplaceContinueWithBreak",
    "ZeroIterationForLoop",
    "ExceptionReplacer",
)


def operators() -> dict[str, Operator]:
    names = [
        *(f"ReplaceComparisonOperator_{name}" for name in _COMPARED),
        *(f"ReplaceBinaryOperator_{name}" for name in _CALCULATED),
        *_OTHERS,
    ]
    own = (SwapCall, DeleteStatement, ReplaceString, ReplaceError)
    return {
        **{name: get_operator(f"core/{name}")() for name in names},
        **{each.__name__: each() for each in own},
    }
