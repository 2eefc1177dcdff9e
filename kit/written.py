"""How words and phrases are written in the texts: the forms behind what is counted together."""

from collections import Counter
from functools import lru_cache

import numpy as np

from kit.tokens import Layer, LayerName, Longs, Tokens
from kit.tokens.runs import Runs, grouped

Forms = Counter[str]


class Spellings:
    """The forms of the values of a layer, with their counts."""

    def __init__(self, t: Tokens, layer: Layer) -> None:
        self._tokens = t
        self._layer = layer
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


def of_runs(t: Tokens, runs: Runs) -> list[Forms]:
    """Return for each group of runs how they are written, with counts."""
    group = np.repeat(np.arange(len(runs), dtype=np.int64), runs.counts)
    number = len(runs)
    vocabulary = t.vocabulary
    order, bounds = np.arange(len(group)), runs.bounds
    for step in range(runs.size):  # told apart by one more word each time
        keys = group * len(vocabulary) + t.ids[runs.starts + step]
        order, bounds = grouped(keys, number * len(vocabulary))
        number = len(bounds) - 1
        group = np.empty(len(order), dtype=np.int64)
        group[order] = np.repeat(np.arange(number), np.diff(bounds))
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
    labels: Forms = Counter()
    for form, count in forms.items():
        head, blank, last = form.rpartition(" ")
        short = last[: len(folded)] if len(folded) < len(last) else last
        labels[f"{head}{blank}{short}"] += count
    best = min(labels, key=lambda f: (-labels[f], sum(c.isupper() for c in f), f))
    article, _, rest = best.partition(" ")
    return f"the {rest}" if article == "The" and rest else best


def shown(t: Tokens, by: LayerName, values: Longs) -> list[str]:
    """Return values of a layer as the texts mostly write them; of a lemma, only its capitals."""
    layer = t.layer(by)
    names = [layer.names[value] for value in values.tolist()]
    if by not in ("word", "lemma"):
        return names
    spelt = _spellings(t, by)
    forms = [spelt.of(value) for value in values.tolist()]
    if by == "word":
        return [label(f, name) for f, name in zip(forms, names, strict=True)]
    return [_capitals(f, name) for f, name in zip(forms, names, strict=True)]


def _capitals(forms: Forms, name: str) -> str:
    """Return a name with the capitals that it mostly has."""
    same = [form for form in forms if form.casefold() == name]
    return max(same, key=lambda form: (forms[form], form), default=name)


@lru_cache(maxsize=8)
def _spellings(t: Tokens, by: LayerName) -> Spellings:
    return Spellings(t, t.layer(by))
