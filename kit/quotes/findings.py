"""The quotations of a corpus, and its speakers, as findings."""

from collections import Counter, defaultdict

import pandas as pd

from kit import keep, language
from kit.corpus import Corpus, Span
from kit.finding import Finding, base, counted, strings
from kit.lexicon import read_own
from kit.quotes.found import ACCORDING, DIRECT, INDIRECT, MIXED, TERM, Said, found
from kit.quotes.speakers import SELF
from kit.quotes.verbs import STRONGEST

WIDTH = 160  # characters of the words that a table shows
VERBS_SHOWN = 8
_READ = ("en", "zh", "ru")
# Speakers that are somebody else in each sentence.
NOBODY = frozenset(
    "he she they it you who one some someone somebody those these many others all both nobody none".split()
) | {"no one", "none of us", "all of us"}
_SCALE = "1 tentative, 2 neutral, 3 firm, 4 pressing, 5 strongest"
_COLUMNS = "date title paragraph speaker kind verb strength mode words".split()
_TOTALS = "speaker quotations direct indirect texts verbs strength highest not".split()


@keep.finding
def quotes(
    corpus: Corpus,
    *,
    own_words: bool = True,
    terms: bool = False,
    width: int = WIDTH,
    own: str = "",
) -> Finding:
    """List who says what, in reading order, one row a quotation; titles are read too.

    Columns: date, title, paragraph (0 is the title), speaker (a name, or the words that stand there;
    ``the speaker`` is who speaks in the text; empty where none is given), kind (``direct``; ``indirect``;
    ``mixed``: indirect with words in marks; ``according to``; ``term``), verb (as the lexicon has it),
    strength (1 to 5; empty without a verb), mode (``not`` said, ``should`` be said, or empty), words (cut
    to `width` characters; the evidence has them whole, then the verb with its subject). `own_words`
    keeps what the speaker of a text says in the first person; `terms` lists words in marks that are no
    speech, such as a so-called term; `own` is a file of verbs of the form of ``verbs.toml``. Raises
    ReadError where that file cannot be read.
    """
    chosen = _chosen(corpus, own, own_words=own_words, terms=terms)
    return Finding(
        "quotations",
        "Who says what",
        _table(corpus, chosen, width),
        corpus,
        "English by reporting verbs and spaCy's parse, quotation marks by what stands beside them; "
        f"Chinese and Russian by rule. Strength is that of the verb: {_SCALE}.",
        tuple(_evidence(s) for s in chosen),
        _caveats(corpus, chosen),
        base(corpus),
    )


@keep.finding
def speakers(corpus: Corpus, *, own_words: bool = True, own: str = "") -> Finding:
    """List the speakers, one row a speaker, the most quoted first.

    Columns: speaker, quotations (of all kinds), direct (with the mixed ones), indirect (with *according
    to*), texts, verbs (with counts), strength (mean of the verbs' 1 to 5), highest, not (how many are
    said not to be said). Rows as in ``quotes``; what has no speaker, or a pronoun alone, is left out and
    counted in a caveat.
    """
    chosen = _chosen(corpus, own, own_words=own_words, terms=False)
    by: dict[str, list[Said]] = defaultdict(list)
    for said in chosen:
        if said.speaker and said.speaker not in NOBODY:
            by[said.speaker].append(said)
    order = sorted(by, key=lambda name: (-len(by[name]), name))
    rows = [_total(name, by[name]) for name in order]
    nameless = len(chosen) - sum(map(len, by.values()))
    caveats = list(_caveats(corpus, chosen))
    if nameless:
        caveats.append(
            f"{counted(nameless, 'quotation')} by nobody or by a pronoun alone not counted here."
        )
    return Finding(
        "speakers",
        "Who is quoted",
        pd.DataFrame(rows, columns=_TOTALS).astype({"strength": "Float64", "highest": "Int64"}),
        corpus,
        f"Quotations by speaker; strength is the mean of the verbs' ({_SCALE}), without those that are "
        "said not to be said.",
        tuple(tuple(span for s in by[name] for span in _evidence(s)) for name in order),
        tuple(caveats),
        base(corpus),
        formats={"strength": "{:.1f}"},
    )


def _total(name: str, said: list[Said]) -> tuple[object, ...]:
    strengths = [s.verb.strength for s in said if s.verb.strength and s.mode != "not"]
    verbs = Counter(s.verb.name for s in said if s.verb.name)
    shown = sorted(verbs.items(), key=lambda item: (-item[1], item[0]))
    return (
        name,
        len(said),
        sum(s.kind in (DIRECT, MIXED) for s in said),
        sum(s.kind in (INDIRECT, ACCORDING) for s in said),
        len({s.words[0].document for s in said}),
        ", ".join(f"{verb} ({count})" for verb, count in shown[:VERBS_SHOWN]),
        sum(strengths) / len(strengths) if strengths else None,
        max(strengths, default=None),
        sum(s.mode == "not" for s in said),
    )


def _chosen(corpus: Corpus, own: str, *, own_words: bool, terms: bool) -> list[Said]:
    all_ = found(corpus, read_own("verbs", own))
    return [s for s in all_ if (terms or s.kind != TERM) and (own_words or not s.own)]


def _table(corpus: Corpus, chosen: list[Said], width: int) -> pd.DataFrame:
    first = [s.words[0] for s in chosen]
    strength = [s.verb.strength or None for s in chosen]
    columns = {
        "date": strings(corpus[f.document].day for f in first),
        "title": strings(corpus[f.document].title for f in first),
        "paragraph": [f.paragraph for f in first],
        "speaker": strings(s.speaker for s in chosen),
        "kind": strings(s.kind for s in chosen),
        "verb": strings(s.verb.name for s in chosen),
        "strength": pd.array(strength, dtype="Int64"),
        "mode": strings(s.mode for s in chosen),
        "words": strings(_shown(corpus, s.words, width) for s in chosen),
    }
    return pd.DataFrame(columns)[_COLUMNS]


def _shown(corpus: Corpus, words: tuple[Span, ...], width: int) -> str:
    text = " \u2026 ".join(corpus.text(w) for w in words)
    if len(text) <= width:
        return text
    cut = text[: max(width - 1, 1)]
    return (cut.rsplit(" ", 1)[0] if " " in cut[width // 2 :] else cut) + "\u2026"


def _evidence(said: Said) -> tuple[Span, ...]:
    return (*said.words, said.cue) if said.cue else said.words


def _caveats(corpus: Corpus, chosen: list[Said]) -> tuple[str, ...]:
    codes = sorted({d.language for d in corpus})
    notes = []
    others = [code for code in codes if code not in _READ]
    if others:
        notes.append(f"Texts in {', '.join(others)} were not searched.")
    if {"zh", "ru"} & set(codes):
        notes.append("Chinese and Russian quotations are found by rule; how well was not measured.")
    notes.extend(filter(None, (language.missing(code) for code in codes)))
    if not chosen:
        notes.append("No quotation was found.")
    if any(s.speaker == SELF for s in chosen):
        notes.append(f"“{SELF}” is who speaks in a text that names no author.")
    if any(not s.closed for s in chosen):
        open_ = sum(not s.closed for s in chosen)
        notes.append(
            f"{counted(open_, 'quotation is', 'quotations are')} never closed, and taken to end with the "
            "sentence or paragraph."
        )
    if chosen and max(s.verb.strength for s in chosen) == STRONGEST:
        notes.append("Strength is the verb's alone: what is said may be milder or sharper.")
    return tuple(notes)
