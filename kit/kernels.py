"""Warm kernels: one process imports what the notebooks need, each kernel is a fork of it.

A cold kernel spends most of a short notebook importing pandas and seaborn. Where the system cannot
fork safely (anything but Linux) kernels start cold, with the same result.
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
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from jupyter_client.kernelspec import KernelSpec
from jupyter_client.manager import AsyncKernelManager
from jupyter_client.provisioning import LocalProvisioner

PROVISIONER = "readout-forked"  # as registered in pyproject.toml
CAN_FORK = sys.platform == "linux"


def imported(sources: Iterable[str]) -> list[str]:
    """Return the modules that cells import, submodules of packages among them, each once."""
    names: dict[str, None] = {}
    for source in sources:
        with contextlib.suppress(SyntaxError):  # a magic; the kernel will say what is wrong
            for node in ast.walk(ast.parse(source)):
                if isinstance(node, ast.Import):
                    names.update(dict.fromkeys(alias.name for alias in node.names))
                elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
                    names[node.module] = None
                    names.update(dict.fromkeys(f"{node.module}.{a.name}" for a in node.names))
    return list(names)


class ForkServer:
    """The process that kernels are forked from; ``close`` ends it and whatever it forked."""

    def __init__(self, modules: list[str], log: Path) -> None:
        self._lock = threading.Lock()
        with log.open("wb") as errors:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "kit.kernels", json.dumps(modules)],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=errors,
                text=True,
                # as ipykernel sets it: figures of a notebook become outputs
                env=os.environ | {"MPLBACKEND": "module://matplotlib_inline.backend_inline"},
            )

    def fork(self, connection_file: str, env: dict[str, str]) -> int:
        """Start a kernel on a connection file and return its process id."""
        assert self._process.stdin and self._process.stdout
        order = {"file": connection_file, "env": env, "cwd": str(Path.cwd())}
        with self._lock:
            self._process.stdin.write(json.dumps(order) + "\n")
            self._process.stdin.flush()
            answer = self._process.stdout.readline()
        if not answer:
            raise RuntimeError("the process that kernels are forked from has ended")
        return int(answer)

    def close(self) -> None:
        """End the server."""
        assert self._process.stdin and self._process.stdout
        self._process.stdin.close()
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._process.wait(timeout=2)
        self._process.kill()
        self._process.wait()
        self._process.stdout.close()


class _Forked:
    """A forked kernel with the face of subprocess.Popen; the server reaps it."""

    stdin = stdout = stderr = None

    def __init__(self, pid: int) -> None:
        self.pid = pid
        self._handle = os.pidfd_open(pid)
        self._ended = False

    def poll(self) -> int | None:
        import select  # noqa: PLC0415

        if not self._ended and select.select([self._handle], [], [], 0)[0]:
            self._ended = True
            os.close(self._handle)
        return 1 if self._ended else None

    def wait(self) -> int:
        return self.poll() or 0

    def send_signal(self, signum: int) -> None:
        if self.poll() is None:
            signal.pidfd_send_signal(self._handle, signum)

    def terminate(self) -> None:
        self.send_signal(signal.SIGTERM)

    def kill(self) -> None:
        self.send_signal(signal.SIGKILL)


class ForkedProvisioner(LocalProvisioner):
    """Gives jupyter_client a kernel forked from the ForkServer of its manager."""

    async def launch_kernel(self, cmd: list[str], **kwargs: Any) -> Any:
        """Fork a kernel on the connection file that the manager has just written."""
        assert isinstance(self.parent, Manager) and self.parent.server
        pid = self.parent.server.fork(self.parent.connection_file, kwargs["env"])
        # LocalProvisioner takes anything that polls, waits and signals like a Popen
        self.process = _Forked(pid)  # type: ignore[assignment]
        self.pid = self.pgid = pid  # type: ignore[assignment]
        return self.connection_info


class Manager(AsyncKernelManager):
    """A kernel of this very Python, whatever kernel a notebook's metadata names."""

    server: ForkServer | None = None

    @property
    def kernel_spec(self) -> KernelSpec:
        """The kernel: forked where there is a server, else started cold."""
        warm = {"kernel_provisioner": {"provisioner_name": PROVISIONER}} if self.server else {}
        return KernelSpec(
            argv=[sys.executable, "-m", "ipykernel_launcher", "-f", "{connection_file}", *QUIET],
            display_name="Readout",
            language="python",
            metadata=warm,
        )


QUIET = ["--HistoryManager.enabled=False"]  # a run leaves no trace in the user's history


@contextlib.contextmanager
def managers(sources: Iterable[str], folder: Path, *, warm: bool = CAN_FORK) -> Iterator[type[Manager]]:
    """Give a class of kernel managers for notebooks of these cell sources, its server running.

    `folder` takes connection files and sockets; it must have a short path (a socket's is limited).
    """
    server = ForkServer(imported(sources), folder / "server.log") if warm else None
    try:
        yield type("Manager", (Manager,), {"server": server})
    finally:
        if server:
            server.close()


def _serve(modules: list[str]) -> None:
    """Import, then fork a kernel for each line of standard input, until it ends."""
    from ipykernel.kernelapp import IPKernelApp  # noqa: PLC0415

    for name in modules:
        with contextlib.suppress(Exception):  # not a module, or broken: the kernel will say so
            importlib.import_module(name)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the runner, which ends us
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # ended kernels are reaped by the system
    children = []
    for line in sys.stdin:
        order = json.loads(line)
        pid = os.fork()
        if pid == 0:
            _become_kernel(order, IPKernelApp)
        children.append(pid)
        print(pid, flush=True)
    for pid in children:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(pid, signal.SIGKILL)


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
