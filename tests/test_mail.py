"""A mail is exactly what we set: its headers, one recipient, the first page, what is attached."""

import datetime as dt
import email
import json
import re
from collections.abc import Callable
from email import policy
from email.message import EmailMessage
from email.utils import getaddresses
from pathlib import Path

import nbformat
import pytest
import reportfolder
from bs4 import BeautifulSoup
from hypothesis import example, given
from hypothesis import strategies as st

from kit import mail
from kit.corpus import Corpus
from kit.errors import RecipeError, SendError, WriteError
from kit.mail import addresses, headers, letter, page
from kit.mail.addresses import Address
from kit.recipe import Mail, read

OURS = ["From", "To", "Subject", "Date", "Message-ID", "Auto-Submitted", "List-ID"]
MIME = ["MIME-Version", "Content-Type"]
WHEN = dt.datetime(2025, 1, 27, 7, 0, tzinfo=dt.UTC)
MAIL = Mail(to=("a@example.org",), sender="Readout <reports@example.org>")
A = Address("a", "example.org")
MakeCorpus = Callable[..., Corpus]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory, make_corpus: MakeCorpus) -> Path:
    """A report folder that is not written to."""
    corpus = make_corpus("Trade grew.\n\nPeace holds.", titles=["Two things"])
    return reportfolder.make(tmp_path_factory.mktemp("reports") / "weekly", corpus)


@pytest.fixture
def report(folder: Path) -> mail.Report:
    """The report of that folder."""
    return mail.Report(folder, "id-1", WHEN, name="weekly", title="The week")


def parsed(message: EmailMessage) -> EmailMessage:
    """Return a message parsed again from its bytes, as a strict reader sees it."""
    data = mail.wire(message)
    assert data.isascii()
    assert not re.search(rb"\r(?!\n)|(?<!\r)\n", data)
    assert max(map(len, data.split(b"\r\n"))) <= 78
    again = email.message_from_bytes(data, policy=policy.default)
    assert isinstance(again, EmailMessage)
    assert not again.defects
    return again


def built(subject: str, to: Address = A, sender: Address = A) -> EmailMessage:
    """Return a message that has nothing but headers to speak of."""
    made = letter.Letter(sender, subject, page.Page("T"), "id", WHEN, "weekly")
    return mail.message(made, to)


# Headers


def subjects(shared: Path) -> list[str]:
    text = (shared / "cases" / "49-mail-headers" / "subjects.json").read_text("utf-8")
    return list(json.loads(text))


def unspaced(text: str) -> str:
    """Return a text without blanks and controls: what has to come through of a subject."""
    return "".join(c for c in text if c.isprintable() and not c.isspace())


def test_case_49_subjects_add_no_header_and_come_through(shared: Path) -> None:
    for subject in subjects(shared):
        again = parsed(built(subject))
        assert again.keys() == [*OURS, *MIME]
        assert unspaced(again["Subject"]) == unspaced(subject)
        assert again["To"].addresses[0].addr_spec == "a@example.org"


def test_case_49_recipients(shared: Path) -> None:
    text = (shared / "cases" / "49-mail-headers" / "recipients.json").read_text("utf-8")
    plain, named, *others = json.loads(text)
    assert addresses.parse(plain) == A
    assert addresses.parse(named) == Address("a", "example.org", "A")
    for recipient in others:
        with pytest.raises(RecipeError, match=r"\Amail\.to: .+\Z"):
            addresses.parse(recipient)


NASTY = st.text(
    st.one_of(
        st.sampled_from(
            '=?utf-8qbQB_.@<>,;:"\\()\r\n\t\0\x0b\x0c\x1b\x1c\x85\u2028\u2029\u202e\ufeff 报é😀'
        ),
        st.characters(),
    ),
    max_size=300,
)


@given(NASTY)
@example("=?utf-8?q?Report=0D=0ABcc=3A_x=40example.org?=")
@example("=?utf-8?b?UmVwb3J0DQpCY2M6IHhAZXhhbXBsZS5vcmc=?= and =?us-ascii?q?more?=")
@example("x" * 1200)
@example(("word " * 300).strip())
@example("报" * 800)
@example("a" * 68 + " b")
@example("a" * 69 + " b")
@example("")
def test_any_subject_is_read_as_itself_and_adds_nothing(subject: str) -> None:
    again = parsed(built(subject))
    assert again.keys() == [*OURS, *MIME]
    assert again["Subject"] == headers.one_line(subject)


@given(NASTY)
def test_any_name_of_a_person_is_read_as_itself(name: str) -> None:
    said = headers.one_line(name)[:100].strip()
    again = parsed(built("s", Address("a", "example.org", said), Address("b", "example.org", said)))
    assert again.keys() == [*OURS, *MIME]
    for key, expected in (("To", "a@example.org"), ("From", "b@example.org")):
        (address,) = again[key].addresses
        assert address.addr_spec == expected
        # Python before 3.13 reads a blank between two encoded words of a name: RFC 2047 has none
        assert unspaced(address.display_name) == unspaced(said)


@given(NASTY)
def test_one_line_has_no_breaks_and_no_controls(text: str) -> None:
    line = headers.one_line(text)
    assert len(line.splitlines()) <= 1
    assert line == line.strip()
    assert "  " not in line
    assert headers.one_line(line) == line


def test_marks_of_direction_go_and_joiners_stay() -> None:
    assert headers.one_line("a\u202eb\u2066c\u200fd") == "abcd"
    assert headers.one_line("👩\u200d🔬 می\u200cخواهم") == "👩\u200d🔬 می\u200cخواهم"


def test_message_ids_know_report_and_recipient() -> None:
    made = letter.Letter(A, "s", page.Page("T"), "id", WHEN)
    first, again = mail.message(made, A), mail.message(made, A)
    other = mail.message(made, Address("b", "example.org"))
    assert first["Message-ID"] == again["Message-ID"] != other["Message-ID"]
    later = letter.Letter(A, "s", page.Page("T"), "id2", WHEN)
    assert mail.message(later, A)["Message-ID"] != first["Message-ID"]
    assert re.fullmatch(r"<[0-9a-f]{32}@example\.org>", first["Message-ID"])


# Addresses


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("a@example.org, b@example.org", "one address is expected"),
        ("a@example.org; b@example.org", "one address is expected"),
        ("A, B <a@example.org>", "one address is expected"),
        ("a@example.org b@example.org", "one address is expected"),
        ("a@x@example.org", "one address is expected"),
        ("a@example.org\r\nBcc: c@example.org", "one line"),
        ("a@example.org\n", "one line"),
        ("A\u2028 <a@example.org>", "one line"),
        ('"a b"@example.org', "quotes"),
        ('"A" <a@example.org>', "quotes"),
        ("用户@example.org", "beyond ASCII"),
        ("a@例子.中国", "xn--"),
        ("A (x) <a@example.org>", "the name"),
        ("", "no address"),
        ("a", "no address"),
        ("a@", "no address"),
        ("@example.org", "no address"),
        ("a..b@example.org", "no address"),
        (".a@example.org", "no address"),
        ("a@-example.org", "no address"),
        ("a@[127.0.0.1]", "no address"),
        ("<a@example.org>", "no address"),
        ("A <a@example.org> B", "no address"),
        ("A <<a@example.org>>", "no address"),
        ("a@example.org>\u200b", "one line"),
        ("a" * 65 + "@example.org", "too long"),
        ("a@" + ".".join(["b" * 60] * 5), "too long"),
    ],
)
def test_what_is_no_single_plain_address_is_refused(text: str, says: str) -> None:
    with pytest.raises(RecipeError, match=says):
        addresses.parse(text)


@given(
    st.one_of(
        NASTY, st.from_regex(r"[a-z.+,\"]{1,8}@[a-z.,-]{1,8}( <[a-z@,]{1,9}>)?", fullmatch=True)
    )
)
def test_what_is_taken_is_one_address_to_every_reader(text: str) -> None:
    try:
        address = addresses.parse(text)
    except RecipeError:
        return
    assert getaddresses([text]) == [
        (address.name, f"{address.local}@{text.rpartition('@')[2].rstrip('>')}")
    ]
    assert str(address).isascii()


def test_groups_expand_and_nobody_is_in_twice() -> None:
    made = Mail(
        to=("desk", "A@Example.org", "x@example.org", "Boss <c@EXAMPLE.org>"),
        groups={"desk": ("a@example.org", "c@example.org", "A@example.ORG")},
    )
    assert [str(r) for r in mail.recipients(made)] == [
        *("a@example.org", "c@example.org", "A@example.org", "x@example.org"),
    ]


def test_a_group_that_is_not_there_is_named_with_the_nearest() -> None:
    made = Mail(to=("dsek",), groups={"desk": ("a@example.org",)})
    with pytest.raises(RecipeError, match=r"'dsek' is neither .* Did you mean desk\?"):
        mail.recipients(made)


@pytest.mark.parametrize(
    ("recipe", "says"),
    [
        (Mail(to=("a@example.org",)), r"mail\.sender"),
        (Mail(to=("a@example.org",), sender="x"), r"mail\.sender"),
        (Mail(owner="x, y"), r"mail\.owner"),
        (Mail(sender="a@b"), r"mail\.to: nobody"),
        (Mail(groups={"g": ("x",)}), r"mail\.groups\.g"),
        (Mail(to=("a@b",), sender="a@b", subject="{titel}"), r"\{titel\} stands for nothing"),
        (
            Mail(to=("a@b",), sender="a@b", host="mail.example.org", user="u", security="none"),
            "in the clear",
        ),
    ],
)
def test_a_recipe_that_cannot_work_says_which_key(recipe: Mail, says: str) -> None:
    with pytest.raises(RecipeError, match=says):
        mail.check(recipe)


def test_a_recipe_that_can_work_passes() -> None:
    mail.check(MAIL)
    mail.check(Mail(to=("a@b",), sender="a@b", subject="{title}: {period} {date} {part}"))
    mail.check(Mail(owner="a@b", sender="a@b", user="u", security="none"))  # on this machine


def test_the_recipe_in_the_docs_passes(tmp_path: Path) -> None:
    docs = Path(__file__).parent.parent / "docs" / "mail.md"
    text = docs.read_text("utf-8").partition("```toml\n")[2].partition("```")[0]
    (tmp_path / "weekly.toml").write_text(text, "utf-8")
    made = read(tmp_path / "weekly.toml").mail
    assert made
    mail.check(made)
    assert [str(r) for r in mail.recipients(made)] == [
        *("c.name@example.org", "d.name@example.org", "a.name@example.org"),
    ]


# The mail of a report


def test_a_mail_has_text_html_and_pdf(report: mail.Report) -> None:
    message = mail.message(mail.prepare(MAIL, report), A)
    again = parsed(message)
    assert [p.get_content_type() for p in again.walk()] == [
        *("multipart/mixed", "multipart/alternative"),
        *("text/plain", "text/html", "application/pdf"),
    ]
    assert again.keys() == [*OURS, *MIME]
    assert again["Subject"] == "The week, 27 January 2025"
    assert again["List-ID"] == "<weekly.readout.example.org>"
    assert again["Date"].datetime == WHEN
    (attached,) = again.iter_attachments()
    assert attached.get_filename() == "weekly-2025-01-27.pdf"
    assert attached.get_content() == reportfolder.PDF


def both(report: mail.Report, recipe: Mail = MAIL) -> tuple[str, BeautifulSoup]:
    again = parsed(mail.message(mail.prepare(recipe, report), A))
    text, page_ = again.get_body(("plain",)), again.get_body(("html",))
    assert text
    assert page_
    return text.get_content(), BeautifulSoup(page_.get_content(), "html.parser")


def test_both_bodies_say_the_first_page(report: mail.Report) -> None:
    text, soup = both(report)
    for said in (" ".join(text.split()), " ".join(soup.get_text(" ").split())):
        for part in (
            *("The week", "1 text, 2 sentences, 4 words", "27 January 2025", "attached"),
            *("One text of two paragraphs.", "Above all trade.", "Made of other findings.", "¶1"),
            "write to reports@example.org",
        ):
            assert part in said


def test_places_lead_to_the_published_report(folder: Path) -> None:
    address = "https://example.org/weekly/report.html"
    made = mail.Report(folder, "id", WHEN, address=address)
    text, soup = both(made)
    assert address in text.splitlines()
    links = {a["href"] for a in soup.find_all("a")}
    assert links == {address, f"{address}#t1-p1-s1"}


def test_nothing_is_fetched_and_nothing_runs(report: mail.Report) -> None:
    _, soup = both(report)
    assert not soup.find_all(["script", "style", "link", "img", "iframe", "form"])
    assert not soup.find_all(attrs={"src": True})
    assert "url(" not in str(soup)


@pytest.mark.parametrize("address", ["javascript:alert(1)", "https://x/ y", "https://x/\n", "//x"])
def test_only_an_address_of_the_web_becomes_a_link(folder: Path, address: str) -> None:
    with pytest.raises(RecipeError, match=r"publish\.address"):
        mail.prepare(MAIL, mail.Report(folder, "id", WHEN, address=address))


def test_hostile_texts_stay_text(tmp_path: Path, make_corpus: MakeCorpus) -> None:
    evil = '<script>alert(1)</script> {{ 7*7 }} " onload="x" \r\n.\r\nMAIL FROM:<x@y>'
    made = reportfolder.make(
        tmp_path / "r",
        make_corpus("Trade grew.", titles=[evil]),
        statements=[("<b>", evil)],
        cells=[nbformat.v4.new_markdown_cell(f"## {evil}\n\n[x](javascript:alert(1)) <img src=x>")],
    )
    text, soup = both(mail.Report(made, "id", WHEN))
    assert not soup.find_all(["script", "b", "img"])
    assert "<script>alert(1)</script> {{ 7*7 }}" in soup.get_text()
    assert "<script>" in text
    assert "javascript" not in str([a["href"] for a in soup.find_all("a")])


def test_the_same_report_gives_the_same_bytes(report: mail.Report) -> None:
    first, again = (mail.wire(mail.message(mail.prepare(MAIL, report), A)) for _ in range(2))
    assert first == again


def test_nobody_else_is_named(report: mail.Report) -> None:
    recipe = Mail(to=("a@example.org", "secret@example.net"), sender="r@example.org", attach="none")
    data = mail.wire(mail.message(mail.prepare(recipe, report), A))
    assert b"secret" not in data


def test_what_is_attached_is_asked_for(folder: Path, report: mail.Report) -> None:
    recipe = Mail(to=("a@b",), sender="a@b", attach="html")
    (attached,) = parsed(mail.message(mail.prepare(recipe, report), A)).iter_attachments()
    assert attached.get_filename() == "weekly-2025-01-27.html"
    assert attached.get_payload(decode=True) == (folder / "report.html").read_bytes()
    none = Mail(to=("a@b",), sender="a@b", attach="none")
    again = parsed(mail.message(mail.prepare(none, report), A))
    assert not list(again.iter_attachments())
    assert "attached" not in again.get_body(("plain",)).get_content()


def test_a_report_without_the_file_says_what_to_add(
    tmp_path: Path, make_corpus: MakeCorpus
) -> None:
    made = reportfolder.make(tmp_path / "r", make_corpus("One."))
    (made / "report.pdf").unlink()
    with pytest.raises(RecipeError, match=r'mail\.attach: .* Add "pdf" to formats'):
        mail.prepare(MAIL, mail.Report(made, "id", WHEN))


@pytest.mark.parametrize("broken", ["run.json", "notebooks/brief.ipynb"])
def test_a_folder_that_cannot_be_read_is_named(
    tmp_path: Path, make_corpus: MakeCorpus, broken: str
) -> None:
    made = reportfolder.make(tmp_path / "r", make_corpus("One."))
    (made / broken).write_text("{", "utf-8")
    with pytest.raises(SendError, match="cannot be read for its mail"):
        mail.prepare(MAIL, mail.Report(made, "id", WHEN))


def test_a_title_of_other_letters_makes_a_safe_file_name(folder: Path) -> None:
    for title, name in (("../../报告", "report"), ("Über/alles\r\n", "uber-alles")):
        made = mail.prepare(MAIL, mail.Report(folder, "id", WHEN, title=title))
        assert made.attachment
        assert made.attachment[0] == f"{name}-2025-01-27.pdf"


def test_a_subject_takes_from_the_report_once(folder: Path) -> None:
    recipe = Mail(to=("a@b",), sender="a@b", subject="[{part}] {title} {period}, {date}")
    made = mail.Report(folder, "id", WHEN, title="{date}", part="bbk", period="2025-W04")
    assert mail.prepare(recipe, made).subject == "[bbk] {date} 2025-W04, 27 January 2025"


def test_all_kinds_of_blocks_are_shown(tmp_path: Path, make_corpus: MakeCorpus) -> None:
    source = (
        "A *b* **c** [d](https://example.org/d)\n\n## Two\n\n1. x\n2. y\n   - z\n\n> said\n\n"
        "```\ncode\n```"
    )
    made = reportfolder.make(
        tmp_path / "r",
        make_corpus("One."),
        cells=[nbformat.v4.new_markdown_cell(source)],
    )
    text, soup = both(mail.Report(made, "id", WHEN))
    for line in ("A b c d <https://example.org/d>", "Two", "1. x", "2. y", "> said", "    code"):
        assert line in text.splitlines()
    assert "   - z" in text
    assert [
        t.name for t in soup.find_all(["h3", "ol", "ul", "blockquote", "pre", "em", "strong"])
    ] == [
        *("em", "strong", "h3", "ol", "ul", "blockquote", "pre"),
    ]


def test_a_long_first_page_is_cut_and_says_so(tmp_path: Path, make_corpus: MakeCorpus) -> None:
    made = reportfolder.make(
        tmp_path / "r",
        make_corpus("One."),
        statements=[(f"t{i}", "s") for i in range(100)],
        cells=[nbformat.v4.new_markdown_cell("word " * 30_000)],
    )
    text, soup = both(mail.Report(made, "id", WHEN))
    for said in (text, soup.get_text()):
        assert "t39" in said
        assert "t40" not in said
        assert "60 more in the report." in said
        assert "There is more on the first page of the report." in said
        assert "word word" not in said


def test_a_report_without_notebooks_still_has_a_mail(
    tmp_path: Path, make_corpus: MakeCorpus
) -> None:
    made = reportfolder.make(tmp_path / "r", make_corpus("One."))
    (made / "notebooks" / "brief.ipynb").unlink()
    text, _ = both(mail.Report(made, "id", WHEN, title="The week"))
    assert "The week" in text
    assert "attached" in text


# Dry runs


def test_a_dry_run_writes_each_mail_as_it_would_be_sent(
    report: mail.Report, tmp_path: Path
) -> None:
    recipe = Mail(
        to=("A <a@example.org>", "a@example-org.net", "/etc/b@example.org"), sender="r@example.org"
    )
    with pytest.raises(RecipeError):
        mail.dry_run(Mail(to=("x",), sender="r@example.org"), report, tmp_path / "none")
    assert not (tmp_path / "none").exists()
    paths = mail.dry_run(recipe, report, tmp_path / "out")
    assert sorted(paths) == sorted((tmp_path / "out").iterdir())
    assert all(re.fullmatch(r"[a-z0-9-]+\.eml", p.name) for p in paths)
    common = mail.prepare(recipe, report)
    for path, to in zip(paths, mail.recipients(recipe), strict=True):
        assert path.read_bytes() == mail.wire(mail.message(common, to))


def test_a_dry_run_that_cannot_write_leaves_nothing(
    report: mail.Report, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    with pytest.raises(WriteError, match="No space left"):
        mail.dry_run(MAIL, report, tmp_path / "out")
    assert not list((tmp_path / "out").iterdir())
