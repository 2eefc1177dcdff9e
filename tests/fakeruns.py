"""Recipes that are run without kernels: a report is what its texts say, a mail a line of a file."""

import datetime as dt
import hashlib
import json
import os
import threading
from collections.abc import Callable
from pathlib import Path

import nbformat

from kit import files, recipe, runs
from kit.apart import Order
from kit.channels import Made
from kit.recipe import Recipe

PARAMETERS = """source: str = ""  # the texts
top: int = 3  # rows (1..9)
query: str = ""  # words
own: str = ""  # a file
since: str = ""  # the first day
until: str = ""  # the last day"""


def notebook(path: Path, parameters: str = PARAMETERS, code: str = "print(top)") -> Path:
    """Write a notebook with these parameters and one cell."""
    cell = nbformat.v4.new_code_cell(parameters, id="p", metadata={"tags": ["parameters"]})
    last = nbformat.v4.new_code_cell(code, id="c")
    nbformat.write(nbformat.v4.new_notebook(cells=[cell, last]), path)
    return path


def stage(folder: Path, more: str = "", text: str = "Peace.") -> Recipe:
    """Write texts, a notebook and a recipe of them into a folder, which becomes the current one."""
    os.chdir(folder)
    (folder / "texts").mkdir(exist_ok=True)
    (folder / "texts" / "a.txt").write_text(text, "utf-8")
    (folder / "reports").mkdir(exist_ok=True)
    notebook(folder / "tiny.ipynb")
    path = Path("reports/weekly.toml")
    path.write_text(f'source = "texts"\nnotebooks = ["tiny.ipynb"]\n{more}', "utf-8")
    return recipe.read(path)


def make(order: Order, progress: Callable[[str], None], stop: threading.Event) -> None:
    """Make a report of what its texts and parameters are, in the form of a real one."""
    said = {
        "texts": {
            p.name: p.read_text("utf-8") for p in sorted(Path(order.report.source).iterdir())
        },
        "title": order.report.title,
        "parameters": order.report.parameters,
    }
    with files.new_folder(order.final) as folder:
        (folder / "data").mkdir()
        files.put(folder / "report.html", json.dumps(said).encode())
        files.put(folder / "data" / "a.csv", b"a\n1\n")
        record = {
            **order.record,
            "notebooks": {},
            "started": dt.datetime.now(dt.UTC).isoformat(),
            "files": {
                name: hashlib.sha256((folder / name).read_bytes()).hexdigest()
                for name in ("data/a.csv", "report.html")
            },
        }
        files.put(folder / "run.json", json.dumps(record).encode())
    progress("report")


def shown(folder: Path) -> dict[str, str]:
    """Return the texts that a report was made of; none where there is no report."""
    page = folder / "report.html"
    texts: dict[str, str] = json.loads(page.read_text("utf-8"))["texts"] if page.is_file() else {}
    return texts


class Post:
    """A channel that writes a line for each of two recipients, and never two."""

    def __init__(self, box: Path) -> None:
        self.box = box

    def __call__(self, made: Made) -> None:
        key = (made.run.id, "mail")
        for who in ("a@example.org", "b@example.org"):
            if not made.ledger.try_to_send(*key, who):
                continue
            if not made.ledger.last_step(*key, who, "on its way"):
                continue
            with self.box.open("a", encoding="utf-8") as file:
                file.write(json.dumps([who, shown(made.folder)]) + "\n")
            made.ledger.sent(*key, who, "sent")

    def lines(self) -> list[str]:
        """Return what was sent."""
        return self.box.read_text("utf-8").splitlines() if self.box.exists() else []


def how(post: Post | None = None, **more: object) -> runs.How:
    """Return how a recipe is run in tests."""
    given = {
        "make": make,
        "channels": {"mail": post} if post else {},
        "checks": {},
        "notify": lambda *_: None,
        "pause": 0.0,
        **more,
    }
    return runs.How(**given)  # type: ignore[arg-type]
