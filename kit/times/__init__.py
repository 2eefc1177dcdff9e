"""Times and numbers: when things are said to be, and how much."""

from kit.times.dates import anniversaries, dates, events, numbers

__all__ = ["anniversaries", "dates", "events", "numbers"]
