"""Commands of corpus linguistics: frequency, ngrams, keyness, collocates, sketch, kwic, dispersion, style."""

import functools
import shutil
import sys
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import click

from kit.cli.group import kit
from kit.cli.options import (
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
    from kit.finding import Finding

Analysis = Callable[..., "Finding"]
WIDTH = 120  # of lines that no terminal shows
_KEYNESS = (
    "group word side count reference expected per_million reference_per_million log_ratio G2 p"
)
LAYERS = click.Choice(["word", "form", "lower", "lemma", "tag"])
_by = click.option(
    "--by", type=LAYERS, default="word", show_default=True, help="What counts as one."
)
_content = click.option("--content", is_flag=True, help="Leave out function words and numbers.")
_minimum = click.option(
    "--minimum", type=click.IntRange(1), default=2, show_default=True, help="Fewest occurrences."
)
_texts = click.option(
    "--texts", type=click.IntRange(1), default=1, show_default=True, help="Fewest texts."
)
_within = click.option(
    "--within",
    type=click.Choice(["marks", "sentence", "passage", "document"]),
    default="sentence",
    show_default=True,
    help="What nothing crosses.",
)


def _prints(columns: str, *, top: int = 25) -> Callable[[Analysis], Callable[..., None]]:
    """Make of an analysis a command that reads SOURCE and prints the first rows of the finding.

    `columns` are those printed for people, separated by blanks; CSV and JSON have all.
    """

    def of(analysis: Analysis) -> Callable[..., None]:
        @top_option(top)
        @output_options
        @source_argument
        @reading_options
        @functools.wraps(analysis)
        def command(source: str, *, read: Read, give: Give, **options: Any) -> None:
            found = analysis(read(source), **options)
            give(found, functools.partial(print_table, columns=columns))

        return command

    return of


@kit.command()
@_prints("word count per_million low high texts forms")
@_by
@click.option("--all", "everything", is_flag=True, help="Function words and numbers too.")
@click.option(
    "--minimum", type=click.IntRange(1), default=1, show_default=True, help="Fewest occurrences."
)
def frequency(corpus: "Corpus", *, by: str, everything: bool, minimum: int, top: int) -> "Finding":
    """Count the words of SOURCE: how often, in how many texts, per million with its interval."""
    from kit import counts  # noqa: PLC0415

    return counts.words(corpus, by=by, content=not everything, minimum=minimum, top=top)  # type: ignore[arg-type]  # click has checked it


@kit.command()
@_prints("ngram skipgram bundle phrase words count per_million low high texts")
@click.option("--size", type=click.IntRange(1, 6), default=2, show_default=True, help="Words.")
@click.option(
    "--skip", type=click.IntRange(0, 4), default=0, show_default=True, help="Words left out in all."
)
@click.option(
    "--bundles", is_flag=True, help="Lexical bundles, strings that run through the texts, instead."
)
@click.option(
    "--phrases", is_flag=True, help="Whole phrases with content words at both ends instead."
)
@_by
@_minimum
@_texts
@_within
def ngrams(  # noqa: PLR0913
    corpus: "Corpus",
    *,
    size: int,
    skip: int,
    bundles: bool,
    phrases: bool,
    by: Any,
    minimum: int,
    texts: int,
    within: Any,
    top: int,
) -> "Finding":
    """Count runs of words in SOURCE: n-grams, skip-grams, lexical bundles or whole phrases."""
    from kit import counts  # noqa: PLC0415
    from kit import ngrams as runs  # noqa: PLC0415

    if bundles:
        return runs.bundles(corpus, minimum=max(minimum, 3), top=top)
    if phrases:
        return counts.phrases(corpus, minimum=minimum, top=top)
    if skip:
        return runs.skipgrams(
            corpus,
            size=size,
            skip=skip,
            by=by,
            minimum=minimum,
            texts=texts,
            within=within,
            top=top,
        )
    return runs.ngrams(
        corpus, size=size, by=by, minimum=minimum, texts=texts, within=within, top=top
    )


@kit.command()
@source_argument
@reading_options
@click.option(
    "--reference", type=click.Path(), help="The texts to compare with; by default general English."
)
@click.option(
    "--groups",
    type=click.Choice(["year", "decade", "publisher", "author", "language"]),
    help="Compare each group of texts with the rest instead.",
)
@click.option(
    "--measure", default="G2", show_default=True, help="E.g. G2, LogRatio, LRC, %DIFF, Fisher, BIC."
)
@_by
@_content
@_minimum
@_texts
@top_option()
@output_options
def keyness(  # noqa: PLR0913
    source: str,
    *,
    read: Read,
    give: Give,
    reference: str | None,
    groups: Any,
    measure: str,
    by: Any,
    content: bool,
    minimum: int,
    texts: int,
    top: int,
) -> None:
    """List the words that SOURCE uses more than a reference, general English or its other texts do."""
    from kit import keyness as key  # noqa: PLC0415

    if reference and groups:
        raise UsageError("--reference and --groups: give one of the two")
    corpus = read(source)
    chosen = {"measure": measure, "by": by, "content": content, "minimum": minimum, "texts": texts}
    if groups:
        found = key.groups(corpus, of=groups, top=top, **chosen)
    elif reference:
        found = key.keyness(corpus, reference=read(reference), top=top, **chosen)
    else:
        found = key.general(corpus, minimum=minimum, top=top)
    give(found, functools.partial(print_table, columns=_KEYNESS))


@kit.command()
@_prints("collocate count left right texts expected logDice MI MI2 MI3 t z G2 chi2 deltaP p")
@click.argument("node")
@click.option(
    "--window", default="5", show_default=True, metavar="N or L,R", help="Words on each side."
)
@click.option(
    "--measure",
    "measures",
    multiple=True,
    default=["logDice", "MI", "G2"],
    show_default=True,
    help="The first one orders the rows; may be given several times.",
)
@click.option("--tag", default="", help="Only words whose Penn tag matches, e.g. 'JJ.*' (slow).")
@click.option("--all", "everything", is_flag=True, help="Function words and numbers too.")
@_by
@_minimum
@click.option(
    "--within",
    type=click.Choice(["sentence", "passage", "document"]),
    default="sentence",
    show_default=True,
    help="What nothing crosses.",
)
def collocates(  # noqa: PLR0913
    corpus: "Corpus",
    *,
    node: str,
    window: str,
    measures: tuple[str, ...],
    tag: str,
    everything: bool,
    by: Any,
    minimum: int,
    within: Any,
    top: int,
) -> "Finding":
    """List the words that stand near NODE (words or CQL) in SOURCE more often than by chance."""
    from kit import collocation  # noqa: PLC0415

    return collocation.collocates(
        corpus,
        node,
        window=_sides(window),
        by=by,
        within=within,
        measures=measures,
        minimum=minimum,
        tag=tag,
        content=not everything,
        top=top,
    )


def _sides(window: str) -> int | tuple[int, int]:
    try:
        left, *right = (int(part) for part in window.split(","))
    except ValueError:
        raise UsageError(f"--window {window}: give a number of words, or two: 5,3") from None
    if len(right) > 1:
        raise UsageError(f"--window {window}: give at most two numbers: 5,3")
    return (left, right[0]) if right else left


@kit.command()
@_prints("relation word count texts logDice", top=60)
@click.argument("lemma")
@click.option(
    "--kind",
    type=click.Choice(["noun", "verb", "adjective"]),
    help="The word class; by default the commoner one.",
)
@_minimum
def sketch(corpus: "Corpus", *, lemma: str, kind: Any, minimum: int, top: int) -> "Finding":
    """Show what LEMMA goes with in SOURCE, by grammar: its modifiers, objects, verbs (English)."""
    from kit import sketch as word  # noqa: PLC0415

    return word.sketch(corpus, lemma, kind=kind, minimum=minimum, top=top)


@kit.command()
@source_argument
@reading_options
@click.argument("query")
@click.option(
    "--window",
    default=8,
    show_default=True,
    type=click.IntRange(1, 100),
    help="Words on each side.",
)
@click.option(
    "--sort", default="source", show_default=True, help="source, date, node, L1..R5, or several."
)
@click.option("--sample", type=click.IntRange(1), help="So many lines at random.")
@click.option("--seed", default=0, show_default=True, help="Of the random sample.")
@click.option("--contexts", default="", metavar="PLACE", help="Count what stands at R1, L2-L1, ...")
@click.option("--case", is_flag=True, help="Capitals make a difference.")
@click.option("--diacritics", is_flag=True, help="Accents make a difference.")
@click.option("--longest", is_flag=True, help="The longest match of CQL, not the shortest.")
@click.option("--top", type=click.IntRange(1), help="Lines at most; by default all.")
@output_options
def kwic(  # noqa: PLR0913
    source: str,
    query: str,
    contexts: str,
    *,
    read: Read,
    give: Give,
    top: int | None,
    case: bool,
    diacritics: bool,
    longest: bool,
    **lines: Any,
) -> None:
    """Show each place in SOURCE where QUERY stands, in its line.

    QUERY is words, with * for any letters and ? for one: 'strateg* coordination'; {strengthen} is a
    lemma. One that begins with [ or " is CQL: '[lemma="strengthen"] []{0,3} [tag="N.*"]'.
    """
    from kit import concordance  # noqa: PLC0415

    how: dict[str, Any] = {"case": case, "diacritics": diacritics, "longest": longest}
    if contexts:
        found = concordance.contexts(read(source), query, at=contexts, **how)
        give(found.head(top) if top else found)
    else:
        give(concordance.kwic(read(source), query, top=top, **lines, **how), _print_lines)


def _print_lines(found: "Finding") -> None:
    from kit import concordance  # noqa: PLC0415
    from kit.finding import counted  # noqa: PLC0415

    width = shutil.get_terminal_size().columns if sys.stdout.isatty() else WIDTH
    for line in concordance.aligned(found, width):
        click.echo(line)
    click.echo(f"{counted(found.total, 'line')} in {found.base}; {found.method}")


@kit.command()
@_prints("word query count range DP DPnorm JuillandD CarrollD2 RosengrenS DKL ARF")
@click.argument("queries", nargs=-1)
@click.option("--parts", metavar="text|paragraph|N", help="What it is spread over.")
@_by
@click.option(
    "--minimum", type=click.IntRange(1), default=5, show_default=True, help="Fewest occurrences."
)
def dispersion(
    corpus: "Corpus",
    *,
    queries: tuple[str, ...],
    parts: str | None,
    by: Any,
    minimum: int,
    top: int,
) -> "Finding":
    """Measure how evenly the words of SOURCE, or what QUERIES find, are spread over it."""
    from kit import dispersion as spread  # noqa: PLC0415

    number: str | int | None = int(parts) if parts and parts.isdecimal() else parts
    if queries:
        return spread.queries(corpus, list(queries), parts=number).head(top)
    return spread.words(corpus, by=by, minimum=minimum, parts=number, top=top)


@kit.command()
@_prints(
    "measure value mean_of_texts texts date title words mean_sentence_length MATTR Flesch note",
    top=60,
)
@click.option("--by-text", is_flag=True, help="A row for each text.")
@click.option("--parse", is_flag=True, help="Count passives too (slow the first time).")
def style(corpus: "Corpus", *, by_text: bool, parse: bool, top: int) -> "Finding":
    """Give the style of SOURCE: how long, how varied and how hard to read it is."""
    from kit import style as profile  # noqa: PLC0415

    return profile.profile(corpus, by="text" if by_text else "corpus", parse=parse).head(top)
