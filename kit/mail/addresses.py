"""Addresses of a recipe: one each, plain enough that every server reads it in the same way."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from kit.errors import RecipeError, nearest
from kit.recipe import Mail

# RFC 5321, 4.5.3.1: octets of the part before the @, of the domain, and of the path less its brackets
LONGEST_LOCAL, LONGEST_DOMAIN, LONGEST = 64, 255, 254
LONGEST_NAME = 100  # characters of the name before an address
_ATOM = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+"  # RFC 5322, 3.2.3
_LABEL = r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
_PLAIN = re.compile(rf"({_ATOM}(?:\.{_ATOM})*)@({_LABEL}(?:\.{_LABEL})*)")
_NAMED = re.compile(r"([^<>]*[^<>\s])\s*<([^<>]*)>")
_NOT_IN_A_NAME = set('<>()[]:;@\\,"')  # what could begin another address, RFC 5322, 3.2.3


@dataclass(frozen=True, slots=True)
class Address:
    """Where a mail goes or comes from: ``local@domain``, the domain in small letters, and a name."""

    local: str
    domain: str
    name: str = ""

    def __str__(self) -> str:
        return f"{self.local}@{self.domain}"


def parse(text: str, where: str = "mail.to") -> Address:
    """Return the address that a text is, ``a@example.org`` or ``A Name <a@example.org>``.

    Raises RecipeError, which names the key `where`, for all else: more than one address, line breaks,
    quoted local parts, letters beyond ASCII, which not every server takes.
    """
    named = _NAMED.fullmatch(text)
    name, bare = (named[1], named[2]) if named else ("", text)
    if problem := _problem(text, name, bare):
        raise RecipeError(f"{where}: {_shown(text)}: {problem}")
    match = _PLAIN.fullmatch(bare)
    if not match:
        raise RecipeError(
            f"{where}: {_shown(text)} is no address. One is expected: a@example.org or "
            "A Name <a@example.org>"
        )
    local, domain = match[1], match[2].lower()
    if max(len(local) - LONGEST_LOCAL, len(domain) - LONGEST_DOMAIN, len(bare) - LONGEST) > 0:
        raise RecipeError(f"{where}: {_shown(text)}: the address is too long")
    return Address(local, domain, name)


def _problem(text: str, name: str, bare: str) -> str:
    """Return what is wrong with an address in a way that can be said more plainly than "no address"."""
    if not text.isprintable():
        return "an address stands in one line, without control characters"
    if '"' in text or "\\" in text:
        return "an address in quotes is not taken; servers do not agree on how to read it"
    if "," in text or ";" in text or text.count("@") > 1:
        return "one address is expected; give each its own place in the list"
    if not bare.isascii():
        return (
            "letters beyond ASCII; write the domain as xn--... Local parts of other letters are "
            "not taken, as many servers refuse them"
        )
    if _NOT_IN_A_NAME & set(name) or len(name) > LONGEST_NAME:
        return f"the name has one of {' '.join(sorted(_NOT_IN_A_NAME))} or is too long"
    return ""


def recipients(mail: Mail) -> list[Address]:
    """Return who gets the report: addresses and the members of groups, each once, in their order.

    Equal are addresses whose domains differ in capitals only. Raises RecipeError for the first that is
    none, and for a group that is not there.
    """
    found: dict[str, Address] = {}
    for entry in mail.to:
        for address in _expanded(entry, mail):
            found.setdefault(str(address), address)
    return list(found.values())


def _expanded(entry: str, mail: Mail) -> Iterable[Address]:
    if entry in mail.groups:
        return [parse(member, f"mail.groups.{entry}") for member in mail.groups[entry]]
    if entry and "@" not in entry and entry.isprintable():
        there = f" There are: {', '.join(sorted(mail.groups))}" if mail.groups else ""
        raise RecipeError(
            f"mail.to: {_shown(entry)} is neither an address nor a group."
            f"{nearest(entry, mail.groups)}{there}"
        )
    return [parse(entry)]


def _shown(text: str) -> str:
    return repr(text if len(text) <= LONGEST_NAME else f"{text[:LONGEST_NAME]}…")
