"""Elections with planted campaigns and benign twins, and the truth about them."""

from __future__ import annotations

from disinfo.simulate.campaigns import Campaign
from disinfo.simulate.election import demo_world, simulate
from disinfo.simulate.twins import Twin
from disinfo.simulate.world import World

__all__ = ["Campaign", "Twin", "World", "demo_world", "simulate"]
