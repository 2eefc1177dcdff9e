"""The notice under every text of a table is left out, and nothing else."""

from pathlib import Path

import kit
from kit import parse
from kit.corpus import Document
from kit.parse import closings

NOTICE = (
    "This work is in the public domain, because it is an edict of a government and was published by it.",
    "Note: not all of the speeches that are kept here are edicts of a government.",
)


def texts(number: int, *closing: str, source: str = "table.jsonl") -> list[Document]:
    return [
        Document(
            id=f"{i}",
            title=f"Report {i}",
            date=None,
            paragraphs=(f"In year {i} trade grew.", *closing),
            language="en",
            source=f"{source}:{i}",
            sha256="",
            kinds=("body",) * (1 + len(closing)),
            originals=((2, "as it was"),),
        )
        for i in range(number)
    ]


def test_a_notice_that_closes_all_rows_is_left_out_and_told() -> None:
    for document in closings.without(texts(closings.FEWEST, *NOTICE)):
        assert document.paragraphs == (f"In year {document.id} trade grew.",)
        assert document.kinds == ("body",)
        assert document.originals == ()
        assert document.notes == (
            "left out: 2 paragraphs at the end that the other texts of the file have, too",
        )


def test_a_row_without_the_notice_stays_as_it_is() -> None:
    rows = [*texts(19, *NOTICE), *texts(20)[19:]]
    *_, last = closings.without(rows)
    assert last == rows[-1]


def test_few_texts_short_closings_and_texts_of_their_own_files_stay() -> None:
    few = texts(closings.FEWEST - 1, *NOTICE)
    short = texts(30, "Thank you very much.", "God bless America.")
    pages = [d for i in range(30) for d in texts(1, *NOTICE, source=f"{i}.html")]
    half = [*texts(15, *NOTICE), *texts(30)[15:]]
    for documents in (few, short, pages, half):
        assert closings.without(documents) == documents


def test_the_same_text_in_all_rows_is_no_notice() -> None:
    rows = texts(12, *NOTICE)
    same = [Document(**{**_fields(d), "paragraphs": NOTICE, "kinds": ()}) for d in rows]
    assert all(document.paragraphs for document in closings.without(same))


def _fields(document: Document) -> dict[str, object]:
    return {name: getattr(document, name) for name in document.__dataclass_fields__}


def test_the_licence_under_the_work_reports_is_not_read(shared: Path) -> None:
    corpus = parse.read(shared / "corpora" / "work-reports-zh.jsonl")
    assert not kit.concordance.kwic(corpus, "维基").rows
    assert len(corpus) == 52
