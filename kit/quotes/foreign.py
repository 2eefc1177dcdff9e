"""Chinese and Russian by rule."""
from collections.abc import Iterator
LANGUAGES=("zh","ru")
def reports(document, known, here):
    yield from ()
