import os

import pytest
from hypothesis import settings

settings.register_profile("default", deadline=None, max_examples=50)
settings.register_profile("thorough", deadline=None, max_examples=1000)
# A change is judged by examples that do not change; people and nightly runs look for new ones.
settings.register_profile("repeatable", deadline=None, max_examples=50, derandomize=True)
_USUAL = "repeatable" if os.environ.get("CI") else "default"
settings.load_profile(os.environ.get("DISINFO_HYPOTHESIS", _USUAL))


@pytest.fixture(scope="session")
def demo():
    """The demo's world and what the default pipeline finds in it."""
    import disinfo
    from disinfo.simulation import demo_world

    world = demo_world(0)
    return world, disinfo.detect(world.posts)
