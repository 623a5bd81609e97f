"""Rebuild machine_posts.csv from the corpus of pairs written for this project.

    DISINFO_DATA=… python models/machine_writing/build.py

Only the machine side is kept: the human side belongs to its authors.
"""

from __future__ import annotations

import os
from pathlib import Path

import pandas as pd

HERE = Path(__file__).parent


def build() -> None:
    """Write the machine posts, sorted, without the posts that they answer."""
    pairs = pd.read_csv(
        Path(os.environ["DISINFO_DATA"]) / "ai_rewrites" / "pairs.csv",
        dtype="str",
        keep_default_na=False,
    )
    machine = pairs[pairs["label"] == "machine"].rename(columns={"style": "kind"})
    machine = machine[["language", "kind", "text"]].sort_values(["language", "kind", "text"])
    machine.to_csv(HERE / "machine_posts.csv", index=False, lineterminator="\n")
    print(machine.groupby(["language", "kind"]).size())


if __name__ == "__main__":
    build()
