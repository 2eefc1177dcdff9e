"""We, they, I and you: how often each speaks or is spoken of, and what *we* do."""

from collections import Counter
from typing import Literal, get_args

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from kit import keep, tokens
from kit.corpus import Corpus
from kit.errors import ParameterError
from kit.finding import Finding
from kit.measures.intervals import wilson
from kit.stance import cells, clauses, expressions
from kit.tokens import Longs, Tokens
from kit.tokens.places import Bounds, Places

By = Literal["person", "text"]
RATE = 1000  # words
FEWEST_WORDS = 200  # of a text under which no rate is given
VERBS = 8  # shown
PERSONS = {
    "we": {
        "en": "we us our ours ourselves we'll we've we're we'd let's".split(),
        "zh": "我们 我国 我方 咱们 我党".split(),
        "ru": "мы нас нам нами наш наша наше наши нашего нашей наших нашему нашим нашими нашу".split(),
    },
    "they": {
        "en": "they them their theirs themselves they'll they've they're".split(),
        "zh": "他们 她们 它们".split(),
        "ru": "они их им ими них ним ними".split(),
    },
    "I": {
        "en": "i me my mine myself i'll i've i'm i'd".split(),
        "zh": "我 本人".split(),
        "ru": "я меня мне мной мною мой моя мое мои моего моей моих".split(),
    },
    "you": {
        "en": "you your yours yourself yourselves you'll you've you're".split(),
        "zh": "你 你们 您 您们 各位 大家".split(),
        "ru": "вы вас вам вами ваш ваша ваше ваши вашего вашей ваших ты тебя тебе".split(),
    },
}
# In a sentence with one of these, we takes the hearer or the other side in.
_INCLUSIVE = (
    "let us",
    "let's",
    "all of us",
    "we all",
    "we both",
    "both of us",
    "together",
    "our two",
    "our common",
    "our shared",
    "both sides",
    "each other",
    "one another",
    "join hands",
    "we, the",
    "our world",
    "our planet",
)
_CARRIERS = frozenset("be have do will can may shall".split())
METHOD = (
    "Personal and possessive pronouns in all forms, per 1,000 words, with the Wilson interval (95 %). Verbs "
    "are those that the pronoun is the subject of in spaCy's parse. Inclusive is the share of the forms of "
    "we in sentences with a sign that the hearer is meant as well (let us, together, all of us, our two, our "
    "common, each other and the like): a hint, not a reading."
)


@keep.finding
def persons(corpus: Corpus, *, by: By = "person") -> Finding:
    """Give how often *we*, *they*, *I* and *you* stand, for the corpus or by text.

    By person, columns: person, count, per_1000 (words), low, high, texts, inclusive (of *we* in English,
    see the method), verbs (that it is the subject of, most frequent first). By text, a row is a text;
    columns: date, title, words, we, they, i, you (per 1,000 words), inclusive, verbs (of *we*), note. Behind
    each row stand the pronouns, by text those of *we*. Raises ParameterError for another `by`.
    """
    if by not in get_args(By):
        raise ParameterError(f'by={by!r} is neither "person" nor "text"')
    t = tokens.of(corpus)
    who = _who(t)
    verb = _verbs(corpus, t)
    inclusive = _inclusive(t)
    made = (
        _by_person(t, who, verb, inclusive)
        if by == "person"
        else _by_text(corpus, t, who, verb, inclusive)
    )
    table, places = made
    return Finding(
        "persons" if by == "person" else "persons-by-text",
        "We, they, I and you",
        table,
        corpus,
        METHOD,
        Places(t, places),
        _caveats(corpus),
        formats=dict.fromkeys(("per_1000", "low", "high", "we", "they", "i", "you"), "{:.1f}")
        | {"inclusive": "{:.0%}"},
    )


def _caveats(corpus: Corpus) -> tuple[str, ...]:
    codes = {document.language for document in corpus}
    unknown = sorted(codes - {"en", "zh", "ru"})
    return tuple(
        filter(
            None,
            (
                "Whom they stands for is not resolved." if "en" in codes else "",
                "Verbs and inclusive signs are told of English texts only."
                if codes - {"en"}
                else "",
                f"Texts in {', '.join(unknown)} are not searched." if unknown else "",
            ),
        )
    )


def _who(t: Tokens) -> NDArray[np.int8]:
    """Return which person each word of a paragraph is, -1 for none."""
    of_form = np.full(len(t.vocabulary) + 1, -1, dtype=np.int8)
    known = {
        (code, form): number
        for number, forms in enumerate(PERSONS.values())
        for code, some in forms.items()
        for form in some
    }
    for i, (form, code) in enumerate(zip(t.vocabulary, t.languages, strict=True)):
        plain = form.casefold().replace("\u2019", "'")
        if form != "US":  # the country, where it is no shout
            of_form[i] = known.get((code, plain), -1)
    who = of_form[t.ids] if len(t) else of_form[:0]
    return np.where(t.in_title | _initial(t), np.int8(-1), who)


def _initial(t: Tokens) -> NDArray[np.bool_]:
    """Return which words are the initial of a name: the *I.* of *Charles I. Plosser*."""
    found = np.zeros(len(t), dtype=np.bool_)
    number = t.layer("form").number("I")
    for at in t.layer("form").positions(number).tolist() if number is not None else ():
        stop = t.texts[int(t.passage[at])][int(t.end[at]) : int(t.end[at]) + 1] == "."
        found[at] = stop and at + 1 < len(t) and t.sentence[at + 1] == t.sentence[at]
    return found


def _verbs(corpus: Corpus, t: Tokens) -> Longs:
    """Return for each word that is the subject of an English verb the verb, else -1."""
    found = np.full(len(t), -1, dtype=np.int64)
    inside = expressions.english(corpus)
    e = tokens.of(inside)
    if not len(e):
        return found
    c = clauses.of(e)
    at = np.flatnonzero(c.is_("nsubj", "nsubjpass") & (c.head != np.arange(len(e))))
    shift = cells.shift(corpus, inside)[e.document[at]]
    found[at + shift] = c.head[at] + shift
    return found


def _inclusive(t: Tokens) -> NDArray[np.bool_]:
    """Return for each sentence whether it has an inclusive sign."""
    found = np.zeros(len(t.sentence_bounds) - 1, dtype=np.bool_)
    layer = t.layer("lower")
    for sign in _INCLUSIVE:
        numbers = [layer.number(word.strip(",")) for word in sign.split()]
        if any(number is None for number in numbers):
            continue
        at = layer.positions(numbers[0] or 0)
        at = at[at + len(numbers) <= len(t)]
        for step, number in enumerate(numbers[1:], start=1):
            at = at[(layer.ids[at + step] == number) & (t.sentence[at + step] == t.sentence[at])]
        found[t.sentence[at]] = True
    return found


def _told(t: Tokens, verbs: Longs) -> str:
    layer = t.layer("lemma")
    counts = Counter(layer.names[i] for i in layer.ids[verbs].tolist())
    for carrier in _CARRIERS:
        counts.pop(carrier, None)
    common = sorted(counts.items(), key=lambda item: (-item[1], item[0]))[:VERBS]
    return ", ".join(f"{verb} ({n:,})" for verb, n in common)


def _by_person(
    t: Tokens, who: NDArray[np.int8], verb: Longs, inclusive: NDArray[np.bool_]
) -> tuple[pd.DataFrame, list[Bounds]]:
    rows, places = [], []
    english = "en" in t.languages
    for number, name in enumerate(PERSONS):
        at = np.flatnonzero(who == number)
        if not len(at):
            continue
        low, high = wilson(len(at), t.body_words)
        rows.append(
            (
                name,
                len(at),
                RATE * len(at) / t.body_words,
                RATE * float(low),
                RATE * float(high),
                len(np.unique(t.document[at])),
                float(inclusive[t.sentence[at]].mean()) if name == "we" and english else np.nan,
                _told(t, verb[at][verb[at] >= 0]),
            )
        )
        places.append((at.astype(np.int32), at.astype(np.int32)))
    columns = "person count per_1000 low high texts inclusive verbs".split()
    return pd.DataFrame(rows, columns=columns), places


def _by_text(
    corpus: Corpus, t: Tokens, who: NDArray[np.int8], verb: Longs, inclusive: NDArray[np.bool_]
) -> tuple[pd.DataFrame, list[Bounds]]:
    size = np.bincount(t.document[~t.in_title], minlength=len(corpus))
    rows, places = [], []
    at = np.flatnonzero(who >= 0)
    bounds = np.searchsorted(t.document[at], np.arange(len(corpus) + 1))
    for i, document in enumerate(corpus):
        mine = at[bounds[i] : bounds[i + 1]]
        we = mine[who[mine] == 0]
        enough = size[i] >= FEWEST_WORDS
        counts = np.bincount(who[mine], minlength=len(PERSONS))
        rates = (
            (RATE * counts / max(int(size[i]), 1)).tolist() if enough else [np.nan] * len(PERSONS)
        )
        rows.append(
            (
                document.day,
                document.title,
                int(size[i]),
                *rates,
                float(inclusive[t.sentence[we]].mean())
                if enough and len(we) and document.language == "en"
                else np.nan,
                _told(t, verb[we][verb[we] >= 0]),
                "" if enough else f"{int(size[i])} words: too few for a rate",
            )
        )
        places.append((we.astype(np.int32), we.astype(np.int32)))
    columns = [
        "date",
        "title",
        "words",
        *(name.lower() for name in PERSONS),
        "inclusive",
        "verbs",
        "note",
    ]
    return pd.DataFrame(rows, columns=columns), places
