"""Commands of content: themes, topics, names, dates, quotes, stance."""

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Any

import click

from kit.cli.group import kit
from kit.cli.options import (
    Command,
    Give,
    Read,
    output_options,
    print_table,
    reading_options,
    source_argument,
    top_option,
)
from kit.errors import UsageError

if TYPE_CHECKING:
    from kit.corpus import Corpus

# What can be shown: the columns that people see of it (none: all), and the options that it takes.
Shown = dict[str, tuple[str, str]]
_THEMES: Shown = {
    "prominence": ("theme paragraphs share low high words place in_title terms", "own"),
    "by_paragraph": ("date paragraph theme score terms", "own"),
    "latest": ("theme change share usual lowest highest as_much earlier p", "own"),
    "shares": ("theme period source texts count of share low high", "own by"),
    "moved": ("theme change before after points low high p", "own"),
    "changes": ("theme source day change before after p", "own"),
    "together": ("first second count expected times logDice texts p", "own"),
}
_TOPICS: Shown = {
    "topics": ("topic share passages texts earlier later trend stability", "number"),
    "typical": ("topic date sentence", "number"),
    "uncovered": ("", "number own"),
    "stability": ("number stability least most passages chosen", ""),
}
_NAMES: Shown = {
    "names": ("name kind role mentions in_title texts first forms", "own"),
    "together": ("first second count texts logDice p", ""),
    "order": ("kind place name usual earlier_texts moved", ""),
    "precedence": ("first second count turned texts latest last_turned", ""),
    "news": ("news name kind first before last texts of_texts chance", ""),
    "ledger": ("name kind state first last texts of_texts mentions recent said chance", ""),
}
_DATES: Shown = {
    "dates": ("date paragraph written resolved bound when about", "when"),
    "events": ("", ""),
    "anniversaries": ("anniversary of year since next_round next_year date", ""),
    "calendar": ("", ""),
    "numbers": ("date paragraph written value low high unit kind direction about", "about"),
}
_QUOTES: Shown = {
    "quotes": ("date paragraph speaker kind verb strength words", "own own_words terms"),
    "speakers": ("speaker quotations direct indirect texts verbs strength", "own own_words"),
}
_STANCE: Shown = {
    "firmness": ("date year title graded firm low high strength change note", "own by"),
    "modality": (
        "actor expression kind count commitment obligation appeal possibility firm strength words",
        "own by",
    ),
    "markers": ("word date kind count per_1000 low high texts change words", "own by"),
    "evaluation": ("target positive negative share low high texts words", "own"),
    "persons": ("person date count per_1000 low high we they i you inclusive verbs", "by"),
    "outlook": ("date clauses past perfect present future modal passive note", ""),
    "announcements": ("date actor expression strength when statement", "own"),
    "actions": ("actor verb object count texts negated said", "actor"),
    "agents": ("verb passive agent unnamed share texts", ""),
}
_own = click.option(
    "--own", default="", type=click.Path(), help="A lexicon of your own that adds to ours."
)


def _show(shown: Shown, what: str) -> Callable[[Command], Command]:
    """Return the option --show with what can be shown, the first by default."""
    return click.option(
        "--show",
        type=click.Choice([name.replace("_", "-") for name in shown]),
        default=next(iter(shown)),
        show_default=True,
        help=what,
    )


def _command(command: Command) -> Command:
    """Make a command of content: of a source, as a table, CSV or JSON."""
    made: Command = source_argument(reading_options(top_option()(output_options(command))))
    return made


def _answer(
    module: Any, shown: Shown, show: str, corpus: "Corpus", give: Give, top: int, **given: Any
) -> None:
    """Print what is asked for; an option that does not go with it is refused, not passed over."""
    name = show.replace("-", "_")
    columns, takes = shown[name]
    chosen = {option: value for option, value in given.items() if value not in (None, "")}
    for option in chosen:
        if option not in takes.split():
            raise UsageError(f"--{option.replace('_', '-')} does not go with --show {show}")
    found = getattr(module, name)(corpus, **chosen)
    give(found.head(top), partial(print_table, columns=columns))


@kit.command()
@_command
@_show(
    _THEMES,
    "The space of each theme; themes by paragraph; the latest text beside those before it; shares by "
    "period or source; what rose or fell; when; what goes together.",
)
@click.option(
    "--by",
    type=click.Choice(["decade", "year", "quarter", "month", "publisher", "author", "language"]),
    help="What shares are of; by default the period that fits.",
)
@_own
def themes(source: str, *, read: Read, give: Give, top: int, show: str, own: str, by: Any) -> None:
    """Say what SOURCE is about: themes of the lexicon, their space, their rise and fall."""
    from kit import themes as module  # noqa: PLC0415

    _answer(module, _THEMES, show, read(source), give, top, own=own, by=by)


@kit.command()
@_command
@_show(
    _TOPICS,
    "The topics; sentences that are typical of each; those that no theme of the lexicon covers; how "
    "stable each number of topics is.",
)
@click.option(
    "--number", type=click.IntRange(2), help="Topics; by default the most that are stable."
)
@_own
def topics(
    source: str, *, read: Read, give: Give, top: int, show: str, own: str, number: int | None
) -> None:
    """Find the topics that the texts of SOURCE have of themselves."""
    from kit import themes as module  # noqa: PLC0415

    _answer(module, _TOPICS, show, read(source), give, top, own=own, number=number)


@kit.command()
@_command
@_show(
    _NAMES,
    "Who and what is named; with whom; in which order; which of two comes first; what is newly named "
    "and what no longer; the ledger of names.",
)
@_own
def names(source: str, *, read: Read, give: Give, top: int, show: str, own: str) -> None:
    """List who and what SOURCE names: people, organisations, places, documents, events."""
    from kit import names as module  # noqa: PLC0415

    _answer(module, _NAMES, show, read(source), give, top, own=own)


@kit.command()
@_command
@_show(
    _DATES,
    "Dates, worked out; the event that each text reports on; anniversaries; the round ones ahead; "
    "quantities.",
)
@click.option(
    "--when",
    type=click.Choice(["past", "now", "ahead"]),
    help="Only such dates, with --show dates.",
)
@click.option("--about", default="", help="Only quantities about this, with --show numbers.")
def dates(
    source: str, *, read: Read, give: Give, top: int, show: str, when: Any, about: str
) -> None:
    """List the times and numbers of SOURCE: dates, anniversaries, quantities."""
    from kit import times as module  # noqa: PLC0415

    _answer(module, _DATES, show, read(source), give, top, when=when, about=about)


@kit.command()
@_command
@_show(_QUOTES, "Who says what; how much each speaker says, and how strongly.")
@click.option("--others", is_flag=True, help="Leave out what the texts say in their own words.")
@click.option("--terms", is_flag=True, help="Terms in quotation marks too.")
@_own
def quotes(
    source: str, *, read: Read, give: Give, top: int, show: str, own: str, others: bool, terms: bool
) -> None:
    """List who says what in SOURCE, by which verb, and how strong that is."""
    from kit import quotes as module  # noqa: PLC0415

    asked = {"own": own, "own_words": False if others else None, "terms": terms or None}
    _answer(module, _QUOTES, show, read(source), give, top, **asked)


@kit.command()
@_command
@_show(
    _STANCE,
    "How firm each text is; who will, must, may; hedges and boosters; praise and blame; we and they; "
    "past and ahead; what is announced; who does what; what is done without saying by whom.",
)
@click.option("--actor", default="", help="Only what this one does, with --show actions.")
@click.option(
    "--by",
    type=click.Choice(["text", "year", "word", "person", "actor", "expression"]),
    help="What a row is: firmness by text or year, modality by actor or expression, markers by text or "
    "word, persons by person or text.",
)
@_own
def stance(
    source: str, *, read: Read, give: Give, top: int, show: str, own: str, actor: str, by: Any
) -> None:
    """Say how firm SOURCE is, who will and must, and who does what to whom."""
    from kit import stance as module  # noqa: PLC0415

    _answer(module, _STANCE, show, read(source), give, top, own=own, actor=actor, by=by)
