"""The mentions in Chinese and Russian texts: the gazetteer, then the language's own means."""

from collections import defaultdict
from functools import lru_cache

from kit import gazetteer, language, tokens
from kit.corpus import Corpus
from kit.language import chinese, russian
from kit.matching import Matcher
from kit.names.mention import Found

CODES = ("zh", "ru")
_KINDS = {"PERSON": "person", "ORG": "organisation", "LOC": "place"}


def mentions(corpus: Corpus, code: str, own: str = "") -> dict[str, list[Found]]:
    """Return the mentions in the documents of one language (``zh``, ``ru``), by document id, in order."""
    t = tokens.of(corpus)
    found: dict[str, list[Found]] = {d.id: [] for d in corpus if d.language == code}
    taken: dict[tuple[str, int], set[int]] = defaultdict(set)
    for match in _forms(code, own).find(t):
        span = t.span(match.first, match.last)
        taken[span.document, span.paragraph].update(range(span.start, span.end))
        name, kind = match.key
        form = corpus.text(span)
        found[span.document].append(
            Found(span.paragraph, span.start, span.end, kind, name, form, known=True)
        )
    if language.missing(code):
        return found
    model = chinese if code == "zh" else russian
    for document in corpus:
        if document.language != code:
            continue
        for number, text in document.passages():
            for start, end, label in model.names(text):
                if taken[document.id, number].isdisjoint(range(start, end)):
                    form = text[start:end]
                    name = form
                    if code == "ru" and label == "LOC" and name.isalpha():
                        name = russian.lemma(russian.fold(name)).capitalize()  # В Москве: Москва
                    found[document.id].append(Found(number, start, end, _KINDS[label], name, form))
    return found


@lru_cache(maxsize=4)
def _forms(code: str, own: str) -> Matcher[gazetteer.Known]:
    return Matcher(gazetteer.patterns(code, own), code)
