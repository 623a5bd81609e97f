"""How posts are written: a style model against a human reference, pooled over many posts.

Nothing here judges one post. A model speaks of the machine posts and the human reference that it
was fitted on; a style that it has not met may look like either.
"""

from disinfo.writing.fitting import fit_writing, machine_posts
from disinfo.writing.model import Features, LanguageStyle, WritingModel, load_writing
from disinfo.writing.pooling import MachineShare, Pooled, machine_share, pool

__all__ = [
    "Features",
    "LanguageStyle",
    "MachineShare",
    "Pooled",
    "WritingModel",
    "fit_writing",
    "load_writing",
    "machine_posts",
    "machine_share",
    "pool",
]
