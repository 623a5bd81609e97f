"""Times of Arrow tables in UTC, whatever zone their file names."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pyarrow as pa


def in_utc(table: pa.Table) -> pa.Table:
    """Return a table whose times with a zone are in UTC: the same moments.

    Parameters
    ----------
    table
        An Arrow table. Times without a zone stay as they are.

    Returns
    -------
    Table
        The same columns.

    Notes
    -----
    Arrow stores moments in UTC and the zone beside them, so the zone need not be known: neither one
    that is no zone nor one that this machine has no data of is an error. Does not look into lists
    and records.

    Examples
    --------
    >>> import pyarrow as pa
    >>> noon = pa.array([0], pa.timestamp("s", "Not/A_Zone"))
    >>> in_utc(pa.table({"at": noon})).schema.field("at").type
    TimestampType(timestamp[s, tz=UTC])
    """
    import pyarrow as pa

    for at, field in enumerate(table.schema):
        if pa.types.is_timestamp(field.type) and field.type.tz not in (None, "UTC"):
            moments = table.column(at).cast(pa.timestamp(field.type.unit, "UTC"))
            table = table.set_column(at, field.name, moments)
    return table
