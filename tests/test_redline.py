"""Redline: what an editor would mark, by hand; pieces that make up both texts; real statements."""

import json
import tomllib
from collections.abc import Callable, Iterable, Sequence
from functools import cache
from itertools import groupby
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import kit
from kit import markup, redline, tokens
from kit.corpus import Corpus, Document, Span
from kit.errors import ParameterError
from kit.finding import Finding
from kit.lexicon import function_words
from kit.redline import comparable, diff
from kit.redline.match import match
from kit.redline.pieces import Piece, pieces
from kit.redline.words import CONTENT, FUNCTION, MARK, Word, sentences

MakeCorpus = Callable[..., Corpus]
MINISTRIES = Path(__file__).parent / "data" / "ministries"


def marked(make_corpus: MakeCorpus, old: str, new: str, **options: object) -> str:
    """Return the redline of two texts as a terminal shows it, without titles and places."""
    data = redline.compare(make_corpus(old, new, **options), "000", "001").to_json()
    return " ¶ ".join(line.split("  ", 1)[1] for line in markup.to_text(data).split("\n\n"))


# Words


def words(make_corpus: MakeCorpus, text: str, **options: object) -> list[Word]:
    (document,) = make_corpus(text, **options)
    return [word for sentence in sentences(document) for word in sentence.words]


def test_numbers_and_compounds_are_whole(make_corpus: MakeCorpus) -> None:
    text = (
        "At 1-3/4 to 2 percent, $20.5 billion, 2.5% of G20's mortgage\u2011backed 75th U.S. debt."
    )
    keys = [word.key for word in words(make_corpus, text, language="en")]
    assert (
        keys
        == (
            "At 1-3/4 to 2 percent , $20.5 billion , 2.5% of G20's mortgage-backed 75th U.S. debt ."
        ).split()
    )


def test_what_words_weigh(make_corpus: MakeCorpus) -> None:
    found = {w.key: w.weight for w in words(make_corpus, "The 2 risks, of inflation.")}
    assert found == {
        "The": FUNCTION, "2": FUNCTION, "risks": CONTENT, ",": MARK, "of": FUNCTION,
        "inflation": CONTENT, ".": MARK,
    }  # fmt: skip
    russian = words(make_corpus, "Россия и Китай.", language="ru")
    assert [w.weight for w in russian] == [CONTENT, FUNCTION, CONTENT, MARK]


ANY = st.text(st.sampled_from("ab1 .,-/$%(“中国。’\t\u00a0\u2011"), max_size=40)


@given(ANY)
def test_all_characters_of_a_text_stand_in_its_words(make_corpus: MakeCorpus, text: str) -> None:
    (document,) = make_corpus("x", language="en", titles=[text])
    found = [w for s in sentences(document) if s.paragraph == 0 for w in s.words]
    assert "".join(text[w.start : w.past] for w in found) == (text if text.strip() else "")
    assert all(w.key and w.start < w.end <= w.past for w in found)


def test_words_are_counted_as_everywhere(seed: Corpus) -> None:
    (document,) = seed
    counted = sum(s.size for s in sentences(document) if s.paragraph)
    assert counted == tokens.of(seed).body_words == 845


# Word by word


EDITS = [
    # a lone short word between two changes goes with them
    ("Growth of the economy was slow.", "Decline in the sector was slow.",
     "[-Growth of the economy-] {+Decline in the sector+} was slow."),
    ("It will act to keep peace.", "It may move to keep peace.",
     "It [-will act-] {+may move+} to keep peace."),
    # two words of content are left standing
    ("They condemn attacks on aid convoys there.", "They deplore attacks on aid workers there.",
     "They [-condemn-] {+deplore+} attacks on aid [-convoys-] {+workers+} there."),
    # a range of numbers is one change
    ("The range is 0 to 1/4 percent now.", "The range is 1/4 to 1/2 percent now.",
     "The range is [-0 to 1/4-] {+1/4 to 1/2+} percent now."),
    ("Buy $10 billion a month.", "Buy $20 billion a month.",
     "Buy [-$10-] {+$20+} billion a month."),
    # a mark never changes alone
    ("Peace, and trade grow.", "Peace and trade grow.", "[-Peace,-] {+Peace+} and trade grow."),
    ("Peace and trade grow.", "Peace and trade grow!", "Peace and trade [-grow.-]{+grow!+}"),
    # but a clause takes its own
    ("Peace grows.", "Peace grows, and trade too.", "Peace grows{+, and trade too+}."),
    ("Present: Ann Lee; Bo Chan; Cy Roe.", "Present: Ann Lee; Di Fox; Bo Chan; Cy Roe.",
     "Present: Ann Lee; {+Di Fox;+} Bo Chan; Cy Roe."),
    ("The report of the Committee stands.", "The report of the Board and the Committee stands.",
     "The report of {+the Board and+} the Committee stands."),
    # hyphens and quotation marks of another form, and blanks, are the same; capitals are not
    ("The so-called “deal” is China's.", "The so\u2011called \"deal\"  is China\u2019s.",
     "The so\u2011called \"deal\"  is China\u2019s."),
    ("Trade grows at last.", "Today trade grows at last.", "[-Trade-] {+Today trade+} grows at last."),
]  # fmt: skip


@pytest.mark.parametrize(("old", "new", "said"), EDITS)
def test_an_edit_reads_as_an_editor_marks_it(
    make_corpus: MakeCorpus, old: str, new: str, said: str
) -> None:
    assert marked(make_corpus, old, new, language="en") == said


SMALL = st.lists(st.sampled_from([("a", 1.0), ("b", 1.0), ("of", 0.3), (",", 0.1)]), max_size=9)


def as_words(pairs: Iterable[tuple[str, float]]) -> list[Word]:
    return [Word(key, key, 0, 1, 1, weight, 1) for key, weight in pairs]


def score(old: Sequence[Word], new: Sequence[Word], runs: Sequence[diff.Run]) -> float:
    """Return what the words kept weigh, less the price of each change."""
    total, i, j = 0.0, 0, 0
    for a, b, size in (*runs, (len(old), len(new), 0)):
        total -= diff.CHANGE * ((a, b) != (i, j))
        total += sum(w.weight for w in old[a : a + size])
        assert [w.key for w in old[a : a + size]] == [w.key for w in new[b : b + size]]
        i, j = a + size, b + size
    return total


def best(old: Sequence[Word], new: Sequence[Word]) -> float:
    """Return the best score of all ways to turn one passage into the other, by trying them."""

    @cache
    def of(i: int, j: int, changing: bool) -> float:
        if (i, j) == (len(old), len(new)):
            return 0.0
        price = 0.0 if changing else diff.CHANGE
        ways = []
        if i < len(old) and j < len(new) and old[i].key == new[j].key:
            ways.append(old[i].weight + of(i + 1, j + 1, False))
        if i < len(old):
            ways.append(of(i + 1, j, True) - price)
        if j < len(new):
            ways.append(of(i, j + 1, True) - price)
        return max(ways)

    return of(0, 0, False)


@given(SMALL, SMALL)
def test_no_other_way_to_cut_keeps_more(
    old: list[tuple[str, float]], new: list[tuple[str, float]]
) -> None:
    a, b = as_words(old), as_words(new)
    assert score(a, b, diff.kept(a, b)) == pytest.approx(best(a, b))


def test_a_very_long_passage_is_laid_side_by_side_by_its_long_runs() -> None:
    old = as_words((f"w{i}", 1.0) for i in range(4000))
    new = [*as_words([("x", 1.0)]), *old[:2000], *as_words([("y", 1.0)]), *old[2001:3999]]
    runs = diff.kept(old, new)
    assert runs == [(0, 1, 2000), (2001, 2002, 1998)]


# Sentence by sentence

A = "The ministers welcomed the progress of talks on fishing rights."
B = "They agreed to open three border crossings before the winter."
C = "A joint commission on floods and dams will meet in Kelmar."


def matches(make_corpus: MakeCorpus, old: str, new: str) -> list[tuple[object, ...]]:
    first, second = make_corpus(old, new)
    return [(m.old, m.new, m.moved) for m in match(sentences(first), sentences(second))]


def test_a_moved_sentence_is_found_and_so_are_its_changes(make_corpus: MakeCorpus) -> None:
    changed = "They agreed to open five border crossings before the winter."
    assert matches(make_corpus, f"{B} {A} {C}", f"{A} {C} {changed}") == [
        ((1,), (0,), False),
        ((2,), (1,), False),
        ((0,), (2,), True),
    ]
    assert marked(make_corpus, f"{B} {A} {C}", f"{A} {C}\n\n{changed}") == (
        f"[moved to ¶2: “{B[:-8]}…”] {A} {C} ¶ [moved from ¶1] {{>They agreed to open<}} [-three-] "
        "{+five+} {>border crossings before the winter.<}"
    )


def test_the_same_words_in_another_order_are_no_move(make_corpus: MakeCorpus) -> None:
    turned = "winter the before crossings border three open to agreed They."
    assert [m for m in matches(make_corpus, f"{B} {A} {C}", f"{A} {C} {turned}") if m[2]] == []


def test_a_sentence_that_was_split_and_two_that_were_joined(make_corpus: MakeCorpus) -> None:
    whole = "They agreed to open three border crossings and to settle all claims by arbitration."
    first, second = (
        "They agreed to open three border crossings.",
        "They also agreed to settle all claims by arbitration.",
    )
    assert matches(make_corpus, whole, f"{first} {second}") == [((0,), (0, 1), False)]
    assert matches(make_corpus, f"{first} {second}", whole) == [((0, 1), (0,), False)]
    assert marked(make_corpus, whole, f"{first} {second}") == (
        "They agreed to open three border crossings [-and-] {+. They also agreed+} to settle all claims by "
        "arbitration."
    )


def test_what_only_shares_short_words_is_struck_and_inserted_whole(make_corpus: MakeCorpus) -> None:
    assert marked(make_corpus, f"{A} {B}", f"{A} {C}") == f"{A} [-{B}-]{{+{C}+}}"


def test_a_sentence_that_is_said_twice_keeps_its_order(make_corpus: MakeCorpus) -> None:
    said = [(m[0], m[1]) for m in matches(make_corpus, f"{A} {B} {A}", f"{A} {C} {A}")]
    assert said == [((0,), (0,)), ((2,), (2,))]


# Pieces

SENTENCES = st.lists(
    st.lists(st.sampled_from("peace trade talks the of river border 12 two".split()), min_size=1, max_size=9)
    .map(lambda ws: " ".join(ws).capitalize() + "."),
    min_size=1, max_size=5,
)  # fmt: skip
TEXT = st.lists(SENTENCES.map(" ".join), min_size=1, max_size=4).map("\n\n".join)


@st.composite
def edited(draw: st.DrawFn) -> tuple[str, str]:
    """Return a text and what an editor may have made of it."""
    paragraphs = [p.split(". ") for p in draw(TEXT).split("\n\n")]
    if draw(st.booleans()):
        return "\n\n".join(". ".join(p) for p in paragraphs), draw(TEXT)
    flat = [s.rstrip(".") + "." for p in paragraphs for s in p]
    shuffled = draw(st.permutations(flat)) if draw(st.booleans()) else flat
    new = [
        s.replace("trade", draw(st.sampled_from(["trade", "peace", "aid and trade"])))
        for s in shuffled
    ]
    breaks = [draw(st.sampled_from([" ", " ", "\n\n"])) for _ in new]
    made = "".join(s + b for s, b in zip(new, breaks, strict=True)).strip()
    return "\n\n".join(". ".join(p) for p in paragraphs), made


@given(edited())
def test_the_pieces_make_up_both_texts(make_corpus: MakeCorpus, texts: tuple[str, str]) -> None:
    corpus = make_corpus(*texts, titles=["Talks on trade", "Talks on peace"], language="en")
    old, new = corpus
    found = pieces(old, new)
    assert_whole(corpus, old, [p.old for p in found if p.old and of_old(p)])
    assert_whole(corpus, new, [p.new for p in found if p.new])
    for p in found:
        if p.change in ("same", "moved"):
            assert p.old
            assert p.new
            assert corpus.text(p.old) == corpus.text(p.new)
    numbers = [number for number, _ in groupby(p.passage for p in found)]
    assert numbers == list(range(1, len(numbers) + 1))
    assert sum(p.words for p in found if p.new) == sum(s.size for s in sentences(new))
    assert {p.move for p in found if p.change == "moved"} == {
        p.move for p in found if p.change == "moved away"
    }


def of_old(piece: Piece) -> bool:
    """Whether a piece is one of those that make up the old text."""
    return piece.change in ("same", "moved away") or (piece.change == "struck" and not piece.move)


def assert_whole(corpus: Corpus, document: Document, spans: list[Span]) -> None:
    for number, text in document.passages():
        own = [s for s in spans if s.paragraph == number]
        assert "".join(corpus.text(s) for s in own) == text
        assert [s.start for s in own[1:]] == [s.end for s in own[:-1]]


@given(TEXT)
def test_a_copy_is_carried_over_whole(make_corpus: MakeCorpus, text: str) -> None:
    table = redline.compare(make_corpus(text, text, language="en"), "000", "001").table
    assert set(table["change"]) == {"same"}
    (row,) = redline.series(make_corpus(text, text, language="en")).table.head(1).itertuples()
    assert (row.verbatim, row.struck, row.inserted, row.moved) == (1, 0, 0, 0)


def test_the_table_carries_the_text_by_its_pieces(make_corpus: MakeCorpus) -> None:
    corpus = make_corpus("Peace came. Trade fell.", "Peace came late.\n\nTrade fell.")
    finding = redline.compare(corpus, "000", "001")
    assert [(r.passage, r.place, r.change, r.text) for r in finding.table.itertuples()] == [
        (1, "¶1", "same", "Peace came"),
        (1, "¶1", "inserted", " late"),
        (1, "¶1", "same", "."),
        (1, "¶1", "struck", " "),
        (2, "¶2 (was ¶1)", "same", "Trade fell."),
    ]
    assert finding.evidence[0] == (Span("001", 1, 0, 10), Span("000", 1, 0, 10))
    assert finding.evidence[3] == (Span("000", 1, 11, 12),)
    assert finding.lines(1) == ["Peace came late."]


def test_figures_by_hand(make_corpus: MakeCorpus) -> None:
    old = f"{A} {B}\n\n{C} Thanks."
    new = f"{C} Thanks.\n\n{A.replace('fishing', 'grazing')}"
    finding = redline.compare(make_corpus(old, new), "000", "001")
    # C: 11 words moved or kept; A: 8 words before *fishing*, one after it; B: 10 words struck
    assert finding.title == (
        "2025-01-02 against 2025-01-01: of 22 words 20 (91%) carried over verbatim, 1 inserted, 9 moved; "
        "11 struck"
    )
    (row,) = redline.series(make_corpus(old, new)).table.head(1).itertuples()
    assert (row.words, row.struck, row.inserted, row.moved) == (22, 11, 1, 9)
    assert row.verbatim == pytest.approx(20 / 22)


def test_nothing_is_changed_by_a_redline(seed: Corpus) -> None:
    before = seed.fingerprint
    (document,) = seed
    first = redline.compare(seed, document.id, document.id)
    assert seed.fingerprint == before
    assert set(first.table["change"]) == {"same"}
    assert first.only("text", "change").shape == "table"


# Which text is compared with which

FORM = "The Council met today and reviewed the situation on the border in all its aspects. "


def form(*more: str) -> str:
    return FORM + " ".join(
        f"It decided to {m} without delay and to report on it next month." for m in more
    )


def against(corpus: Corpus) -> dict[str, str | None]:
    table = redline.series(corpus).table
    rows = reversed(list(table.itertuples()))  # the earliest first
    return {r.date: None if r.against != r.against else r.against for r in rows}


def test_a_text_of_another_kind_breaks_no_series(make_corpus: MakeCorpus) -> None:
    other = "Recipe of the month: take two onions, a leek, some salt and plenty of good butter."
    corpus = make_corpus(form("wait", "watch"), form("wait", "act"), other, form("act", "wait"))
    days = [d.isoformat() for d in corpus.dates]
    assert against(corpus) == {days[0]: None, days[1]: days[0], days[2]: None, days[3]: days[1]}
    assert redline.latest(corpus).title.startswith(f"{days[3]} against {days[1]}:")
    assert redline.latest(corpus, against=days[0]).title.startswith(f"{days[3]} against {days[0]}:")
    assert redline.latest(corpus, text=days[1]).title.startswith(f"{days[1]} against {days[0]}:")
    assert redline.series(corpus).caveats == ("2 texts with no earlier one of its kind.",)


def test_publishers_and_languages_are_series_of_their_own(make_corpus: MakeCorpus) -> None:
    texts = make_corpus(*[form("wait")] * 4)
    several = Corpus(
        tuple(
            Document(
                **{
                    f: getattr(d, f)
                    for f in ("id", "title", "date", "paragraphs", "source", "sha256")
                },
                publisher="AB"[n % 2],
                language="en",
            )
            for n, d in enumerate(texts)
        )
    )
    days = [d.isoformat() for d in several.dates]
    assert list(against(several).values()) == [None, None, *days[:2]]


def test_the_share_is_of_the_runs_of_the_shorter_text(make_corpus: MakeCorpus) -> None:
    corpus = make_corpus("a b c d e f g", "x a b c d e", "a b c", titles=["a b c d e", "", ""])
    series = comparable.Series(corpus)
    one, two, three = corpus
    assert series.share(one, two) == series.share(two, one) == pytest.approx(2 / 3)
    assert series.share(one, three) == 0


DEGENERATE = [
    ((), (), "no text"),
    (("Peace.",), ("2025-01-01",), "no earlier text"),
    (("Peace.", "Peace."), ("2025-01-01", "2025-01-01"), "no earlier text"),
    (("Peace.", "War."), (None, None), "no dated text"),
]


@pytest.mark.parametrize(("texts", "dates", "why"), DEGENERATE)
def test_where_nothing_can_be_compared_it_says_so(
    make_corpus: MakeCorpus, texts: tuple[str, ...], dates: tuple[str | None, ...], why: str
) -> None:
    corpus = make_corpus(*texts, dates=dates)
    for finding in (redline.latest(corpus), redline.series(corpus)):
        assert not finding.applies
        json.dumps(finding._repr_mimebundle_())
    assert why in redline.latest(corpus).caveats[0]


def test_the_same_text_again_and_again(make_corpus: MakeCorpus) -> None:
    finding = redline.series(make_corpus(*["Peace."] * 3))
    assert finding.table["verbatim"].tolist()[:-1] == [1, 1]
    assert list(against(make_corpus(*["Peace."] * 3)).values())[1:] == ["2025-01-01", "2025-01-02"]


def test_a_text_is_named_by_id_or_by_the_only_one_of_its_day(make_corpus: MakeCorpus) -> None:
    days = ["2025-01-01", "2025-01-02", "2025-01-02"]
    corpus = make_corpus("Peace.", "War.", "Truce.", dates=days)
    assert redline.compare(corpus, "2025-01-01", "002").title.startswith(
        "2025-01-02 against 2025-01-01"
    )
    with pytest.raises(ParameterError, match="001, 002 are of that day"):
        redline.compare(corpus, "000", "2025-01-02")
    with pytest.raises(ParameterError, match="Did you mean 2025-01-0"):
        redline.latest(corpus, against="2025-01-09")


def test_two_languages_are_told(make_corpus: MakeCorpus) -> None:
    corpus = make_corpus("Peace and trade.", "Мир и торговля между странами.")
    caveats = redline.compare(corpus, "000", "001").caveats
    assert caveats[0] == "The texts are in two languages, en and ru."
    assert "hardly a sentence in common" in caveats[1]


# The texts that were written to be found out


@pytest.fixture(scope="module")
def ministries() -> tuple[Corpus, dict[str, dict[str, list[str]]]]:
    truth = tomllib.loads((MINISTRIES / "truth.toml").read_text("utf-8"))
    return kit.read(MINISTRIES / "texts"), truth


def test_the_near_copy_of_a_ministry(
    ministries: tuple[Corpus, dict[str, dict[str, list[str]]]],
) -> None:
    corpus, truth = ministries
    copy = truth["near_copy"]
    changed = redline.latest(corpus, text=str(copy["new"])).table
    for change in ("struck", "inserted"):
        assert changed["text"][changed["change"] == change].str.strip().tolist() == copy[change]


def test_the_reordered_text_of_a_ministry(
    ministries: tuple[Corpus, dict[str, dict[str, list[str]]]],
) -> None:
    corpus, truth = ministries
    text = truth["reordered"]
    finding = redline.latest(corpus, text=str(text["new"]))
    assert f"against {corpus[str(text['old'])].date}" in finding.title
    assert "(100%)" in finding.title
    table = finding.table[finding.table["text"].str.strip() != ""]
    assert set(table["change"]) == {"same", "moved", "moved away"}


# Statements of a central bank


@pytest.fixture(scope="module")
def statements(shared: Path) -> Corpus:
    return kit.read(shared / "corpora" / "fomc-statements")


ODD = {
    "2019-10-11": None,  # on the ample supply of reserves
    "2019-10-30": "2019-09-18",
    "2020-03-03": "2020-01-29",  # an emergency cut, in the form of a statement
    "2020-03-15": "2020-03-03",
    "2020-03-31": None,  # a repo facility
    "2020-04-29": "2020-03-15",
    "2020-08-27": None,  # longer-run goals
    "2020-09-16": "2020-07-29",
    "2025-08-22": "2020-08-27",  # longer-run goals again
    "2025-09-17": "2025-07-30",
}


def test_each_statement_is_compared_with_the_last_of_its_kind(statements: Corpus) -> None:
    found = against(statements)
    days = [day.isoformat() for day in statements.dates]
    usual = dict(zip(days[1:], days[:-1], strict=True))
    assert {day: found[day] for day in ODD} == ODD
    assert {day: found[day] for day in usual if day not in ODD} == {
        day: before for day, before in usual.items() if day not in ODD
    }


CHANGES = [
    ("2015-01-28", "struck", "considerable time"),
    ("2015-01-28", "inserted", "and international"),
    ("2015-01-28", "same", "it can be patient in beginning to normalize"),
    ("2019-01-30", "inserted", "will be patient as it determines"),
    ("2019-06-19", "struck", "will be patient as it determines"),
    ("2021-04-28", "inserted", "Inflation has risen, largely reflecting transitory factors."),
    ("2021-12-15", "struck", "expected to be transitory."),
    ("2021-12-15", "struck", "begin reducing"),
    ("2022-03-16", "inserted", "The invasion of Ukraine by Russia"),
    ("2022-03-16", "struck", "at 0 to 1/4"),
    ("2024-01-31", "moved", "Committee remains highly attentive to inflation risks."),
    (
        "2024-09-18",
        "inserted",
        "has gained greater confidence that inflation is moving sustainably",
    ),
]


@pytest.mark.parametrize(("day", "change", "words"), CHANGES)
def test_a_change_that_was_news(statements: Corpus, day: str, change: str, words: str) -> None:
    table = redline.latest(statements, text=day).table
    assert any(words in text for text in table["text"][table["change"] == change])


def test_no_redline_of_statements_is_confetti(statements: Corpus) -> None:
    for day, before in against(statements).items():
        if before is None:
            continue
        found = redline.compare(statements, before, day)
        assert_no_confetti(found)
        assert found.to_json() == redline.compare(statements, before, day).to_json()


def assert_no_confetti(finding: Finding) -> None:
    """Hold that no short word is left standing alone between two changes."""
    for _, run in groupby(finding.rows, key=lambda row: row["passage"]):
        rows = list(run)
        for before, row, after in zip(rows, rows[1:], rows[2:], strict=False):
            if {before["change"], after["change"]} <= {"struck", "inserted"}:
                assert row["text"].strip() not in function_words(), row["text"]


def test_a_statement_is_marked_as_it_was_reported(statements: Corpus) -> None:
    data = redline.latest(statements, text="2022-03-16").to_json()
    said = markup.to_text(data).split("\n\n")
    assert said[1] == (
        "¶1  Indicators of economic activity and employment have continued to strengthen. [-The sectors most "
        "adversely affected by the pandemic have improved in recent months but are being affected by the "
        "recent sharp rise in COVID-19 cases.-] Job gains have been [-solid-] {+strong+} in recent months, "
        "and the unemployment rate has declined substantially. [-Supply-] {+Inflation remains elevated, "
        "reflecting supply+} and demand imbalances related to the pandemic [-and the reopening of the "
        "economy have continued to contribute to elevated levels of inflation-]{+, higher energy "
        "prices, and broader price pressures+}. [-Overall financial conditions remain accommodative, in part "
        "reflecting policy measures to support the economy and the flow of credit to U.S. households and "
        "businesses.-]"
    )


# How it is written

SHARP = "Peace <b>now</b> & <script>alert(1)</script> here."


def test_in_a_notebook_text_stays_text(make_corpus: MakeCorpus) -> None:
    corpus = make_corpus(f"{A} {B}", f"{A} {SHARP}", titles=["", "<i>T</i>"])
    shown = redline.compare(corpus, "000", "001")._repr_mimebundle_()
    assert "<script>" not in shown["text/html"]
    assert "<b>" not in shown["text/html"]
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in shown["text/html"]
    assert "<del " in shown["text/html"]
    assert ">deleted: </span>" in shown["text/html"]
    assert f"[-{B}-]" in shown["text/plain"]


def test_a_terminal_gets_colours_and_nothing_that_moves_its_cursor(make_corpus: MakeCorpus) -> None:
    corpus = make_corpus(f"{A} It came late.", f"{A} It \x1b[2Jcame soon.", language="en")
    data = redline.compare(corpus, "000", "001").to_json()
    assert "\x1b" not in markup.to_text(data)
    assert "\x1b[31m[-It came late.-]\x1b[0m" in markup.to_text(data, colour=True)
    assert "[2J" in markup.to_text(data)


def test_a_sentence_that_ended_a_paragraph_is_parted_from_the_next(make_corpus: MakeCorpus) -> None:
    assert marked(make_corpus, f"{A} {B}\n\n{C}", f"{A} {C}") == f"{A} [-{B}-] {C}"


def test_texts_that_have_hardly_a_sentence_in_common_are_compared_only_when_asked(
    make_corpus: MakeCorpus,
) -> None:
    shared = "We stand ready to work together for peace and for the good of all people. "
    first = shared + " ".join(
        f"The harbour has {word} ships." for word in "ten many old new".split()
    )
    second = " ".join(
        f"Our fields gave {word} and barley, as they did." for word in "oats rye".split()
    )
    corpus = make_corpus(first, f"{second} They are ready to work together.")
    finding = redline.latest(corpus)
    assert (len(finding), finding.applies) == (0, False)
    assert "common" in finding.caveats[0]
    assert redline.latest(corpus, against="2025-01-01").applies
