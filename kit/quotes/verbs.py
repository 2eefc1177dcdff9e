"""The verbs that report words, with their strength: what the lexicon says of each."""

from dataclasses import dataclass
from functools import lru_cache

from kit.lexicon import load

WEAKEST, STRONGEST = 1, 5


@dataclass(frozen=True, slots=True)
class Verb:
    """A reporting verb (or adjective, noun, *according to*) of the lexicon."""

    name: str
    strength: int
    takes: frozenset[str]
    kind: str = "verb"
    after: tuple[str, ...] = ()
    inanimate: bool = False


NO_VERB = Verb("", 0, frozenset())


@lru_cache(maxsize=8)
def by_form(code: str, own: str = "") -> dict[str, tuple[Verb, ...]]:
    """Return the verbs of a language by lemma or form, in Chinese by the verb as it stands.

    `own` is the text of a user's lexicon.
    """
    found: dict[str, tuple[Verb, ...]] = {}
    for entry in load("verbs", own):
        verb = Verb(
            entry["id"].removesuffix(" (noun)"),
            min(max(int(entry["strength"]), WEAKEST), STRONGEST),
            frozenset(entry["takes"]),
            entry.get("kind", "verb"),
            tuple(entry.get("after", ())),
            bool(entry.get("inanimate", False)),
        )
        if code == "en":
            bare = not verb.after and not entry["id"].endswith(" (noun)")
            forms = [*entry.get("forms", ()), *([entry["id"]] if bare else ())]
            if verb.after and verb.kind == "verb" and not entry.get("forms"):
                forms.append(entry["id"].split()[0])
        else:
            listed = entry.get(code, ())
            forms = [listed] if isinstance(listed, str) else list(listed)
        for form in dict.fromkeys(forms):
            found[form] = (*found.get(form, ()), verb)
    return found
