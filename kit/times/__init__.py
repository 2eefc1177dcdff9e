"""Times and numbers: when things are said to be, and how much."""

from kit.times.ahead import calendar
from kit.times.anniversaries import anniversaries
from kit.times.dates import dates, events
from kit.times.quantities import numbers

__all__ = ["anniversaries", "calendar", "dates", "events", "numbers"]
