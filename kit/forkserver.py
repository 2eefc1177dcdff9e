"""Warm kernels: one process imports what the notebooks need, each kernel is a fork of it.

A cold kernel spends most of a short notebook importing pandas and seaborn. This module needs only
the standard library, so that the server starts importing before the runner has loaded Jupyter.
"""

import ast
import contextlib
import importlib
import json
import os
import random
import signal
import subprocess
import sys
import threading
from collections.abc import Iterable
from pathlib import Path
from typing import Any

CAN_FORK = sys.platform == "linux"  # macOS and Windows cannot fork a process safely
QUIET = ["--HistoryManager.enabled=False"]  # a run leaves no trace in the user's history


def imported(sources: Iterable[str]) -> list[str]:
    """Return the modules that cells import or reach as ``package.module``, each once."""
    names: dict[str, None] = {}
    roots: set[str] = set()
    reached: dict[str, str] = {}
    for source in sources:
        with contextlib.suppress(SyntaxError):  # a magic; the kernel will say what is wrong
            for node in ast.walk(ast.parse(source)):
                if isinstance(node, ast.Import):
                    names.update(dict.fromkeys(alias.name for alias in node.names))
                    roots.update(alias.name for alias in node.names if not alias.asname)
                elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
                    names[node.module] = None
                    names.update(dict.fromkeys(f"{node.module}.{a.name}" for a in node.names))
                elif isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
                    reached[f"{node.value.id}.{node.attr}"] = node.value.id
    # what is no module after all (an attribute) is passed over by the server
    names.update(dict.fromkeys(name for name, root in reached.items() if root in roots))
    return list(names)


class ForkServer:
    """The process that kernels are forked from; ``close`` ends it and whatever it forked."""

    def __init__(self, modules: list[str], log: Path) -> None:
        self._lock = threading.Lock()
        with log.open("wb") as errors:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "kit.forkserver", json.dumps(modules)],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=errors,
                text=True,
                # as ipykernel sets it: figures of a notebook become outputs
                env=os.environ | {"MPLBACKEND": "module://matplotlib_inline.backend_inline"},
            )

    def fork(self, connection_file: str, env: dict[str, str]) -> int:
        """Start a kernel on a connection file and return its process id."""
        assert self._process.stdin
        assert self._process.stdout
        order = {"file": connection_file, "env": env, "cwd": str(Path.cwd())}
        with self._lock:
            with contextlib.suppress(BrokenPipeError):
                self._process.stdin.write(json.dumps(order) + "\n")
                self._process.stdin.flush()
            answer = self._process.stdout.readline()
        if not answer:
            raise RuntimeError("the process that kernels are forked from has ended")
        return int(answer)

    def close(self) -> None:
        """End the server."""
        assert self._process.stdin
        assert self._process.stdout
        with contextlib.suppress(BrokenPipeError):  # it has ended by itself
            self._process.stdin.close()
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._process.wait(timeout=2)
        self._process.kill()
        self._process.wait()
        self._process.stdout.close()


def _serve(modules: list[str]) -> None:
    """Import, then fork a kernel for each line of standard input, until it ends."""
    # What a module prints when it is imported must not be taken for an answer.
    answers = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)
    sys.modules["debugpy"] = None  # type: ignore[assignment]  # a run is not debugged: 0.15 s a kernel
    from ipykernel.kernelapp import IPKernelApp  # noqa: PLC0415

    for name in modules:
        with contextlib.suppress(Exception, SystemExit):  # no module, or broken: the kernel says so
            _load(name)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the runner, which ends us
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # ended kernels are reaped by the system
    children = []
    for line in sys.stdin:
        order = json.loads(line)
        pid = os.fork()
        if pid == 0:
            _become_kernel(order, IPKernelApp)
        with contextlib.suppress(OSError):  # the kernel does so too; whoever is first
            os.setpgid(pid, pid)
        children.append(pid)
        print(pid, file=answers, flush=True)
    for pid in children:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(pid, signal.SIGKILL)
    sys.stderr.flush()
    os._exit(0)  # to take apart what was imported would take a third of a second


def _load(name: str) -> None:
    """Import a module, or the one that an attribute of a package is taken from when it is asked for.

    One of our own loads what its functions need too, once for all kernels.
    """
    try:
        found = importlib.import_module(name)
    except ImportError:
        package, _, attribute = name.rpartition(".")
        found = getattr(importlib.import_module(package), attribute)
    if name.startswith("kit.") and hasattr(found, "preload"):
        found.preload()


def _become_kernel(order: dict[str, Any], app: Any) -> None:
    os.setpgid(0, 0)
    signal.signal(signal.SIGINT, signal.default_int_handler)
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    os.environ.clear()
    os.environ.update(order["env"], JPY_PARENT_PID=str(os.getppid()))
    os.chdir(order["cwd"])
    null = os.open(os.devnull, os.O_RDWR)
    os.dup2(null, 0)
    os.dup2(null, 1)
    random.seed()
    if "numpy" in sys.modules:
        sys.modules["numpy"].random.seed()
    app.launch_instance(argv=["-f", order["file"], *QUIET])
    os._exit(0)


if __name__ == "__main__":
    _serve(json.loads(sys.argv[1]))
