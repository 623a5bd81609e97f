"""Run a peer: tables in and out as files, the peer's own Python in between."""

from __future__ import annotations

import json
import subprocess
import tempfile
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd

from benchmarks.peers.environments import ENVIRONMENTS, Environment
from benchmarks.task import AbsentError, Answer, Question, System
from disinfo.stages import Vectors

_SCRIPTS = Path(__file__).parent / "scripts"
_TIMEOUT_S = 1800


TableOf = Callable[[Question], pd.DataFrame]
Finish = Callable[[pd.DataFrame], Answer]


def peer(
    environment: str,
    script: str,
    *,
    about: str,
    table_of: TableOf = lambda question: question.table,
    finish: Finish = lambda answer: answer,
) -> System:
    """Make a system of a peer's script.

    Parameters
    ----------
    environment
        Name in `benchmarks.peers.environments`, which is the name of the distribution too.
    script
        Name of the file in ``scripts``.
    about
        See `benchmarks.task.System`.
    table_of
        What the script reads.
    finish
        From what the script wrote to an answer.

    Returns
    -------
    System
        Absent where the environment is not built.
    """
    where = ENVIRONMENTS[environment]

    def missing() -> str | None:
        if where.is_built:
            return None
        return f"not built here: python -m benchmarks peers build {environment}"

    def answer(question: Question) -> Answer:
        return finish(run_script(where, script, table_of(question), question.embeddings))

    return System(name=environment, answer=answer, about=about, missing=missing)


def run_script(
    environment: Environment, script: str, table: pd.DataFrame, embeddings: Vectors | None
) -> pd.DataFrame:
    """Run one script.

    Parameters
    ----------
    environment
        Whose Python runs it.
    script
        Name of the file in ``scripts``.
    table
        What it reads; times become seconds since 1970.
    embeddings
        A row for each row of the table, or None.

    Returns
    -------
    DataFrame
        The columns that it wrote.

    Raises
    ------
    AbsentError
        When it fails; the last line that it wrote says why.
    """
    columns = {
        name: table[name].map(pd.Timestamp.timestamp).tolist()
        if isinstance(table[name].dtype, pd.DatetimeTZDtype)
        else table[name].tolist()
        for name in table.columns
    }
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "input.json").write_text(json.dumps(columns), encoding="utf-8")
        if embeddings is not None:
            np.save(folder / "embeddings.npy", embeddings)
        command = [str(environment.python), str(_SCRIPTS / f"{script}.py"), name]
        try:
            done = subprocess.run(
                command, capture_output=True, text=True, timeout=_TIMEOUT_S, cwd=name, check=False
            )
        except subprocess.TimeoutExpired as error:
            msg = f"took more than {_TIMEOUT_S} s"
            raise AbsentError(msg) from error
        if done.returncode:
            lines = done.stderr.strip().splitlines() or ["no message"]
            msg = f"failed: {lines[-1][:200]}"
            raise AbsentError(msg)
        return pd.DataFrame(json.loads((folder / "output.json").read_text(encoding="utf-8")))
