"""Run a peer: tables in and out as files, the peer's own Python in between.

What a peer answered is kept under a digest of everything that it was given: a change of this
library does not change it. The seconds that it took then are counted again.
"""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd

from benchmarks.cache import cache_folder
from benchmarks.peers.environments import ENVIRONMENTS, Environment
from benchmarks.task import AbsentError, Answer, Question, System
from disinfo.stages import Vectors

_SCRIPTS = Path(__file__).parent / "scripts"
_TIMEOUT_S = 1800
# CPU and wall seconds that kept answers took when they were made, since they were last asked for.
_EARLIER = [0.0, 0.0]


def earlier_seconds() -> tuple[float, float]:
    """Return CPU and wall seconds of the kept answers handed out since the last call."""
    cpu, wall = _EARLIER
    _EARLIER[:] = [0.0, 0.0]
    return cpu, wall


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
    given = json.dumps(columns)
    kept = _kept(environment, script, given, embeddings)
    if kept.exists():
        found = json.loads(kept.read_text(encoding="utf-8"))
        _EARLIER[:] = [_EARLIER[0] + found["cpu_s"], _EARLIER[1] + found["wall_s"]]
        return pd.DataFrame(found["answer"])
    wall, cpu = time.perf_counter(), os.times()
    answer = _run(environment, script, given, embeddings)
    wall, now = time.perf_counter() - wall, os.times()
    spent = now.children_user + now.children_system - cpu.children_user - cpu.children_system
    # Two tasks that run side by side may ask the same.
    part = kept.with_suffix(f".{os.getpid()}.part")
    part.write_text(json.dumps({"answer": answer, "cpu_s": spent, "wall_s": wall}))
    part.replace(kept)
    return pd.DataFrame(answer)


def _kept(environment: Environment, script: str, given: str, embeddings: Vectors | None) -> Path:
    """Return where the answer to exactly this is kept."""
    digest = hashlib.blake2b(given.encode(), digest_size=12)
    digest.update((_SCRIPTS / f"{script}.py").read_bytes())
    digest.update((environment.folder / "complete").read_bytes())
    if embeddings is not None:
        digest.update(np.ascontiguousarray(embeddings).tobytes())
    return cache_folder(f"peer_answers/{environment.name}") / f"{digest.hexdigest()}.json"


def _run(
    environment: Environment, script: str, given: str, embeddings: Vectors | None
) -> dict[str, list[object]]:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "input.json").write_text(given, encoding="utf-8")
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
        answer: dict[str, list[object]] = json.loads(
            (folder / "output.json").read_text(encoding="utf-8")
        )
        return answer
