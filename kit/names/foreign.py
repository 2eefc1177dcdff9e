"""The mentions in Chinese and Russian texts: the gazetteer, then the language's own means."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import lru_cache
from typing import Any

from kit import gazetteer, language, lexicon, tokens
from kit.corpus import Corpus
from kit.language import extras, russian
from kit.matching import Matcher
from kit.names import chinese
from kit.names.identity import key
from kit.names.mention import KINDS_OF, Found, bare

CODES = ("zh", "ru")


def mentions(corpus: Corpus, code: str, own: str = "") -> dict[str, list[Found]]:
    """Return the mentions in the documents of one language (``zh``, ``ru``), by document id, in order."""
    t = tokens.of(corpus)
    found: dict[str, list[Found]] = {d.id: [] for d in corpus if d.language == code}
    taken: dict[tuple[str, int], set[int]] = defaultdict(set)
    for match in _forms(code, own).find(t):
        span = t.span(match.first, match.last)
        taken[span.document, span.paragraph].update(range(span.start, span.end))
        name, kind = match.key
        form = ("" if code == "zh" else " ").join(corpus.text(span).split())
        adjective = kind == _PEOPLE
        found[span.document].append(
            Found(
                span.paragraph, span.start, span.end, "place" if adjective else kind, name, form,
                adjective=adjective, known=True,
            )
        )  # fmt: skip
    if not language.missing(code):
        by_model = chinese.named if code == "zh" else _russian
        known = _known(code, own)
        for document in corpus:
            if document.language == code:
                for number, text in document.passages():
                    for f in by_model(number, text, known):
                        if taken[document.id, number].isdisjoint(range(f.start, f.end)):
                            found[document.id].append(f)
    for all_ in found.values():
        all_.sort(key=lambda f: (f.paragraph, f.start))
    one = chinese.one_person if code == "zh" else _one_case
    return {document: one(all_) for document, all_ in found.items()}


def _russian(number: int, text: str, known: Mapping[str, gazetteer.Known]) -> Iterator[Found]:
    """Yield what the model finds in a Russian passage."""
    for start, end, label in russian.names(text):
        kind, form = KINDS_OF[label], text[start:end]
        there = known.get(bare(form))
        name = there[0] if there else _nominative(form, kind)
        kind = there[1] if there else kind
        yield Found(number, start, end, kind, name, form, known=there is not None)


@lru_cache(maxsize=2**14)
def _nominative(form: str, kind: str) -> str:
    """Return a Russian name as it is cited: each word of a person's in the nominative."""
    if kind == "place" and form.isalpha() and not form.isupper():
        return russian.lemma(russian.fold(form)).capitalize()  # В Москве: Москва
    return " ".join(form.split())


def _one_case(found: list[Found]) -> list[Found]:
    """Return the mentions of a Russian text with each person's name in the nominative.

    *Путина* is a man in the genitive or a woman: of the forms that a word can be of, the one counts that
    most of the text's names can be, at a tie a man's.
    """
    people = [f for f in found if f.kind == "person" and not f.known]
    if not people or not extras.there("pymorphy3"):
        return found
    votes = Counter(n for f in people for word in f.form.split() for n in _nominatives(word))
    return [
        replace(f, name=" ".join(_chosen(word, votes) for word in f.form.split()))
        if f.kind == "person" and not f.known
        else f
        for f in found
    ]


def _chosen(word: str, votes: Counter[str]) -> str:
    able = _nominatives(word)
    best = max(able, key=lambda n: votes[n])  # of equals the first
    if key(best) == key(word):
        return word
    return "-".join(part.capitalize() for part in best.split("-"))


@lru_cache(maxsize=2**14)
def _nominatives(word: str) -> tuple[str, ...]:
    """Return the nominatives that a word of a name can be a form of, a man's before a woman's."""
    readings: list[Any] = _morphology().parse(word)
    named = [r for r in readings if {"Surn", "Name", "Patr"} & set(r.tag.grammemes)]
    usable = named or [r for r in readings if {"NOUN"} & set(r.tag.grammemes)]
    forms = [
        (int("femn" in r.tag.grammemes), at, str(plain.word))
        for at, r in enumerate(usable)
        if "plur" not in r.tag.grammemes and (plain := r.inflect({"nomn", "sing"})) is not None
    ]
    return tuple(dict.fromkeys(form for _, _, form in sorted(forms))) or (word.casefold(),)


@lru_cache(maxsize=1)
def _morphology() -> Any:
    return extras.needed("ru", "pymorphy3").MorphAnalyzer()


_PEOPLE = "people"  # the kind under which adjectives are looked for


@lru_cache(maxsize=4)
def _forms(code: str, own: str) -> Matcher[gazetteer.Known]:
    return Matcher([*gazetteer.patterns(code, own), *_adjectives(code)], code)


def _adjectives(code: str) -> Iterator[tuple[gazetteer.Known, str]]:
    """Yield the adjectives of countries and names of peoples (Russian)."""
    for entry in lexicon.load("countries"):
        for form in entry.get(f"{code}_demonyms", ()):
            yield (entry["name"], _PEOPLE), form


@lru_cache(maxsize=4)
def _known(code: str, own: str) -> dict[str, gazetteer.Known]:
    return {bare(form): known for known, form in gazetteer.patterns(code, own)}
