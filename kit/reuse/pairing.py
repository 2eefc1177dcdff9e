"""Two accounts of one event: what only one of them says, what both say, and in which order."""

from bisect import bisect_right

import pandas as pd
from scipy.stats import kendalltau

from kit.corpus import Document
from kit.finding import Finding, counted
from kit.reuse.accounts import NEARLY, WITHIN, Accounts, Match, title
from kit.reuse.gates import differences


def pair(one: Document, other: Document) -> Finding:
    """Set two accounts of one event side by side, sentence by sentence (paragraphs only).

    kind is ``only first``, ``only second``, ``other words`` (the same matter), ``nearly`` (three quarters
    of the words of both, or 85 % of the shorter one, in the same order) or ``verbatim`` (all words, case
    and punctuation aside). Other words are found by sentence embeddings, across languages too, or
    without the extra ``paraphrase`` by common content words; the method says which. Columns: kind, first
    and second (the sentences), similarity (of order and words, or the cosine), differs (numbers,
    negation, direction: see ``gates.differences``), first_paragraph, second_paragraph. In the order of
    kinds, then of the first text. Evidence: the sentences.
    """
    accounts = Accounts(one, other)
    rows, evidence = [], []
    for kind, i, j, similarity in accounts.rows():
        a, b = accounts.span(0, i), accounts.span(1, j)
        texts = [accounts.corpus.text(s) if s else None for s in (a, b)]
        differs = ""
        if texts[0] and texts[1]:
            differs = ", ".join(differences(texts[0], texts[1], (one.language, other.language)))
        rows.append(
            (kind, *texts, similarity, differs, *(s.paragraph if s else None for s in (a, b)))
        )
        evidence.append(tuple(s for s in (a, b) if s))
    table = pd.DataFrame(
        rows,
        columns="kind first second similarity differs first_paragraph second_paragraph".split(),
    ).astype({"similarity": "float64", "first_paragraph": "Int64", "second_paragraph": "Int64"})
    caveats = accounts.caveats
    return Finding(
        "pair",
        f"{title(one)} and {title(other)}, side by side",
        table,
        accounts.corpus,
        f"Sentence by sentence. nearly: {NEARLY:.0%} of the words of both, or {WITHIN:.0%} of the shorter "
        f"one, in the same order; other words: {accounts.how}. {accounts.counted}",
        tuple(evidence),
        caveats,
        applies=not accounts.empty,
    )


def order(one: Document, other: Document) -> Finding:
    """Show in which order two accounts take up what they have in common, paragraph by paragraph.

    A paragraph of the first text stands beside that of the second which most of its sentences are in (see
    ``pair``). place is ``in order`` for the most paragraphs that follow one another in both texts, else
    ``earlier`` or ``later``: where the second text has it. Columns: first_paragraph, second_paragraph, place,
    sentences (in common), opening (of the first text's paragraph). Evidence: the sentences.
    """
    accounts = Accounts(one, other)
    met: dict[int, dict[int, list[Match]]] = {}
    for match in accounts.matches:
        a, b = (accounts.paragraph(k, n) for k, n in enumerate((match.one, match.other)))
        met.setdefault(a, {}).setdefault(b, []).append(match)
    pairs = [(a, min(met[a], key=lambda b: (-len(met[a][b]), b))) for a in sorted(met)]
    kept = _longest_ascending([b for _, b in pairs])
    rows, evidence = [], []
    for n, (a, b) in enumerate(pairs):
        if n in kept:
            place = "in order"
        else:
            before = [pairs[k][1] for k in kept if k < n]
            place = "earlier" if before and b < max(before) else "later"
        matches = met[a][b]
        rows.append((a, b, place, len(matches), accounts.opening(a)))
        evidence.append(tuple(
            s for m in matches for s in (accounts.span(0, m.one), accounts.span(1, m.other)) if s
        ))  # fmt: skip
    moved = len(pairs) - len(kept)
    tau = _tau([b for _, b in pairs])
    return Finding(
        "order",
        f"The order of what {title(one)} and {title(other)} have in common",
        pd.DataFrame(
            rows,
            columns=["first_paragraph", "second_paragraph", "place", "sentences", "opening"],
        ).astype(dict.fromkeys(("first_paragraph", "second_paragraph", "sentences"), "int64")),
        accounts.corpus,
        f"{counted(len(pairs), 'paragraph')} of the first text with a counterpart, {moved} out of order"
        + (
            f"; Kendall's tau of the two orders {tau:.2f} (Kendall 1938)."
            if tau is not None
            else "."
        ),
        tuple(evidence),
        accounts.caveats,
        applies=bool(pairs),
    )


def _longest_ascending(values: list[int]) -> set[int]:
    """Return the places of a longest run of values, with gaps, that never falls (Schensted 1961)."""
    ends: list[int] = []  # the smallest value that a run of each length ends with
    at: list[int] = []  # and its place
    before: list[int] = []
    for i, value in enumerate(values):
        length = bisect_right(ends, value)
        before.append(at[length - 1] if length else -1)
        ends[length : length + 1] = [value]
        at[length : length + 1] = [i]
    kept = set()
    i = at[-1] if at else -1
    while i >= 0:
        kept.add(i)
        i = before[i]
    return kept


def _tau(values: list[int]) -> float | None:
    """Return Kendall's tau-b of values with their order, or None where there is nothing to order."""
    if len(set(values)) < 2:
        return None
    return float(kendalltau(range(len(values)), values).statistic)
