"""A process that parses the texts it is given and keeps what it finds; see ``pool``."""

import json
import os
import signal
import sys

from kit.annotate import store


def serve() -> None:
    """Answer each text on standard input, a line of JSON, once it is kept or another is at work on it.

    The answer is a line: KEPT, or anything else where it cannot be kept.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the parent, which ends us
    answers = os.fdopen(os.dup(1), "wb", buffering=0)
    os.dup2(2, 1)  # what a library prints must not be taken for an answer
    for line in sys.stdin.buffer:
        passages = json.loads(line)
        kept = store.made(passages, wait=False) is None or store.is_kept(passages)
        answers.write(KEPT if kept else b"not kept\n")


KEPT = b"kept\n"
