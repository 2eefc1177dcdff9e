"""Tables: every cell is the text that it is, a bad row is named, the order is kept."""

import csv
import datetime as dt
import gzip
import io
import json
import random
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import BinaryIO

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kit.parse import columns, csv_rows, json_rows, rows, tables
from kit.parse.archives import ungzip
from kit.parse.record import Dated, Options, Record, Rejected, UnreadableError

Reader = Callable[[BinaryIO, str, Options], Iterator[Record | Rejected]]
READERS: list[Reader] = [
    tables.read_jsonl,
    tables.read_json,
    tables.read_csv,
    tables.read_tsv,
    tables.read_parquet,
]
LONG = "This is a long speech, and it goes on for some time. " * 4


def read(reader: Reader, data: bytes | str, **options: str) -> list[Record | Rejected]:
    raw = data.encode() if isinstance(data, str) else data
    return list(reader(io.BytesIO(raw), "a", Options(**options)))  # type: ignore[arg-type]


def texts(found: list[Record | Rejected]) -> list[str]:
    return ["|".join(b.text for b in r.blocks) for r in found if isinstance(r, Record)]


def refused(reader: Reader, data: bytes | str, **options: str) -> UnreadableError:
    with pytest.raises(UnreadableError) as caught:
        read(reader, data, **options)
    assert caught.value.advice
    return caught.value


def encoded(text: str) -> bytes:
    return text.encode("utf-8", "surrogatepass")


def jsonl(*objects: object) -> str:
    return "".join(json.dumps(x, ensure_ascii=False) + "\n" for x in objects)


# The corpora


def test_case_csv_types(shared: Path) -> None:
    case = shared / "cases" / "11-csv-types"
    found = read(tables.read_csv, (case / "a.csv").read_bytes())
    one, two, three, four = found
    assert isinstance(one, Record)
    assert isinstance(two, Record)
    assert isinstance(three, Record)
    assert isinstance(four, Rejected)
    assert [r.title for r in (one, two, three)] == ["null", "None", "n/a"]
    assert [r.id for r in (one, two, three)] == ["007", "010", "1e5"]
    assert texts(found) == ["One.|Two.", 'He said "yes".', ""]
    assert three.notes == ("'text' is empty",)
    assert (four.place, four.reason) == ("6", "3 cells where the header has 5")
    made = subprocess.run([sys.executable, case / "long.py"], capture_output=True, check=True)
    (long,) = read(tables.read_csv, made.stdout)
    assert isinstance(long, Record)
    assert len(long.blocks[0].text) == 200_000 - 1  # but for the blank at its end


@pytest.mark.parametrize(
    ("name", "reader", "number", "first", "last"),
    [
        ("ungdc-p5.csv.gz", tables.read_csv, 388, "1946-09-25", "2024-09-25"),
        ("sotu.jsonl", tables.read_jsonl, 233, "1790-01-30", "2021-01-30"),
        ("work-reports-zh.jsonl", tables.read_jsonl, 52, "1954", "2025"),
    ],
)
def test_corpora_read_without_options(
    shared: Path, name: str, reader: Reader, number: int, first: str, last: str
) -> None:
    with (shared / "corpora" / name).open("rb") as file:
        opened = ungzip(file, name) if name.endswith(".gz") else file
        found = list(reader(opened, name, Options()))
    records = [r for r in found if isinstance(r, Record)]
    assert len(records) == len(found) == number
    assert all(r.blocks and r.title for r in records)
    dates = sorted(r.dates[0].written for r in records)
    assert (dates[0], dates[-1]) == (first, last)


# Columns


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        ("Date,Headline,Full Text", ("date", "Headline", "Full Text")),
        ("日期,标题,正文", ("日期", "标题", "正文")),
        ("Дата,Заголовок,Текст", ("Дата", "Заголовок", "Текст")),
        ("pub_date,subject,speech", ("pub_date", "subject", "speech")),
        ("text,content,date,title", ("date", "title", "text")),
    ],
)
def test_usual_names(header: str, expected: tuple[str, ...]) -> None:
    found = columns.find(header.split(","), [], Options())
    assert [found.roles[role][0].lower() for role in ("date", "title", "text")] == [
        name.lower() for name in expected
    ]


def test_every_role_is_an_option_and_no_name_serves_two() -> None:
    assert set(columns.ROLES) <= set(Options.__dataclass_fields__)
    assert set(columns._RANKED) == set(columns.ROLES)
    names = [n for ranks in columns._RANKED.values() for rank in ranks for n in rank]
    assert len(names) == len(set(names))
    assert [columns._plain(name) for name in names] == names


def test_two_columns_of_one_rank_are_refused_and_said_ones_are_taken() -> None:
    data = "body,content\nfirst one,second one\n"
    error = refused(tables.read_csv, data)
    assert "'body', 'content'" in error.reason
    assert texts(read(tables.read_csv, data, text="Content")) == ["second one"]


def test_an_unknown_column_names_the_nearest_and_all() -> None:
    error = refused(tables.read_jsonl, jsonl({"text": "x", "datum": "2025"}), date="datun")
    assert error.reason == "no column 'datun' for date"
    assert error.advice == "did you mean 'datum'? There are: 'text', 'datum'"


def test_the_longest_column_is_the_text_only_where_it_is_by_far() -> None:
    (record,) = read(tables.read_jsonl, jsonl({"speaker": "A", "said": LONG}))
    assert isinstance(record, Record)
    assert record.blocks[0].text == LONG.strip()
    assert record.author == "A"
    assert "the longest, 'said', is read" in record.notes[0]
    assert "'a', 'b'" in refused(tables.read_jsonl, jsonl({"a": LONG, "b": LONG + LONG})).reason
    assert "by far" in refused(tables.read_jsonl, jsonl({"a": "short", "b": ""})).reason


def test_a_year_counts_where_no_date_has_it() -> None:
    data = jsonl(
        {"text": "x", "year": 1954},
        {"text": "x", "year": 1954, "date": "1954-09-23"},
        {"text": "x", "year": 1954, "date": "n.d."},
    )
    dates = [r.dates for r in read(tables.read_jsonl, data) if isinstance(r, Record)]
    assert dates == [
        (Dated("1954", "column"),),
        (Dated("1954-09-23", "column"),),
        (Dated("n.d.", "column"), Dated("1954", "column")),
    ]


def test_a_choice_among_titles_is_noted() -> None:
    (record,) = read(tables.read_csv, "text,title,subject\nx,The title,economy\n")
    assert isinstance(record, Record)
    assert record.title == "The title"
    assert record.notes == ("title read from 'title', not from 'subject'",)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("One.\nTwo.\nThree.", ["One.", "Two.", "Three."]),
        ("One\nline.\r\n \r\nTwo.", ["One\nline.", "Two."]),
        ("\n\nOne.\nTwo.\n\n", ["One.", "Two."]),
        ("We\nare\nhere\nto\nstay.\n", ["We\nare\nhere\nto\nstay."]),
        ("  We\nare\nhere.\n  It\nis\nso.", ["We\nare\nhere.", "It\nis\nso."]),
        ("", []),
    ],
)
def test_paragraphs(text: str, expected: list[str]) -> None:
    blocks, _ = columns.paragraphs(text)
    assert [block.text for block in blocks] == expected


def test_markup_is_noted_and_left() -> None:
    (record,) = read(tables.read_jsonl, jsonl({"text": "<p class='x'>One.</p> a < b"}))
    assert isinstance(record, Record)
    assert record.notes == ("the text holds markup such as <p class='x'>: left as it is",)
    assert record.blocks[0].text.startswith("<p")
    (plain,) = read(tables.read_jsonl, jsonl({"text": "a < b > c <unclear>"}))
    assert isinstance(plain, Record)
    assert not plain.notes


# JSON lines


def test_jsonl_names_bad_lines_and_reads_on() -> None:
    data = b'\xef\xbb\xbf{"text": "one"}\r\n\n{"text": \n"two"\n[1]\n{"text": "caf\xe9"}\n'
    data += b'{"title": "t"}\n{"text": null}\n{"text": {"a": 1}}\n{"text": "last"}'
    found = read(tables.read_jsonl, data)
    assert texts(found) == ["one", "", "last"]
    reasons = {r.place: r.reason for r in found if isinstance(r, Rejected)}
    assert list(reasons) == ["3", "4", "5", "6", "7", "9"]
    assert reasons["3"].startswith("no JSON: ")
    assert reasons["4"] == reasons["5"] == "no object with names"
    assert reasons["6"] == "not UTF-8"
    assert reasons["7"] == "has no 'text'"
    assert reasons["9"] == "'text' holds no text but objects"


def test_json_values_stay_as_written() -> None:
    line = '{"text": "x", "id": 007e, "title": 1}\n'
    assert "no JSON" in refused(tables.read_jsonl, line).reason
    line = '{"text": ["One.", " ", "Two."], "id": 1e5, "title": NaN, "author": ["A", "B"], '
    line += f'"url": {"9" * 5000}, "publisher": {{"a": 1}}, "language": -Infinity}}'
    (record,) = read(tables.read_jsonl, line)
    assert isinstance(record, Record)
    assert [b.text for b in record.blocks] == ["One.", "Two."]
    assert (record.id, record.title, record.author) == ("1e5", "", "A; B")
    assert (record.url, record.publisher, record.language) == ("9" * 5000, "", "-Infinity")
    assert record.notes == ("'publisher' holds objects: left out",)


def test_keys_that_stand_twice_are_noted() -> None:
    (record,) = read(tables.read_jsonl, '{"text": "x", "title": "a", "title": "b"}')
    assert isinstance(record, Record)
    assert record.title == "b"
    assert record.notes == ("'title' stands twice: the last is read",)


def test_a_key_that_comes_late_is_read() -> None:
    data = jsonl(*[{"text": "x"}] * 300, {"text": "x", "date": "2025-01-26"})
    found = read(tables.read_jsonl, data)
    assert isinstance(found[-1], Record)
    assert found[-1].dates == (Dated("2025-01-26", "column"),)


def test_long_lines_are_rejected(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(json_rows, "LONGEST_ROW", 100)
    found = read(tables.read_jsonl, jsonl({"text": "a"}, {"text": "b" * 200}, {"text": "c"}))
    assert texts(found) == ["a", "c"]
    assert isinstance(found[1], Rejected)
    assert found[1].place == "2"


@pytest.mark.parametrize("encoding", ["utf-16", "utf-32", "utf-8-sig", "gb18030"])
def test_encodings(encoding: str) -> None:
    said = {"encoding": encoding} if encoding == "gb18030" else {}
    line = jsonl({"正文": "各位代表"}, {"正文": "第二"})
    assert texts(read(tables.read_jsonl, line.encode(encoding), **said)) == ["各位代表", "第二"]
    array = json.dumps([{"正文": "各位代表"}], ensure_ascii=False)
    assert texts(read(tables.read_json, array.encode(encoding), **said)) == ["各位代表"]
    table = "正文,日期\n各位代表,2025\n"
    assert texts(read(tables.read_csv, table.encode(encoding), **said)) == ["各位代表"]


def test_an_unknown_encoding_is_refused() -> None:
    for encoding in ("klingon", "zip", "rot13", "a\0b"):
        assert "no encoding" in refused(tables.read_csv, "text\nx\n", encoding=encoding).reason


# JSON


@pytest.mark.parametrize(
    "data",
    [
        [{"text": "a"}, {"text": "b, [c] {d"}],
        {"count": 2, "items": [{"text": "a"}, {"text": "b, [c] {d"}], "links": [{"rel": "next"}]},
        {"anything": [{"text": "a"}, {"text": "b, [c] {d"}], "tags": ["x"]},
    ],
)
@pytest.mark.parametrize("indent", [None, 2])
def test_json_forms(data: object, indent: int | None) -> None:
    found = read(tables.read_json, json.dumps(data, indent=indent))
    assert texts(found) == ["a", "b, [c] {d"]
    assert [r.place for r in found] == ["1", "2"]


def test_json_of_one_text_and_of_objects_in_a_row() -> None:
    one = {"title": "t", "text": "a", "parts": [{"x": 1}]}
    assert texts(read(tables.read_json, json.dumps(one, indent=1))) == ["a"]
    row = json.dumps({"text": "a"}, indent=1) + "\n" + json.dumps({"text": "b"})
    assert texts(read(tables.read_json, row)) == ["a", "b"]


def test_json_with_two_lists_is_refused() -> None:
    data = json.dumps({"a": [{"text": "x"}], "b": [{"text": "y"}]})
    assert "more than one list: a, b" in refused(tables.read_json, data).reason


def test_json_bad_items_and_a_broken_end() -> None:
    found = read(tables.read_json, '[{"text": "a"}, 7, {"text": tru}, {"text": "b"}, {"te')
    assert texts(found) == ["a", "b"]
    assert [r.place for r in found if isinstance(r, Rejected)] == ["2", "3", "after 4"]
    found = read(tables.read_json, '{"text": "a"} {"text": ')
    assert texts(found) == ["a"]
    assert isinstance(found[-1], Rejected)


def test_json_nesting_and_size_are_limited(monkeypatch: pytest.MonkeyPatch) -> None:
    deep = '{"text": "x", "a": ' + "[" * 100_000 + "]" * 100_000 + "}"
    assert "nested" in refused(tables.read_json, deep).reason
    assert "nested" in refused(tables.read_jsonl, deep).reason
    wide = '{"text": "x", "a": [' + "[]," * 1_100_000 + "0]}"
    assert "lists and objects" in refused(tables.read_jsonl, wide).reason
    monkeypatch.setattr(json_rows, "LONGEST_ROW", 1000)
    monkeypatch.setattr(json_rows, "_CHUNK", 100)
    found = read(tables.read_json, json.dumps([{"text": "a"}, {"text": "b" * 3000}]))
    assert texts(found) == ["a"]


@given(
    st.lists(st.dictionaries(st.text(max_size=5), st.text() | st.integers() | st.none())),
    st.integers(1, 50),
    st.sampled_from([None, 1]),
    st.booleans(),
)
def test_json_lists_are_cut_where_the_decoder_would(
    objects: list[dict[str, object]], chunk: int, indent: int | None, ascii_only: bool
) -> None:
    data = json.dumps(objects, indent=indent, ensure_ascii=ascii_only)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(json_rows, "_CHUNK", chunk)
        values = list(json_rows._values(io.BytesIO(data.encode("utf-8", "surrogatepass"))))
    assert [json.loads(text) for text, _ in values] == objects


# CSV


@pytest.mark.parametrize("delimiter", list(",;\t|"))
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_delimiters_and_line_ends(delimiter: str, end: str) -> None:
    data = end.join(
        [f"date{delimiter}title{delimiter}text", f'2025{delimiter}"a, b; c"{delimiter}x', ""]
    )
    (record,) = read(tables.read_csv, data)
    assert isinstance(record, Record)
    assert (record.title, record.blocks[0].text) == ("a, b; c", "x")
    assert texts(read(tables.read_tsv, data)) == ["x"] if delimiter == "\t" else True


def test_the_delimiter_is_the_one_that_fits_the_rows() -> None:
    data = "id;title, subtitle;text\n1;a, b;x, y, z\n2;c;w\n"
    assert texts(read(tables.read_csv, data)) == ["x, y, z", "w"]
    assert texts(read(tables.read_csv, "sep=|\ntext|a,b\nx|1,2\n")) == ["x"]
    assert texts(read(tables.read_csv, "text\none, two\nthree\n")) != ["one"]
    assert "separated by" in refused(tables.read_csv, "a,b;c\n1,2;3\n").reason


def test_a_missing_header_is_refused() -> None:
    for data in (f"2025-01-26,Title,{LONG}\n", f"{LONG.replace(',', '')}\n", "", "\n\n", "1,2\n"):
        assert "first line" in refused(tables.read_csv, data).advice
    assert "no row" in refused(tables.read_csv, "date,text\n").reason


def test_damaged_rows_are_named_and_the_rest_is_read() -> None:
    data = 'id,text\n1,a\n2,"b" c\n3,d\n4,e,f\n,\n\n5,"g\nh"\n6,"never closed\n7,i\n'
    found = read(tables.read_csv, data)
    assert texts(found) == ["a", "d", "g|h"]
    assert [r.place for r in found] == ["2", "3", "4", "5", "8", "10"]
    last = found[-1]
    assert isinstance(last, Rejected)
    assert "up to line 11" in last.reason


def test_columns_of_the_same_name_are_noted() -> None:
    (record,) = read(tables.read_csv, "text,text,\na,b,c\n")
    assert isinstance(record, Record)
    assert record.blocks[0].text == "a"
    assert "of text the first is read" in record.notes[0]


def test_many_columns_and_keys_take_no_time() -> None:
    """A second each at most; what is quadratic takes minutes."""
    many = 100_000
    (record,) = read(tables.read_csv, "text" + ",a" * many + "\nx" + ",1" * many + "\n")
    assert isinstance(record, Record)
    keys = ",".join(f'"k{i}": 1, "k{i}": 2' for i in range(many))
    (record,) = read(tables.read_jsonl, f'{{"text": "x", {keys}}}')
    assert isinstance(record, Record)
    assert len(record.notes) == 3
    rows = [{"text": "x", **{f"k{i}_{j}": 1 for j in range(20)}} for i in range(10_000)]
    assert len(read(tables.read_jsonl, jsonl(*rows))) == 10_000


def test_rows_that_cannot_be_decoded_are_named() -> None:
    padding = "".join(f"{i},x\n" for i in range(200_000)).encode()  # beyond what is looked at first
    data = b"id,text\n" + padding + b"a,caf\xe9\nb,last\n"
    found = read(tables.read_csv, data)
    assert len(found) == 200_002
    assert [r.reason for r in found if isinstance(r, Rejected)] == ["not UTF-8"]


def test_the_limit_of_the_csv_module_is_only_raised(monkeypatch: pytest.MonkeyPatch) -> None:
    before = csv.field_size_limit(10**9)
    try:
        read(tables.read_csv, "text\nx\n")
        assert csv.field_size_limit() == 10**9
    finally:
        csv.field_size_limit(max(before, rows.LONGEST_ROW))
    monkeypatch.setattr(csv_rows, "LONGEST_ROW", 50)
    found = read(tables.read_csv, f'text,id\na,1\n{"b" * 500},2\n"{"c" * 500}",3\nd,4\n')
    assert texts(found) == ["a", "d"]


def test_the_file_is_left_open() -> None:
    for reader, data in ((tables.read_csv, b"text\nx\n"), (tables.read_jsonl, b'{"text": "x"}')):
        file = io.BytesIO(data)
        list(reader(file, "a", Options()))
        assert not file.closed


@given(
    st.lists(
        st.lists(
            st.text(st.characters(codec="utf-8"), min_size=1, max_size=8), min_size=2, max_size=4
        )
    )
)
def test_csv_rows_are_records_or_rejected(made: list[list[str]]) -> None:
    out = io.StringIO(newline="")
    writer = csv.writer(out, quoting=csv.QUOTE_ALL)
    writer.writerows([["id", "text", "title"], *made])
    if not any(len(row) == 3 for row in made):
        refused(tables.read_csv, out.getvalue())
        return
    found = read(tables.read_csv, out.getvalue())
    assert [isinstance(r, Record) for r in found] == [len(row) == 3 for row in made]
    ids = [r.id for r in found if isinstance(r, Record)]
    assert ids == [row[0].strip() for row in made if len(row) == 3]


@given(
    st.lists(
        st.dictionaries(st.sampled_from(["text", "id", "x"]), st.text() | st.none())
        | st.integers()
        | st.text(max_size=3)
    )
)
def test_jsonl_lines_are_records_or_rejected(made: list[object]) -> None:
    data = jsonl({"text": "first"}, *made).encode("utf-8", "surrogatepass")
    found = read(tables.read_jsonl, data)
    assert [int(r.place) for r in found] == list(range(1, len(made) + 2))


# Parquet


def test_parquet() -> None:
    pa = pytest.importorskip("pyarrow")
    pq = pytest.importorskip("pyarrow.parquet")
    moment = dt.datetime(2025, 1, 27, 0, 30, tzinfo=dt.timezone(dt.timedelta(hours=8)))
    columns_ = {
        "text": pa.array(["One.\n\nTwo.", "NA", None] * 30),
        "date": pa.array([dt.date(2025, 1, 26)] * 90),
        "published": pa.array([moment] * 90, pa.timestamp("ns", tz="Asia/Shanghai")),
        "year": pa.array([2025] * 90),
        "title": pa.array(["007", "null", ""] * 30).dictionary_encode(),
        "id": pa.array(list(range(90))),
        "author": pa.array([["A", "B"]] * 90),
    }
    out = io.BytesIO()
    pq.write_table(pa.table(columns_), out, row_group_size=7)
    found = read(tables.read_parquet, out.getvalue())
    records = [r for r in found if isinstance(r, Record)]
    assert len(records) == 90
    assert texts(found)[:3] == ["One.|Two.", "NA", ""]
    assert [r.id for r in records] == [str(i) for i in range(90)]
    assert [r.title for r in records[:3]] == ["007", "null", ""]
    assert records[0].author == "A; B"
    assert [d.written for d in records[0].dates] == ["2025-01-26", "2025-01-27T00:30:00+08:00"]


def test_parquet_bad_cells_and_damage() -> None:
    pa = pytest.importorskip("pyarrow")
    pq = pytest.importorskip("pyarrow.parquet")
    cells = pa.array([b"good", b"caf\xe9", b"last"])
    out = io.BytesIO()
    pq.write_table(pa.table({"text": cells}), out)
    found = read(tables.read_parquet, out.getvalue())
    assert texts(found) == ["good", "last"]
    for damaged in (b"", b"PAR1", out.getvalue()[:-20], out.getvalue()[20:]):
        assert "Parquet" in refused(tables.read_parquet, damaged).reason


@pytest.fixture(scope="module")
def whole() -> dict[Reader, bytes]:
    """A sound file of each form, to be damaged."""
    made: dict[Reader, bytes] = {
        tables.read_jsonl: jsonl(*[{"text": LONG, "id": i} for i in range(5)]).encode(),
        tables.read_json: json.dumps([{"text": LONG, "id": i} for i in range(5)]).encode(),
        tables.read_csv: b"id,text\n" + b'1,"a\nb"\n' * 5,
        tables.read_tsv: b"id\ttext\n" + b'1\t"a\nb"\n' * 5,
    }
    try:
        import pyarrow as pa  # noqa: PLC0415
        import pyarrow.parquet as pq  # noqa: PLC0415
    except ImportError:
        return made
    out = io.BytesIO()
    pq.write_table(pa.table({"text": [LONG] * 5, "id": list(range(5))}), out)
    return made | {tables.read_parquet: out.getvalue()}


@given(data=st.data())
def test_damaged_files_raise_nothing_but_unreadable(
    whole: dict[Reader, bytes], data: st.DataObject
) -> None:
    reader = data.draw(st.sampled_from(sorted(whole, key=lambda r: r.__name__)))
    raw = bytearray(whole[reader])
    for _ in range(data.draw(st.integers(0, 4))):
        raw[data.draw(st.integers(0, len(raw) - 1))] = data.draw(st.integers(0, 255))
    raw = raw[: data.draw(st.integers(0, len(raw)))]
    _sound(reader, bytes(raw))


@given(st.sampled_from(READERS), st.binary(max_size=300) | st.text(max_size=100).map(encoded))
def test_arbitrary_bytes_raise_nothing_but_unreadable(reader: Reader, raw: bytes) -> None:
    _sound(reader, raw)


def _sound(reader: Reader, raw: bytes) -> None:
    refusal = None
    found: list[Record | Rejected] = []
    try:
        found = list(reader(io.BytesIO(raw), "a", Options()))
    except UnreadableError as error:
        refusal = error
    assert found or (refusal and refusal.reason and refusal.advice)


def test_a_packed_table_that_breaks_off_keeps_its_rows() -> None:
    words = random.Random(0)
    lines = jsonl(*[{"text": words.randbytes(200).hex(), "id": i} for i in range(2000)])
    packed = gzip.compress(lines.encode())
    found = list(
        tables.read_jsonl(ungzip(io.BytesIO(packed[: len(packed) // 2]), "a"), "a", Options())
    )
    assert 500 < len(found) < 1500
    assert isinstance(found[-1], Rejected)
    assert found[-1].place == f"after {len(found) - 1}"
    assert "cut off" in found[-1].reason


def test_a_gzip_bomb_of_a_table_keeps_its_rows() -> None:
    bomb = jsonl({"text": "first"}) + jsonl({"text": "x" * 1000}) * 50_000
    packed = gzip.compress(bomb.encode())
    found = list(tables.read_jsonl(ungzip(io.BytesIO(packed), "a"), "a", Options()))
    assert texts(found)[0] == "first"
    assert isinstance(found[-1], Rejected)
    assert "200 times" in found[-1].reason
