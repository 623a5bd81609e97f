"""Large elections in parts: one region after another, each written when it is made."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from disinfo.errors import ParameterError
from disinfo.simulation.campaigns import Campaign
from disinfo.simulation.election import simulate
from disinfo.simulation.twins import Twin
from disinfo.simulation.world import World
from disinfo.whole_files import storage_errors, whole_file

TABLES = ("posts", "truth_accounts", "truth_groups", "truth_posts")
_SETTINGS = "simulation.json"


def simulate_parts(
    *,
    n_posts: int,
    part_posts: int = 50_000,
    campaigns: Sequence[Campaign] = (),
    twins: Sequence[Twin] = (),
    bursts: int = 6,
    seed: int = 0,
    days: int = 28,
    languages: tuple[str, ...] = ("en", "pl", "uk", "ru", "de"),
    platforms: tuple[str, ...] = ("x",),
    posts_per_account: float = 9.0,
    first: int = 0,
) -> Iterator[World]:
    """Simulate a large election, one region at a time.

    Parameters
    ----------
    n_posts
        Number of posts of all parts; at least `part_posts`, or a single part is made.
    part_posts
        Posts of a part, about; memory grows with it and not with `n_posts`.
    campaigns, twins
        Planted groups, dealt out to the parts in turn; a group is whole in one part.
    bursts
        Breaking events of each part.
    seed
        Same parameters and seed, same parts. Ids of different parts differ.
    days, languages, platforms, posts_per_account
        As in `simulate`.
    first
        Number of the first part to make; those before it are passed over.

    Yields
    ------
    World
        One a part.

    Raises
    ------
    ParameterError
        As `simulate` does.

    Notes
    -----
    Regions share no account, outlet or story, so this tests volume, not the popularity of one item
    among millions: no object is shared more often than one part of this size has it.

    Examples
    --------
    >>> parts = simulate_parts(n_posts=1500, part_posts=500, languages=("en",), bursts=0)
    >>> [len(part.posts) for part in parts]
    [500, 500, 500]
    """
    if not isinstance(part_posts, int) or part_posts < 500:
        msg = f"simulate_parts: part_posts must be a whole number of at least 500, got {part_posts}"
        raise ParameterError(msg)
    n_parts = max(1, round(n_posts / part_posts))
    sizes = np.diff(np.linspace(0, n_posts, n_parts + 1).astype(int)).tolist()
    for number, size in list(enumerate(sizes))[first:]:
        yield simulate(
            n_posts=size,
            days=days,
            languages=languages,
            campaigns=tuple(campaigns)[number::n_parts],
            twins=tuple(twins)[number::n_parts],
            bursts=bursts,
            seed=_part_seed(seed, number),
            platforms=platforms,
            posts_per_account=posts_per_account,
        )


def _part_seed(seed: int, number: int) -> int:
    return int(np.random.SeedSequence([seed, number]).generate_state(1, np.uint64)[0])


def write_parts(folder: str | Path, **parameters: Any) -> Path:
    """Write a large election as Parquet parts, each table in a folder of its own.

    Parameters
    ----------
    folder
        Where to; made if absent. ``posts/part-00000.parquet`` and so on, with ``truth_accounts``,
        ``truth_groups`` and ``truth_posts`` beside it. Parts that are there already are kept, so
        that an interrupted run goes on.
    **parameters
        Those of `simulate_parts`; one part is in memory at a time.

    Returns
    -------
    Path
        The folder of the posts, which any reader of Parquet data sets opens.

    Raises
    ------
    ParameterError
        As `simulate_parts` does, and when the folder holds parts of other parameters.
    StorageError
        When the disk is full or refuses; the parts written until then stay.

    Examples
    --------
    >>> import tempfile
    >>> posts = write_parts(
    ...     tempfile.mkdtemp(), n_posts=1000, part_posts=500, languages=("en",), bursts=0
    ... )
    >>> sorted(path.name for path in posts.iterdir())
    ['part-00000.parquet', 'part-00001.parquet']
    """
    root = Path(folder)
    with storage_errors(root):
        for name in TABLES:
            (root / name).mkdir(parents=True, exist_ok=True)
        _check_settings(root, parameters)
        # The posts are written last: where they are, the part is whole.
        first = sum(1 for _ in (root / "posts").glob("part-*.parquet"))
        for number, world in enumerate(simulate_parts(**parameters, first=first), start=first):
            for name in (*TABLES[1:], TABLES[0]):
                with whole_file(root / name / f"part-{number:05d}.parquet") as unfinished:
                    getattr(world, name).to_parquet(unfinished, index=False)
    return root / "posts"


def _check_settings(root: Path, parameters: dict[str, Any]) -> None:
    """Keep the parameters in the folder, or refuse a folder that holds parts of others."""
    settings = {name: repr(value) for name, value in sorted(parameters.items())}
    path = root / _SETTINGS
    if path.exists():
        found = json.loads(path.read_text(encoding="utf-8"))
        if found != settings:
            msg = f"write_parts: {root} holds parts made with {found}, not with {settings}"
            raise ParameterError(msg)
    with whole_file(path) as unfinished:
        unfinished.write_text(json.dumps(settings, indent=1) + "\n", encoding="utf-8")
