"""The days that a report reads and tells of, as ``since`` and ``until`` name them."""

import datetime as dt
import re

from kit.errors import ParameterError

_DAY = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)  # fromisoformat takes 20240512 and 2024-W19-7 too


def day(name: str, given: str | dt.date) -> dt.date | None:
    """Return the day that a parameter names, None for ``""``; raises ParameterError for no day."""
    if given == "":
        return None
    try:
        if not _DAY.fullmatch(str(given)):
            raise ValueError(given)
        return dt.date.fromisoformat(str(given))
    except ValueError as error:
        raise ParameterError(
            f"parameter {name}: {given!r} is no day; write YYYY-MM-DD, e.g. 2024-05-12"
        ) from error


def both(since: str | dt.date, until: str | dt.date) -> tuple[dt.date | None, dt.date | None]:
    """Return the first and the last day; raises ParameterError where one is none, or they are swapped."""
    first, last = day("since", since), day("until", until)
    if first and last and first > last:
        raise ParameterError(
            f"parameter since: {first} is after until, {last}; give a day up to that one"
        )
    return first, last
