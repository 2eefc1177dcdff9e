"""Times and numbers: when things are said to be, and how much."""

from kit.times.dates import dates, events
from kit.times.quantities import numbers

__all__ = ["dates", "events", "numbers"]
