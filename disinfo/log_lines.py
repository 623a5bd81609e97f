"""Log lines that a machine reads, one JSON object a line, without secrets."""

from __future__ import annotations

import json
import logging
import os
import re
import sys
from datetime import UTC, datetime
from typing import IO

# Names of environment variables whose values are never written.
_SECRET_NAME = re.compile(r"TOKEN|SECRET|PASSW|APIKEY|API_KEY|CREDENTIAL|PRIVATE", re.IGNORECASE)
_LEAST_SECRET = 6
_PATTERNS = (
    # user:password@host
    re.compile(r"(?<=://)[^/\s:@]+:[^/\s@]+(?=@)"),
    re.compile(r"(?i)(?<=bearer )[\w.~+/=-]{6,}"),
    re.compile(r"\bhf_[A-Za-z0-9]{8,}"),
    re.compile(
        r"(?i)(?<=token=)[^&\s'\"]+|(?<=api_key=)[^&\s'\"]+|(?<=apikey=)[^&\s'\"]+"
        r"|(?<=password=)[^&\s'\"]+|(?<=secret=)[^&\s'\"]+"
    ),
)
_HIDDEN = "***"


def without_secrets(text: str) -> str:
    """Replace what looks like a credential, and the values of variables named like one.

    Parameters
    ----------
    text
        Any text.

    Returns
    -------
    str
        The text with ``***`` in place of each.

    Notes
    -----
    Fails on a password that is written without any mark of being one.

    Examples
    --------
    >>> without_secrets("GET https://anna:pass@example.org/?token=abc123&page=2")
    'GET https://***@example.org/?token=***&page=2'
    """
    for name, value in os.environ.items():
        if len(value) >= _LEAST_SECRET and _SECRET_NAME.search(name):
            text = text.replace(value, _HIDDEN)
    for pattern in _PATTERNS:
        text = pattern.sub(_HIDDEN, text)
    return text


class JsonLines(logging.Formatter):
    """One JSON object a record: at, level, event, message, and the fields given as ``extra``.

    Examples
    --------
    >>> record = logging.LogRecord("disinfo.x", logging.INFO, "", 1, "read %d", (3,), None)
    >>> json.loads(JsonLines().format(record))["message"]
    'read 3'
    """

    def format(self, record: logging.LogRecord) -> str:
        """Return the line.

        Parameters
        ----------
        record
            A log record.

        Returns
        -------
        str
            A JSON object without a line break.
        """
        line = {
            "at": datetime.fromtimestamp(record.created, tz=UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
            **getattr(record, "fields", {}),
        }
        if record.exc_info:
            line["exception"] = self.formatException(record.exc_info)
        return without_secrets(json.dumps(line, default=str))


class PlainLines(logging.Formatter):
    """The usual line of a log, without secrets."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the line.

        Parameters
        ----------
        record
            A log record.

        Returns
        -------
        str
            The line.
        """
        return without_secrets(super().format(record))


def log_to(stream: IO[str] | None, *, as_json: bool) -> logging.Handler:
    """Send the library's log lines to a stream.

    Parameters
    ----------
    stream
        Where to; None for the standard error.
    as_json
        Whether each line is a JSON object.

    Returns
    -------
    Handler
        The handler; a handler of an earlier call is replaced.
    """
    logger = logging.getLogger("disinfo")
    for old in [
        one for one in logger.handlers if isinstance(one.formatter, JsonLines | PlainLines)
    ]:
        logger.removeHandler(old)
    handler = logging.StreamHandler(stream or sys.stderr)
    plain = PlainLines("%(asctime)s %(levelname)s %(message)s")
    handler.setFormatter(JsonLines() if as_json else plain)
    logger.addHandler(handler)
    logger.setLevel(logging.INFO)
    return handler
