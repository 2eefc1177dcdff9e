"""The text of a CQL query -> Query, by a grammar that says where a query is wrong."""

import re
from functools import lru_cache
from itertools import accumulate
from typing import TYPE_CHECKING, Any, cast

from kit.cql.query import (
    UNITS,
    Around,
    Choice,
    Compare,
    Condition,
    Edge,
    Every,
    Not,
    Pattern,
    Query,
    QueryError,
    Repeat,
    Same,
    Sequence,
    Some,
    Unit,
    Word,
    check_text,
    words_of,
)
from kit.errors import nearest
from kit.tokens import LayerName

if TYPE_CHECKING:
    from lark import Lark, Token

# Sketch Engine's names -> our layers. Our lemmas are in small letters, so both of its lemmas are one.
ATTRIBUTES: dict[str, LayerName] = {
    "word": "form",
    "lc": "lower",
    "lemma": "lemma",
    "lemma_lc": "lemma",
    "tag": "tag",
}
_LEMPOS = 'write [lemma="..." & tag="V.*"] for a lemma of one word class'
LONGEST_QUERY = 5_000  # characters; nobody writes more by hand
DEEPEST = 40  # brackets in brackets
_STRING = re.compile(r'"(?:[^"\\]|\\.)*"', re.DOTALL)

_GRAMMAR = r"""
query: _pattern clause*
_pattern: choice
choice: sequence ("|" sequence)*
sequence: part+
part: LABEL? _atom repeat?
_atom: token | "(" choice ")" | OPENING | CLOSING | WHOLE
token: "[" _any? "]" | STRING
repeat: "?" -> optional | "*" -> star | "+" -> plus
    | "{" NUMBER "}" -> exactly
    | "{" NUMBER "," "}" -> at_least
    | "{" "," NUMBER "}" -> at_most
    | "{" NUMBER "," NUMBER "}" -> between
_any: some
some: every ("|" every)*
every: _single ("&" _single)*
_single: compare | negated | "(" some ")"
negated: "!" _single
compare: ATTRIBUTE OPERATOR STRING
clause: NOT? WITHIN _pattern | NOT? CONTAINING _pattern | "&" REFERENCE OPERATOR REFERENCE -> same

NOT: "!"
WITHIN.2: "within"
CONTAINING.2: "containing"
LABEL: /\w+\s*:/
REFERENCE: /\w+\.\w+/
ATTRIBUTE: /[^\W\d]\w*/
OPERATOR: /!==|==|!=|=/
STRING: /"(?:[^"\\]|\\.)*"/s
OPENING: /<\s*\w+\s*>/
CLOSING: /<\s*\/\s*\w+\s*>/
WHOLE: /<\s*\w+\s*\/\s*>/
NUMBER: /[0-9]+/
%ignore /\s+/
"""
# How a part of the grammar is called in a message; what is not here is named by its character.
_NAMES = {
    "LSQB": "[",
    "RSQB": "]",
    "LPAR": "(",
    "RPAR": ")",
    "LBRACE": "{",
    "RBRACE": "}",
    "VBAR": "|",
    "AMPERSAND": "&",
    "BANG": "!",
    "NOT": "!",
    "QMARK": "?",
    "STAR": "*",
    "PLUS": "+",
    "COMMA": ",",
    "STRING": 'a value between "quotes"',
    "ATTRIBUTE": f"an attribute ({', '.join(ATTRIBUTES)})",
    "OPERATOR": "= or !=",
    "NUMBER": "a number",
    "WITHIN": "within",
    "CONTAINING": "containing",
    "LABEL": "a label (1:)",
    "REFERENCE": "a labelled attribute (1.lemma)",
    "OPENING": "<s>",
    "CLOSING": "</s>",
    "WHOLE": "<s/>",
    "$END": "the end of the query",
}


def parse(text: str) -> Query:
    """Return the query that a text in CQL stands for. Raises QueryError where it cannot be read."""
    from lark.exceptions import UnexpectedCharacters, UnexpectedToken  # noqa: PLC0415

    if len(text) > LONGEST_QUERY:
        raise QueryError(0, f"it has more than {LONGEST_QUERY:,} characters")
    check_text(text)
    _check_depth(text)
    try:
        return cast(Query, _parser().parse(text))
    except UnexpectedToken as error:
        ended = error.token.type == "$END"
        at = len(text) if ended else _at(error.token)
        raise QueryError(at, _expected(error.accepts or error.expected, text, at)) from None
    except UnexpectedCharacters as error:
        where = cast(int, error.pos_in_stream)
        raise QueryError(where, _expected(error.allowed or set(), text, where)) from None


def _check_depth(text: str) -> None:
    """Refuse brackets in brackets in brackets: what follows would go as deep."""
    bare = _STRING.sub(lambda found: " " * len(found[0]), text)
    depths = accumulate((c == "(") - (c == ")") for c in bare)
    if (at := next((i for i, d in enumerate(depths) if d > DEEPEST), -1)) >= 0:
        raise QueryError(at, f"brackets go more than {DEEPEST} deep")


def _expected(terminals: set[str], text: str, at: int) -> str:
    found = text[at : at + 1]
    if found in "“”„«»‘’'" and found:
        return f'values stand between straight double quotes ("), not {found}'
    if found == "<":
        return "structures are <s>, <p> and <doc>, without attributes"
    if found == '"' and "STRING" in terminals:
        return "the quotes are not closed"
    names = sorted({_NAMES.get(name, name) for name in terminals})
    what = f"“{found}”" if found else "the end of the query"
    return f"{what} stands here; what may stand here: {'  '.join(names)}"


@lru_cache(maxsize=1)
def _parser() -> "Lark":
    from lark import Lark  # noqa: PLC0415 (loaded when first needed)

    # The transformer works while the parser reads, so that nothing recurses over the tree.
    return Lark(
        _GRAMMAR, start="query", parser="lalr", transformer=_Builder(), maybe_placeholders=False
    )


class _Builder:
    """What each rule of the grammar becomes; methods have the names of the rules."""

    # ---- conditions

    def compare(self, children: "list[Token]") -> Compare:
        name, operator, value = children
        _layer(name, _at(name))
        at = _at(value)
        equal, literal = operator[0] != "!", operator.endswith("==")
        return Compare(str(name), _value(value), equal=equal, literal=literal, at=at)

    def negated(self, children: list[Condition]) -> Condition:
        (inner,) = children
        return inner.condition if isinstance(inner, Not) else Not(inner)

    def every(self, children: list[Condition]) -> Condition:
        return children[0] if len(children) == 1 else Every(tuple(children))

    def some(self, children: list[Condition]) -> Condition:
        return children[0] if len(children) == 1 else Some(tuple(children))

    # ---- patterns

    def token(self, children: list[Any]) -> Word:
        if not children:
            return Word(None)
        (inner,) = children
        if isinstance(inner, str):
            token = cast("Token", inner)
            value = Compare("word", _value(token), equal=True, literal=False, at=_at(token))
            return Word(value)
        return Word(inner)

    def optional(self, _: list[Any]) -> tuple[int, int | None]:
        return 0, 1

    def star(self, _: list[Any]) -> tuple[int, int | None]:
        return 0, None

    def plus(self, _: list[Any]) -> tuple[int, int | None]:
        return 1, None

    def exactly(self, children: "list[Token]") -> tuple[int, int | None]:
        return _times(children[0]), _times(children[0])

    def at_least(self, children: "list[Token]") -> tuple[int, int | None]:
        return _times(children[0]), None

    def at_most(self, children: "list[Token]") -> tuple[int, int | None]:
        return 0, _times(children[0])

    def between(self, children: "list[Token]") -> tuple[int, int | None]:
        least, most = _times(children[0]), _times(children[1])
        if least > most:
            raise QueryError(_at(children[0]), f"{least} is more than {most}")
        return least, most

    def part(self, children: list[Any]) -> Pattern:
        if getattr(children[0], "type", "") == "LABEL":
            mark = children.pop(0)
            label = mark[:-1].rstrip()
            if not isinstance(children[0], Word):
                raise QueryError(_at(mark), "a label stands before one word")
            children[0] = Word(children[0].condition, label)
        pattern = (
            _structure(cast("Token", children[0])) if isinstance(children[0], str) else children[0]
        )
        return Repeat(pattern, *children[1]) if len(children) > 1 else pattern

    def sequence(self, children: list[Pattern]) -> Pattern:
        return children[0] if len(children) == 1 else Sequence(tuple(children))

    def choice(self, children: list[Pattern]) -> Pattern:
        return children[0] if len(children) == 1 else Choice(tuple(children))

    # ---- the whole

    def clause(self, children: list[Any]) -> Around:
        *denied, keyword, pattern = children
        contains = keyword == "containing"
        return Around(pattern, _widest(pattern), contains=contains, wanted=not denied)

    def same(self, children: "list[Token]") -> tuple[int, Same]:
        left, operator, right = children
        one, attribute = left.split(".")
        two, other = right.split(".")
        at = _at(left)
        _layer(attribute, at + len(one) + 1)
        if attribute != other:
            raise QueryError(_at(right), f"compare {attribute} with {attribute}")
        return at, Same(attribute, (one, two), operator[0] != "!")

    def query(self, children: list[Any]) -> Query:
        pattern, *clauses = children
        labels = {word.label for word in words_of(pattern)}
        around, same = [], []
        unit = _widest(pattern)
        for clause in clauses:
            if isinstance(clause, Around):
                whole = next((u for u in UNITS if clause.pattern == _whole(u)), None)
                if whole and not clause.contains and clause.wanted:
                    unit = whole
                else:
                    around.append(clause)
            else:
                at, condition = clause
                for label in condition.labels:
                    if label not in labels:
                        raise QueryError(at, f"no word has the label {label}: write {label}:[...]")
                same.append(condition)
        return Query(pattern, unit, tuple(same), tuple(around))


def _at(token: "Token") -> int:
    return cast(int, token.start_pos)


def _layer(name: str, at: int) -> LayerName:
    if name not in ATTRIBUTES:
        hint = f" {_LEMPOS}" if name == "lempos" else nearest(name, ATTRIBUTES)
        raise QueryError(at, f"there is no attribute {name}: {', '.join(ATTRIBUTES)}.{hint}")
    return ATTRIBUTES[name]


def _value(token: "Token") -> str:
    if " " in token:
        at = _at(token) + token.index(" ")
        raise QueryError(at, 'a value is that of one word and has no blank: write "human" "rights"')
    return str(token)[1:-1].replace('\\"', '"')


def _times(token: "Token") -> int:
    if len(token) > 3:
        raise QueryError(_at(token), "no word is repeated so often")
    return int(token)


def _structure(token: "Token") -> Pattern:
    """Return what ``<s>``, ``</s>`` (an edge) or ``<s/>`` (the words of a whole one) stands for."""
    name = token.strip("<>/ \t\r\n")
    at = _at(token)
    unit = next((u for u in UNITS if u == name), None)
    if unit is None:
        raise QueryError(at, f"there is no structure <{name}>: <s>, <p> and <doc>")
    return _whole(unit) if token.rstrip("> \t\r\n").endswith("/") else Edge(unit)


def _whole(unit: Unit) -> Pattern:
    inner = Repeat(Sequence((Edge(unit, there=False), Word(None))), 0, None)
    return Sequence((Edge(unit), Word(None), inner, Edge(unit)))


def _widest(pattern: Pattern) -> Unit:
    """Return the unit that matches stay in: a sentence, unless a wider structure is asked for."""
    match pattern:
        case Edge(unit, there=False):
            return unit
        case Sequence(parts) | Choice(parts):
            return max(map(_widest, parts), key=UNITS.index)
        case Repeat(body):
            return _widest(body)
    return "s"
