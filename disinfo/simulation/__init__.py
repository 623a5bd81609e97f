"""Elections with planted campaigns and benign twins, and the truth about them."""

from disinfo.simulation.campaigns import Campaign
from disinfo.simulation.election import demo_world, simulate
from disinfo.simulation.parts import simulate_parts, write_parts
from disinfo.simulation.plant import plant
from disinfo.simulation.twins import Twin
from disinfo.simulation.world import World

__all__ = [
    "Campaign", "Twin", "World", "demo_world", "plant", "simulate", "simulate_parts", "write_parts",
]  # fmt: skip
