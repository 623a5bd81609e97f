"""Write and run the example notebooks: ``python docs/notebooks/run.py``.

Each notebook is made from the Python file of its name: a comment block after ``# %% [markdown]`` is
text, what follows ``# %%`` is a cell. Outputs are kept, without times and machine paths, so that a
notebook can be read where nothing is installed.
"""

from __future__ import annotations

import re
import sys
import tempfile
from pathlib import Path

import nbformat
from nbclient import NotebookClient

HERE = Path(__file__).parent
_SPLIT = re.compile(r"^# %%(.*)$", re.MULTILINE)
MOST_BYTES = 400_000


def read_cells(source: str) -> nbformat.NotebookNode:
    """Return the notebook of a Python file, not yet run."""
    notebook = nbformat.v4.new_notebook()
    notebook.metadata["kernelspec"] = {
        "name": "python3", "display_name": "Python 3", "language": "python",
    }  # fmt: skip
    pieces = _SPLIT.split(source)
    for number, (kind, body) in enumerate(zip(pieces[1::2], pieces[2::2], strict=True)):
        if "[markdown]" in kind:
            text = re.sub(r"^# ?", "", body.strip(), flags=re.MULTILINE)
            cell = nbformat.v4.new_markdown_cell(text)
        else:
            cell = nbformat.v4.new_code_cell(body.strip())
        # Fixed ids, so that a new run changes nothing that did not change.
        cell["id"] = f"cell-{number}"
        notebook.cells.append(cell)
    return notebook


def run(source: Path) -> nbformat.NotebookNode:
    """Run a notebook in an empty folder and return it with its outputs."""
    notebook = read_cells(source.read_text(encoding="utf-8"))
    with tempfile.TemporaryDirectory() as folder:
        NotebookClient(
            notebook, timeout=900, kernel_name="python3", resources={"metadata": {"path": folder}}
        ).execute()
    for cell in notebook.cells:
        cell.metadata.pop("execution", None)
        if cell.cell_type == "code":
            # Warnings of the kernel name folders of the machine.
            cell.outputs = [one for one in cell.outputs if one.get("name") != "stderr"]
        for output in cell.get("outputs", ()):
            for name in [*output.get("data", {})]:
                if name not in ("text/plain", "text/html", "image/png"):
                    del output["data"][name]
    return notebook


def main(names: list[str]) -> None:
    """Run all notebooks, or those named."""
    for source in sorted(HERE.glob("*.py")):
        if source.name == Path(__file__).name or (names and source.stem not in names):
            continue
        text = nbformat.writes(run(source))
        if len(text.encode()) > MOST_BYTES:
            raise SystemExit(f"{source.stem}: {len(text)} bytes; show less")
        source.with_suffix(".ipynb").write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1:])
