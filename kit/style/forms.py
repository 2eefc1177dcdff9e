"""What is known of a form of the vocabulary by itself: its length, its ending, its person."""

import re
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from kit import syllables
from kit.language import english
from kit.tokens import Tokens

POLYSYLLABLE = 3  # syllables: Gunning 1952, McLaughlin 1969
FAMILIAR = 800  # dictionary forms: so many give the level of the list of Dale & Chall
Mask = NDArray[np.bool_]

PERSONS = {
    "we": "we us our ours ourselves",
    "I": "i me my mine myself",
    "you": "you your yours yourself yourselves",
    "they": "they them their theirs themselves",
}
_PERSON = {form: n for n, forms in enumerate(PERSONS.values()) for form in forms.split()}
_NOMINAL = re.compile(r"..(?:tion|sion|ment|ness|ity|ance|ence)s?$|..nesses$|..ities$")
# Words of these endings that no English verb or adjective is in, or none that they still mean.
_NO_NOMINALS = frozenset(
    """
        advance affection ambition ambulance amity ammunition apartment atrocity auction audience
        authority balance basement business calamity capacity caution celebrity cement chance
        charity circumstance city coalition commence comment commission commodity community
        compartment compassion complement compliment condition conference conscience constitution
        convention corporation countenance dance deity denomination department dignity dimension
        distance document edition element enhance entity environment equity essence eternity
        expedition experience experiment extremity facility faction felicity fence fiction fidelity
        finance firmament fraction france fraternity friction function garment generation glance
        gravity harness hence humility identity implement increment indemnity infinity influence
        instance institution instrument insurrection integrity junction jurisdiction lament lance
        legation mansion maternity mention mission moment monument motion munition nation notion
        nuisance occasion opportunity option ordinance ordnance ornament parliament partition
        passion pence pension petition pity portion position posterity priority procession
        propensity proportion providence quality quantity question ration regiment revolution
        romance sanction science section segment sentence sentiment sequence session situation
        stance station substance supplement television temperament tenement testament thence torment
        tradition trinity university utility vacation velocity version vicinity vision whence
        wilderness witness
    """.split()
)


@dataclass(frozen=True, eq=False)
class Forms:
    """What is known of each form of the vocabulary by itself."""

    characters: NDArray[np.int64]
    capital: Mask
    syllables: NDArray[np.int64]
    simple: Mask  # a compound, or of three syllables by its ending only: not complex to FOG
    difficult: Mask
    nominal: Mask
    person: NDArray[np.int64]  # an index into PERSONS, or -1


def of(t: Tokens) -> Forms:
    """Return what is known of the forms of a corpus; of other languages than English, their letters."""
    size = len(t.vocabulary)
    forms = Forms(
        characters=np.array([sum(map(str.isalnum, form)) for form in t.vocabulary], dtype=np.int64),
        capital=np.array([form[:1].isupper() for form in t.vocabulary], dtype=np.bool_),
        syllables=np.zeros(size, dtype=np.int64),
        simple=np.zeros(size, dtype=np.bool_),
        difficult=np.zeros(size, dtype=np.bool_),
        nominal=np.zeros(size, dtype=np.bool_),
        person=np.full(size, -1, dtype=np.int64),
    )
    for i, (form, code) in enumerate(zip(t.vocabulary, t.languages, strict=True)):
        if code != "en":
            continue
        folded = english.fold(form)
        forms.syllables[i] = syllables.count(form)
        forms.simple[i] = "-" in folded or _ending_makes_three(folded)
        forms.difficult[i] = not all(map(_is_familiar, folded.split("-")))
        forms.nominal[i] = is_nominalisation(folded)
        # "US" is the country; a contraction is counted by its pronoun: we've
        pronoun = "" if form == "US" else folded.partition("'")[0]
        forms.person[i] = _PERSON.get(pronoun, -1)
    return forms


@lru_cache(maxsize=1)
def familiar() -> frozenset[str]:
    """Return the 800 commonest English dictionary forms of wordfreq.

    They stand in for the list of 3,000 words that fourth-graders knew (Dale & Chall 1948), which is
    not free. Common in print is not familiar to children: with wordfreq's 3,000 commonest forms
    scores came out 2 to 4 lower than with the list. 800 was chosen among numbers from 700 to 3,000 so
    that the scores of three corpora come near it: r = .90 in 23 leaders' speeches (means 8.9 and 9.2),
    .99 in 233 State of the Union messages (9.0, 8.7), .78 in 124 statements on monetary policy (9.6,
    10.5). Held out were 388 speeches at the UN: r = .90, means 8.5 and 8.5.
    """
    from wordfreq import iter_wordlist  # noqa: PLC0415 (0.3 s, loaded when first needed)

    found: dict[str, None] = {}
    for word in iter_wordlist("en"):
        if word.isalpha():
            found[english.lemma(word)] = None
            if len(found) == FAMILIAR:
                break
    return frozenset(found)


def _is_familiar(folded: str) -> bool:
    known = familiar()
    plain = folded.partition("'")[0]
    return not plain.isalpha() or plain in known or english.lemma(plain) in known


def _ending_makes_three(folded: str) -> bool:
    """Whether a word has three syllables only with its ending: *created*, *increases*."""
    if not folded.endswith(("ed", "es")) or syllables.count(folded) != POLYSYLLABLE:
        return False
    return min(syllables.count(folded[:-1]), syllables.count(folded[:-2])) < POLYSYLLABLE


def is_nominalisation(folded: str) -> bool:
    """Whether a folded English word is a noun made of a verb or adjective, by its ending.

    The endings are *-tion, -sion, -ment, -ness, -ity, -ance, -ence* and their plurals (Biber 1988 has
    *-tion, -ment, -ness, -ity*), but for some 170 words that mean no act, state or quality. Of 150
    drawn from leaders' speeches, State of the Union messages and statements on monetary policy, one
    reader found 148 so formed, and 137 to mean an act, its result, a state or a quality (the others:
    *government* as a body, *securities* as papers).
    """
    last = folded.rpartition("-")[2]
    if not _NOMINAL.search(last):
        return False
    singular = re.sub("ies$", "y", last) if last.endswith("ies") else last
    singular = re.sub("(?<=ness)es$|(?<!s)s$", "", singular)
    return singular not in _NO_NOMINALS
