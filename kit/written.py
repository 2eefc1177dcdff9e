"""How words and phrases are written in the texts: the forms behind what is counted together."""

import re
from collections import Counter
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray
from pandas.api.extensions import ExtensionArray

from kit.finding import spellings, strings
from kit.tokens import Ints, Layer, LayerName, Longs, Tokens, alphabet
from kit.tokens.runs import Runs, alike

Forms = Counter[str]
_BETWEEN = re.compile(r"(?<=[\u3400-\u9fff]) (?=[\u3400-\u9fff])")
Places = NDArray[np.unsignedinteger]
MOST_SINGLY = 1 / 8  # of the values of a layer: for more of them a column of all is made, and kept


class Spellings:
    """The forms of the values of a layer, with their counts."""

    def __init__(self, t: Tokens, layer: Layer) -> None:
        self._tokens = t
        self._layer = layer
        self._folded = layer is t.layer("word")  # only the spelling, so that forms show the value
        self._counts = t.layer("form").counts
        of_form = np.arange(0) if layer.of_form is None else layer.of_form
        self._order = np.argsort(of_form, kind="stable")
        self._bounds = np.searchsorted(of_form[self._order], np.arange(len(layer.names) + 1))

    def of(self, number: int) -> Forms:
        """Return the forms of a value; a value that is no word (a tag) is its own form."""
        forms = self._order[self._bounds[number] : self._bounds[number + 1]].tolist()
        if not forms:
            return Counter({self._layer.names[number]: int(self._layer.counts[number])})
        return Counter({self._tokens.vocabulary[i]: int(self._counts[i]) for i in forms})

    def labels(self, numbers: Longs) -> ExtensionArray:
        """Return values as a column of names: a word as it is mostly written, else the value."""
        if len(numbers) > MOST_SINGLY * len(self._layer.names):
            return self._labels.take(numbers)
        names = [self._layer.names[number] for number in numbers.tolist()]
        if not self._folded:
            return strings(names)
        forms = map(self.of, numbers.tolist())
        return strings(list(map(label, forms, names)))

    def lists(self, numbers: Longs) -> ExtensionArray:
        """Return a column of the spellings of values, most frequent first: ``"A (7), B (2)"``."""
        if len(numbers) > MOST_SINGLY * len(self._layer.names):
            return self._lists.take(numbers)
        return strings([spellings(self.of(number)) for number in numbers.tolist()])

    @cached_property
    def _labels(self) -> ExtensionArray:
        if not self._folded:
            return strings(self._layer.names)
        variants = self._tokens.once(_variants)
        return strings(variants.texts.take(pa.array(variants.first[LAST])))

    @cached_property
    def _lists(self) -> ExtensionArray:
        single = np.diff(self._bounds) == 1
        forms = self._order[self._bounds[:-1][single]]
        made = np.empty(len(single), dtype=object)
        vocabulary = self._tokens.vocabulary
        counts = zip(forms.tolist(), self._counts[forms].tolist(), strict=True)
        made[single] = [f"{vocabulary[form]} ({count})" for form, count in counts]
        made[~single] = [spellings(self.of(number)) for number in np.flatnonzero(~single).tolist()]
        return strings(made)


def of(t: Tokens, by: LayerName) -> Spellings:
    """Return the spellings of a layer; they are made once."""
    return t.once(_spellings, by)


def _spellings(t: Tokens, by: LayerName) -> Spellings:
    return Spellings(t, t.layer(by))


def of_runs(t: Tokens, runs: Runs) -> list[Forms]:
    """Return for each group of runs how they are written, with counts."""
    group = np.repeat(np.arange(len(runs), dtype=np.int64), runs.counts)
    vocabulary = t.vocabulary
    columns = ((t.ids[runs.starts + step], len(vocabulary)) for step in range(runs.size))
    order, bounds = alike([(group, len(runs)), *columns])
    found: list[Forms] = [Counter() for _ in range(len(runs))]
    first = order[bounds[:-1]]
    of = np.searchsorted(runs.bounds, first, side="right") - 1
    ids = t.ids[runs.starts[first][:, None] + np.arange(runs.size)]
    rows = zip(of.tolist(), ids.tolist(), np.diff(bounds).tolist(), strict=True)
    for row, form, count in rows:
        found[row][" ".join([vocabulary[i] for i in form])] = count
    return found


def label(forms: Forms, folded: str) -> str:
    """Return a word or phrase as it is mostly written, without a possessive ending.

    `folded` is its last word as it is counted. Of forms as frequent, the one with fewer capitals.
    """
    labels: dict[str, int] = {}
    for form, count in forms.items():
        head, blank, last = form.rpartition(" ")
        text = head + blank + _short(last, folded)
        labels[text] = labels.get(text, 0) + count
    best = min(labels, key=lambda f: (-labels[f], _capitals(f), f))
    article, _, rest = best.partition(" ")
    return f"the {rest}" if article == "The" and rest else best


def together(text: str) -> str:
    """Return words in a row as they are written: between Chinese ones there is no blank."""
    return text if text.isascii() else _BETWEEN.sub("", text)


def _short(form: str, folded: str) -> str:
    """Return a form without a possessive ending."""
    return form[: len(folded)]


def _capitals(text: str) -> int:
    return 0 if text.islower() else sum(map(str.isupper, text))


def shown(t: Tokens, by: LayerName, values: Longs) -> list[str]:
    """Return values of a layer as the texts mostly write them; of a lemma, only its capitals."""
    if by != "lemma":
        return of(t, by).labels(values).tolist()
    names = [t.layer(by).names[value] for value in values.tolist()]
    forms = map(of(t, by).of, values.tolist())
    return list(map(_as_capitalised, forms, names))


def _as_capitalised(forms: Forms, name: str) -> str:
    """Return a name with the capitals that it mostly has."""
    same = [form for form in forms if form.casefold() == name]
    return max(same, key=lambda form: (forms[form], form), default=name)


# ---- labels of many runs at once

INNER, LAST = 0, 1  # where a word stands in a run: the last one loses a possessive ending


@dataclass(frozen=True, eq=False)
class _Variants:
    """The ways in which the texts write each folded word, first those within runs, then the last ones.

    ``texts`` and ``capitals`` (how many a text has) have one value a variant: word after word, the most
    usual of each first. The others are pairs, for words within runs and for last words: ``of_form`` has
    the variant of each form of the vocabulary, ``first`` the most usual one of each word, and
    ``of_word``, for each word of the corpus, the place of its variant among those of the same word.
    """

    texts: pa.LargeStringArray
    capitals: Longs
    of_form: tuple[Longs, Longs]
    first: tuple[Longs, Longs]
    of_word: tuple[Places, Places]

    @cached_property
    def most(self) -> int:
        """How many variants a word has at most."""
        return 1 + max(int(places.max(initial=0)) for places in self.of_word)


def _variants(t: Tokens) -> _Variants:
    layer = t.layer("word")
    value = np.empty(0, dtype=np.int32) if layer.of_form is None else layer.of_form
    folded = [layer.names[number] for number in value.tolist()]
    texts, capitals, of_form, first, of_word = [], [], [], [], []
    before = 0
    for forms in (t.vocabulary, list(map(_short, t.vocabulary, folded))):
        coded = pa.array(forms, pa.large_string()).dictionary_encode()
        code = coded.indices.to_numpy().astype(np.int64)
        both, met = np.unique(value.astype(np.int64) << 32 | code, return_inverse=True)
        of_variant, code = both >> 32, both & 0xFFFFFFFF
        counts = np.bincount(met, t.layer("form").counts, len(both))
        high = np.array(list(map(_capitals, coded.dictionary.to_pylist())), dtype=np.int64)[code]
        alphabetical = pc.rank(coded.dictionary).to_numpy()[code]
        order = np.lexsort((alphabetical, high, -counts, of_variant))
        place = np.empty(len(order), dtype=np.int64)
        place[order] = np.arange(len(order))
        opening = np.searchsorted(of_variant, np.arange(len(layer.names)))
        beside = place[met] - opening[value]
        small = beside.astype(np.min_scalar_type(int(beside.max(initial=0))))
        texts.append(coded.dictionary.take(pa.array(code[order])))
        capitals.append(high[order])
        of_form.append(place[met] + before)
        first.append(opening + before)
        of_word.append(small[t.ids])
        before += len(order)
    return _Variants(
        pa.concat_arrays(texts),
        np.concatenate(capitals),
        (of_form[INNER], of_form[LAST]),
        (first[INNER], first[LAST]),
        (of_word[INNER], of_word[LAST]),
    )


def labels(t: Tokens, runs: Runs) -> pa.LargeStringArray:
    """Return each group of runs of folded words as it is mostly written, as ``label`` does."""
    variants = t.once(_variants)
    group, count, words = _unusual(t, runs, variants)
    usual = runs.counts - np.bincount(group, count, len(runs)).astype(np.int64)
    values = t.word[runs.first[:, None] + np.arange(runs.size)]
    best = _columns(variants.first, values)
    # Only where one of the others is as frequent as the usual way of writing need they be weighed.
    contested = np.zeros(len(runs), dtype=np.bool_)
    contested[group[count >= usual[group]]] = True
    weighed = contested[group]
    group = np.concatenate((np.flatnonzero(contested), group[weighed]))
    count = np.concatenate((usual[contested], count[weighed]))
    words = np.concatenate((best[contested], words[weighed]))
    capitals = variants.capitals[words].sum(axis=1)
    order = np.lexsort((capitals, -count, group))
    keys = np.stack((group, count, capitals), axis=1)[order]
    same = (keys[1:] == keys[:-1]).all(axis=1)
    tied = np.append(same, False) | np.append(False, same)
    if tied.any():
        among = order[tied]
        places = alphabet(joined(variants.texts, words[among]).to_pylist())
        order[tied] = among[np.lexsort((places, capitals[among], -count[among], group[among]))]
    group, winners = np.unique(group[order], return_index=True)
    best[group] = words[order[winners]]
    found = joined(variants.texts, best)
    return found if runs.size == 1 else pc.replace_substring_regex(found, r"\AThe ", "the ")


def _unusual(t: Tokens, runs: Runs, variants: _Variants) -> tuple[Longs, Longs, Longs]:
    """Return how groups are written where a word is not as usual: group, count, variants of its words.

    A row a way of writing.
    """
    of_word = [variants.of_word[INNER]] * (runs.size - 1) + [variants.of_word[LAST]]
    odd = np.zeros(max(len(t) - runs.size + 1, 0), dtype=np.bool_)  # of the run from each word on
    for step, places in enumerate(of_word):
        odd |= places[step : step + len(odd)] != 0
    which = odd[runs.starts]
    starts = runs.starts[which]
    group = np.repeat(np.arange(len(runs), dtype=np.int32), runs.counts)[which]
    columns = ((places[starts + step], variants.most) for step, places in enumerate(of_word))
    order, bounds = alike([(group, len(runs)), *columns])
    first = order[bounds[:-1]]
    forms = t.ids[starts[first][:, None] + np.arange(runs.size)]
    return group[first].astype(np.int64), np.diff(bounds), _columns(variants.of_form, forms)


def _columns(of: tuple[Longs, Longs], words: Ints) -> Longs:
    """Return what each word of some runs (a row a run) stands for, within the run or last in it."""
    return np.concatenate((of[INNER][words[:, :-1]], of[LAST][words[:, -1:]]), axis=1)


def joined(texts: pa.LargeStringArray, words: Ints | Longs) -> pa.LargeStringArray:
    """Return the text of each row of words, which are numbers of texts."""
    columns = (texts.take(pa.array(column)) for column in words.T)
    return pc.binary_join_element_wise(*columns, pa.scalar(" ", texts.type))
