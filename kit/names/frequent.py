"""Frequent words of English, which are seldom names."""

from functools import lru_cache

from kit import gazetteer

# Given names among the frequent words.
_GIVEN = frozenset(
    """
        adam alan albert alex alexander alice andrew andy anna anne anthony arthur barbara ben bill bob
        brian bruce carl carlos charles charlie chris christopher colin daniel dave david dean dennis
        diana donald ed edward elizabeth emily emma eric frank fred gary george gordon harry helen henry
        howard ian isaac jack james jane jason jean jeff jennifer jerry jim jimmy joe john johnny jon
        jonathan jordan jose joseph juan julia karen kate keith ken kevin larry laura lee leo lewis
        linda lisa louis luke margaret maria marie mark martin mary matt matthew max michael michelle
        mike nancy neil nick oliver oscar patrick paul peter phil philip rachel ralph ray rebecca richard
        rick robert roger ron roy ryan sam samuel sara sarah scott sean simon stephen steve steven
        stewart stuart susan ted terry thomas tim timothy tom tommy tony victoria vincent walter wayne
        william
    """.split()
)


@lru_cache(maxsize=1)
def usual() -> frozenset[str]:
    """Return words that are seldom a surname where no model takes them for one."""
    from wordfreq import top_n_list  # noqa: PLC0415

    return frozenset(top_n_list("en", 5000)) - _GIVEN


@lru_cache(maxsize=1)
def common() -> frozenset[str]:
    """Return the words of general English that are no place when they stand alone."""
    from wordfreq import top_n_list  # noqa: PLC0415

    return frozenset(top_n_list("en", 3000)) - {form.lower() for form in gazetteer.english()}
