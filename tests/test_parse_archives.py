"""Archives: read as streams within limits; no name in them is a path, nothing is written."""

import bz2
import gzip
import io
import lzma
import os
import stat
import struct
import tarfile
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kit.parse import archives, unpack
from kit.parse.archives import members, printable, ungzip
from kit.parse.record import Rejected, UnreadableError

Found = dict[str, bytes | str]
FILES = {"a.txt": b"first text", "b/c.txt": "第二".encode(), "d.csv": b"text\nx\n"}


def unpacked(data: bytes) -> Found:
    """Return what is in an archive: bytes where it is read, the reason where it is not."""
    found: Found = {}
    for member in members(io.BytesIO(data), "an archive"):
        if isinstance(member, Rejected):
            assert member.advice
            found[member.place] = member.reason
            continue
        name, stream = member
        try:
            found[name] = stream.read()
        except UnreadableError as error:
            found[name] = error.reason
    return found


def zipped(files: dict[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return out.getvalue()


def tarred(files: dict[str, bytes], mode: str = "w", **about: object) -> bytes:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode=mode) as archive:  # type: ignore[call-overload]
        for name, data in files.items():
            info = tarfile.TarInfo(name)
            info.size = len(data)
            for key, value in about.items():
                setattr(info, key, value)
            archive.addfile(info, io.BytesIO(data))
    return out.getvalue()


MAKE: dict[str, Callable[[dict[str, bytes]], bytes]] = {
    "zip": zipped,
    "zip stored": lambda files: zipped(files, zipfile.ZIP_STORED),
    "tar": tarred,
    "tar.gz": lambda files: tarred(files, "w:gz"),
    "tar.bz2": lambda files: tarred(files, "w:bz2"),
    "tar.xz": lambda files: tarred(files, "w:xz"),
}
each_form = pytest.mark.parametrize("make", MAKE.values(), ids=MAKE)


@each_form
def test_members_in_order(make: Callable[[dict[str, bytes]], bytes]) -> None:
    found = unpacked(make(FILES))
    assert found == FILES
    assert list(found) == list(FILES)


@each_form
def test_members_may_be_left_unread(make: Callable[[dict[str, bytes]], bytes]) -> None:
    names = [m[0] for m in members(io.BytesIO(make(FILES)), "a") if not isinstance(m, Rejected)]
    assert names == list(FILES)


@each_form
def test_names_that_are_refused_or_passed_over(make: Callable[[dict[str, bytes]], bytes]) -> None:
    hostile = ["/etc/x.txt", "../up.txt", "a/../../b.txt", "C:/x.txt"]
    hidden = [".hidden", "a/.git/x.txt", "__MACOSX/._a.txt", "./.x"]
    inner = ["b.zip", "c.tar.gz", "d.TGZ", "e.7z"]
    found = unpacked(make(dict.fromkeys([*hostile, *hidden, *inner, "./good.txt"], b"x")))
    assert found.pop("good.txt") == b"x"
    assert {found.pop(name) for name in hostile} == {"its name leads out"}
    assert {found.pop(name) for name in inner} == {"an archive in an archive"}
    assert not found


@each_form
def test_nothing_is_written(
    make: Callable[[dict[str, bytes]], bytes], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    unpacked(make(FILES | {"../x.txt": b"x"}))
    assert not list(tmp_path.iterdir())
    assert not (tmp_path.parent / "x.txt").exists()


def test_a_second_file_of_a_name_is_rejected() -> None:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w") as archive:
        for data in (b"one", b"two"):
            info = tarfile.TarInfo("a.txt")
            info.size = len(data)
            archive.addfile(info, io.BytesIO(data))
    found = list(members(io.BytesIO(out.getvalue()), "a"))
    assert isinstance(found[1], Rejected)
    assert "second file of this name" in found[1].reason


@pytest.mark.parametrize(
    ("type_", "reason"),
    [
        (tarfile.SYMTYPE, "a link"),
        (tarfile.LNKTYPE, "a link"),
        (tarfile.CHRTYPE, "no regular file"),
        (tarfile.FIFOTYPE, "no regular file"),
    ],
)
def test_links_and_devices_in_a_tar(type_: bytes, reason: str) -> None:
    data = tarred({"a.txt": b""}, type=type_, linkname="/etc/hostname")
    assert unpacked(data) == {"a.txt": reason}


def test_links_in_a_zip() -> None:
    info = zipfile.ZipInfo("a.txt")
    info.external_attr = (stat.S_IFLNK | 0o777) << 16
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr(info, "/etc/hostname")
    assert unpacked(out.getvalue()) == {"a.txt": "a link"}


def test_encrypted_members_are_rejected() -> None:
    data = bytearray(zipped({"a.txt": b"x", "b.txt": b"y"}))
    central = data.find(b"PK\1\2")
    data[central + 8] |= 1
    assert unpacked(bytes(data)) == {"a.txt": "encrypted", "b.txt": b"y"}


def test_other_methods_of_zip_are_rejected() -> None:
    found = unpacked(zipped({"a.txt": b"x" * 1000}, zipfile.ZIP_BZIP2))
    assert found == {"a.txt": "packed in a way that is not read"}


@pytest.mark.parametrize(
    ("name", "encoding"),
    [
        ("讲话.txt", "gbk"),
        ("政府工作报告/朱镕基1998.txt", "gbk"),
        ("讲话.txt", "utf-8"),
        ("Пример речи.txt", "cp866"),
        ("Resumé.txt", "cp437"),
        ("Müller/größe.txt", "cp437"),
    ],
)
def test_names_that_are_not_utf8(name: str, encoding: str) -> None:
    raw = name.encode(encoding)
    data = zipped({"x" * len(raw): b"text"}).replace(b"x" * len(raw), raw)
    assert unpacked(data) == {name: b"text"}
    if encoding in {"gbk", "utf-8"}:
        out = io.BytesIO()
        with tarfile.open(
            fileobj=out, mode="w", encoding=encoding, format=tarfile.GNU_FORMAT
        ) as tar:
            info = tarfile.TarInfo(name)
            info.size = 4
            tar.addfile(info, io.BytesIO(b"text"))
        assert unpacked(out.getvalue()) == {name: b"text"}


def test_names_can_be_shown() -> None:
    assert printable("a\x1b[1m\udcff\n.txt") == "a\\x1b[1m\\xff\\x0a.txt"
    assert unpacked(tarred({"a\x1b\n.txt": b"x"})) == {"a\\x1b\\x0a.txt": b"x"}


# Limits


def test_a_bomb_is_stopped_and_the_rest_is_read() -> None:
    bomb = b"\0" * 50_000_000
    found = unpacked(zipped({"a.txt": b"x", "bomb.txt": bomb, "c.txt": b"y"}))
    assert found == {"a.txt": b"x", "bomb.txt": "unpacks to over 200 times its size", "c.txt": b"y"}
    found = unpacked(tarred({"a.txt": b"x", "bomb.txt": bomb, "c.txt": b"y"}, "w:gz"))
    assert found["a.txt"] == b"x"
    assert found["(the rest)"] == "unpacks to over 200 times its size"
    for pack in (gzip.compress, bz2.compress, lzma.compress):
        found = unpacked(pack(tarred({"a.txt": b"x", "bomb.txt": bomb})))
        assert found["bomb.txt"] == "unpacks to over 200 times its size"


def test_members_and_bytes_are_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    texts = {f"{i}.txt": os.urandom(1000) for i in range(10)}
    monkeypatch.setattr(archives, "MOST_MEMBERS", 5)
    for make in (zipped, tarred):
        found = unpacked(make(texts))
        assert len(found) == 6
        assert found["(the rest)"] == "over 5 members"
    monkeypatch.setattr(archives, "MOST_MEMBERS", 100)
    monkeypatch.setattr(archives, "LARGEST_TOTAL", 4500)
    for make in (zipped, tarred):
        found = unpacked(make(texts))
        assert [len(x) for x in found.values()][:4] == [1000] * 4
        assert "4,500 bytes" in str(found["(the rest)"])
    monkeypatch.setattr(archives, "LARGEST_TOTAL", 10**9)
    monkeypatch.setattr(archives, "LARGEST_MEMBER", 500)
    found = unpacked(zipped({"a.txt": bytes(1000), "b.csv": bytes(1000)}))
    assert found == {"a.txt": "unpacks to over 500 bytes", "b.csv": bytes(1000)}
    monkeypatch.setattr(unpack, "LARGEST_TOTAL", 2000)
    with pytest.raises(UnreadableError, match="2,000 bytes"):
        ungzip(io.BytesIO(gzip.compress(os.urandom(5000))), "a").read()


def test_a_zip_that_lists_too_many_is_refused_before_it_is_listed() -> None:
    data = bytearray(zipped(FILES))
    at = data.rfind(b"PK\5\6") + 12
    data[at : at + 4] = struct.pack("<L", 2**31)
    with pytest.raises(UnreadableError, match="members"):
        list(members(io.BytesIO(data), "a"))


def test_a_tar_with_an_endless_name_is_stopped() -> None:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w", format=tarfile.PAX_FORMAT) as archive:
        archive.addfile(tarfile.TarInfo("a" * 3_000_000))
    with pytest.raises(UnreadableError, match="header of over"):
        list(members(io.BytesIO(out.getvalue()), "a"))


# Damage


@pytest.mark.parametrize(
    "data", [b"", b"PK", b"no archive", gzip.compress(b"no tar", mtime=0), bytes(2000)]
)
def test_what_is_no_archive_is_refused(data: bytes) -> None:
    with pytest.raises(UnreadableError):
        list(members(io.BytesIO(data), "a"))


@pytest.mark.parametrize("form", ["tar", "tar.gz"])
@pytest.mark.parametrize("at", [512, 1024, 1300, 1536])
def test_a_tar_that_is_cut_off_says_so(form: str, at: int) -> None:
    data = tarred({"a.txt": b"x" * 10, "b.txt": b"y" * 10})[:at]
    found = unpacked(gzip.compress(data) if form == "tar.gz" else data)
    assert "(the rest)" in found
    assert "b.txt" not in found or isinstance(found["b.txt"], str)


def test_a_damaged_header_in_a_tar_is_no_end() -> None:
    data = bytearray(tarred({"a.txt": b"x", "b.txt": b"y"}))
    data[1024 + 10] ^= 255
    found = unpacked(bytes(data))
    assert list(found) == ["a.txt", "(the rest)"]


def test_a_damaged_member_of_a_zip_is_named() -> None:
    data = bytearray(zipped({"a.txt": os.urandom(500), "b.txt": b"y"}))
    data[100] ^= 255
    found = unpacked(bytes(data))
    assert "damaged" in str(found["a.txt"])
    assert found["b.txt"] == b"y"


PACKED = [make(FILES | {"long.txt": os.urandom(3000)}) for make in MAKE.values()]


@given(data=st.data())
def test_damage_raises_nothing_but_unreadable(data: st.DataObject) -> None:
    raw = bytearray(data.draw(st.sampled_from(PACKED)))
    for _ in range(data.draw(st.integers(0, 5))):
        raw[data.draw(st.integers(0, len(raw) - 1))] = data.draw(st.integers(0, 255))
    raw = raw[: data.draw(st.integers(0, len(raw)))]
    try:
        found = unpacked(bytes(raw))
    except UnreadableError:
        return
    assert found


@given(
    st.binary(max_size=600), st.sampled_from([b"", b"PK\3\4", b"\x1f\x8b\x08", b"BZh9", b"PK\5\6"])
)
def test_arbitrary_bytes_raise_nothing_but_unreadable(raw: bytes, magic: bytes) -> None:
    for read in (unpacked, lambda data: ungzip(io.BytesIO(data), "a").read()):
        try:
            assert read(magic + raw)
        except UnreadableError:
            continue


# gzip


def test_ungzip() -> None:
    text = os.urandom(200_000)
    assert ungzip(io.BytesIO(gzip.compress(text)), "a").read() == text
    several = (
        gzip.compress(b"a") + gzip.compress(b"b") + b"\0" * 200_000 + gzip.compress(b"c") + b"\0"
    )
    assert ungzip(io.BytesIO(several), "a").read() == b"abc"
    lines = ungzip(io.BytesIO(gzip.compress(b"a\nb\n")), "a")
    assert [lines.readline(), lines.readline(), lines.readline()] == [b"a\n", b"b\n", b""]


def test_ungzip_damage() -> None:
    whole = gzip.compress(os.urandom(300_000))
    for data in (b"", b"no gzip", whole[:-4], whole[:100_000], whole + b"more"):
        with pytest.raises(UnreadableError):
            ungzip(io.BytesIO(data), "a").read()
    wrong = bytearray(whole)
    wrong[-8] ^= 1  # its checksum
    with pytest.raises(UnreadableError, match="damaged"):
        ungzip(io.BytesIO(bytes(wrong)), "a").read()


@given(st.binary(max_size=2000), st.integers(1, 4))
def test_ungzip_gives_what_was_packed(data: bytes, times: int) -> None:
    packed = gzip.compress(data, compresslevel=times) * times
    if data:
        assert ungzip(io.BytesIO(packed), "a").read() == data * times
