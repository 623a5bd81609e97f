"""Options of the command line: their types, their help, and what their words mean."""

from __future__ import annotations

import dataclasses
import enum
import tomllib
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from disinfo.errors import InputError, ParameterError

if TYPE_CHECKING:
    from disinfo import Pipeline


class LogKind(enum.StrEnum):
    """How lines of a log are written."""

    text = "text"
    json = "json"


class SinceKind(enum.StrEnum):
    """What an earlier run is good for."""

    last = "last"


class EngineKind(enum.StrEnum):
    """Where kernels run."""

    local = "local"
    ray = "ray"


NullRounds = Annotated[
    int | None, typer.Option(help="Test again so often with the actors exchanged.")
]
Prevalence = Annotated[
    float | None, typer.Option(help="Assumed share of coordinated groups that are inauthentic.")
]
Since = Annotated[
    SinceKind | None,
    typer.Option(help="last: do nothing if the folder holds the result of the same input."),
]
MemoryLimit = Annotated[
    str | None, typer.Option(help="Most memory, such as 6GB; more ends the run with code 6.")
]
EngineName = Annotated[
    EngineKind | None, typer.Option(help="Where heavy kernels run; ray needs the extra ray.")
]
Workers = Annotated[int | None, typer.Option(help="Worker processes of the engine.")]
ShardOf = Annotated[
    str | None, typer.Option("--shard", help="i/n: embed every n-th part of the texts, then stop.")
]
Log = Annotated[LogKind | None, typer.Option(help="Lines of a log on the standard error.")]


def built_pipeline(
    config: Path | None, engine: EngineKind | None, workers: int | None
) -> Pipeline | None:
    """Return the pipeline that the options ask for; None for the library's own.

    Parameters
    ----------
    config
        TOML with parameters of the stages.
    engine
        Where kernels run.
    workers
        Worker processes of the engine.

    Returns
    -------
    Pipeline or None
        The pipeline.

    Raises
    ------
    InputError
        When the configuration is no TOML.
    ParameterError
        When it names what is not there, or a value is out of its range.
    """
    import disinfo
    from disinfo.engines import Local, Ray

    built = disinfo.Pipeline.from_config(read_config(config)) if config else None
    if engine is None and workers is None:
        return built
    chosen = Ray(workers=workers) if engine is EngineKind.ray else Local(processes=workers or 1)
    return dataclasses.replace(built or disinfo.Pipeline(), engine=chosen)


def read_shard(text: str) -> tuple[int, int]:
    """Read ``2/8``.

    Parameters
    ----------
    text
        Index and count of a shard.

    Returns
    -------
    tuple of int
        Both.

    Raises
    ------
    ParameterError
        When it is of another form.

    Examples
    --------
    >>> read_shard("2/8")
    (2, 8)
    """
    index, _, count = text.partition("/")
    if not (index.isdecimal() and count.isdecimal() and 1 <= int(index) <= int(count)):
        msg = f"--shard {text!r}: write i/n with 1 <= i <= n, such as 2/8"
        raise ParameterError(msg)
    return int(index), int(count)


def read_columns(text: str) -> dict[str, str]:
    """Read ``text=body,created_at=date``.

    Parameters
    ----------
    text
        Names of the library and of the source.

    Returns
    -------
    dict of str to str
        Source name by library name.

    Raises
    ------
    ParameterError
        When a part is of another form.

    Examples
    --------
    >>> read_columns("text=body")
    {'text': 'body'}
    """
    pairs = [part.strip().partition("=") for part in text.split(",") if part.strip()]
    wrong = [name + sep + value for name, sep, value in pairs if not (name and sep and value)]
    if wrong:
        msg = f"--columns: {wrong} are not of the form name=column, such as text=body"
        raise ParameterError(msg)
    return {name.strip(): value.strip() for name, _, value in pairs}


def read_config(path: Path) -> dict[str, Any]:
    """Read a configuration in TOML.

    Parameters
    ----------
    path
        The file.

    Returns
    -------
    dict
        Parameters by stage.

    Raises
    ------
    InputError
        When it is no TOML.
    """
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        msg = f"--config {path}: not valid TOML ({error})"
        raise InputError(msg) from error
