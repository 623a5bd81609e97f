"""Make tables.md from the schemas in `disinfo.tables` and the meanings in columns.toml.

python docs/build_tables.py
"""

from __future__ import annotations

import tomllib
from pathlib import Path

from disinfo import tables
from disinfo.schema import Column, Table

HERE = Path(__file__).parent
PAGE = HERE / "tables.md"
MEANINGS = HERE / "columns.toml"

_KINDS = {
    "str": "text",
    "time": "time",
    "float": "number",
    "int": "integer",
    "list": "list",
    "bool": "true or false",
}
_HEAD = """# Tables

Made by `python docs/build_tables.py`; do not edit.

A table is a pandas frame; `disinfo.tables` has its schema, and `disinfo.tables.ALL` all of them by
name. Ids are text, always. Times are UTC with microseconds. Lists are lists of text. A column that
*may be absent* is missing as a whole where the source lacks it; *may be missing* is said of single
values. **Key** columns are in bold: no two rows share them, and rows are sorted by them (except
`posts` and `campaigns` of a result). Higher is more suspicious, everywhere.
"""


def _meaning(meanings: dict[str, dict[str, str]], table: str, column: str) -> str:
    own = meanings[table].get(column)
    return own if own is not None else meanings["shared"][column]


def _kind(column: Column) -> str:
    words = [_KINDS[column.kind]]
    if column.values:
        words = ["one of " + ", ".join(f"`{value}`" for value in column.values)]
    if column.optional:
        words.append("may be absent")
    # An absent list is an empty one, so lists have no missing values.
    if column.nullable and column.kind != "list":
        words.append("may be missing")
    return ", ".join(words)


def _section(table: Table, meanings: dict[str, dict[str, str]]) -> str:
    lines = [f"## {table.name}", "", meanings[table.name]["about"], ""]
    lines += ["| column | type | meaning |", "| --- | --- | --- |"]
    for name, column in table.columns.items():
        shown = f"**`{name}`**" if name in table.key else f"`{name}`"
        lines.append(f"| {shown} | {_kind(column)} | {_meaning(meanings, table.name, name)} |")
    return "\n".join(lines) + "\n"


def build() -> str:
    """Return the page.

    Raises
    ------
    KeyError
        When a table or a column has no meaning written down.
    """
    meanings = tomllib.loads(MEANINGS.read_text(encoding="utf-8"))
    sections = [_section(table, meanings) for table in tables.ALL.values()]
    return "\n".join([_HEAD, *sections])


if __name__ == "__main__":
    PAGE.write_text(build(), encoding="utf-8")
