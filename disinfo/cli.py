"""The command line: `detect`, `plan`, `report`, `export`, `explain`, `demo`, `models`, `version`.

Exit codes: 0 done; 1 something unexpected went wrong; 2 the input or a parameter cannot be used;
3 a model is missing; 4 the output folder cannot be written to; 5 another run is writing to it;
6 the memory is not enough. Heavy modules are imported by the command that needs them, so that
``disinfo --help`` is quick.
"""

from __future__ import annotations

import dataclasses
import logging
import math
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from disinfo.cli_options import (
    EngineName,
    Log,
    LogKind,
    MemoryLimit,
    NullRounds,
    Prevalence,
    ShardOf,
    Since,
    Workers,
    built_pipeline,
    read_columns,
    read_shard,
)
from disinfo.compared_with_truth import compare_with_truth
from disinfo.errors import (
    DisinfoError,
    FolderInUseError,
    ModelError,
    ParameterError,
    StorageError,
)
from disinfo.log_lines import log_to, without_secrets
from disinfo.memory_limit import bytes_of

if TYPE_CHECKING:
    import pandas as pd

    from disinfo import Result
    from disinfo.batch import Batch

BAD_INPUT = 2
# The first kind that fits counts.
EXIT_CODES: tuple[tuple[type[Exception], int], ...] = (
    (ModelError, 3),
    (StorageError, 4),
    (FolderInUseError, 5),
    (MemoryError, 6),
    (DisinfoError, BAD_INPUT),
    (OSError, BAD_INPUT),
)
logger = logging.getLogger(__name__)

app = typer.Typer(
    help="Find coordinated disinformation campaigns in social posts.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_show_locals=False,
)

Out = Annotated[Path, typer.Option("--out", help="Folder for the tables and the report.")]
Seed = Annotated[int | None, typer.Option(help="Seed; the same seed gives the same answer.")]


@contextmanager
def _clear_errors(log: LogKind | None = None, out: Path | None = None) -> Iterator[None]:
    """Turn errors that a user can mend into one message and an exit code, without a traceback.

    With `log`, lines of a log are written to the standard error, and the error is one of them;
    with `out`, the summary of the failed job is written to that folder.
    """
    if log is not None:
        log_to(None, as_json=log is LogKind.json)
    try:
        yield
    except (DisinfoError, OSError, MemoryError) as error:
        code = next(code for kind, code in EXIT_CODES if isinstance(error, kind))
        message = without_secrets(str(error) or type(error).__name__)
        if log is LogKind.json:
            fields = {"event": "error", "error": type(error).__name__, "exit_code": code}
            logger.error(message, extra={"fields": fields})
        else:
            typer.echo(f"error: {message}", err=True)
        if out is not None:
            from disinfo.batch import write_failure

            write_failure(out, error, code)
        raise typer.Exit(code) from None


@app.command()
def detect(
    file: Annotated[Path, typer.Argument(help="An export of posts, or a folder of exports.")],
    out: Out,
    format: Annotated[str | None, typer.Option(help="Format, if sniffing gets it wrong.")] = None,
    columns: Annotated[
        str | None, typer.Option(help="Names of columns, such as text=body,created_at=date.")
    ] = None,
    alpha: Annotated[float | None, typer.Option(help="False discovery rate.")] = None,
    prevalence: Prevalence = None,
    seed: Seed = None,
    max_rows: Annotated[int | None, typer.Option(help="Read at most this many rows.")] = None,
    null_rounds: NullRounds = None,
    embed: Annotated[
        str | None,
        typer.Option(help="default, static, cascade, auto, or a model's folder or name."),
    ] = None,
    no_report: Annotated[bool, typer.Option("--no-report", help="Write tables only.")] = False,
    config: Annotated[Path | None, typer.Option(help="TOML with parameters of the stages.")] = None,
    since: Since = None,
    memory_limit: MemoryLimit = None,
    engine: EngineName = None,
    workers: Workers = None,
    shard: ShardOf = None,
    log: Log = None,
) -> None:
    """Read an export, look for campaigns, write tables and a report.

    A run that was cut short, however it was, goes on where it stopped when it is started again.
    """
    with _clear_errors(log, out):
        from disinfo.batch import Batch

        given: dict[str, Any] = {
            "format": format,
            "columns": read_columns(columns) if columns else None,
            "alpha": alpha,
            "prevalence": prevalence,
            "seed": seed,
            "max_rows": max_rows,
            "null_rounds": null_rounds,
            "embed": embed,
            "pipeline": built_pipeline(config, engine, workers),
        }
        job = Batch(
            source=file,
            out=out,
            # What was not given keeps the library's default, which stands in one place only.
            options={name: value for name, value in given.items() if value is not None},
            since_last=since is not None,
            memory_bytes=bytes_of(memory_limit) if memory_limit else None,
            shard=read_shard(shard) if shard else None,
        )
        _score(job, log, with_report=not no_report)


def _score(job: Batch, log: LogKind | None, *, with_report: bool) -> None:
    """Do a job and say what came of it: to people, or with ``--log json`` to machines."""
    from disinfo.batch import UNCHANGED, summary_of, write_summary

    if job.shard is not None:
        done = job.run_shard()
        logger.info(done, extra={"fields": {"event": "end"}})
        if log is not LogKind.json:
            typer.echo(done)
        return
    result, status = job.run()
    if with_report and status != UNCHANGED:
        result.report(job.out / "report.html")
    summary = summary_of(result, status)
    write_summary(job.out, summary)
    if log is LogKind.json:
        logger.info("job %s", status, extra={"fields": {"event": "end", **summary}})
        return
    if status == UNCHANGED:
        typer.echo("Nothing new since the last run.")
    _echo_summary(result)
    typer.echo(f"tables:  {job.out}")
    if with_report:
        typer.echo(f"report:  {job.out / 'report.html'}")


@app.command()
def plan(
    file: Annotated[Path, typer.Argument(help="An export of posts, or a folder of exports.")],
    format: Annotated[str, typer.Option(help="Format, if sniffing gets it wrong.")] = "auto",
    columns: Annotated[str | None, typer.Option(help="As for `detect`.")] = None,
) -> None:
    """Say what `detect` would read, leave out and cost, without doing it."""
    with _clear_errors():
        from disinfo.plan import make_plan

        given = read_columns(columns) if columns else None
        typer.echo("\n".join(make_plan(file, format=format, columns=given).lines()))


@app.command()
def report(
    folder: Annotated[Path, typer.Argument(help="A folder that `detect` wrote.")],
    out: Annotated[
        Path | None, typer.Option(help="Where to write; FOLDER/report.html if not given.")
    ] = None,
    language: Annotated[str, typer.Option(help="en or pl.")] = "en",
    redact: Annotated[bool, typer.Option("--redact", help="Pseudonyms for accounts.")] = False,
) -> None:
    """Write the report of a saved result."""
    with _clear_errors():
        import disinfo

        path = out if out is not None else folder / "report.html"
        typer.echo(
            f"report:  {disinfo.load(folder).report(path, language=language, redact=redact)}"
        )


@app.command()
def export(
    folder: Annotated[Path, typer.Argument(help="A folder that `detect` wrote.")],
    to: Annotated[str, typer.Option(help="csv, parquet, coortweet, gexf, graphml, stix or misp.")],
    out: Annotated[
        Path | None, typer.Option(help="Where to write; a name inside FOLDER if not given.")
    ] = None,
    redact: Annotated[bool, typer.Option("--redact", help="Pseudonyms for accounts.")] = False,
) -> None:
    """Write a saved result in the format of another tool."""
    with _clear_errors():
        import disinfo
        from disinfo.export import FORMATS

        usual = FORMATS[to].usual_name if to in FORMATS else to
        path = out if out is not None else folder / "export" / usual
        typer.echo(f"{to}:  {disinfo.load(folder).export(path, to=to, redact=redact)}")


@app.command()
def explain(
    folder: Annotated[Path, typer.Argument(help="A folder that `detect` wrote.")],
    subject_id: Annotated[str, typer.Argument(metavar="ID", help="A campaign, account, ... id.")],
) -> None:
    """Print the evidence about a campaign, an account, a narrative or a post."""
    with _clear_errors():
        import disinfo

        rows = disinfo.load(folder).explain(subject_id)
        if rows.empty:
            typer.echo(f"no evidence about {subject_id}")
        _echo_evidence(rows)


@app.command()
def demo(
    out: Out = Path("demo-out"),
    seed: Annotated[int, typer.Option(help="Seed of the made-up election.")] = 0,
    n_posts: Annotated[
        int | None, typer.Option(help="About how many posts; the demo's own size if not given.")
    ] = None,
) -> None:
    """Plant a campaign in a made-up election, look for it, and compare with the truth."""
    with _clear_errors():
        import disinfo
        from disinfo.simulation import demo_world, simulate

        world = demo_world(seed) if n_posts is None else simulate(n_posts=n_posts, seed=seed)
        n_accounts = world.posts["account_id"].nunique()
        typer.echo(f"A made-up election: {len(world.posts):,} posts of {n_accounts:,} accounts.")
        result = _made_up(disinfo.detect(world.posts, seed=seed))
        result.save(out)
        _echo_summary(result)
        for campaign in result.campaigns["campaign_id"]:
            typer.echo(f"\nEvidence about {campaign}")
            _echo_evidence(result.explain(campaign))
        typer.echo("\nCompared with the truth, which the search did not see:")
        for line in compare_with_truth(result.campaigns, result.members, world):
            typer.echo(f"  {line}")
        typer.echo(f"\ntables:  {out}")
        typer.echo(f"report:  {result.report(out / 'report.html')}")


def _made_up(result: Result) -> Result:
    """Return the demo's result with a word in it that nobody may take it for real."""
    note = "Everything on this page is made up: the places, the accounts and their posts."
    manifest = {**result.manifest, "created_from": "a made-up election", "notes": [note]}
    return dataclasses.replace(result, manifest=manifest)


models = typer.Typer(help="Models that are built once on this machine.", no_args_is_help=True)
app.add_typer(models, name="models")


@models.command()
def build(
    name: Annotated[str, typer.Argument(help="default or static.")],
    quiet: Annotated[bool, typer.Option("--quiet", help="No progress bar.")] = False,
) -> None:
    """Build a model where it is not built yet; a build that was stopped goes on."""
    with _clear_errors():
        from disinfo.embedding import build_static, default_model_folder

        if name not in ("default", "static"):
            msg = f"there is no model {name!r} to build; known are default and static"
            raise ParameterError(msg)
        folder = (
            build_static(progress=False if quiet else None)
            if name == "static"
            else default_model_folder()
        )
        typer.echo(f"built:   {folder}")


@app.command()
def version() -> None:
    """Print the version."""
    from disinfo import __version__

    typer.echo(f"disinfo {__version__}")


def _echo_summary(result: Result) -> None:
    manifest: Mapping[str, Any] = result.manifest
    typer.echo(
        f"read {manifest['n_read']:,} rows; kept {manifest['n_posts']:,} posts, "
        f"{manifest['n_texts']:,} distinct texts, {manifest['n_accounts']:,} accounts "
        f"({manifest['n_accounts_tested']:,} tested)"
    )
    for row in result.dropped.to_dict("records"):
        typer.echo(f"  left out by {row['stage']}: {row['n']:,} {row['reason']}")
    for note in manifest.get("notes") or ():
        typer.echo(f"  note: {note}")
    rows = result.campaigns
    if rows.empty:
        typer.echo("No campaign found.")
        if manifest.get("smallest_campaign"):
            typer.echo(f"  could have shown: {manifest['smallest_campaign']}")
        return
    n = len(rows)
    typer.echo(f"{n} coordinated group{'s' if n > 1 else ''} (alpha {manifest['alpha']}):")
    for row in rows.to_dict("records"):
        typer.echo(
            f"  {row['campaign_id']}  {row['verdict']}  probability {_share(row['probability'])} "
            f"({_share(row['low'])} to {_share(row['high'])})  q {row['q']:.2g}  "
            f"{row['n_accounts']} accounts, {row['n_posts']} posts"
        )


def _share(value: float) -> str:
    """Return a share with two digits, or a dash when it is missing."""
    return "-" if value is None or math.isnan(value) else f"{value:.2f}"


def _echo_evidence(rows: pd.DataFrame) -> None:
    for row in rows.to_dict("records"):
        if row["status"] == "missing":
            value = "missing"
        else:
            value = "-" if math.isnan(row["value"]) else f"{row['value']:.3g}"
        typer.echo(f"  {row['signal']:<18} {value:>9} {row['bits']:>+6.1f} bits  {row['because']}")
