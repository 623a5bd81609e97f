"""Reading posts: one small adapter a format, bad rows counted, ids exact, times in UTC.

A new format is a file with a `Format`, see docs/add-a-format.md.
"""

from disinfo.reading.format import Format
from disinfo.reading.parts import PostParts, read_parts
from disinfo.reading.posts import Posts
from disinfo.reading.read import read_posts

__all__ = ["Format", "PostParts", "Posts", "read_parts", "read_posts"]
