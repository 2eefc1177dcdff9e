"""x"""

from kit import lexicon


def read_own(path: str) -> str:
    return lexicon.read_own("themes", path)
