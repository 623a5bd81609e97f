"""The tasks, by their permanent ids."""

from __future__ import annotations

from benchmarks.task import Task
from benchmarks.tasks import (
    claim_retrieval,
    clustering,
    coordination,
    linking,
    opposition,
    probes,
    real_coordination,
    scores,
    speed,
)

TASKS: dict[str, Task] = {
    task.id: task
    for module in (
        linking, opposition, clustering, claim_retrieval, coordination, real_coordination, scores,
        probes, speed,
    )
    for task in module.TASKS
}  # fmt: skip
