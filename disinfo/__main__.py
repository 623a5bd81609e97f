"""``python -m disinfo``, for machines where the command is not on the path."""

from disinfo.cli import app

if __name__ == "__main__":
    app(prog_name="python -m disinfo")
