"""What a mention is, and the kinds of things that are named."""

from dataclasses import dataclass, replace

from kit.corpus import Span

KINDS = ("person", "organisation", "place", "initiative", "document", "event", "facility")
PLURALS = {
    kind: "people" if kind == "person" else f"{kind}s".replace("ys", "ies") for kind in KINDS
}

KINDS_OF = {"PERSON": "person", "ORG": "organisation", "LOC": "place"}  # by the label of a model


def bare(form: str) -> str:
    """Return a form as it is looked up: without blanks and case."""
    return "".join(form.split()).casefold()


@dataclass(frozen=True, slots=True)
class Mention:
    """One place where something is named: the citation form, its kind, and how it stands there.

    ``role`` is the title or office that the text gives a person at this place.
    """

    name: str
    kind: str
    span: Span
    role: str = ""
    adjective: bool = False


@dataclass(frozen=True, slots=True)
class Found:
    """A mention in one document, before the texts of a corpus are seen together.

    ``form`` is the name as written there, without the possessive. What is not ``sure`` counts only
    where another text of the corpus knows the name. ``known`` is what the gazetteer gave.
    """

    paragraph: int
    start: int
    end: int
    kind: str
    name: str
    form: str
    role: str = ""
    adjective: bool = False
    sure: bool = True
    known: bool = False

    def named(self, name: str) -> "Found":
        """Return the same mention as one of `name`."""
        return replace(self, name=name)
