"""Where the heavy kernels run: in this process, in several, on a Ray cluster, or shard by shard."""

from disinfo.engines.engine import Engine, Kernel
from disinfo.engines.local import ONE_PROCESS, Local
from disinfo.engines.ray_cluster import Ray
from disinfo.engines.stored_parts import Shard, ShardDone, StoredParts

__all__ = ["ONE_PROCESS", "Engine", "Kernel", "Local", "Ray", "Shard", "ShardDone", "StoredParts"]
