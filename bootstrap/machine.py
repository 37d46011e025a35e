# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Is this machine fit, and which of its own programs are missing?"""

import functools
import os
import shutil
import socket
import subprocess
from collections.abc import Iterator
from pathlib import Path

from .console import Failure, run, step
from .places import HOME, LOG

# Odoo, its Python packages, PostgreSQL and the databases take 2.3 GB in all.
NEEDED_BYTES = 3 * 1024**3
# Where administrators have servers on their path, and others do not.
_SERVERS = os.pathsep.join(("/usr/local/sbin", "/usr/sbin"))
# For servers of the tests: below the ports that Linux gives to outgoing connections.
_PORTS = range(20_000, 32_000)


def check_disk() -> None:
    """Refuse to begin what cannot be finished.

    :raises Failure: when less than 3 GB are free where things will be kept, or the folder cannot be written
    """
    try:
        HOME.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise Failure(
            f"The folder {HOME} cannot be made ({error.strerror}). "
            "Choose another with SYNC_HUB_HOME=/some/folder make run."
        ) from error
    free = shutil.disk_usage(HOME).free
    if free < NEEDED_BYTES and not (HOME / "complete").exists():
        raise Failure(
            f"Only {free / 1024**3:.1f} GB are free in {HOME} and 3 GB are needed. "
            "Free some space, or choose another disk with SYNC_HUB_HOME=/some/folder make run."
        )


def check_port(port: int, variable: str = "PORT") -> None:
    """:raises Failure: when another program listens on that port of the loopback address"""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except PermissionError as error:
            raise Failure(
                f"Port {port} is reserved for the administrator of this machine. "
                f"Choose one above 1024, for example: make run {variable}=8069"
            ) from error
        except OSError as error:
            raise Failure(
                f"Port {port} is taken by another program (perhaps an earlier make run). "
                f"Stop that one, or choose another port: make run {variable}={port + 10}"
            ) from error


def free_port() -> int:
    """A port of the loopback address that nobody uses now.

    Whoever asks takes it seconds later only. Until then nobody else shall get it: neither the next call here, nor
    another process, for each begins elsewhere, nor an outgoing connection, for which the system has the ports above.
    """
    for port in _candidates(os.getpid()):
        with socket.socket() as probe:
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
        return port
    raise Failure("No port is free.")


@functools.cache
def _candidates(process: int) -> Iterator[int]:
    """Ports that a process may give away, each once."""
    first = process * 16 % len(_PORTS)
    return iter((*_PORTS[first:], *_PORTS[:first]))


def install_missing_programs(programs: dict[str, str]) -> None:
    """Install Debian packages for programs that are not on the path.

    :param programs: program name -> Debian package that brings it
    :raises Failure: when they are missing and cannot be installed from here
    """
    missing = [program for program in programs if not _is_there(program)]
    if not missing:
        return
    packages = [programs[program] for program in missing]
    by_hand = f"Install them by hand: apt-get install {' '.join(packages)}"
    if not shutil.which("apt-get"):
        raise Failure(f"These programs are missing: {', '.join(packages)}. {by_hand}")
    prefix = [] if os.geteuid() == 0 else ["sudo", "--non-interactive"]
    if prefix and subprocess.run([*prefix, "true"], capture_output=True, check=False).returncode:
        raise Failure(f"These programs are missing and need an administrator. {by_hand}")
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    with step(f"Installing {', '.join(packages)}"):
        for words in (["update"], ["install", "--yes", "--no-install-recommends", *packages]):
            run(
                [*prefix, "apt-get", *words],
                log=LOG,
                sentence=f"System packages could not be installed: is the network there? {by_hand}",
                env=environment,
            )
        for program in missing:
            _switch_off(program, prefix)


def _is_there(program: str) -> bool:
    return bool(shutil.which(program) or shutil.which(program, path=_SERVERS))


def _switch_off(program: str, prefix: list[str]) -> None:
    """End the service that a package may just have started: tests start their own, and nobody asked for another."""
    # Where systemd does not run, nothing was started (sd_booted(3)).
    if Path("/run/systemd/system").is_dir():
        unit = f"{program}.service"
        known = subprocess.run(["systemctl", "cat", unit], capture_output=True, check=False).returncode == 0
        if known:
            run(
                [*prefix, "systemctl", "disable", "--now", unit],
                log=LOG,
                sentence=f"The service {unit}, which was installed for tests only, could not be switched off.",
            )


def browser() -> Path:
    """The Chromium of this machine.

    :raises Failure: when there is none
    """
    for name in ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable"):
        if found := shutil.which(name):
            return Path(found)
    raise Failure("No Chromium was found. Install it by hand: apt-get install chromium")
