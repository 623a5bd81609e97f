"""Coordination: who acts together more than activity, popularity, topic and time explain."""

from disinfo.coordination.actions import SharedObjects
from disinfo.coordination.group_accounts import GroupTest
from disinfo.coordination.link_accounts import SurpriseNull
from disinfo.coordination.windows import suggest_windows

__all__ = ["GroupTest", "SharedObjects", "SurpriseNull", "suggest_windows"]
