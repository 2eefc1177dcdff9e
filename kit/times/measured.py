"""Which way a quantity goes and what has it, by the parse of its sentence."""

import re
from collections.abc import Iterator

from kit.times.about import Tree, clause

_UP = re.compile(
    r"(?:r[io]s(?:e|es|en|ing)|rose|gr[oe]w(?:s|n|th|ing)?|increas\w+|raise[sd]?|raising|"
    r"expan[ds]\w*|gain(?:s|ed|ing)?|climb\w*|"
    r"jump\w*|surg\w+|soar\w*|add(?:s|ed|ing)?|higher|up|upward|accelerat\w+|doubl\w+|tripl\w+|trebl\w+|"
    r"quadrupl\w+|multipl\w+|augment\w*|swell\w*|swollen|uptick|boost\w*)$",
    re.IGNORECASE,
)
_DOWN = re.compile(
    r"(?:fall(?:s|en|ing)?|fell|declin\w+|drop(?:s|ped|ping)?|decreas\w+|reduc\w+|cut(?:s|"
    r"ting)?|lower(?:s|ed|ing)?|shr[iau]nk\w*|"
    r"contract(?:s|ed|ing|ion)?|halv\w+|down|downward|diminish\w*|diminution|slash\w*|trim\w*|"
    r"curtail\w*|sank|sink\w*|plummet\w*|plung\w*)$",
    re.IGNORECASE,
)
_HELD = re.compile(
    r"(?:maintain\w*|ke(?:ep|eps|pt|eping)|remain\w*|unchanged|hold|holds|held|stay\w*|"
    r"reaffirm\w*|retain\w*|stabili\w+)$",
    re.IGNORECASE,
)
_LIGHT = re.compile(
    r"(?:increase|decrease|rise|reduction|decline|growth|fall|drop|cut|level|rate|range|total|"
    r"average|sum|amount|number|"
    r"addition|excess|gain|loss|share|proportion|target|pace|maximum|minimum|out|change|"
    r"margin|cost|price|value)s?$",
    re.IGNORECASE,
)
_LIGHT_TOO = re.compile(
    "(?:growth|price|cost|value|target|rate|share|proportion)s?$", re.IGNORECASE
)
_MOVES = re.compile(
    "(?:go|goes|went|gone|going|mov|scal|step|driv|drove|push|mark|edg|pick|creep|crept|bring|brought)",
    re.I,
)
_CARRY = frozenset("by to from of at than between about above below with as".split())


def _top(tree: Tree, first: int, last: int) -> int:
    """Return the token of a quantity that hangs outside it."""
    return next(
        (
            i
            for i in range(last, first - 1, -1)
            if not first <= tree.head[i] <= last or tree.head[i] == i
        ),
        last,
    )


def direction(tree: Tree, first: int, last: int) -> str:
    """Return ``up``, ``down`` or ``held`` by the nearest word above that says so, up to the verb."""
    top = _top(tree, first, last)
    beside = [c for c in tree.below(top) if c < first and tree.dep[c] in ("amod", "advmod")]
    after = [last + 1] if last + 1 < len(tree.end) else []
    for i in (*range(first, last + 1), *beside, *after):
        if i not in after or tree.word(i).lower() in (
            "higher",
            "lower",
            "increase",
            "reduction",
            "cut",
            "decline",
            "growth",
            "decrease",
            "rise",
            "drop",
        ):
            if i in range(first, last + 1) and tree.pos[i] not in ("VERB", "NOUN"):
                continue
            if found := _says(tree.word(i)):
                return found
    for steps, i in enumerate(tree.above(top)):
        if tree.dep[i] == "prep" and tree.word(i).lower() not in _CARRY:
            break
        if found := _says(tree.word(i)):
            return found
        particle = tree.child(i, "prt", "advmod")
        if (
            particle >= 0
            and tree.word(particle).lower() in ("up", "down")
            and _MOVES.match(tree.word(i))
        ):
            return tree.word(particle).lower()
        if steps > 4 or (tree.pos[i] in ("VERB", "AUX") and tree.dep[i] != "xcomp"):
            break
    return ""


def _says(word: str) -> str:
    if _UP.match(word):
        return "up"
    return "down" if _DOWN.match(word) else "held" if _HELD.match(word) else ""


def about_of(  # noqa: PLR0911
    tree: Tree, first: int, last: int, kind: str, unit: str, within: tuple[int, int]
) -> str:
    """Return what has the quantity: the noun it stands before or after, else subject or object."""
    top = _top(tree, first, last)
    inside = set(range(first, last + 1))
    if kind == "count":
        if unit == "times":
            verb = tree.verb(tree.head[top])
            if verb >= 0 and verb < first:
                return tree.words(verb, last)
        return clause(tree, *within)
    noun = _noun_of(tree, top, inside)
    if noun:
        return noun
    verb = tree.verb(tree.head[top] if tree.head[top] != top else top)
    if verb < 0:
        return ""
    thing = _object(tree, verb, inside)
    if thing >= 0:
        return _with_adjacent(tree, thing, verb, first)
    thing = tree.subject(verb)
    if thing >= 0 and (tree.pos[thing] == "PRON" or (kind == "money" and tree.dep[top] == "dobj")):
        return clause(tree, *within)  # "Japan will provide" says more than "Japan"
    if thing < 0 or thing in inside:
        return clause(tree, *within)
    return tree.phrase(thing)


def _with_adjacent(tree: Tree, thing: int, verb: int, before: int) -> str:
    """Return an object with the *for ...* or *of ...* after it, which the parse may give to the verb."""
    first, last = tree.noun(thing)
    after = last + 1
    if after < before and tree.dep[after] == "prep" and tree.word(after).lower() in ("for", "of"):
        inner = tree.child(after, "pobj")
        if after < inner < before:
            last = tree.noun(inner)[1]
    return tree.words(first, min(last, before - 1)).strip(" ,")


def _noun_of(tree: Tree, top: int, inside: set[int]) -> str:
    """Return the noun that a percentage or sum stands before (*2 percent objective*) or is of."""
    above = tree.head[top]
    if (
        above not in inside
        and tree.dep[top] in ("compound", "nummod", "amod", "nmod", "npadvmod", "quantmod")
        and tree.pos[above] in ("NOUN", "PROPN")
    ):
        return _rest(tree, above, inside)
    of = next(
        (
            c
            for i in sorted(inside)
            for c in tree.below(i)
            if tree.word(c).lower() == "of" and c not in inside and c >= top
        ),
        -1,
    )
    if of >= 0:
        inner = tree.child(of, "pobj")
        if inner >= 0:
            return tree.phrase(inner)
    if (
        tree.dep[top] == "pobj"
        and tree.pos[tree.head[above]] in ("NOUN", "PROPN")
        and tree.head[above] < top
    ):
        return _rest(tree, tree.head[above], inside)
    return ""


def _rest(tree: Tree, noun: int, inside: set[int]) -> str:
    """Return a noun phrase without the quantity; of *an increase in exports* what increases."""
    modified = any(
        tree.dep[c] in ("amod", "compound") and c not in inside for c in tree.below(noun)
    )
    if _LIGHT.match(tree.word(noun)) and not modified:
        for c in tree.below(noun):
            if (
                tree.dep[c] == "prep"
                and tree.word(c).lower() in ("in", "of", "for")
                and c not in inside
            ):
                inner = tree.child(c, "pobj")
                if inner >= 0 and inner not in inside:
                    return tree.phrase(inner)
        if tree.dep[noun] == "pobj":
            higher = tree.head[tree.head[noun]]
            if tree.pos[higher] in ("NOUN", "PROPN") and higher < noun:
                return tree.phrase(higher)
        if not _LIGHT_TOO.match(tree.word(noun)):
            return ""
    first, last = tree.noun(noun)
    kept = [i for i in range(first, last + 1) if i not in inside]
    while kept and (tree.pos[kept[-1]] in ("ADP", "DET", "PUNCT")):
        kept.pop()
    while len(kept) > 1 and tree.pos[kept[0]] in ("PUNCT", "ADP"):
        kept.pop(0)
    after = last + 1
    if (
        tree.dep[noun] != "pobj"
        and after < len(tree.end)
        and tree.word(after).lower() == "for"
        and kept[-1:] == [last]
    ):
        inner = tree.child(after, "pobj")  # the parse may give it to the verb
        if inner > after and inner not in inside:
            kept += range(after, tree.noun(inner)[1] + 1)
    runs = [tree.words(a, b) for a, b in _runs(kept)]
    return " ".join(runs).strip(" ,-\u2011")


def _runs(numbers: list[int]) -> Iterator[tuple[int, int]]:
    start = 0
    for i in range(1, len(numbers) + 1):
        if i == len(numbers) or numbers[i] != numbers[i - 1] + 1:
            yield numbers[start], numbers[i - 1]
            start = i


def _object(tree: Tree, verb: int, inside: set[int]) -> int:
    """Return the object that a verb changes, where the quantity is not that itself."""
    for v in (verb, *(c for c in tree.below(verb) if tree.dep[c] == "xcomp")):
        found = tree.child(v, "dobj", "nsubjpass")
        if found >= 0 and found not in inside and not inside.intersection(tree.below(found)):
            return found
    return -1
