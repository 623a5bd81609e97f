"""The example notebooks are what their sources say, ran without an error, and stay small."""

from __future__ import annotations

import runpy
from pathlib import Path

import pytest

FOLDER = Path(__file__).parents[1] / "docs" / "notebooks"
SOURCES = sorted(path for path in FOLDER.glob("*.py") if path.name != "run.py")
nbformat = pytest.importorskip("nbformat")
pytest.importorskip("nbclient")
each = pytest.mark.parametrize("source", SOURCES, ids=lambda path: path.stem)


@pytest.fixture(scope="module")
def maker():
    return runpy.run_path(str(FOLDER / "run.py"))


@each
def test_the_notebook_is_what_its_source_says(source, maker):
    made = maker["read_cells"](source.read_text(encoding="utf-8"))
    kept = nbformat.read(source.with_suffix(".ipynb"), as_version=4)
    said = [(cell.cell_type, cell.source) for cell in made.cells]
    assert [(cell.cell_type, cell.source) for cell in kept.cells] == said, (
        "run: python docs/notebooks/run.py"
    )


@each
def test_the_notebook_ran_and_is_small(source, maker):
    path = source.with_suffix(".ipynb")
    text = path.read_text(encoding="utf-8")
    assert len(text.encode()) <= maker["MOST_BYTES"]
    code = [c for c in nbformat.reads(text, as_version=4).cells if c.cell_type == "code"]
    assert all(cell.execution_count for cell in code)
    outputs = [output for cell in code for output in cell.outputs]
    assert not [output for output in outputs if output.output_type == "error"]
    assert [output for output in outputs if "image/png" in output.get("data", {})]
    assert "site-packages" not in text


@pytest.mark.slow
@each
def test_the_notebook_still_runs(source, maker):
    assert maker["run"](source).cells
