import os

import pytest
from hypothesis import settings

settings.register_profile("default", deadline=None, max_examples=50)
settings.register_profile("thorough", deadline=None, max_examples=1000)
settings.load_profile(os.environ.get("DISINFO_HYPOTHESIS", "default"))


@pytest.fixture(scope="session")
def demo():
    """The demo's world and what the default pipeline finds in it."""
    import disinfo
    from disinfo.simulation import demo_world

    world = demo_world(0)
    return world, disinfo.detect(world.posts)
