"""`disinfo plan`: what was recognised, and what a run would take, before any of it."""

from __future__ import annotations

import gzip
import json

import pandas as pd
import pytest
from typer.testing import CliRunner

from disinfo import cli
from disinfo.errors import InputError, ParameterError
from disinfo.plan import make_plan
from disinfo.reading.row_counts import rows_in

POLISH = "Most jest zamknięty od rana i nikt nie wie dlaczego, numer "


def rows(n):
    return [
        {"id": i, "author": f"a{i % 7}", "body": f"{POLISH}{i}" if i % 10 else "",
         "date": f"2025-05-{1 + i % 28:02d}T10:00:00Z"}
        for i in range(n)
    ]  # fmt: skip


@pytest.fixture
def export(tmp_path):
    path = tmp_path / "export.ndjson"
    path.write_text("\n".join(map(json.dumps, rows(500))))
    return path


def test_a_file_that_is_looked_at_as_a_whole(export):
    plan = make_plan(export)
    assert plan.whole
    assert (plan.format, plan.n_rows, plan.n_posts, plan.n_accounts) == ("generic", 500, 450, 7)
    assert plan.languages["pl"] > 0.9
    assert (plan.first.day, plan.last.day) == (1, 28)
    assert plan.dropped["n"].tolist() == [50]


def test_a_file_of_which_the_first_rows_are_looked_at(export):
    plan = make_plan(export, sample_rows=100)
    assert not plan.whole
    assert (plan.n_rows, plan.n_posts) == (500, 450)
    assert plan.dropped["n"].sum() == 50
    # The cost is that of the whole, not of the sample.
    assert plan.seconds == pytest.approx(make_plan(export).seconds, rel=0.05)


def test_rows_are_counted_whatever_they_lie_in(tmp_path, export):
    frame = pd.DataFrame(rows(300)).assign(body="one\ntwo, three")
    frame.to_csv(tmp_path / "t.csv", index=False)
    frame.to_parquet(tmp_path / "t.parquet")
    (tmp_path / "z.ndjson.gz").write_bytes(gzip.compress(export.read_bytes()))
    assert rows_in(tmp_path / "t.csv") == pytest.approx(300, abs=3)
    assert rows_in(tmp_path / "t.parquet") == 300
    assert rows_in(tmp_path / "z.ndjson.gz") == 500
    assert rows_in(tmp_path) == pytest.approx(1600, abs=3)


def test_what_is_refused(tmp_path):
    (tmp_path / "p.csv").write_text("a,b\n1,2\n")
    with pytest.raises(InputError, match="columns seen"):
        make_plan(tmp_path / "p.csv")
    with pytest.raises(ParameterError, match="sample_rows"):
        make_plan(tmp_path / "p.csv", sample_rows=0)


def test_the_command(export):
    done = CliRunner().invoke(cli.app, ["plan", str(export), "--columns", "text=body"])
    assert done.exit_code == 0, done.output
    for word in ("generic", "500", "pl ", "2025-05-01 to 2025-05-28", "neither a text", "memory"):
        assert word in done.output
    assert CliRunner().invoke(cli.app, ["plan", "none.csv"]).exit_code == 2
