"""Commands of corpus linguistics: frequency, ngrams, keyness, collocates, sketch, kwic, dispersion, style."""

import functools
import shutil
import sys
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import click

from kit.cli.group import kit
from kit.cli.options import (
    csv_text,
    json_text,
    print_table,
    read_corpus,
    reading_options,
    source_argument,
)
from kit.errors import UsageError

if TYPE_CHECKING:
    from kit.corpus import Corpus
    from kit.finding import Finding

Analysis = Callable[..., "Finding"]
WIDTH = 120  # of lines that no terminal shows
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
        @click.option(
            "--top", type=click.IntRange(1), default=top, show_default=True, help="Rows at most."
        )
        @click.option(
            "--csv", "as_csv", is_flag=True, help="Print CSV, with the place of each row."
        )
        @click.option("--json", "as_json", is_flag=True, help="Print JSON.")
        @source_argument
        @reading_options
        @functools.wraps(analysis)
        def command(
            source: str,
            columns_: tuple[str, ...],
            encoding: str,
            day_first: bool | None,
            copies: bool,
            as_csv: bool,
            as_json: bool,
            **options: Any,
        ) -> None:
            if as_csv and as_json:
                raise UsageError("--csv and --json: give one of the two")
            corpus = read_corpus(source, columns_, encoding, day_first=day_first, copies=copies)
            found = analysis(corpus, **options)
            if as_csv:
                click.echo(csv_text(found), nl=False)
            elif as_json:
                click.echo(json_text(found))
            else:
                _print(found, columns.split())

        return command

    return of


def _print(found: "Finding", columns: list[str]) -> None:
    there = [c for c in columns if c in found.frame.columns]
    print_table(found.only(*there) if there else found)


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
@click.option("--bundles", is_flag=True, help="Lexical bundles of 3 to 6 words instead.")
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
@_prints(
    "group word side count reference expected per_million reference_per_million log_ratio G2 p"
)
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
def keyness(  # noqa: PLR0913
    corpus: "Corpus",
    *,
    reference: str | None,
    groups: Any,
    measure: str,
    by: Any,
    content: bool,
    minimum: int,
    texts: int,
    top: int,
) -> "Finding":
    """List the words that SOURCE uses more than a reference, general English or its other texts do."""
    from kit import keyness as key  # noqa: PLC0415

    if reference and groups:
        raise UsageError("--reference and --groups: give one of the two")
    chosen = {"measure": measure, "by": by, "content": content, "minimum": minimum, "texts": texts}
    if groups:
        return key.groups(corpus, of=groups, top=top, **chosen)
    if reference:
        other = read_corpus(reference, (), "", day_first=None, copies=False)
        return key.keyness(corpus, reference=other, top=top, **chosen)
    return key.general(corpus, minimum=minimum, top=top)


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
@click.option("--csv", "as_csv", is_flag=True, help="Print CSV, with the place of each line.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def kwic(  # noqa: PLR0913
    source: str,
    columns_: tuple[str, ...],
    encoding: str,
    day_first: bool | None,
    query: str,
    contexts: str,
    *,
    window: int,
    sort: str,
    sample: int | None,
    seed: int,
    top: int | None,
    copies: bool,
    as_csv: bool,
    as_json: bool,
    **how: bool,
) -> None:
    """Show each place in SOURCE where QUERY stands, in its line.

    QUERY is words, with * for any letters and ? for one: 'strateg* coordination'; {strengthen} is a
    lemma. One that begins with [ or " is CQL: '[lemma="strengthen"] []{0,3} [tag="N.*"]'.
    """
    from kit import concordance  # noqa: PLC0415
    from kit.finding import counted  # noqa: PLC0415

    corpus = read_corpus(source, columns_, encoding, day_first=day_first, copies=copies)
    if contexts:
        found = concordance.contexts(corpus, query, at=contexts, **how)
        found = found.head(top) if top else found
    else:
        found = concordance.kwic(
            corpus, query, window=window, sort=sort, sample=sample, seed=seed, top=top, **how
        )
    if as_csv:
        click.echo(csv_text(found), nl=False)
    elif as_json:
        click.echo(json_text(found))
    elif contexts:
        print_table(found)
    else:
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
