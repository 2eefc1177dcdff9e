"""Reuse: against a naive search of every pair of places, laws, and planted truth."""

import json
import random
import tomllib
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import kit
from kit import reuse
from kit.corpus import Corpus, Span
from kit.errors import ParameterError
from kit.finding import Finding
from kit.reuse import repeats, verbatim
from kit.reuse.proportions import sources

MakeCorpus = Callable[..., Corpus]
Analysis = Callable[..., Finding]
PARAGRAPH = st.lists(st.sampled_from("abc"), min_size=1, max_size=12).map(" ".join)
TEXTS = st.lists(
    st.lists(PARAGRAPH, min_size=1, max_size=3).map("\n\n".join), min_size=1, max_size=6
)
OATH = "we shall never again let hunger and war return to these valleys"  # 12 words


# ---- the law: what a naive search of all pairs of places finds


Place = tuple[int, int, int]  # document, paragraph (from 0), first word


def words_of(corpus: Corpus) -> list[list[list[str]]]:
    return [[p.split() for p in d.paragraphs] for d in corpus]


def longest_earlier(texts: Sequence[list[list[str]]], d: int, p: int, i: int) -> int:
    """Return how many words from a place on stand as a whole in one earlier text."""
    words, best = texts[d][p][i:], 0
    for earlier in texts[:d]:
        for paragraph in earlier:
            for j in range(len(paragraph)):
                size = 0
                while (
                    size < min(len(words), len(paragraph) - j)
                    and words[size] == paragraph[j + size]
                ):
                    size += 1
                best = max(best, size)
    return best


def naive(corpus: Corpus, shortest: int) -> dict[tuple[str, ...], set[Place]]:
    """Return the maximal passages that any text carries over, with all their places."""
    texts = words_of(corpus)
    found: set[tuple[str, ...]] = set()
    for d, document in enumerate(texts):
        for p, paragraph in enumerate(document):
            before = 0
            for i in range(len(paragraph)):
                size = longest_earlier(texts, d, p, i)
                if size >= shortest and not before > size:
                    found.add(tuple(paragraph[i : i + size]))
                before = size
    places = defaultdict(set)
    for d, document in enumerate(texts):
        for p, paragraph in enumerate(document):
            for run in found:
                for i in range(len(paragraph) - len(run) + 1):
                    if tuple(paragraph[i : i + len(run)]) == run:
                        places[run].add((d, p, i))
    return places


def place(corpus: Corpus, span: Span) -> Place:
    before = corpus[span.document].text(span.paragraph)[: span.start]
    return (int(span.document), span.paragraph - 1, len(before.split()))


@given(TEXTS, st.integers(3, 5))
def test_all_pairs_of_places_give_the_same_passages(
    make_corpus: MakeCorpus, texts: list[str], shortest: int
) -> None:
    corpus = make_corpus(*texts)
    found = reuse.passages(corpus, shortest=shortest, nested=True)
    expected = naive(corpus, shortest)
    assert {tuple(row["passage"].split()) for row in found.rows} == set(expected)
    for row, spans in zip(found.rows, found.evidence, strict=True):
        run = tuple(row["passage"].split())
        assert {place(corpus, span) for span in spans} == expected[run]
        assert (row["words"], row["occurrences"]) == (len(run), len(expected[run]))
        assert row["texts"] == len({d for d, _, _ in expected[run]}) > 1
        first = min(expected[run])
        assert place(corpus, spans[0]) == first
        assert row["first_date"] == f"2025-01-{1 + first[0]:02d}"


@given(TEXTS)
def test_shares_are_those_of_a_naive_search(make_corpus: MakeCorpus, texts: list[str]) -> None:
    corpus = make_corpus(*texts)
    documents = words_of(corpus)
    rows = reuse.shares(corpus, shortest=3).rows[::-1]
    for d, row in enumerate(rows):
        judged = [p for p in documents[d] if len(p) >= 3]
        assert row["words"] == sum(map(len, judged))
        if d == 0 or not judged:
            assert row["carried"] is None
            continue
        assert row["carried"] * row["words"] == pytest.approx(taken(documents[:d], judged))
        most = [taken([other], judged) for other in documents[:d]]
        if max(most) == 0:
            assert row["most_from"] is None
        else:
            latest = max(i for i, n in enumerate(most) if n == max(most))
            assert row["most_from_date"] == f"2025-01-{1 + latest:02d}"
            assert row["most_from"] * row["words"] == pytest.approx(max(most))
        assert row["own"] == row["carried"]  # nothing tells sources apart
        assert row["other"] == 0
        if d < 3:
            assert row["boilerplate"] is None
        else:
            holders = [
                {tuple(p[i : i + 3]) for p in other for i in range(len(p) - 2)}
                for other in documents[:d]
            ]
            standing = inside(judged, lambda run: sum(run in h for h in holders) >= 3)  # noqa: B023
            assert row["boilerplate"] * row["words"] == pytest.approx(standing)


def taken(others: Sequence[list[list[str]]], paragraphs: list[list[str]]) -> int:
    runs = {tuple(p[i : i + 3]) for other in others for p in other for i in range(len(p) - 2)}
    return inside(paragraphs, runs.__contains__)


def inside(paragraphs: list[list[str]], chosen: Callable[[tuple[str, ...]], bool]) -> int:
    """Return how many words lie in runs of three that are chosen."""
    total = 0
    for words in paragraphs:
        covered = set()
        for i in range(len(words) - 2):
            if chosen(tuple(words[i : i + 3])):
                covered |= {i, i + 1, i + 2}
        total += len(covered)
    return total


@given(TEXTS, st.integers(3, 4))
def test_the_latest_text_is_covered_by_few_passages(
    make_corpus: MakeCorpus, texts: list[str], shortest: int
) -> None:
    corpus = make_corpus(*texts)
    found = reuse.latest(corpus, shortest=shortest)
    latest = corpus.documents[-1]
    own = [spans[0] for spans in found.evidence]
    assert own == sorted(own)
    covered = {
        (s.paragraph, i) for s in own for i in range(s.start, s.end) if latest.text(s.paragraph)[i] != " "
    }  # fmt: skip
    row = reuse.shares(corpus, shortest=shortest).rows[0]
    assert len(covered) == pytest.approx((row["carried"] or 0) * row["words"])
    for row, (here, first, last) in zip(found.rows, found.evidence, strict=True):
        assert corpus.text(here) == corpus.text(first) == corpus.text(last) == row["passage"]
        assert first.document <= last.document < latest.id
        assert row["first_date"] == f"2025-01-{1 + int(first.document):02d}"
        assert row["last_date"] == f"2025-01-{1 + int(last.document):02d}"
    for a, b, c in zip(own, own[1:], own[2:], strict=False):  # none that the others make needless
        assert (a.paragraph, a.end + 1) < (c.paragraph, c.start) or b.paragraph != a.paragraph


# ---- laws


@given(TEXTS, st.randoms(use_true_random=False))
def test_the_order_of_files_of_one_day_is_nothing(
    make_corpus: MakeCorpus, texts: list[str], rng: random.Random
) -> None:
    corpus = make_corpus(*texts, dates=["2025-01-01"] * len(texts))
    shuffled = list(corpus.documents)
    rng.shuffle(shuffled)
    other = Corpus(tuple(shuffled))
    for analysis in (reuse.passages, reuse.shares, reuse.latest):
        found = analysis(corpus, shortest=3)
        assert found.table.equals(analysis(other, shortest=3).table)
        assert len(texts) < 2 or "one day" in found.caveats[0]


@given(TEXTS)
def test_the_past_does_not_depend_on_the_future(make_corpus: MakeCorpus, texts: list[str]) -> None:
    corpus = make_corpus(*texts)
    whole = reuse.shares(corpus, shortest=3).rows[::-1]
    for n in range(len(texts)):
        part = reuse.shares(Corpus(corpus.documents[:n]), shortest=3)
        assert part.rows[::-1] == whole[:n]


@given(TEXTS, st.data())
def test_splitting_a_paragraph_only_takes_away(
    make_corpus: MakeCorpus, texts: list[str], data: st.DataObject
) -> None:
    paragraphs = texts[-1].split("\n\n")
    words = paragraphs[-1].split()
    at = data.draw(st.integers(0, len(words)))
    split = "\n\n".join([*paragraphs[:-1], " ".join(words[:at]), " ".join(words[at:])])
    whole, parts = (carried_words(make_corpus(*texts[:-1], text)) for text in (texts[-1], split))
    assert parts <= whole


def carried_words(corpus: Corpus) -> float:
    row = reuse.shares(corpus, shortest=3).rows[0]
    return round((row["carried"] or 0) * row["words"])


@given(TEXTS)
def test_who_copies_a_whole_text_carries_all_of_it(
    make_corpus: MakeCorpus, texts: list[str]
) -> None:
    corpus = make_corpus(*texts, texts[0])
    row = reuse.shares(corpus, shortest=3).rows[0]
    assert row["carried"] == (1 if row["words"] else None)
    assert row["most_from"] == (1 if row["words"] else None)


@given(TEXTS)
def test_every_row_is_plain_data_and_its_words_are_equal(
    make_corpus: MakeCorpus, texts: list[str]
) -> None:
    corpus = make_corpus(*texts)
    for analysis in (reuse.passages, reuse.latest, reuse.shares, reuse.novelty):
        found = analysis(corpus)
        assert json.dumps(found.to_json(), allow_nan=False)
    for spans in reuse.passages(corpus, shortest=3, nested=True).evidence:
        assert len({corpus.text(span) for span in spans}) == 1


@given(st.integers(1, 40), st.integers(1, 40))
def test_long_repeats_are_told_to_their_end(make_corpus: MakeCorpus, more: int, less: int) -> None:
    """Repeats of one word are the hardest to sort: every suffix begins like every other."""
    corpus = make_corpus("x " * more, "x " * less)
    (row,) = reuse.passages(corpus, shortest=3).rows or [None]
    size = min(more, less)
    assert (row and row["words"]) == (size if size >= 3 else None)
    assert row is None or row["occurrences"] == (more - size + 1) + (less - size + 1)


# ---- passages


def test_a_passage_is_as_long_as_it_is_equal(make_corpus: MakeCorpus) -> None:
    corpus = make_corpus(
        f"Yesterday the minister said that {OATH}.",
        f"He repeated: “{OATH.capitalize()}” is our oath.",
        f"{OATH.upper()}! Nothing else.",
        titles=["Address", "Answer", "Echo"],
    )
    (row,) = reuse.passages(corpus).rows
    assert row == {
        "passage": OATH,
        "words": 12,
        "first_date": "2025-01-01",
        "first_title": "Address",
        "texts": 3,
        "occurrences": 3,
    }
    evidence = reuse.passages(corpus).evidence[0]
    assert [s.document for s in evidence] == ["000", "001", "002"]
    assert [corpus.text(s).casefold() for s in evidence] == [OATH] * 3


def test_titles_and_what_one_text_repeats_are_not_carried_over(make_corpus: MakeCorpus) -> None:
    corpus = make_corpus(f"{OATH}. And again: {OATH}.", "Something else.", titles=["Address", OATH])
    assert len(reuse.passages(corpus)) == 0
    assert reuse.shares(corpus).rows[0]["carried"] is None  # no paragraph of eight words


def test_a_passage_does_not_cross_paragraphs(make_corpus: MakeCorpus) -> None:
    head, tail = OATH[:30].rsplit(" ", 1)[0], OATH[len(OATH[:30].rsplit(" ", 1)[0]) + 1 :]
    corpus = make_corpus(f"{head}\n\n{tail}", f"{head}\n\n{tail}", OATH)
    assert len(reuse.passages(corpus)) == 0


def test_what_stands_inside_longer_passages_is_not_listed_again(make_corpus: MakeCorpus) -> None:
    long = f"{OATH} and this holds for all of us in every village"
    corpus = make_corpus(long, long, long, f"briefly put {OATH} indeed", long)
    assert [r["passage"] for r in reuse.passages(corpus).rows] == [long]
    both = reuse.passages(corpus, nested=True)
    assert [(r["passage"], r["texts"]) for r in both.rows] == [(long, 4), (OATH, 5)]
    free = make_corpus(long, long, *(f"{n} {OATH} {n}" for n in ("one", "two", "three")))
    assert [r["passage"] for r in reuse.passages(free).rows] == [OATH, long]


def test_top_cuts_and_keeps_the_total(make_corpus: MakeCorpus) -> None:
    other = "the two ministers will meet every year in one of the capitals"
    corpus = make_corpus(f"{OATH}\n\n{other}", f"{OATH}\n\n{other}")
    found = reuse.passages(corpus, top=1)
    assert (len(found), found.total) == (1, 2)


def test_a_long_passage_is_shown_without_its_middle(make_corpus: MakeCorpus) -> None:
    text = " ".join(f"w{i}" for i in range(100))
    (row,) = reuse.passages(make_corpus(text, text)).rows
    assert row["words"] == 100
    head, tail = row["passage"].split(" … ")
    assert (head.split()[0], head.split()[-1]) == ("w0", "w44")
    assert (tail.split()[0], tail.split()[-1]) == ("w88", "w99")


def test_many_places_are_looked_at_piece_by_piece(
    make_corpus: MakeCorpus, monkeypatch: pytest.MonkeyPatch
) -> None:
    texts = [f"{OATH} {i}\n\nsame {OATH} {i % 3}" for i in range(9)]
    whole = [a(make_corpus(*texts)).table for a in (reuse.passages, reuse.shares)]
    for module in ("kit.reuse.repeats.AT_ONCE", "kit.reuse.proportions.AT_ONCE"):
        monkeypatch.setattr(module, 7)
    for table, analysis in zip(whole, (reuse.passages, reuse.shares), strict=True):
        assert table.equals(analysis(make_corpus(*texts)).table)


def test_a_length_that_finds_everything_is_refused(make_corpus: MakeCorpus) -> None:
    for analysis in (reuse.passages, reuse.latest, reuse.shares):
        with pytest.raises(ParameterError, match="3 or more"):
            analysis(make_corpus("a"), shortest=2)


@given(st.lists(st.tuples(st.integers(0, 60), st.integers(1, 12)), max_size=12))
def test_the_fewest_that_cover_all(pieces: list[tuple[int, int]]) -> None:
    ends = sorted({a: a + n for a, n in sorted(pieces)}.items())
    kept = [(a, b) for i, (a, b) in enumerate(ends) if all(b > past for _, past in ends[:i])]
    start = np.array([a for a, _ in kept], dtype=np.int32)
    length = np.array([b - a for a, b in kept], dtype=np.int32)
    chosen = verbatim.cover(start, length)
    words = [set(range(a, b)) for a, b in kept]
    whole = set().union(*words) if words else set()
    assert set().union(*(words[i] for i in chosen)) == whole if chosen else not whole
    for i in chosen:
        assert set().union(*(words[j] for j in chosen if j != i)) != whole


# ---- shares


def test_own_and_other_sources(make_corpus: MakeCorpus) -> None:
    second = "the two ministers will meet every year in one of the capitals"
    corpus = make_corpus(OATH, second, f"{OATH}\n\n{second}", f"{second}\n\nNew.")
    publishers = ["Aria", "Boria", "Aria", "Aria"]
    named = Corpus(tuple(replace(d, publisher=p) for d, p in zip(corpus, publishers, strict=True)))
    last, third, *_ = reuse.shares(named).rows
    assert third["words"] == 24
    assert (third["carried"], third["own"], third["other"]) == (1, 0.5, 0.5)
    assert (third["source"], third["most_from_date"]) == ("Aria", "2025-01-02")
    assert (last["own"], last["other"]) == (1, 0)
    assert "publisher" in reuse.shares(named).method


@pytest.mark.parametrize(
    ("ids", "files", "expected"),
    [
        (["CHN_01", "CHN_02", "FRA_01", "FRA_02"], "x.csv", ["CHN", "CHN", "FRA", "FRA"]),
        (["CHN_01", "CHN_02", "FRA_01", "FRA_02"], "{id}/x.txt", ["CHN_01", "CHN_02", "FRA_01", "FRA_02"]),
        (["page-1", "page-2", "page-3", "page-4"], "x.csv", [""] * 4),
        (["CHN_01", "CHN_02", "FRA_01", "note"], "x.csv", [""] * 4),
    ],
)  # fmt: skip
def test_sources_without_publishers(
    make_corpus: MakeCorpus, ids: list[str], files: str, expected: list[str]
) -> None:
    documents = make_corpus("a", "b", "c", "d").documents
    named = [
        replace(d, id=i, source=files.format(id=i)) for d, i in zip(documents, ids, strict=True)
    ]
    assert sources(tuple(named))[0] == expected


def test_boilerplate_is_what_several_earlier_texts_have(make_corpus: MakeCorpus) -> None:
    texts = [f"{OATH}\n\nnews number {i} of a day that was like no other day {i}" for i in "abcde"]
    rows = reuse.shares(make_corpus(*texts)).rows[::-1]
    assert [r["boilerplate"] for r in rows[:3]] == [None] * 3
    for row in rows[3:]:
        assert row["boilerplate"] * row["words"] == pytest.approx(12 + 9)
    assert rows[1]["carried"] > 0


# ---- what is new


def test_what_is_said_first_stands_first(make_corpus: MakeCorpus) -> None:
    past = "We support peace and trade. Our countries enjoy friendly relations. " * 3
    corpus = make_corpus(
        past,
        past,
        "Our countries enjoy friendly relations. Zeppelins patrol the frozen harbour tonight. "
        "We support friendly trade.",
    )
    found = reuse.novelty(corpus)
    sentences = [row["sentence"] for row in found.rows]
    assert sentences[0] == "Zeppelins patrol the frozen harbour tonight."
    assert sentences[-1] == "Our countries enjoy friendly relations."
    first, middle, last = found.rows
    assert first["share_new"] == 1
    assert first["new_words"] == "Zeppelins, patrol, frozen, harbour, tonight"
    assert (last["novelty"], last["share_new"], last["new_words"]) == (0, 0, "")
    # support friendly, friendly trade; support friendly trade: new; the three words are not
    assert middle["share_new"] == pytest.approx((0 + 1 + 1) / 3)
    assert found.lines(0) == [sentences[0]]


def test_few_new_words_of_a_short_sentence_say_less(make_corpus: MakeCorpus) -> None:
    corpus = make_corpus(
        "Peace. " * 30,
        "Zebras graze. Elephants trample meadows, harvests, orchards, gardens and vineyards nightly.",
    )
    long, short = reuse.novelty(corpus).rows
    assert long["share_new"] == short["share_new"] == 1
    assert long["novelty"] > short["novelty"] > 0
    assert len(reuse.novelty(corpus, least=long["novelty"])) == 1
    assert long["words"] == 8


def test_novelty_is_set_beside_that_of_earlier_texts(make_corpus: MakeCorpus) -> None:
    corpus = make_corpus("peace talks", "peace talks", "trade talks", "war games")
    method = reuse.novelty(corpus).method
    assert "In the whole text 100% of the runs are new; in the 2 texts before it" in method
    # the second text has nothing new; of the third one word of two and its one pair
    assert "0% to 75%, the median 38%" in method


def test_novelty_of_another_language_is_not_told_from_this_one(make_corpus: MakeCorpus) -> None:
    corpus = make_corpus("Мир и торговля важны.", "Peace matters.")
    found = reuse.novelty(corpus)
    assert not found.applies
    assert "no earlier text in its language" in found.caveats[-1]


def test_a_short_past_is_said(make_corpus: MakeCorpus) -> None:
    found = reuse.novelty(make_corpus("Peace matters.", "War matters."))
    assert "less than 10 times" in found.caveats[-1]


# ---- corpora of which little can be said


ALL = (reuse.passages, reuse.latest, reuse.shares, reuse.novelty)


@pytest.mark.parametrize("analysis", ALL)
def test_nothing_one_text_and_undated_ones(make_corpus: MakeCorpus, analysis: Analysis) -> None:
    text = f"{OATH}."
    none = analysis(Corpus(()))
    assert (len(none), none.applies) == (0, False)
    assert none.caveats == ("0 dated texts: there is no earlier one to take from.",)
    one = analysis(make_corpus(text))
    assert not one.applies
    assert one.caveats == ("1 dated text: there is no earlier one to take from.",)
    undated = analysis(make_corpus(text, text, dates=[None, None]))
    assert not undated.applies
    assert "2 undated texts are left out" in undated.caveats[0]
    some = analysis(make_corpus(text, text, text, dates=["2025-01-01", None, "2025-01-02"]))
    assert some.applies
    assert "1 undated text is left out" in some.caveats[0]
    assert all(span.document != "001" for spans in some.evidence for span in spans)
    for found in (none, one, undated):
        assert found.table.columns.equals(some.table.columns)
        assert json.dumps(found.to_json(), allow_nan=False)


def test_all_the_same_text(make_corpus: MakeCorpus) -> None:
    corpus = make_corpus(*[f"{OATH}."] * 5)
    (row,) = reuse.passages(corpus).rows
    assert (row["texts"], row["occurrences"]) == (5, 5)
    assert [r["carried"] for r in reuse.shares(corpus).rows] == [1, 1, 1, 1, None]
    assert [r["most_from_date"] for r in reuse.shares(corpus).rows[:1]] == ["2025-01-04"]
    assert [r["novelty"] for r in reuse.novelty(corpus).rows] == [0]


@pytest.mark.parametrize("text", ["", "One.", "...\n\n!!!"])
def test_texts_of_no_or_few_words(make_corpus: MakeCorpus, text: str) -> None:
    for analysis in ALL:
        found = analysis(make_corpus(text, text, text))
        assert json.dumps(found.to_json(), allow_nan=False)


def test_the_corpus_stays_as_it_was(make_corpus: MakeCorpus) -> None:
    corpus = make_corpus(f"{OATH}.", f"{OATH}.")
    before = corpus.fingerprint
    for analysis in ALL:
        first = analysis(corpus).table
        assert first.equals(analysis(corpus).table)
    assert corpus.fingerprint == before


def test_neighbours_agree_as_far_as_is_said(make_corpus: MakeCorpus) -> None:
    rng = random.Random(5)
    corpus = make_corpus(*(" ".join(rng.choices("ab", k=40)) for _ in range(6)))
    r = repeats.of(corpus, 3)
    words = [p for d in words_of(corpus) for p in d]
    flat = [w for p in words for w in p]
    suffix = [tuple(flat[i : int(r.past[i])]) for i in range(len(flat))]
    ordered = [suffix[i] for i in r.order.tolist()]
    for a, b, common in zip(ordered, ordered[1:], r.common[1:].tolist(), strict=False):
        same = next(
            (i for i, (x, y) in enumerate(zip(a, b, strict=False)) if x != y), min(len(a), len(b))
        )
        assert common == (same if same >= 3 else 0)


# ---- planted truth and real texts


def test_what_two_ministries_take_from_one_another() -> None:
    home = Path(__file__).parent / "data" / "ministries"
    corpus = kit.read(home / "texts")
    truth = tomllib.loads((home / "truth.toml").read_text("utf-8"))
    shares = {row["date"]: row for row in reuse.shares(corpus).rows}
    borrowed, standing, copy = truth["borrowed"], truth["boilerplate"], truth["near_copy"]
    date = {d.id: d.date.isoformat() for d in corpus if d.date}
    other = {day for day, row in shares.items() if row["other"]}
    assert other == {date[borrowed["new"]]}
    boilerplate = {row["source"] for row in shares.values() if row["boilerplate"]}
    assert boilerplate == {standing["publisher"]}
    row = shares[date[copy["new"]]]
    assert row["carried"] > 0.75
    assert row["most_from_date"] == date[copy["old"]]
    found = {row["passage"].casefold(): row for row in reuse.passages(corpus).rows}
    assert found[borrowed["passage"]]["first_date"] == date[borrowed["old"]]
    assert found[standing["passage"].casefold()]["texts"] == 14
    texts = {
        span.document for spans in reuse.passages(corpus).evidence for span in spans[:1]
    }  # where each was said first
    reordered = truth["reordered"]["old"]
    assert texts == {borrowed["old"], copy["old"], reordered, "tarvik-2023-01-22"}


def test_statements_of_the_fed(shared: Path) -> None:
    corpus = kit.read(shared / "corpora" / "fomc-statements")
    rows = {row["date"]: row for row in reuse.shares(corpus).rows}
    assert rows["2024-03-20"]["carried"] > 0.95  # one sentence was changed
    assert rows["2024-03-20"]["most_from_date"] == "2024-01-31"
    assert rows["2025-08-22"]["carried"] < 0.5  # a page of another kind
    top = reuse.novelty(corpus, top=3).rows
    assert top[0]["sentence"].startswith("Job gains have slowed this year")
    first = {r["passage"]: r["first_date"] for r in reuse.passages(corpus).rows}
    mandate = (
        "Consistent with its statutory mandate, the Committee seeks to foster maximum employment"
    )
    assert first[f"{mandate} and price stability"] == "2011-01-26"
