"""The commands, on a stand-in for the pipeline: what they pass on, print and return."""

from __future__ import annotations

import inspect
import subprocess
import sys
import types
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, ClassVar

import pandas as pd
import pytest
from typer.testing import CliRunner

import disinfo
from disinfo import cli, tables
from disinfo.errors import (
    FolderInUseError,
    FormatError,
    ModelError,
    ParameterError,
    StorageError,
)

RUNNER = CliRunner()


def _campaigns() -> pd.DataFrame:
    rows = [
        ("c-1", 3, 30, [], ["url"], 60, 1e-9, 2e-8, 0.9, 0.7, 0.97, "likely inauthentic", None),
        ("c-2", 2, 20, [], ["url"], 60, 1e-5, 2e-4, None, None, None, "insufficient data", None),
    ]
    return tables.CAMPAIGNS.check(pd.DataFrame(rows, columns=list(tables.CAMPAIGNS.columns)))


def _evidence() -> pd.DataFrame:
    rows = [
        ("campaign", "c-1", "rhythm", None, 0.0, "too few posts", "missing"),
        ("campaign", "c-1", "synchrony", 4.0, 2.5, "within 9 s", "ok"),
        ("campaign", "c-1", "copy_mix", 0.1, -3.0, "word for word", "ok"),
    ]
    return tables.EVIDENCE.check(pd.DataFrame(rows, columns=list(tables.EVIDENCE.columns)))


def _members() -> pd.DataFrame:
    pairs = [("c-1", "a"), ("c-1", "b"), ("c-1", "o1"), ("c-2", "w1"), ("c-2", "w2")]
    frame = pd.DataFrame(pairs, columns=["campaign_id", "account_id"])
    return tables.MEMBERS.check(frame.assign(strength=1.0, dedication=0.5))


MANIFEST = {
    "n_read": 1200, "n_posts": 1190, "n_texts": 900, "n_accounts": 80, "n_accounts_tested": 60,
    "alpha": 0.05, "notes": ["no account ages"], "smallest_campaign": "5 accounts, 4 items",
}  # fmt: skip


@dataclass
class StandIn:
    """Records what it is asked to do."""

    campaigns: pd.DataFrame = field(default_factory=_campaigns)
    members: pd.DataFrame = field(default_factory=_members)
    manifest: dict[str, Any] = field(default_factory=lambda: dict(MANIFEST))
    dropped: pd.DataFrame = field(
        default_factory=lambda: tables.dropped_rows("read", {"no text": (10, None)})
    )
    reports: ClassVar[list[dict[str, Any]]] = []

    def save(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)

    def explain(self, subject_id: str) -> pd.DataFrame:
        rows = _evidence()
        return rows[rows["subject_id"] == subject_id].sort_values("bits")

    def report(self, path: Path, *, language: str = "en", redact: bool = False) -> Path:
        self.reports.append({"path": path, "language": language, "redact": redact})
        return path

    def export(self, path: Path, *, to: str, redact: bool = False) -> Path:
        self.reports.append({"path": path, "to": to, "redact": redact})
        return path


@pytest.fixture
def calls(monkeypatch):
    """Put a stand-in pipeline in place and return the calls of `detect`."""
    seen: list[dict[str, Any]] = []

    def detect(source, **given):
        seen.append({"source": source, **given})
        if str(source).endswith("missing-model.csv"):
            raise ModelError("no model 'e5'")
        if str(source).endswith("full.csv"):
            raise StorageError("the disk is full")
        if str(source).endswith("in-use.csv"):
            raise FolderInUseError("another run is writing")
        if str(source).endswith("huge.csv"):
            raise MemoryError
        if str(source).endswith("odd.csv"):
            raise FormatError("fits no known format")
        return StandIn(campaigns=_campaigns().iloc[:0]) if str(source) == "none.csv" else StandIn()

    @dataclass
    class Pipeline:
        parameters: dict[str, Any] = field(default_factory=dict)

        @staticmethod
        def from_config(config):
            if "link_txts" in config:
                raise ParameterError("unknown stage 'link_txts'. Did you mean 'link_texts'?")
            return Pipeline(config)

    stand_ins = {"detect": detect, "Pipeline": Pipeline, "load": lambda folder: StandIn()}
    for name, stand_in in stand_ins.items():
        # Not setattr, which would first load what is to be replaced.
        monkeypatch.setitem(disinfo.__dict__, name, stand_in)
    StandIn.reports.clear()
    return seen


def test_detect_writes_tables_and_report_and_says_where(calls, tmp_path):
    done = RUNNER.invoke(cli.app, ["detect", "posts.csv", "--out", str(tmp_path / "o")])
    assert done.exit_code == 0, done.output
    assert calls == [{"source": Path("posts.csv"), "resume": tmp_path / "o" / ".unfinished"}]
    for words in ("1,200 rows", "10 no text", "c-1", "likely inauthentic", "0.90", "q 2e-08"):
        assert words in done.output
    assert "insufficient data  probability -" in done.output
    assert StandIn.reports[0]["path"] == tmp_path / "o" / "report.html"


def test_a_finished_run_leaves_no_stages_and_a_failed_one_does(calls, tmp_path):
    kept = tmp_path / ".unfinished"
    kept.mkdir()
    RUNNER.invoke(cli.app, ["detect", "odd.csv", "--out", str(tmp_path)])
    assert kept.exists()
    RUNNER.invoke(cli.app, ["detect", "p.csv", "--out", str(tmp_path)])
    assert not kept.exists()


def test_detect_passes_on_only_what_was_given(calls, tmp_path):
    config = tmp_path / "pipeline.toml"
    config.write_text("[link_texts]\nthreshold = 0.8\n")
    options = ["--columns", "text=body, created_at=date", "--alpha", "0.01", "--seed", "0"]
    options += ["--max-rows", "9", "--format", "csv", "--config", str(config), "--no-report"]
    done = RUNNER.invoke(cli.app, ["detect", "p.csv", "--out", str(tmp_path), *options])
    assert done.exit_code == 0, done.output
    assert calls[0].pop("pipeline").parameters == {"link_texts": {"threshold": 0.8}}
    assert calls[0] == {
        "source": Path("p.csv"), "columns": {"text": "body", "created_at": "date"}, "alpha": 0.01,
        "seed": 0, "max_rows": 9, "format": "csv",
        "resume": tmp_path / ".unfinished",
    }  # fmt: skip
    assert not StandIn.reports


def test_no_campaign_says_what_could_have_shown(calls, tmp_path):
    done = RUNNER.invoke(cli.app, ["detect", "none.csv", "--out", str(tmp_path)])
    assert "No campaign found." in done.output
    assert "5 accounts, 4 items" in done.output


@pytest.mark.parametrize(
    ("arguments", "code", "message"),
    [
        (["detect", "odd.csv"], 2, "fits no known format"),
        (["detect", "missing-model.csv"], 3, "no model 'e5'"),
        (["detect", "full.csv"], 4, "disk is full"),
        (["detect", "in-use.csv"], 5, "another run"),
        (["detect", "huge.csv"], 6, "MemoryError"),
        (["detect", "p.csv", "--columns", "text"], 2, "name=column"),
        (["detect", "p.csv", "--config", "absent.toml"], 2, "absent.toml"),
    ],
)
def test_errors_are_one_message_and_a_code(calls, tmp_path, arguments, code, message):
    done = RUNNER.invoke(cli.app, [*arguments, "--out", str(tmp_path)])
    assert done.exit_code == code
    assert message in done.stderr
    assert "Traceback" not in done.output + done.stderr


@pytest.mark.parametrize("text", ["[link_txts]\na = 1\n", "not toml ["])
def test_bad_config_is_an_error_of_the_input(calls, tmp_path, text):
    config = tmp_path / "p.toml"
    config.write_text(text)
    done = RUNNER.invoke(
        cli.app, ["detect", "p.csv", "--out", str(tmp_path), "--config", str(config)]
    )
    assert done.exit_code == 2
    assert not calls


def test_report_of_a_saved_result(calls, tmp_path):
    done = RUNNER.invoke(cli.app, ["report", str(tmp_path), "--language", "pl", "--redact"])
    assert done.exit_code == 0, done.output
    expected = {"path": tmp_path / "report.html", "language": "pl", "redact": True}
    assert StandIn.reports == [expected]


def test_export_of_a_saved_result(calls, tmp_path):
    done = RUNNER.invoke(cli.app, ["export", str(tmp_path), "--to", "stix", "--redact"])
    assert done.exit_code == 0, done.output
    expected = {"path": tmp_path / "export" / "stix.json", "to": "stix", "redact": True}
    assert StandIn.reports == [expected]


def test_explain_prints_evidence(calls, tmp_path):
    done = RUNNER.invoke(cli.app, ["explain", str(tmp_path), "c-1"])
    lines = done.output.splitlines()
    assert [line.split()[0] for line in lines] == ["copy_mix", "rhythm", "synchrony"]
    assert "-3.0 bits" in lines[0]
    assert "missing" in lines[1]
    assert "no evidence" in RUNNER.invoke(cli.app, ["explain", str(tmp_path), "c-9"]).output


def _world() -> types.SimpleNamespace:
    roles = {"a": "campaign", "b": "campaign", "c": "campaign", "w1": "twin", "w2": "twin",
             "o1": "organic", "o2": "organic"}  # fmt: skip
    accounts = pd.DataFrame({"account_id": list(roles), "role": list(roles.values())})
    accounts["group_id"] = accounts["role"].map({"campaign": "g1", "twin": "g2"})
    groups = pd.DataFrame(
        {"group_id": ["g1", "g2", "g3"], "kind": ["reworded", "newswire", "feed"],
         "inauthentic": [True, False, False]}
    )  # fmt: skip
    posts = pd.DataFrame({"account_id": list(roles)})
    return types.SimpleNamespace(posts=posts, truth_accounts=accounts, truth_groups=groups)


def test_truth_is_compared_group_by_group():
    lines = cli.compare_with_truth(_campaigns(), _members(), _world())
    assert lines == [
        "planted campaign (reworded): 2 of 3 accounts, found as c-1: likely inauthentic",
        "benign twin (newswire): 2 of 2 accounts, found as c-2: insufficient data",
        "benign twin (feed): 0 of 0 accounts, not called",
        "ordinary accounts: 1 of 2 named as members, 1 of them in a campaign called likely "
        "inauthentic",
    ]


def test_a_twin_that_is_called_inauthentic_is_called_wrongly():
    campaigns = _campaigns().assign(verdict="likely inauthentic")
    lines = cli.compare_with_truth(campaigns, _members(), _world())
    assert [line.endswith("(wrongly)") for line in lines] == [False, True, False, False]


def test_truth_is_compared_when_nothing_was_found():
    lines = cli.compare_with_truth(tables.CAMPAIGNS.empty(), tables.MEMBERS.empty(), _world())
    assert lines[0] == "planted campaign (reworded): 0 of 3 accounts, not called"
    assert "0 of 2 named" in lines[-1]


def test_demo_shows_evidence_and_truth(calls, monkeypatch, tmp_path):
    module = types.ModuleType("disinfo.simulation")
    asked: list[dict[str, Any]] = []

    def simulate(seed=0, **given):
        asked.append({"seed": seed, **given})
        return _world()

    module.demo_world = module.simulate = simulate
    monkeypatch.setitem(sys.modules, "disinfo.simulation", module)
    done = RUNNER.invoke(
        cli.app, ["demo", "--out", str(tmp_path), "--seed", "4", "--n-posts", "500"]
    )
    assert done.exit_code == 0, done.output
    assert asked == [{"seed": 4, "n_posts": 500}]
    assert calls[0]["seed"] == 4
    for words in ("within 9 s", "planted campaign (reworded): 2 of 3", "report.html"):
        assert words in done.output


def test_stand_in_has_the_signatures_of_the_real_ones():
    pytest.importorskip("disinfo.pipeline", exc_type=ImportError)
    detect = inspect.signature(disinfo.detect).parameters
    assert {"format", "columns", "alpha", "prevalence", "seed", "max_rows", "pipeline"} <= set(
        detect
    )
    assert {"language", "redact"} <= set(inspect.signature(disinfo.Result.report).parameters)
    assert {"to", "redact"} <= set(inspect.signature(disinfo.Result.export).parameters)
    assert callable(disinfo.Pipeline.from_config)


def test_help_is_quick():
    code = (
        "import sys, disinfo.cli; print({'pandas', 'numpy', 'torch', 'jinja2'} & set(sys.modules))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "set()"


def test_version():
    assert RUNNER.invoke(cli.app, ["version"]).output.strip() == f"disinfo {disinfo.__version__}"


def test_the_module_runs_as_the_command_does():
    asked = [sys.executable, "-m", "disinfo", "--help"]
    done = subprocess.run(asked, capture_output=True, text=True, check=True, timeout=120)
    assert "detect" in done.stdout
