"""Reading posts: one small adapter a format, bad rows counted, ids exact, times in UTC.

A new format is a file with a `Format` and a line in `formats`.
"""

from disinfo.reading.format import Format
from disinfo.reading.posts import Posts
from disinfo.reading.read import read_posts

__all__ = ["Format", "Posts", "read_posts"]
