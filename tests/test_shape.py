"""Sizes are capped: module 400 lines, function 50 (docstring aside), class 12 public methods."""

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
MODULES = sorted((ROOT / "disinfo").rglob("*.py")) + sorted((ROOT / "benchmarks").rglob("*.py"))
FORBIDDEN_NAMES = {"utils.py", "helpers.py", "common.py", "misc.py"}
FORBIDDEN_WORDS = ("troll", "guilty", "bot_score", "is_bot")


def _lines(node):
    start = node.lineno
    body = node.body
    doc = ast.get_docstring(node)
    skipped = (body[0].end_lineno - body[0].lineno + 1) if doc else 0
    return node.end_lineno - start + 1 - skipped


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(ROOT)))
def test_sizes(path):
    text = path.read_text(encoding="utf-8")
    assert path.name not in FORBIDDEN_NAMES
    assert len(text.splitlines()) <= 400
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            assert _lines(node) <= 50, f"{node.name} has {_lines(node)} lines"
        if isinstance(node, ast.ClassDef):
            public = [
                item.name
                for item in node.body
                if isinstance(item, ast.FunctionDef)
                and not item.name.startswith("_")
                and "property" not in [ast.unparse(one) for one in item.decorator_list]
            ]
            assert len(public) <= 12, f"{node.name} has {len(public)} public methods"


def test_tables_claim_no_more_than_they_show():
    from disinfo import tables

    for table in tables.ALL.values():
        for name in (table.name, *table.columns):
            assert not any(word in name for word in FORBIDDEN_WORDS)
            assert "bot" not in name.split("_")
