"""Kernels for a run: forked from a warm process where the system can, else started cold.

The result is the same either way; a test holds the outputs equal.
"""

import os
import select
import signal
import sys
from contextlib import suppress
from typing import Any, ClassVar

from jupyter_client.kernelspec import KernelSpec
from jupyter_client.manager import AsyncKernelManager
from jupyter_client.provisioning.local_provisioner import LocalProvisioner

from kit.forkserver import QUIET, ForkServer

PROVISIONER = "readout-forked"  # as registered in pyproject.toml


class _Forked:
    """A forked kernel with the face of subprocess.Popen; the server reaps it."""

    stdin = stdout = stderr = None

    def __init__(self, pid: int) -> None:
        self.pid = pid
        self._handle = os.pidfd_open(pid)
        self._ended = False

    def poll(self) -> int | None:
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
        assert isinstance(self.parent, Manager)
        assert self.parent.server
        pid = self.parent.server.fork(self.parent.connection_file, kwargs["env"])
        # LocalProvisioner takes anything that polls, waits and signals like a Popen
        self.process = _Forked(pid)  # type: ignore[assignment]
        self.pid = self.pgid = pid
        return self.connection_info


class Manager(AsyncKernelManager):
    """A kernel of this very Python, whatever kernel a notebook's metadata names."""

    server: ForkServer | None = None
    started: ClassVar[list[int]] = []  # process groups of the cold kernels of a run

    async def _async_post_start_kernel(self, **kwargs: Any) -> None:
        await super()._async_post_start_kernel(**kwargs)
        local = self.provisioner if isinstance(self.provisioner, LocalProvisioner) else None
        if local and local.pid and not self.server:
            self.started.append(local.pid)  # it leads a session of its own

    @classmethod
    def end(cls) -> None:
        """End what is left of the cold kernels and of what they started; the server does so for others."""
        while cls.started:
            with suppress(OSError, AttributeError):  # it has ended; no groups on this system
                os.killpg(cls.started.pop(), signal.SIGKILL)

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
