"""Words, sentences and folding: the word policy, and laws that hold for any text."""

import json
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import kit
from kit import language, tokens
from kit.corpus import Corpus
from kit.language import english, plain, stops
from kit.tokens import columns
from kit.tokens.pieces import split

# texts that are dense in what the rules are about
TEXTS = st.text() | st.lists(
    st.sampled_from(
        ["U.S.", "No.", "5", "3.5", "win-win", "people's", "countries'", "Mr.", "p.m.", "(Yes.)", "。",
         "合作", "“We", "agree.”", "and", "Talks", "!", "?", "—", "2013–2025", "\u3000", "e\u0301", "a."]
    )
).map(" ".join)  # fmt: skip
LANGUAGES = [english, plain]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("A win-win, people's U.S. don't.", ["A", "win-win", "people's", "U.S.", "don't"]),
        ("The countries' trade; the 'peace'.", ["The", "countries'", "trade", "the", "peace"]),
        ("3.75% of 1,000 in 2013–2025, 75th", ["3.75", "of", "1,000", "in", "2013–2025", "75th"]),
        ("China–Russia – and R&D", ["China–Russia", "and", "R&D"]),
        ("See www.example.org/a-b. Next", ["See", "www.example.org/a-b", "Next"]),
        ("at 5 p.m. today", ["at", "5", "p.m.", "today"]),
        ("cafe\u0301 naïve", ["cafe\u0301", "naïve"]),
    ],
)
def test_the_english_word_policy(text: str, words: list[str]) -> None:
    assert [text[a:b] for a, b in english.words(text)] == words


def test_one_han_character_is_one_word_also_after_latin_letters() -> None:
    for text, words in (("合作G20", ["合", "作", "G20"]), ("G20合作", ["G20", "合", "作"])):
        assert [text[a:b] for a, b in plain.words(text)] == words


@pytest.mark.parametrize("rules", LANGUAGES)
@given(text=TEXTS)
def test_words_are_in_order_apart_and_without_blanks(rules: language.Language, text: str) -> None:
    bounds = rules.words(text)
    assert all(0 <= a < b <= len(text) for a, b in bounds)
    assert all(b <= c for (_, b), (c, _) in pairwise(bounds))
    assert not any(c.isspace() for a, b in bounds for c in text[a:b])


@pytest.mark.parametrize("rules", LANGUAGES)
@given(text=TEXTS)
def test_sentences_lose_nothing_and_are_in_order(rules: language.Language, text: str) -> None:
    bounds = rules.sentences(text)
    assert all(0 <= a < b <= len(text) for a, b in bounds)
    assert all(b <= c for (_, b), (c, _) in pairwise(bounds))
    joined = "".join(text[a:b] for a, b in bounds)
    assert "".join(joined.split()) == "".join(text.split())
    assert all(text[a:b] == text[a:b].strip() for a, b in bounds)


def test_abbreviations(shared: Path) -> None:
    gold = json.loads((shared / "cases/22-abbreviations/gold.json").read_text())
    assert len(gold) == 15
    wrong = [
        case["text"]
        for case in gold
        if len(language.of(language.identify(case["text"])).sentences(case["text"]))
        != case["sentences"]
    ]
    assert wrong == []


def test_apostrophes_and_hyphens(shared: Path) -> None:
    corpus = kit.read(shared / "cases/05-apostrophes-and-hyphens/a.txt")
    table = kit.counts.words(corpus, content=False).table
    counts = dict(zip(table["word"], table["count"], strict=True))
    # the form with an en dash is merged: the module's word policy reads it as a hyphen
    assert counts["win-win"] == 4
    assert (counts["well-being"], counts["China"], counts["don't"]) == (1, 2, 2)
    assert counts["2013–2025"] == 1
    assert sum(counts.values()) == 18  # a dash is no word and makes no compound
    assert len(kit.concordance.find(corpus, "win-win")) == 4


@pytest.mark.parametrize(
    ("written", "folded"),
    [
        ("countries'", "countries"), ("China’s", "china"), ("it's", "it's"), ("It’s", "it's"),
        ("win‑win", "win-win"), ("China–Russia", "china-russia"), ("don’t", "don't"), ("U.S.", "u.s."),
    ],
)  # fmt: skip
def test_folding(written: str, folded: str) -> None:
    assert english.fold(written) == folded


@given(TEXTS)
def test_folding_twice_is_folding_once(text: str) -> None:
    for rules in LANGUAGES:
        for a, b in rules.words(text):
            folded = rules.fold(text[a:b])
            if text[a:b].count("'") + text[a:b].count("’") < 2:  # two possessives are no word
                assert rules.fold(folded) == folded


def test_the_lemma_of_a_lemma_is_itself(seed: Corpus) -> None:
    folded = tokens.of(seed).words
    again = {w for w in folded if english.lemma(english.lemma(w)) != english.lemma(w)}
    assert again == {"founding", "understandings"}  # simplemma: verbal nouns in two steps
    assert english.lemma("good-neighbors") == "good-neighbor"
    assert (english.lemma("countries"), english.lemma("u.s."), english.lemma("75th")) == (
        "country",
        "u.s.",
        "75th",
    )


@pytest.mark.parametrize(
    ("text", "code"),
    [("Talks", "en"), ("", "en"), ("123", "en"), ("双方同意", "zh"), ("Стороны", "ru"),
     ("G20 и БРИКС", "ru"), ("UN Charter 宪", "en")],
)  # fmt: skip
def test_languages_are_told_by_script(text: str, code: str) -> None:
    assert language.identify(text) == code


def test_a_bracketed_number_does_not_swallow_the_sentences_after_it() -> None:
    text = "(1) Make plans. (2) It is good. Yes. (a) We go. No."
    assert [text[a:b] for a, b in english.sentences(text)] == [
        "(1) Make plans.", "(2) It is good.", "Yes.", "(a) We go.", "No.",
    ]  # fmt: skip


@pytest.mark.parametrize("mark", ['"', "'", "“", "‘"])
def test_a_quotation_mark_that_is_never_closed_swallows_nothing(mark: str) -> None:
    said = "We agree to talk. We will act now. " * 20
    text = f"He said: {mark}{said}Then they left."
    found = [text[a:b] for a, b in english.sentences(text)]
    assert found[0] == f"He said: {mark}We agree to talk."
    assert found[1:] == [
        *["We will act now.", "We agree to talk."] * 19,
        "We will act now.",
        "Then they left.",
    ]


def test_a_long_quotation_is_read_sentence_by_sentence_and_a_short_one_is_not() -> None:
    long = 'Then: "' + "We agree to talk. " * 50 + 'So be it." "Good," he said.'
    found = [long[a:b] for a, b in english.sentences(long)]
    assert len(found) == 52
    assert found[-2:] == ['So be it."', '"Good," he said.']
    short = 'He said: "We agree. We act." Then he left.'
    assert len(english.sentences(short)) == 2


# ---- sentences told from pieces: what english.sentences says, or nothing

_TRICKY = """
    peace We They go. nations. agree? agree! the 5 12. 3.5 1,000 2.5% $5. No. Mr. Res. Art. H. U.S. U.N. p.m.
    in. ft. Ph.D. etc. etc., i.e. e.g., (UN) (UN). (the end) end). end.) [see [1] [12]. "We agree" agree."
    agree.", agree". “We “The agree.” agree”. agree?” (a) (b) 2) a. iv. x. J. R. I. A. At On 64. 65. (1) ...
    wait... wait… — - • nations’ countries' don’t 'We We' ; word: word, Powell Smith, Secretary-General É été
    ? ! . , " “ ” ” ( ) a@b.org www.un.org U.S.-China U.A.E. COVID-19. May. me. ill. Yahoo! gal. B.A. D.C.,
    "H." “Peace.” ("CTBT") («We We» _ Å. z. Nov. 3.A 7.Bg5 (No. (c), (XXV)] [2625(XXV)]. countries’. it?) “Mr.
    Mr.” km/h. a/U.S. \u3002 合作 \x1c
""".split()
_LONG_SENTENCE = " ".join(["cooperation"] * 55)
_PIECES = st.sampled_from([*_TRICKY, _LONG_SENTENCE]) | st.text(
    "Aab1.?!\"“”()[]'’,;-\u00e9 \n\x1c", min_size=1, max_size=4
)


def told(texts: list[str]) -> list[list[tuple[int, int]] | None]:
    """Return the sentences of texts that are told from pieces, None for what is left to the rules."""
    found = split(texts)
    first, last, left = stops.sentences(
        stops.roles(found.distinct),
        found.number,
        found.first,
        found.start,
        found.size,
        found.uneven,
    )
    ends = found.start[last] + found.size[found.number[last]]
    text = np.searchsorted(found.first, first, side="right") - 1
    rows = list(zip(text.tolist(), found.start[first].tolist(), ends.tolist(), strict=True))
    return [
        None if is_left else [(a, b) for number, a, b in rows if number == i]
        for i, is_left in enumerate(left.tolist())
    ]


@given(st.lists(st.lists(_PIECES, min_size=1, max_size=10).map(" ".join), max_size=8))
def test_sentences_told_from_pieces_are_those_of_the_rules(texts: list[str]) -> None:
    texts = [text for text in texts if text.strip()]
    for text, found in zip(texts, told(texts), strict=True):
        assert found is None or found == english.sentences(text)


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("We agree. They go. The 3.5 per cent rose.", 3),
        ("Mr. Powell met J. R. Smith at 5 p.m. today. It was No. 5 of 12. Why? We know.", 4),
        ('He said (see No. 5. It is there) that "We agree. We act." Then he left.', 2),
        ("64. We agree. 65. They (the others) do not. The U.S. economy, etc., grew.", 3),
        ("the end. of it", 1),
    ],
)
def test_plain_passages_are_told_from_pieces(text: str, number: int) -> None:
    (found,) = told([text])
    assert found == english.sentences(text)
    assert len(found) == number


@pytest.mark.parametrize(
    "text",
    [
        "(a) We agree. (b) They go.",
        "It is 5 p.m. Tom left.",
        "We wait... They go.",
        "We agree. (They do not.) Then they left.",
        "He said: 'We agree. We act.' Then he left.",
        'He said: "We agree. They left.',
        "We agree.  They left.",
        'He said "' + "we are for peace and " * 40 + 'so it is. We go." Then he left.',
    ],
)
def test_what_is_not_certain_is_left_to_the_rules(text: str) -> None:
    assert told([text]) == [None]


@pytest.mark.parametrize(
    ("name", "share"),
    [("ungdc-p5.csv.gz", 0.75), ("sotu.jsonl", 0.2), ("leader-speeches-en", 0.95), ("fomc-statements", 0.95)],
)  # fmt: skip
def test_sentences_told_from_pieces_are_those_of_the_rules_in_corpora(
    shared: Path, name: str, share: float
) -> None:
    corpus = kit.read(shared / "corpora" / name)
    texts = [t for d in corpus if d.language == "en" for _, t in d.passages() if t.strip()]
    found = columns._by_pieces(texts, split(texts))
    numbered = enumerate(texts)
    expected = [(i, start, end) for i, text in numbered for start, end in english.sentences(text)]
    assert np.array_equal(found, np.array(expected))
    pieces = split(texts)
    *_, left = stops.sentences(
        stops.roles(pieces.distinct),
        pieces.number,
        pieces.first,
        pieces.start,
        pieces.size,
        pieces.uneven,
    )
    assert np.diff(pieces.first)[~left].sum() > share * len(pieces.number)


def test_lemmas_that_simplemma_gets_wrong() -> None:
    forms = "remains developed growing thinking determining fixed mixed guarded thanked singing"
    assert [english.lemma(form) for form in forms.split()] == (
        "remain develop grow think determine fix mix guard thank sing".split()
    )
