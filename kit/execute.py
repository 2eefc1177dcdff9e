"""Execute notebooks by papermill, side by side, with our kernels and our own record of what happened.

What became of a run is known from our count of the cells that the kernel answered for, never from the
saved notebook: after a kernel's death papermill's file says that every cell completed.
"""

import errno
import logging
import math
import os
import re
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from kit import errors, params
from kit.errors import KitError, NotebookError, WriteError
from kit.forkserver import CAN_FORK, ForkServer, imported

START_TIMEOUT = 60  # seconds
_FULL = re.compile(
    rf"\[Errno ({errno.ENOSPC}|{errno.EDQUOT}|{errno.EFBIG})\] "
)  # as Python says it of a disk
LONGEST_SOCKET = 90  # characters of a path that a socket can have, less what is added to it

Progress = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Limits:
    """What a run may take: seconds for a cell and for a notebook, kernels at a time (0: by the cores)."""

    cell: float = 600
    notebook: float = math.inf
    kernels: int = 0


@dataclass
class _Execution:
    """What the kernel answered for, cell by cell."""

    notebook: Path
    limits: Limits
    began: float = field(default_factory=time.monotonic)
    answered: set[int] = field(default_factory=set)
    cell: int = 1  # the one last started, numbered as in the notebook before parameters were put in
    source: str = ""
    started: bool = False  # a cell was
    executed: Any = None  # the notebook as far as it came

    def left(self, _: object = None) -> float:
        """Return the seconds that a cell may take now: its own, or what is left of the notebook's."""
        rest = self.began + self.limits.notebook - time.monotonic()
        return max(min(self.limits.cell, rest), 0.1)  # none would be no limit


def execute(
    notebooks: Mapping[str, Path],
    parameters: Mapping[str, dict[str, params.Value]],
    folder: Path,
    progress: Progress = lambda _: None,
    *,
    meanwhile: Callable[[], object] = lambda: None,
    limits: Limits = Limits(),
    warm: bool = CAN_FORK,
) -> dict[str, Path]:
    """Run notebooks side by side into `folder`; return the executed files by name.

    `meanwhile` is called while they run, for work that can be done ahead. However it ends, no kernel and
    nothing that a kernel started is left.

    Raises NotebookError (or the KitError that the notebook raised) for the first that fails; the
    others are given up.
    """
    sources = [
        c["source"] for p in notebooks.values() for c in params.cells(p) if c["cell_type"] == "code"
    ]
    with (
        tempfile.TemporaryDirectory(prefix="kit-") as short,
        _fork_server(sources, Path(short), warm) as server,
    ):
        manager = _prepare_papermill(server)
        outputs = {name: folder / f"{name}.ipynb" for name in notebooks}
        width = limits.kernels or (os.cpu_count() or 1) + 2
        with ThreadPoolExecutor(min(len(notebooks), width)) as pool:
            running = {
                name: pool.submit(
                    _execute_one,
                    _Place(path, outputs[name], Path(short) / str(i)),
                    parameters.get(name, {}),
                    manager,
                    limits,
                )
                for i, (name, path) in enumerate(notebooks.items())
            }
            try:
                meanwhile()
                for name, future in running.items():
                    future.result()
                    progress(name)
            except BaseException:
                for future in running.values():
                    future.cancel()
                raise
            finally:
                if server:
                    server.close()  # ends what still runs
                manager.end()
        return outputs


@dataclass(frozen=True, slots=True)
class _Place:
    """Where a notebook is, where it goes when executed, and where its kernel's sockets are."""

    notebook: Path
    output: Path
    sockets: Path


@contextmanager
def _fork_server(sources: Sequence[str], folder: Path, warm: bool) -> Iterator[ForkServer | None]:
    server = ForkServer(imported(sources), folder / "server.log") if warm else None
    try:
        yield server
    finally:
        if server:
            server.close()


def _execute_one(
    place: _Place, parameters: dict[str, params.Value], manager: type[Any], limits: Limits
) -> None:
    import nbformat  # noqa: PLC0415
    import papermill  # noqa: PLC0415
    from jupyter_core.utils import ensure_event_loop  # noqa: PLC0415

    notebook = nbformat.read(place.notebook, as_version=4)
    execution = _Execution(place.notebook, limits)
    try:
        with _named(execution):
            executed = papermill.execute_notebook(
                notebook,
                None,
                parameters,
                engine_name="readout",
                kernel_name="python3",
                language="python",
                progress_bar=False,
                start_timeout=START_TIMEOUT,
                execution=execution,
                manager=manager,
                sockets=place.sockets,
            )
            cells = sum(c.cell_type == "code" and bool(c.source.strip()) for c in executed.cells)
            if len(execution.answered) < cells:
                raise NotebookError(
                    f"{_where(execution)}: the notebook ended early (a call of exit?)"
                )
    finally:
        ensure_event_loop().close()  # this thread's, which nbclient leaves open
        if execution.executed is not None:
            nbformat.write(execution.executed, place.output)


@contextmanager
def _named(execution: _Execution) -> Iterator[None]:
    """Turn what papermill raises into an error that names notebook, cell and what to do."""
    from nbclient.exceptions import DeadKernelError  # noqa: PLC0415
    from papermill import PapermillExecutionError  # noqa: PLC0415

    try:
        yield
    except DeadKernelError as error:
        raise _passing(f"{_where(execution)}: the kernel died. Was memory short?") from error
    except PapermillExecutionError as error:
        raise _raised(error.ename, error.evalue, _where(execution)) from error
    except TimeoutError as error:
        limits, cell = execution.limits, execution.left() == execution.limits.cell
        what = "no answer within" if cell else "the notebook takes longer than"
        seconds = limits.cell if cell else limits.notebook
        raise NotebookError(f"{_where(execution)}: {what} {seconds:.0f} s") from error
    except (RuntimeError, OSError) as error:
        if not execution.started:
            raise _passing(f"{_where(execution)}: the kernel did not start: {error}") from error
        raise NotebookError(f"{_where(execution)}: {error}") from error


def _passing(message: str) -> NotebookError:
    """Return an error of what may go well the second time."""
    error = NotebookError(message)
    error.may_pass = True
    return error


def _where(execution: _Execution) -> str:
    line = next(iter(execution.source.strip().splitlines()), "")
    return f"{execution.notebook}, cell {execution.cell}" + (f" ({line})" if line else "")


def _raised(name: str, message: str, where: str) -> KitError:
    """Return the error that a notebook raised: one of ours as it is, another with its place."""
    known = getattr(errors, name, None)
    if isinstance(known, type) and issubclass(known, KitError):
        return known(message)
    if name == "OSError" and _FULL.match(message):  # no fault of the notebook's
        return WriteError(f"{where}: {message}")
    return NotebookError(f"{where}: {name}: {message}")


def _prepare_papermill(server: ForkServer | None) -> type[Any]:
    """Import papermill, register our engine, and return the kernel managers to run with."""
    with without_iri_grammar():
        from papermill.clientwrap import PapermillNotebookClient  # noqa: PLC0415
        from papermill.engines import Engine, papermill_engines  # noqa: PLC0415

        from kit.kernels import Manager  # noqa: PLC0415

    for name in ("papermill", "traitlets"):  # what went wrong is said once, by our error
        logging.getLogger(name).setLevel(logging.CRITICAL)

    class ReadoutEngine(Engine):  # type: ignore[misc]  # papermill is untyped
        """papermill's engine for nbclient with our kernels and our record of what was answered."""

        @classmethod
        def execute_managed_notebook(cls, nb_man: Any, kernel_name: str, **options: Any) -> Any:
            execution = options["execution"]
            execution.executed = nb_man.nb

            def started(cell: Any, cell_index: int) -> None:
                before = nb_man.nb.cells[:cell_index]
                injected = sum("injected-parameters" in c.metadata.get("tags", ()) for c in before)
                execution.cell, execution.source = cell_index + 1 - injected, cell.source
                execution.started = True

            def answered(cell: Any, cell_index: int, execute_reply: Any) -> None:
                if execute_reply["content"]["status"] == "ok":
                    execution.answered.add(cell_index)

            client = PapermillNotebookClient(
                nb_man,
                kernel_name=kernel_name,
                kernel_manager_class=options["manager"],
                timeout_func=execution.left,
                startup_timeout=options["start_timeout"],
                on_cell_start=started,
                on_cell_executed=answered,
                log=logging.getLogger("papermill"),
            )
            client.create_kernel_manager()
            path = str(options["sockets"])
            if os.name == "posix" and len(path) <= LONGEST_SOCKET:
                # sockets that are files: nobody else on the machine can connect
                client.km.transport, client.km.ip = "ipc", path
            client.owns_km = True
            return client.execute()

    papermill_engines.register("readout", ReadoutEngine)
    return type("Manager", (Manager,), {"server": server, "started": []})


@contextmanager
def without_iri_grammar() -> Iterator[None]:
    """Keep jsonschema from compiling a grammar of IRIs for 1.4 s: no notebook schema has that format."""
    name = "rfc3987_syntax"
    before = sys.modules.get(name)
    sys.modules[name] = None  # type: ignore[assignment]  # the documented way to forbid an import
    try:
        yield
    finally:
        if before is None:
            del sys.modules[name]
        else:
            sys.modules[name] = before
