"""Write what was measured into docs/scale.md, between two marks.

python -m benchmarks.scale.page
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from statistics import median
from typing import Any

from benchmarks.scale.results import FOLDER
from benchmarks.speed.reading import RESULT as THROUGHPUT

PAGE = Path(__file__).parents[2] / "docs" / "scale.md"
BEGIN, END = "<!-- measured: begin -->", "<!-- measured: end -->"

Found = dict[str, Any]


def build(page: str, results: dict[str, Found]) -> str:
    """Return the page with the measured part made anew.

    Parameters
    ----------
    page
        The page.
    results
        Results by name.

    Returns
    -------
    str
        The page.
    """
    before, _, rest = page.partition(BEGIN)
    _, _, after = rest.partition(END)
    sections = [
        "\n".join([title, "", *shown(results[name]), "", _origin(results[name])])
        for name, (title, shown) in SECTIONS.items()
        if name in results
    ]
    return before + BEGIN + "\n\n" + "\n\n".join(sections) + "\n\n" + END + after


def read() -> dict[str, Found]:
    """Return the results that are there, by name."""
    files = [*sorted(FOLDER.glob("*.json")), THROUGHPUT]
    return {file.stem: json.loads(file.read_text(encoding="utf-8")) for file in files}


def _origin(found: Found) -> str:
    machine = found["machine"]
    return (
        f"`{found['command']}`, commit {found['commit']}, {machine['cpus']} cores of "
        f"{machine['model']}."
    )


def _row(*cells: object) -> str:
    return "| " + " | ".join(str(cell) for cell in cells) + " |"


def _table(head: tuple[str, ...], rows: list[tuple[object, ...]]) -> list[str]:
    return [_row(*head), _row(*["---"] * len(head)), *(_row(*row) for row in rows)]


def _growth(found: Found) -> Iterator[str]:
    """Show seconds by stage and size, the exponents, and what they give at 10^8 and 10^9."""
    runs, exponents, fitted = found["runs"], found["exponents"], found["fitted_exponents"]
    stages = [stage for stage, value in runs[-1]["seconds"].items() if value >= 0.5]
    head = ("stage", *(f"{run['n']:,}" for run in runs), "exponent", "last step")
    rows: list[tuple[object, ...]] = [
        (
            stage,
            *(f"{run['seconds'][stage]:.1f} s" for run in runs),
            fitted.get(stage, "-"),
            exponents.get(stage, "-"),
        )
        for stage in stages
    ]
    unknown = ("-", "-")
    peaks = (f"{run['peak_memory_mb']:,.0f} MB" for run in runs)
    rows.append(("peak of memory", *peaks, *unknown))
    rows.append(
        ("saved, a post", *(f"{run['saved_bytes_a_post']:.0f} B" for run in runs), *unknown)
    )
    yield from _table(head, rows)
    yield ""
    yield (
        "Exponent: by least squares in logarithms over the sizes at which a stage takes "
        "0.02 s; last step: from the two largest sizes alone."
    )
    last = runs[-1]
    if "all" not in exponents:
        return
    yield ""
    yield f"![Seconds by rows, a line a stage](plots/growth-{last['kind']}.svg)"
    yield ""
    for power in (8, 9):
        hours = last["seconds"]["all"] * (10**power / last["n"]) ** exponents["all"] / 3600
        yield (
            f"At 10^{power} rows the exponent of the last step gives {hours:,.0f} h on one machine "
            "of this kind: an extrapolation, not a measurement."
        )


def _near(found: Found) -> Iterator[str]:
    """Show what exact and near copies cost by size."""
    head = ("posts", "distinct", "near copies", "wall", "CPU", "CPU a post", "peak of memory")
    rows: list[tuple[object, ...]] = [
        (
            f"{run['n']:,}",
            f"{run['n_forms']:,}",
            f"{run['n_near']:,}",
            f"{run['wall_s']:.1f} s",
            f"{run['cpu_s']:.1f} s",
            f"{1e6 * run['cpu_s'] / run['n']:.0f} µs",
            f"{run['peak_memory_mb']:,} MB",
        )
        for run in found["runs"]
    ]
    yield from _table(head, rows)


def _kills(found: Found) -> Iterator[str]:
    yield (
        f"{found['n_points']} random moments, {found['n_killed_on_the_way']} of them before the "
        f"run had ended: {found['n_unequal']} resumed results differ from the uninterrupted one "
        f"(the true rate is below {found['rate_unequal_upper_95']:.1%} with 95 % confidence)."
    )


def _fuzz(found: Found) -> Iterator[str]:
    outcomes = ", ".join(f"{n:,} {name}" for name, n in sorted(found["outcomes"].items()))
    yield (
        f"{found['n_cases']:,} cases: {outcomes}; the slowest took {found['slowest_s']} s "
        f"(failure rate below {found['failure_rate_upper_95']:.2e} with 95 % confidence)."
    )
    if set(found["commits"]) != {found["commit"]}:
        by_commit = ", ".join(f"{n:,} at {name}" for name, n in found["commits"].items())
        yield f"By state of the code: {by_commit}."


def _damaged(found: Found) -> Iterator[str]:
    """Show how many damaged records of each format were read, by kind of damage."""
    yield (
        "Every record is a post or counted as left out, and no exception but the library's own "
        "comes out. `values`: fields lost, repeated or odd; `bytes`: bytes flipped, files cut."
    )
    yield ""
    formats = found["formats"].items()
    rows: list[tuple[object, ...]] = [
        (name, *(f"{kinds[kind]['records']:,}" if kind in kinds else "-"
                 for kind in ("values", "bytes")),
         sum(len(kind["failures"]) for kind in kinds.values()))
        for name, kinds in formats
    ]  # fmt: skip
    yield from _table(("format", "values", "bytes", "failures"), rows)


def _throughput(found: Found) -> Iterator[str]:
    """Show how fast reading is beside the bare parser of the same file in the same run."""
    yield (
        "A ratio of 1 would be as fast as the bare parser, which finds no links, reads no times "
        "and checks no ids. `read_csv` as it is turns ids into numbers, and loses the last digits "
        "of some; with `dtype='str'` it keeps them, as `read_posts` has to. Events of Jetstream "
        "are taken apart one by one, in Python."
    )
    yield ""
    rows: list[tuple[object, ...]] = [
        (name, f"{row['ratio']:.3f} ({row['low']:.3f}–{row['high']:.3f})",
         f"{row['posts_a_cpu_second']:,.0f}")
        for name, row in found["results"].items()
    ]  # fmt: skip
    yield from _table(("file and parser", "its time by ours (90 %)", "posts a CPU second"), rows)


def _engines(found: Found) -> Iterator[str]:
    head = ("data", "posts", "one process", "Ray, 2 workers", "ratio", "one worker killed", "equal")
    rows: list[tuple[object, ...]] = [
        (
            name,
            f"{run['n_posts']:,}",
            f"{run['seconds_local']} s",
            f"{run['seconds_ray']} s",
            run["ray_over_local"],
            f"{run['seconds_ray_worker_killed']} s ({run['n_workers_killed']} killed)",
            "yes" if run["equal"] and run["equal_worker_killed"] else "NO",
        )
        for name, run in found["runs"].items()
    ]
    yield from _table(head, rows)
    yield ""
    yield f"Starting the cluster took {found['seconds_to_start_ray']} s."


def _closure(found: Found) -> Iterator[str]:
    """Show how families of the same messages fare among more and more other texts."""

    def spread(values: list[float]) -> str:
        return f"{values[0]:.3f} ({values[1]:.3f}–{values[2]:.3f})"

    yield (
        f"{found['bridges']['messages']} messages of D3lta's documents "
        f"({found['runs'][0]['planted']} texts) among other texts: posts of a simulated election, "
        "or vectors drawn with their mean and covariance. One default. Beside the families, "
        "connected components over the same vectors at the same floor; 95 % intervals by message. "
        "The largest cluster counts all texts."
    )
    yield ""
    rows: list[tuple[object, ...]] = [
        (f"{run['texts']:,}", run["around them"], name, spread(run[name]["pair F1"]),
         spread(run[name]["B-cubed precision"]), spread(run[name]["B-cubed recall"]),
         f"{run[name]['largest']:,}")
        for run in found["runs"]
        for name in ("families", "components")
    ]  # fmt: skip
    head = ("texts", "around", "clusters", "pair F1", "B³ precision", "B³ recall", "largest")
    yield from _table(head, rows)
    yield ""
    said = found["bridges"]
    merged = "; ".join(
        f"{name} {said[name]['bridged pairs made one']}"
        for name in ("families", "components of links", "components")
    )
    yield f"Of {said['bridges']} posts that tell two messages, so many made them one: {merged}."


def _beside_d3lta(found: Found) -> Iterator[str]:
    """Show seconds and pairs beside D3lta's own matching."""
    yield (
        "D3lta's own functions on the same texts, languages and vectors, in turn with the link "
        "stage. CPU seconds, median of the rounds; other work on the machine changes wall time. "
        "Above 1 the ratio says that links are the faster. Truth is planted."
    )
    yield ""
    rows: list[tuple[object, ...]] = []
    for name, row in found["results"].items():
        cpu = row["cpu"]
        ratio = cpu["d3lta_matching_by_ours"]
        for who, seconds in (("ours", cpu["ours_s"]), ("d3lta", cpu["d3lta_matching_s"])):
            told = row[who]
            rows.append(
                (name, who, f"{median(seconds):.1f} s",
                 f"{ratio['median']} ({ratio['least']}–{ratio['most']})" if who == "ours" else "-",
                 f"{told['pairs']:,}", told["precision"], told["recall"])
            )  # fmt: skip
    head = ("texts", "who", "CPU", "its matching by ours", "pairs", "precision", "recall")
    yield from _table(head, rows)


SECTIONS: dict[str, tuple[str, Callable[[Found], Iterator[str]]]] = {
    "growth-texts": ("### Posts with texts, 60 % of them distinct, vectors given", _growth),
    "growth-actions": ("### Actions only", _growth),
    "near-copies": ("### Exact and near copies, 60 % of the posts distinct", _near),
    "beside-d3lta": ("### Links beside D3lta's matching", _beside_d3lta),
    "closure": ("### Families as the corpus grows", _closure),
    "engines": ("### One process and Ray", _engines),
    "kills": ("### Kill points", _kills),
    "fuzz": ("### Hostile input", _fuzz),
    "damaged-records": ("### Damaged records", _damaged),
    "throughput": ("### Reading beside bare parsers", _throughput),
}


def main() -> None:
    """Write the page."""
    PAGE.write_text(build(PAGE.read_text(encoding="utf-8"), read()), encoding="utf-8")


if __name__ == "__main__":
    main()
