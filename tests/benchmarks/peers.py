"""The peers of ``wording.py``: conc, scikit-learn and NLTK, each by the way its documentation shows."""

import csv
import functools
import importlib
import itertools
import sys
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from tool import CONTEXT, FEWEST, MINIMUM, PAGE, PHRASE, WINDOW, WORD, Text, measure

SIZES = (2, 3, 4, 5)
ALL = 10**7  # rows of a page that has them all


class Conc:
    """conc, on a blank English pipeline: its store is a folder of Parquet files."""

    # conc switches these off by name and fails where one is missing; they do nothing
    SWITCHED_OFF = ("parser", "ner", "lemmatizer", "tagger", "senter", "tok2vec", "attribute_ruler")

    def __init__(self, texts: Sequence[Text]) -> None:
        names = ("collocates", "concordance", "corpus", "frequency", "keyness", "ngrams")
        self.m = {name: importlib.import_module(f"conc.{name}") for name in names}
        self.texts = texts
        self.folder = tempfile.TemporaryDirectory()
        self.path = Path(self.folder.name)
        pipeline = importlib.import_module("spacy").blank("en")
        for name in self.SWITCHED_OFF:
            pipeline.add_pipe("doc_cleaner", name=name)
        pipeline.to_disk(self.path / "model")
        self._write("whole", texts)
        self.pages: dict[int, int] = {}
        self.halves: list[Any] = []

    def tasks(self) -> dict[str, Callable[[], Any]]:
        return {
            "build": self.build,
            "words": functools.partial(self.words, 0),
            "words, a page": functools.partial(self.words, PAGE),
            "kwic word": functools.partial(self.kwic, WORD, ALL),
            "kwic word, a page": functools.partial(self.kwic, WORD, PAGE),
            "kwic phrase": functools.partial(self.kwic, PHRASE, ALL),
            "collocates": self.collocates,
            "keyness": functools.partial(self.keyness, 0),
            "keyness, a page": functools.partial(self.keyness, PAGE),
            "3-grams, a page": functools.partial(self.ngrams, 3, PAGE),
            **{f"{n}-grams": functools.partial(self.ngrams, n) for n in SIZES},
        }

    def build(self) -> Any:
        self.corpus = self._build("whole")
        return self.corpus

    def words(self, page: int) -> Any:  # 0: all
        return self.m["frequency"].Frequency(self.corpus).frequencies(page_size=page).to_frame()

    def kwic(self, query: str, page: int) -> Any:
        lines = self.m["concordance"].Concordance(self.corpus)
        return lines.concordance(query, context_length=CONTEXT, page_size=page).to_frame()

    def collocates(self) -> Any:
        near = self.m["collocates"].Collocates(self.corpus)
        return near.collocates(
            WORD, context_length=WINDOW, min_collocate_frequency=FEWEST, page_size=0
        ).to_frame()

    def keyness(self, page: int) -> Any:  # 0: all
        key = self.m["keyness"].Keyness(*self.halves)
        return key.keywords(page_size=page, exclude_negative_keywords=False).to_frame()

    def ngrams(self, size: int, page: int | None = None) -> Any:
        counted = self.m["ngrams"].Ngrams(self.corpus)
        rows = self.pages[size] if page is None else page
        return counted.ngram_frequencies(ngram_length=size, page_size=rows).to_frame()

    def prepare(self, task: str) -> None:
        if task.startswith("keyness") and not self.halves:
            middle = len(self.texts) // 2
            self._write("earlier", self.texts[:middle])
            self._write("later", self.texts[middle:])
            self.halves = [self._build(name) for name in ("earlier", "later")]
        elif task.endswith("grams"):
            # it has no least count: its page is set to as many rows as have that count
            size = int(task[0])
            self.pages[size] = int((self.ngrams(size, ALL)["frequency"] >= MINIMUM).sum())

    def counts(self, answer: Any) -> list[int]:
        if isinstance(answer, self.m["corpus"].Corpus):
            return [answer.word_token_count]
        for column in ("collocate_frequency", "frequency"):
            if column in answer.columns:
                return answer[column].to_list()
        return [1] * len(answer)

    def _write(self, name: str, texts: Sequence[Text]) -> None:
        with (self.path / f"{name}.csv").open("w", encoding="utf-8", newline="") as file:
            out = csv.writer(file)
            out.writerow(["id", "text"])
            out.writerows((text.id, text.text) for text in texts)

    def _build(self, name: str) -> Any:
        corpus = self.m["corpus"].Corpus(name)
        save = tempfile.mkdtemp(dir=self.path)
        source, model = str(self.path / f"{name}.csv"), str(self.path / "model")
        return corpus.build_from_csv(source, save, metadata_columns=["id"], model=model)


class ScikitLearn:
    """CountVectorizer: counts of words by text."""

    PATTERN = r"(?u)\b\w+\b"  # its own leaves out words of one letter

    def __init__(self, texts: Sequence[Text]) -> None:
        self.vectorizer = importlib.import_module("sklearn.feature_extraction.text").CountVectorizer
        self.chi2 = importlib.import_module("sklearn.feature_selection").chi2
        self.texts = [text.text for text in texts]

    def tasks(self) -> dict[str, Callable[[], Any]]:
        return {
            "build": self.build,
            "words": self.words,
            "keyness": self.keyness,
            **{f"{n}-grams": functools.partial(self.ngrams, n) for n in SIZES},
        }

    def build(self) -> Any:
        self.counter = self.vectorizer(token_pattern=self.PATTERN)
        self.matrix = self.counter.fit_transform(self.texts)
        return self.matrix

    def words(self) -> Any:
        return self._sums(self.counter, self.matrix, 1)

    def keyness(self) -> Any:
        middle = len(self.texts) // 2
        earlier = [i < middle for i in range(len(self.texts))]
        score, p = self.chi2(self.matrix, earlier)
        counts = self.matrix[:middle].sum(axis=0).A1
        names = self.counter.get_feature_names_out()
        order = (-score).argsort()
        return [
            row
            for row in zip(names[order], counts[order], score[order], p[order], strict=True)
            if row[1]
        ]

    def ngrams(self, size: int) -> Any:
        counter = self.vectorizer(token_pattern=self.PATTERN, ngram_range=(size, size))
        return self._sums(counter, counter.fit_transform(self.texts), MINIMUM)

    def prepare(self, task: str) -> None:
        pass

    def counts(self, answer: Any) -> list[int]:
        return [int(answer.sum())] if answer is self.matrix else [int(row[1]) for row in answer]

    def _sums(self, counter: Any, matrix: Any, minimum: int) -> list[tuple[str, int]]:
        """Return (words, count) of the columns with the least count, most frequent first."""
        sums = matrix.sum(axis=0).A1
        order = (-sums).argsort(kind="stable")
        order = order[sums[order] >= minimum]
        names = counter.get_feature_names_out()[order]
        return list(zip(names.tolist(), sums[order].tolist(), strict=True))


class Nltk:
    """NLTK: lists of words and an index of where each stands."""

    def __init__(self, texts: Sequence[Text]) -> None:
        self.nltk = importlib.import_module("nltk")
        self.index_of = importlib.import_module("nltk.text").ConcordanceIndex
        self.measure = importlib.import_module("nltk.metrics").BigramAssocMeasures.likelihood_ratio
        self.tokenize = self.nltk.tokenize.RegexpTokenizer(r"\w+").tokenize
        self.texts = [text.text for text in texts]

    def tasks(self) -> dict[str, Callable[[], Any]]:
        return {
            "build": self.build,
            "words": self.words,
            "kwic word": functools.partial(self.kwic, WORD),
            "kwic word, a page": lambda: self.kwic(WORD)[:PAGE],
            "kwic phrase": functools.partial(self.kwic, PHRASE.split()),
            "collocates": self.collocates,
            "keyness": self.keyness,
            **{f"{n}-grams": functools.partial(self.ngrams, n) for n in SIZES},
        }

    def build(self) -> Any:
        lists = [self.tokenize(text) for text in self.texts]
        self.lower = [[word.lower() for word in words] for words in lists]
        self.index = self.index_of(list(itertools.chain.from_iterable(lists)), key=str.lower)
        return self.index

    def words(self) -> Any:
        return self._frequencies(self.lower).most_common()

    def kwic(self, query: Any) -> Any:
        return self.index.find_concordance(query, width=12 * CONTEXT)  # letters, about 6 a word

    def collocates(self) -> Any:
        tokens = self.index.tokens()
        near = self.nltk.FreqDist()
        for i in self.index.offsets(WORD):
            around = tokens[max(0, i - WINDOW) : i] + tokens[i + 1 : i + 1 + WINDOW]
            near.update(word.lower() for word in around)
        rows = [
            # near two places at once, a word counts twice, so more often than it occurs
            (word, n, self.measure(n, (near.N(), max(n, self.frequencies[word])), len(tokens)))
            for word, n in near.items()
            if n >= FEWEST
        ]
        return sorted(rows, key=lambda row: -row[2])

    def keyness(self) -> Any:
        middle = len(self.texts) // 2
        earlier, later = (
            self._frequencies(self.lower[:middle]),
            self._frequencies(self.lower[middle:]),
        )
        size, total = earlier.N(), earlier.N() + later.N()
        rows = [
            (word, count, self.measure(count, (count + later[word], size), total))
            for word, count in earlier.items()
        ]
        return sorted(rows, key=lambda row: -row[2])

    def ngrams(self, size: int) -> Any:
        runs = (self.nltk.ngrams(words, size) for words in self.lower)
        counts = self.nltk.FreqDist(itertools.chain.from_iterable(runs))
        return list(itertools.takewhile(lambda row: row[1] >= MINIMUM, counts.most_common()))

    def prepare(self, task: str) -> None:
        if task == "collocates":
            self.frequencies = self._frequencies(self.lower)

    def counts(self, answer: Any) -> list[int]:
        if answer is self.index:
            return [len(answer.tokens())]
        lines = bool(answer) and hasattr(answer[0], "left")
        return [1] * len(answer) if lines else [row[1] for row in answer]

    def _frequencies(self, lists: Sequence[Sequence[str]]) -> Any:
        return self.nltk.FreqDist(itertools.chain.from_iterable(lists))


if __name__ == "__main__":
    peers = {"conc": Conc, "scikit-learn": ScikitLearn, "nltk": Nltk}
    measure(peers[sys.argv[2]], Path(sys.argv[3]), sys.argv[4:])
