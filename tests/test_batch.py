"""A job that a machine starts every night: idempotent, with codes, log lines and a summary."""

import json
import logging
import subprocess
import sys

import pytest
from typer.testing import CliRunner

from disinfo import cli
from disinfo.errors import MemoryLimitError, ParameterError
from disinfo.folder_lock import folder_lock
from disinfo.log_lines import JsonLines, without_secrets
from disinfo.memory_limit import bytes_of, memory_limit

RUNNER = CliRunner()


@pytest.fixture
def inbox(tmp_path):
    folder = tmp_path / "in"
    folder.mkdir()
    _add(folder, "day1", 0)
    return folder


def _add(folder, name, first):
    rows = [
        {
            "account_id": f"a{row % 4}",
            "created_at": f"2025-05-01T10:00:{row % 60:02d}Z",
            "object_id": f"o{row}",
        }
        for row in range(first, first + 12)
    ]
    (folder / f"{name}.ndjson").write_text("\n".join(map(json.dumps, rows)))


def _detect(inbox, *options):
    out = inbox.parent / "out"
    done = RUNNER.invoke(cli.app, ["detect", str(inbox), "--out", str(out), *options])
    summary = json.loads((out / "summary.json").read_text())
    return done, summary, out


@pytest.fixture(autouse=True)
def _no_handlers_left():
    yield
    logging.getLogger("disinfo").handlers.clear()


def test_the_same_question_is_answered_once(inbox):
    done, summary, out = _detect(inbox, "--since", "last")
    assert done.exit_code == 0, done.output
    assert summary["status"] == "done"
    assert summary["inputs"] == 1
    before = {file.name: file.stat().st_mtime_ns for file in out.glob("*.parquet")}
    done, summary, _ = _detect(inbox, "--since", "last")
    assert (done.exit_code, summary["status"], summary["n_posts"]) == (0, "unchanged", 12)
    assert before == {file.name: file.stat().st_mtime_ns for file in out.glob("*.parquet")}
    _, summary, _ = _detect(inbox, "--since", "last", "--alpha", "0.01")
    assert summary["status"] == "done"  # another question
    _add(inbox, "day2", 12)
    _, summary, _ = _detect(inbox, "--since", "last", "--alpha", "0.01")
    assert (summary["status"], summary["inputs"], summary["n_posts"]) == ("done", 2, 24)
    (out / "links.parquet").write_bytes(b"damaged")
    _, summary, _ = _detect(inbox, "--since", "last", "--alpha", "0.01")
    assert summary["status"] == "done"  # a damaged result answers nothing


def test_log_lines_are_json_and_nothing_else(inbox):
    command = ["detect", str(inbox), "--out", str(inbox.parent / "out"), "--log", "json"]
    done = subprocess.run(
        [sys.executable, "-c", "from disinfo.cli import app; app()", *command],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout == ""
    lines = [json.loads(line) for line in done.stderr.splitlines()]
    assert {line["stage"] for line in lines if line.get("event") == "stage"} >= {"reading", "score"}
    assert lines[-1]["event"] == "end"
    assert lines[-1]["n_posts"] == 12


def test_a_failed_job_says_so_in_its_summary(inbox):
    (inbox / "day1.ndjson").write_bytes(b"\x80\x04pickle")
    done, summary, _ = _detect(inbox)
    assert done.exit_code == 2
    assert (summary["status"], summary["exit_code"]) == ("failed", 2)
    assert summary["error"] in ("InputError", "FormatError")


def test_a_job_on_a_folder_in_use_leaves_its_summary_alone(inbox):
    _, _, out = _detect(inbox)
    code = (
        "import sys, time\nfrom pathlib import Path\nfrom disinfo.folder_lock import folder_lock\n"
        "with folder_lock(Path(sys.argv[1])):\n    print('held', flush=True)\n    time.sleep(60)\n"
    )
    other = subprocess.Popen([sys.executable, "-c", code, str(out)], stdout=subprocess.PIPE)
    assert other.stdout.readline() == b"held\n"
    done, summary, _ = _detect(inbox)
    other.kill()
    other.communicate()
    assert done.exit_code == 5
    assert summary["status"] == "done"
    with folder_lock(out):
        pass


@pytest.mark.parametrize(
    "text",
    ["https://anna:hunter22@x.org/a", "Authorization: Bearer abcdef123456", "hf_abcdefgh1234",
     "?token=s3cr3tvalue&x=1", "api_key=s3cr3tvalue", "password=hunter22", "my s3cr3t-in-env here"],
)  # fmt: skip
def test_no_secret_is_written(text, monkeypatch):
    monkeypatch.setenv("MY_ACCESS_TOKEN", "s3cr3t-in-env")
    record = logging.LogRecord("disinfo", logging.INFO, "", 1, "got %s", (text,), None)
    for written in (without_secrets(text), JsonLines().format(record)):
        for secret in ("hunter22", "abcdef123456", "hf_abc", "s3cr3t"):
            assert secret not in written
    json.loads(JsonLines().format(record))


@pytest.mark.parametrize(
    ("size", "n"), [("6GB", 6 * 2**30), ("800M", 800 * 2**20), ("1.5 gib", 3 * 2**29)]
)
def test_sizes(size, n):
    assert bytes_of(size) == n


@pytest.mark.parametrize("size", ["", "six", "6 PB", "-1G", "10K", "0"])
def test_no_sizes(size):
    with pytest.raises(ParameterError, match="memory limit"):
        bytes_of(size)


LIMITED = """
import numpy as np
from disinfo.errors import MemoryLimitError
from disinfo.memory_limit import memory_limit
try:
    with memory_limit(1 << 30):
        np.ones(1 << 28)
except MemoryLimitError as error:
    print(error)
print(np.ones(1 << 27).nbytes)
"""


@pytest.mark.skipif(sys.platform != "linux", reason="other systems enforce no such limit")
def test_more_memory_than_allowed_is_an_error_and_no_crash():
    done = subprocess.run(
        [sys.executable, "-c", LIMITED], capture_output=True, text=True, check=False
    )
    assert "needs more than the 1.0 GiB" in done.stdout, done.stderr
    assert str(8 << 27) in done.stdout  # and the limit ends with the run


def test_a_limit_is_lifted_when_a_run_fails_otherwise():
    with pytest.raises(KeyError), memory_limit(64 << 30):
        raise KeyError
    assert issubclass(MemoryLimitError, MemoryError)
