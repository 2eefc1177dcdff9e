"""The key phrases of topics: whole phrases of the texts that a topic has far more often than the rest."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from kit import written
from kit.counts import FRAGMENT, of_content
from kit.themes import passages
from kit.themes.passages import Passages
from kit.tokens import Longs, Tokens
from kit.tokens.runs import Runs, joined, repeated

PHRASES = 3  # in a name
_LONGEST = 4  # words
_LEAST = 3  # times that a phrase must stand in a topic
_RAREST_OF = 2000  # passages, of which a phrase needs one each
_WORTH = 0.1  # of the weight of its first phrase that another one in a name needs
_LONGER = 2.0  # what several words weigh to one: *nuclear weapons* says more than *weapons*
_ENGLISH_FRAGMENT = 0.6  # see FRAGMENT; of one word too, and on either side
_READ = 40  # phrases of a topic that a name is chosen from
Flags = NDArray[np.bool_]
Floats = NDArray[np.float64]
# What an English noun phrase follows, and what a verb does. No tagger is needed to see that *ensure
# peace* is none: it mostly stands after *to*.
_BEFORE_NOUN = frozenset(
    """
        the a an this that these those such all any some no each every both other of in on by for from
        with without between among against into through under towards our their its his my your and or
        as at about over upon
    """.split()
)
_BEFORE_VERB = frozenset(
    """
        to we they i you he she it who which must should shall will would can could may might cannot not
        have has had having do does did is are was were be been being let also
    """.split()
)
_DETERMINERS = frozenset("the a an this that these those our their its his my your all any".split())
_LINKS = frozenset("of and or for in on to with between against from".split())
_VERBS = frozenset(
    """
        remain remains remained continue continues continued expect expects expected anticipate anticipates
        anticipated believe believes believed judge judges judged decide decides decided seek seeks sought
        see sees saw say says said begin begins began become becomes became make makes made take takes took
        give gives gave come comes came go goes went need needs needed want wants wanted hope hopes hoped
        help helps helped keep keeps kept reinforcing reflecting reflects reflected appear appears appeared
        ends ended
    """.split()
)
_NO_ADVERBS = frozenset(  # that end in *-ly*
    """
        ally anomaly anti-monopoly assembly butterfly daily early elderly family friendly homily italy july
        likely monopoly monthly orderly quarterly rally reply scholarly supply timely weekly yearly
    """.split()
)
# Who is spoken to is no topic: what begins so is none, nor what has a form of address in it.
_ADDRESS = frozenset(
    """
        mr mrs madam sir president 各位 诸位 同志们 女士们 先生们 朋友们 尊敬
        уважаемые дамы господа товарищи
    """.split()
)
_FORMS = frozenset(
    "excellency excellencies ladies gentlemen distinguished esteemed honourable honorable madam".split()
)


def names(t: Tokens, found: Passages, topic: Longs, terms: Floats) -> list[str]:
    """Return the name of each topic: its first key phrases, as they stand in the texts.

    `topic` has the topic of each passage, -1 for none; `terms` a row of weights a topic, by which one
    without a phrase is named. A phrase belongs to the topic where it weighs
    most: its count in the topic times the binary logarithm of that over the count to be expected (local
    MI: Evert 2005), twice that for several words. No two phrases of a name share a word.
    """
    topics = len(terms)
    of_word = np.where(found.of_word >= 0, topic[found.of_word], -1)
    sizes = np.bincount(of_word[found.of_word >= 0] + 1, minlength=topics + 1)
    pools: list[list[tuple[float, Runs, int]]] = [[] for _ in range(topics)]
    for runs in _candidates(t, found):
        group = np.repeat(np.arange(len(runs)), runs.counts)
        column = of_word[runs.starts].astype(np.int64) + 1
        count = np.bincount(group * (topics + 1) + column, minlength=len(runs) * (topics + 1))
        count = count.reshape(len(runs), topics + 1)
        expected = runs.counts[:, None] * (sizes / sizes.sum())
        gain = np.log2(np.maximum(count, 1) / np.maximum(expected, 1e-9))
        weight = np.where(count >= _LEAST, count * gain, 0.0)[:, 1:]
        if runs.size > 1:
            weight *= _LONGER
        best = weight.argmax(axis=1)
        most = weight[np.arange(len(runs)), best]
        for j in range(topics):
            own = np.flatnonzero((best == j) & (most > 0))
            first = own[np.argsort(-most[own], kind="stable")[:_READ]]
            pools[j] += [(float(most[g]), runs, int(g)) for g in first]
    content = of_content(t.layer("lemma").names)
    return [
        _name(t, pool, content) or _by_terms(t, found, weights)
        for pool, weights in zip(pools, terms, strict=True)
    ]


def _by_terms(t: Tokens, found: Passages, weights: Floats) -> str:
    first = np.argsort(-weights, kind="stable")[:PHRASES]
    return ", ".join(written.shown(t, "lemma", found.terms[first]))


def _name(t: Tokens, pool: list[tuple[float, Runs, int]], content: Flags) -> str:
    """Return the first phrases of a topic, no two of which share a word."""
    pool.sort(key=lambda entry: (-entry[0], -entry[1].size, int(entry[1].of(entry[2])[0])))
    lemma = t.layer("lemma")
    said: set[int] = set()
    chosen: list[str] = []
    for weight, runs, group in pool:
        at = runs.of(group)
        words = lemma.ids[at[0] : at[0] + runs.size]
        own = set(words[content[words]].tolist())
        if said & own or weight < _WORTH * pool[0][0]:
            continue
        said |= own
        one = Runs(runs.size, at, np.array([0, len(at)]))
        (forms,) = written.of_runs(t, one)
        last = t.words[t.word[at[0] + runs.size - 1]]
        chosen.append(written.together(written.label(forms, last)))
        if len(chosen) == PHRASES:
            break
    return ", ".join(chosen)


def _candidates(t: Tokens, found: Passages) -> list[Runs]:
    """Return the runs of 1 to 4 words that may be phrases, shortest first."""
    layer = t.layer("word")
    content = passages.content(t, "word")
    english = _English(layer.names) if found.language == "en" else None
    addressed = np.fromiter((n in _ADDRESS for n in layer.names), np.bool_, len(layer.names))
    if found.language not in ("en", "zh"):  # which function words a language has is not known
        telling = np.zeros(len(t.layer("lemma").names), dtype=np.bool_)
        telling[found.terms] = True
        content &= telling[t.layer("lemma").ids]
    initial = np.fromiter((len(w) == 1 and w.isupper() for w in t.vocabulary), np.bool_)[t.ids]
    beside = content | initial  # of *Randal K. Quarles* no part is a phrase
    goes_on = np.append(joined(t, "sentence") & beside & (t.close | initial), False)
    follows = joined(t, "sentence") & np.append(False, beside[:-1])
    follows &= t.close | np.append(False, initial[:-1])
    part = _ENGLISH_FRAGMENT if english else FRAGMENT
    kept = []
    for runs in repeated(
        t,
        layer,
        sizes=(1, _LONGEST),
        minimum=max(_LEAST, len(found) // _RAREST_OF),
        within="marks",
        among=found.of_word >= 0,
    ):
        whole = runs.only(content[runs.first] & content[runs.first + runs.size - 1])
        if english or runs.size > 1:
            most = part * whole.counts
            whole = whole.only(
                (whole.flagged(goes_on[whole.starts + runs.size]) < most)
                & (whole.flagged(follows[whole.starts]) < most)
            )
        if not english:
            whole = whole.only(~addressed[t.word[whole.first]])
        kept.append(english.phrases(t, whole) if english else whole)
    return kept


class _English:
    """What English words do to a phrase, by their number among the folded ones."""

    def __init__(self, words: Sequence[str]) -> None:
        def among(known: frozenset[str]) -> Flags:
            return np.fromiter(map(known.__contains__, words), np.bool_, len(words))

        self._noun, self._verb = among(_BEFORE_NOUN), among(_BEFORE_VERB)
        self._address = among(_ADDRESS)
        adverb = np.fromiter((w.endswith("ly") for w in words), np.bool_, len(words))
        self._outside = among(_VERBS) | among(_FORMS) | (adverb & ~among(_NO_ADVERBS))
        self._link = among(_LINKS)
        self._inside = of_content(words) | self._link
        self._determiner = among(_DETERMINERS)

    def phrases(self, t: Tokens, runs: Runs) -> Runs:
        """Keep what stands where a noun phrase does, and has no verb inside."""
        before = t.word[np.maximum(runs.starts - 1, 0)]
        follows = t.close[runs.starts] & (runs.starts > 0)
        as_noun = runs.flagged(follows & self._noun[before])
        kept = as_noun > runs.flagged(follows & self._verb[before])
        kept &= ~self._address[t.word[runs.first]]
        for step in range(runs.size):
            inner = t.word[runs.first + step]
            kept &= ~self._outside[inner]
            if 0 < step < runs.size - 1:
                link = self._link[t.word[runs.first + step - 1]]
                kept &= self._inside[inner] | (self._determiner[inner] & link)
        return runs.only(kept)
