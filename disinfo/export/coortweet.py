"""Actions in the four columns that CooRTweet reads, so that its answer can be compared."""

from __future__ import annotations

import re
from pathlib import Path

from disinfo.export.tables import write_csv
from disinfo.result import Result

_UNSAFE = re.compile(r"[^a-z0-9_-]+")


def write_coortweet(result: Result, folder: Path) -> None:
    """Write one CSV a layer: object_id, account_id, content_id, timestamp_share.

    Parameters
    ----------
    result
        Its actions are written.
    folder
        It exists. Files are named for their layer.

    Notes
    -----
    CooRTweet knows one kind of object at a time, hence one file a layer. Times are whole UNIX
    seconds, as it wants them: finer ones are cut off.

    References
    ----------
    Righetti, Balluff (2025), CooRTweet: a generalized R software for coordinated network detection.
    """
    for layer, actions in result.actions.groupby("layer", sort=True):
        seconds = actions["created_at"].astype("datetime64[s, UTC]").astype("int64")
        # An action of no post has to be told from others by something.
        number = [f"action-{i}" for i in range(len(actions))]
        frame = actions[["object_id", "account_id"]].assign(
            content_id=actions["post_id"].where(actions["post_id"].notna(), number),
            timestamp_share=seconds,
        )
        name = _UNSAFE.sub("_", str(layer).lower()) or "layer"
        write_csv(frame.reset_index(drop=True), folder / f"{name}.csv", mark=False)
