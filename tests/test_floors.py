"""Imports point down only: read from the files, not from a running program."""

import ast
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parents[1] / "disinfo"

FLOORS = [
    ("errors", "distinct", "ordering", "zones"),
    ("schema", "model_files", "whole_files"),
    ("memory_limit", "unused_memory", "log_lines", "fingerprints", "progress"),
    ("engines",),
    ("pseudonyms", "disarm"),
    ("tables",),
    ("stages",),
    ("text", "neighbours", "communities"),
    ("writing",),
    (
        "reading", "embedding", "links", "narratives", "coordination", "signals", "scoring",
        "simulation",
    ),
    ("saved_frames", "testing", "folder_lock", "plan"),
    ("result_html",),
    ("saved_result", "stage_store"),
    ("pipeline", "result"),
    ("run_record", "run_posts"),
    ("run_reading",),
    ("run", "null_check", "claims", "carried_ids"),
    ("update",),
    ("charts",),
    ("report", "export", "compared_with_truth", "plots"),
    ("batch", "cli_options"),
    ("cli",),
    ("__main__",),
]  # fmt: skip
# Public methods of a result that reach up, loaded when called.
REACHES_UP = {
    ("result", "report"),
    ("result", "null_check"),
    ("result", "export"),
    ("result", "plots"),
    ("result", "update"),
}
# The package itself holds the version and the lazy public names.
EVERYWHERE = {"__init__"}


def _floor(part):
    for number, names in enumerate(FLOORS):
        if part in names:
            return number
    raise AssertionError(f"{part} has no floor: name it in FLOORS")


def _part(path):
    return path.relative_to(PACKAGE).parts[0].removesuffix(".py")


def _imports(path):
    """Yield the part of the package that each import names, with whether it is for types only."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    typing_only = {
        id(inner)
        for node in ast.walk(tree)
        if isinstance(node, ast.If) and "TYPE_CHECKING" in ast.unparse(node.test)
        for inner in ast.walk(node)
    }
    for node in ast.walk(tree):
        names = []
        if isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: relative import"
            if node.module == "disinfo":
                names = [f"disinfo.{alias.name}" for alias in node.names]
            else:
                names = [node.module or ""]
        elif isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        for name in names:
            if name.startswith("disinfo.") and id(node) not in typing_only:
                yield name.split(".")[1]


MODULES = sorted(path for path in PACKAGE.rglob("*.py") if _part(path) not in EVERYWHERE)


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_imports_point_down(path):
    own = _part(path)
    for other in _imports(path):
        if other in (own, "__version__") or (own, other) in REACHES_UP:
            continue
        assert _floor(other) < _floor(own), f"{own} must not import {other}"


def test_a_wrong_import_would_be_seen(tmp_path):
    wrong = tmp_path / "x.py"
    wrong.write_text("def f():\n    from disinfo.run import detect\n")
    assert list(_imports(wrong)) == ["run"]
