"""A strict grammar of dates: what is not a date is not guessed, an impossible day is never another day."""

import datetime as dt
import re

MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "january jan",
            "february feb",
            "march mar",
            "april apr",
            "may",
            "june jun",
            "july jul",
            "august aug",
            "september sept sep",
            "october oct",
            "november nov",
            "december dec",
        ),
        start=1,
    )
    for name in names.split()
}
_MONTH = "|".join(sorted(MONTHS, key=len, reverse=True))

ISO = re.compile(r"(?P<year>\d{4})-(?P<month>\d{1,2})-(?P<day>\d{1,2})(?!\d)")
COMPACT = re.compile(r"(?P<year>\d{4})(?P<month>\d{2})(?P<day>\d{2})(?!\d)")
MONTH_FIRST = re.compile(
    rf"\b(?P<month>{_MONTH})\b\.? (?P<day>\d{{1,2}})(?:st|nd|rd|th)?(?:,? (?P<year>\d{{4}}))?(?!\d)",
    re.IGNORECASE,
)
DAY_FIRST = re.compile(
    rf"(?<!\d)(?P<day>\d{{1,2}})(?:st|nd|rd|th)?(?: of)? "
    rf"(?P<month>{_MONTH})\b\.?(?:,? (?P<year>\d{{4}}))?(?!\d)",
    re.IGNORECASE,
)
MONTH_YEAR = re.compile(rf"\b(?P<month>{_MONTH})\b\.?,? (?P<year>\d{{4}})(?!\d)", re.IGNORECASE)


def day(match: re.Match[str], year: int | None = None) -> dt.date | None:
    """Return the day that a match of this module's patterns names, or None if there is none.

    `year` is used where the pattern found no year of its own.
    """
    found = match.groupdict()
    month = found["month"]
    try:
        return dt.date(
            int(found["year"] or year or 0),
            int(month) if month.isdigit() else MONTHS[month.lower()],
            int(found["day"]),
        )
    except ValueError:
        return None
