"""What a text takes from earlier ones, and what it says for the first time."""

from kit.reuse.first_said import novelty
from kit.reuse.pairing import order, pair
from kit.reuse.paraphrase import paraphrases
from kit.reuse.proportions import shares
from kit.reuse.verbatim import latest, passages

__all__ = ["latest", "novelty", "order", "pair", "paraphrases", "passages", "shares"]
