"""CQL, the corpus query language of CQP and Sketch Engine, over the words of a corpus.

- A word: ``[lemma="strengthen"]``, ``[tag="N.*" & word!="[A-Z].*"]``, ``[]`` (any), ``"peace"`` (as
  written). Attributes: ``word`` (as written), ``lc`` (small letters), ``lemma`` and ``lemma_lc`` (without
  regard to case), ``tag`` (Penn, English only). ``=`` and ``!=`` take a regular expression over the whole
  value in the syntax of RE2, ``==`` and ``!==`` the value itself; ``(?i)`` makes case no matter; ``&``,
  ``|``, ``!`` and brackets join them.
  Marks are no words: ``[]`` passes over a comma.
- Words in a row: ``?``, ``*``, ``+``, ``{2}``, ``{1,3}``, ``{1,}``, ``|`` and brackets; ``<s>`` and
  ``</s>`` (``p``, ``doc``) are edges, ``<s/>`` is a whole sentence.
- A match stays in its sentence; ``within <p/>`` and ``within <doc/>`` let it stay in its paragraph or
  document. Of a query's hits ``containing "x" [] "y"``, ``within`` a pattern, ``!containing`` and
  ``!within`` keep some.
- ``1:[] "and" 2:[] & 1.lemma = 2.lemma`` compares labelled words.

Hits are chosen as CQP does: from each beginning the shortest match, and of several with one end the one
that begins first, so that *DET? ADJ\\* NN* gives *the old book* and not also *old book*. Hits may overlap.
A hit has at most 500 words.
"""

import re

from kit.cql.grammar import parse
from kit.cql.match import Hits, search
from kit.cql.query import QueryError
from kit.cql.values import Positions
from kit.tokens import Tokens

__all__ = ["Hits", "Positions", "QueryError", "find", "looks_like", "search"]

_BEGINS = re.compile(r"\s*(?:\(\s*)*(?:\w+\s*:\s*)?[\[\"<]")


def looks_like(query: str) -> bool:
    """Whether a query is CQL: after brackets and a label it begins with ``[``, ``"`` or ``<``."""
    return bool(_BEGINS.match(query))


def find(t: Tokens, query: str, *, longest: bool = False) -> Hits:
    """Return (first word, last word), two arrays, of each hit of a CQL query in reading order.

    `longest` takes the longest match from each beginning, and none that lies within another. Raises
    ParameterError where the query cannot be read, with a mark under what is wrong.
    """
    try:
        return search(t, parse(query), longest=longest)
    except QueryError as error:
        raise error.shown(query) from None
