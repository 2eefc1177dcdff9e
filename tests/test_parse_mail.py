"""kit.parse.mail: the text of a saved mail; what is attached to it is named."""

import io
from email.message import EmailMessage

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kit.parse.mail import read_mail
from kit.parse.record import Block, Dated, Options, Record, Rejected, UnreadableError

HEAD = "From: The Ministry <press@example.org>\nSubject: Trade\nDate: Mon, 27 Jan 2025 00:30:00 +0800\n"


def read(mail: str | bytes) -> tuple[Record, list[Rejected]]:
    data = mail.encode() if isinstance(mail, str) else mail
    record, *rejected = read_mail(io.BytesIO(data), "a.eml", Options())
    assert isinstance(record, Record)
    return record, [one for one in rejected if isinstance(one, Rejected)]


def body(text: str, headers: str = "") -> tuple[Block, ...]:
    return read(f"{HEAD}{headers}\n{text}")[0].blocks


def test_a_plain_mail() -> None:
    record, rejected = read(
        HEAD + "Message-ID: <1@example.org>\nContent-Language: en-GB\nOrganization: The Bank\n"
        "\nFirst line\ngoes on.\n\nSecond.\n"
    )
    assert record == Record(
        blocks=(Block("First line\ngoes on."), Block("Second.")),
        title="Trade",
        dates=(Dated("Mon, 27 Jan 2025 00:30:00 +0800", "page metadata"),),
        language="en-GB",
        author="The Ministry <press@example.org>",
        publisher="The Bank",
        id="1@example.org",
    )
    assert rejected == []


def test_headers_are_decoded_and_dates_are_not_rewritten() -> None:
    record, _ = read(
        "From: =?koi8-r?B?7cnOydPUxdLT1NfP?= <a@b>\nSubject: =?utf-8?B?5YWz5LqO6LS4?=\n"
        " =?utf-8?B?5piT?=\nDate: Tue, 27 Jan 2025 12:00:00 GMT (noon)\n\nx"
    )
    assert (record.title, record.author) == ("关于贸易", "Министерство <a@b>")
    assert record.dates == (Dated("Tue, 27 Jan 2025 12:00:00 GMT (noon)", "page metadata"),)


@pytest.mark.parametrize(
    ("charset", "text"),
    [
        ("gb18030", "各地区各部门要加强组织领导，细化工作措施。"),
        ("koi8-r", "Стороны договорились и дальше углублять сотрудничество."),
        ("utf-8", "Both sides “agreed” – at last."),
        ("iso-8859-1", "Les deux côtés sont tombés d’accord.".replace("’", "'")),
    ],
)
@pytest.mark.parametrize("encoding", ["quoted-printable", "base64", "8bit"])
@pytest.mark.parametrize("subtype", ["plain", "html"])
def test_encodings(charset: str, text: str, encoding: str, subtype: str) -> None:
    mail = EmailMessage()
    mail["From"], mail["Subject"] = "a@b", "T"
    said = f"<html><body><p>{text}</p></body></html>" if subtype == "html" else text
    mail.set_content(said, subtype=subtype, charset=charset, cte=encoding)
    assert read(mail.as_bytes())[0].blocks == (Block(text),)


def test_plain_text_before_html_and_html_where_there_is_no_other() -> None:
    mail = EmailMessage()
    mail["From"] = "a@b"
    mail.set_content("Plain.")
    mail.add_alternative("<p>Markup.</p>", subtype="html")
    assert read(mail.as_bytes())[0].blocks == (Block("Plain."),)
    mail = EmailMessage()
    mail["From"] = "a@b"
    mail.set_content("\n")
    mail.add_alternative("<h2>Rates</h2><p>Markup.</p><script>x</script>", subtype="html")
    assert read(mail.as_bytes())[0].blocks == (Block("Rates", "heading"), Block("Markup."))


def test_attachments_are_named_and_pictures_are_not() -> None:
    mail = EmailMessage()
    mail["From"] = "a@b"
    mail.set_content("See the attachment.")
    mail.add_attachment(b"%PDF", maintype="application", subtype="pdf", filename="Заявление.pdf")
    mail.add_attachment("words", filename="notes.txt")
    mail.add_attachment(b"x", maintype="image", subtype="png", filename="logo.png")
    inner = EmailMessage()
    inner["Subject"] = "Inner"
    inner.set_content("Not of this mail.")
    mail.add_attachment(inner)
    record, rejected = read(mail.as_bytes())
    assert record.blocks == (Block("See the attachment."),)
    assert [one.place for one in rejected] == ["Заявление.pdf", "notes.txt", "attachment 4"]
    assert all("save the attachment" in one.advice for one in rejected)


def test_parts_in_parts() -> None:
    mail = EmailMessage()
    mail["From"] = "a@b"
    mail.set_content("Plain.")
    mail.add_alternative("<p>Markup.</p>", subtype="html")
    mail.add_attachment(b"x", maintype="application", subtype="pdf", filename="a.pdf")
    record, rejected = read(mail.as_bytes())
    assert record.blocks == (Block("Plain."),)
    assert [one.place for one in rejected] == ["a.pdf"]


def test_quotations_lists_and_signatures() -> None:
    assert body("He said:\n\n> We agree\n> on it.\n>\n> So be it.\n\n- one\n- two\n\nEnd.") == (
        Block("He said:"),
        Block("We agree\non it.", "quotation"),
        Block("So be it.", "quotation"),
        Block("- one", "item"),
        Block("- two", "item"),
        Block("End."),
    )
    record, _ = read(f"{HEAD}\nText.\n-- \nA. Smith\nTel. 1\n")
    assert record.blocks == (Block("Text."),)
    assert "signature" in record.notes[0]
    assert body("one \ntwo.", "Content-Type: text/plain; format=flowed\n") == (Block("one two."),)


def test_a_mail_without_text_says_so() -> None:
    assert read(HEAD + "\n")[0].notes == ("no text in the mail itself",)
    encrypted = HEAD + "Content-Type: multipart/encrypted; boundary=x\n\n--x\n\nVersion: 1\n--x--"
    assert any("encrypted" in note for note in read(encrypted)[0].notes)


@pytest.mark.parametrize(
    "data", [b"", b"words", b"%PDF-1.4\n\nx", b"X-Y: 1\n\nwords", b"\x00" * 100]
)
def test_what_is_no_mail(data: bytes) -> None:
    with pytest.raises(UnreadableError):
        read(data)


@pytest.mark.parametrize(
    "headers",
    [
        "Content-Type: text/plain; charset=nonsense\n",
        "Content-Type: text/plain; charset=idna\n",
        "Content-Type: multipart/mixed\n",
        "Content-Transfer-Encoding: nonsense\n",
        "Content-Disposition: attachment; filename*0*=x''%\n",
        "To: a@[\nCc: <\nDate: nonsense\n",
        "Subject: =?x?b?=?= =?utf-8?q?=\n",
    ],
)
def test_broken_headers(headers: str) -> None:
    assert body("Words of it.", headers) == (Block("Words of it."),)


def test_2000_parts_in_parts() -> None:
    nested = "".join(
        f'Content-Type: multipart/mixed; boundary="{i}"\n\n--{i}\n' for i in range(2000)
    )
    try:
        record, _ = read(HEAD + nested + "\nwords")
    except UnreadableError:
        return
    assert record.blocks == ()


FUZZ = settings(deadline=5000, suppress_health_check=[HealthCheck.too_slow])


@FUZZ
@given(st.binary(max_size=2000))
def test_any_bytes_are_read_or_refused(data: bytes) -> None:
    for mail in (data, b"From: a@b\n" + data):
        try:
            read(mail)
        except UnreadableError:
            continue


LINES = (
    "Content-Type: multipart/mixed; boundary=x|Content-Type: text/html; charset=gb2312|--x|--x--||"
    "Content-Type: message/rfc822|Content-Transfer-Encoding: base64|Content-Type: multipart/alternative;|"
    'Content-Disposition: attachment; filename="|Subject: =?utf-8?b?//8=?=|Content-Type: ;;;|Date:|words|/w=='
).split("|")


@FUZZ
@given(st.lists(st.one_of(st.sampled_from(LINES), st.text(max_size=40)), max_size=40))
def test_any_parts_are_read_or_refused(lines: list[str]) -> None:
    try:
        read(("From: a@b\n" + "\n".join(lines)).encode("utf-8", "replace"))
    except UnreadableError:
        return
