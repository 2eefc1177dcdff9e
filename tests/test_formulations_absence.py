"""The chance of absence: against a second implementation step by step, and on series that we draw."""

import importlib.util
import math
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import kit
from kit.formulations import absence
from kit.formulations.absence import LOSS, THETA, Histories, Model, fit, histories, together

EVEN = Model(np.full(len(THETA), 1 / len(THETA)), 0.02)
BENCHMARK = Path(__file__).parent / "benchmarks" / "calibration.py"
DRAWN = st.text("x.", max_size=20).map(lambda tail: "x" + tail)


def of(*drawn: str) -> Histories:
    """Return the histories of series drawn with x and dot, all of one length."""
    pairs = [(i, j) for i, d in enumerate(drawn) for j, c in enumerate(d) if c == "x"]
    row, place = (np.array(column, dtype=np.int64) for column in zip(*pairs, strict=True))
    return histories(row, place, len(drawn), len(drawn[0]))


def chance_step_by_step(drawn: str, theta: float, loss: float, back: float) -> float:
    """Return the chance of what comes after the first x, by the definition of the model."""
    alive, chance = 1.0, 1.0
    for text in drawn[drawn.index("x") + 1 :]:
        alive = alive * (1 - loss) + (1 - alive) * back
        said = alive * theta
        if text == "x":
            chance *= said
            alive = 1.0
        else:
            chance *= 1 - said
            alive = alive * (1 - theta) / (1 - said)
    return chance


def reaching(texts: int, theta: float, loss: float, back: float, more: int) -> float:
    """Return the chance of so many more uses in so many texts, by trying all of them."""
    total = 0.0
    for number in range(2**texts):
        drawn = "x" + "".join("x" if number >> i & 1 else "." for i in range(texts))
        if drawn.count("x") > more:
            total += chance_step_by_step(drawn, theta, loss, back)
    return total


@given(DRAWN)
def test_the_likelihood_is_that_of_the_model(drawn: str) -> None:
    past = of(drawn)
    tables = absence._Tables(int(past.lengths[0]) + 1, EVEN.back)
    found = tables.likelihood(past)[0] + tables.known[past.lengths[0]]
    for pair in (0, 37, 62, 99):
        expected = chance_step_by_step(drawn, THETA[pair], LOSS[pair], EVEN.back)
        assert found[pair] == pytest.approx(math.log(expected), abs=1e-9)


@pytest.mark.parametrize("pair", [3, 40, 71])
def test_the_chance_of_being_known_at_all(pair: int) -> None:
    known = absence._known(6, 0.05)
    for texts in range(7):
        expected = reaching(texts, THETA[pair], LOSS[pair], 0.05, absence.LEAST - 1)
        assert known[texts, pair] == pytest.approx(expected)


@given(DRAWN.filter(lambda d: d.count("x") >= 3), st.integers(1, 6))
def test_the_next_texts_continue_the_history(drawn: str, more: int) -> None:
    """A run of absences is the product of the absences one by one."""
    single = Model(np.eye(len(THETA))[55], 0.02)
    one_by_one = 1.0
    for i in range(more):
        one_by_one *= single.in_text(of(drawn + "." * i))[0]
    assert single.in_texts(of(drawn), more)[0] == pytest.approx(one_by_one)
    assert EVEN.in_texts(of(drawn), 1)[0] == pytest.approx(EVEN.in_text(of(drawn))[0])


@given(DRAWN.filter(lambda d: d.count("x") >= 3))
def test_the_longer_the_silence_and_the_shorter_the_text_the_likelier_the_absence(
    drawn: str,
) -> None:
    chance = EVEN.in_text(of(drawn))[0]
    assert 0 < chance < 1
    assert EVEN.in_text(of(drawn + "....."))[0] >= chance
    assert EVEN.in_text(of(drawn), 0.3)[0] > chance
    assert EVEN.in_text(of(drawn), 3.0)[0] == chance
    assert EVEN.in_texts(of(drawn), 3)[0] < chance


def test_under_three_uses_there_is_no_chance() -> None:
    assert np.isnan(EVEN.in_text(of("xx......"))).all()
    assert np.isnan(EVEN.in_texts(of("xx......"), 2)).all()
    nothing = histories(np.empty(0, np.int64), np.empty(0, np.int64), 2, 9)
    assert np.isnan(EVEN.in_text(nothing)).all()


def test_histories_of_several_series_are_those_of_each() -> None:
    both = together([of("x.x.x", "xxxx."), of("x" + "." * 9 + "xx")])
    assert both.silence.tolist() == [0, 1, 0]
    assert both.uses.tolist() == [3, 4, 3]
    assert both.lengths.tolist() == [4, 4, 11]
    assert both.gaps.toarray()[2, [0, 9]].tolist() == [1, 1]


def test_a_model_of_nothing_is_even() -> None:
    model = fit(of("x.......", "xx......"))
    assert model.weights == pytest.approx(1 / len(THETA))


@pytest.mark.parametrize("texts", [30, 80])
def test_chances_come_true_on_series_drawn_by_the_model(texts: int) -> None:
    """Of absences given p, a share of p happens: phrases of many rates, some lost on the way."""
    rng = np.random.default_rng(7)
    rates = rng.beta(1.2, 0.8, 1500)
    losses = rng.choice([0.002, 0.05, 0.2], 1500)
    drawn = []
    for theta, loss in zip(rates, losses, strict=True):
        alive, said = True, [True]
        for _ in range(texts):
            alive = alive and rng.random() > loss
            said.append(alive and rng.random() < theta)
        drawn.append("".join("x" if s else "." for s in said))
    past = of(*(d[:-1] for d in drawn))
    chance = fit(past).in_text(past)
    absent = np.array([d[-1] == "." for d in drawn])
    known = ~np.isnan(chance)
    for low, high in ((0, 0.05), (0.05, 0.2), (0.2, 0.5), (0.5, 0.9), (0.9, 1.0)):
        here = known & (chance >= low) & (chance < high)
        happened, expected = absent[here].mean(), chance[here].mean()
        error = math.sqrt(expected * (1 - expected) / here.sum())
        assert abs(happened - expected) < 3 * error + 0.01


def test_chances_come_true_on_held_out_statements(shared: Path) -> None:
    """The benchmark on one corpus: of absences given 5 % or less, about 5 % or less happen."""
    spec = importlib.util.spec_from_file_location("calibration", BENCHMARK)
    assert spec
    assert spec.loader
    calibration = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(calibration)
    corpus = kit.read(shared / "corpora" / "fomc-statements")
    chance, absent = calibration.predictions(corpus)
    few = chance <= 0.05
    assert few.sum() > 300
    assert absent[few].mean() <= 0.05
    for low, high in ((0.05, 0.2), (0.2, 0.6), (0.6, 0.95)):
        here = (chance > low) & (chance <= high)
        assert absent[here].mean() == pytest.approx(chance[here].mean(), abs=0.12)
