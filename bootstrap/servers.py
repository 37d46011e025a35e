# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Start the sandboxes and Odoo as children, and stop them with us."""

import os
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Sequence
from pathlib import Path

from .console import Failure
from .places import HOME, PROJECT


class Children:
    """Child processes in process groups of their own: Ctrl-C reaches us alone, and we end them in order."""

    def __init__(self):
        self._running: list[tuple[str, subprocess.Popen]] = []

    def __enter__(self):
        for number in (signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, self._interrupt)
        return self

    def __exit__(self, *_exception):
        for _name, child in reversed(self._running):
            if child.poll() is None:
                os.killpg(child.pid, signal.SIGTERM)
        for _name, child in reversed(self._running):
            try:
                child.wait(timeout=20)
            except subprocess.TimeoutExpired:
                os.killpg(child.pid, signal.SIGKILL)
                child.wait()

    def start(self, name: str, command: Sequence[str], environment: dict[str, str]) -> subprocess.Popen:
        """Start a server whose output goes to ``log/<name>.log``."""
        log = self.log(name)
        log.parent.mkdir(parents=True, exist_ok=True)
        with log.open("wb") as stream:
            child = subprocess.Popen(
                list(map(str, command)),
                stdout=stream,
                stderr=stream,
                stdin=subprocess.DEVNULL,
                env=environment,
                start_new_session=True,
            )
        self._running.append((name, child))
        return child

    def wait_until_one_ends(self) -> None:
        """:raises Failure: when a server ended by itself"""
        while True:
            for name, child in self._running:
                if child.poll() is not None:
                    raise Failure(f"{name} has ended by itself; its last words are in {self.log(name)}")
            time.sleep(0.5)

    @staticmethod
    def log(name: str) -> Path:
        return HOME / "log" / f"{name}.log"

    @staticmethod
    def _interrupt(_number, _frame):
        raise KeyboardInterrupt


def wait_for(url: str, child: subprocess.Popen, name: str, seconds: float = 120) -> None:
    """Wait until a server answers.

    :raises Failure: when it ends or stays silent
    """

    def answers() -> bool:
        try:
            with urllib.request.urlopen(url, timeout=5):
                return True
        except urllib.error.HTTPError as error:
            return error.code < 500
        except OSError:
            return False

    wait_until(answers, child, name, seconds)


def wait_until(ready: Callable[[], bool], child: subprocess.Popen, name: str, seconds: float = 120) -> None:
    """Wait until a server is ready.

    :raises Failure: when it ends or does not become so
    """
    limit = time.monotonic() + seconds
    while time.monotonic() < limit:
        if child.poll() is not None:
            raise Failure(f"{name} ended while it was starting; its last words are in {Children.log(name)}")
        if ready():
            return
        time.sleep(0.3)
    raise Failure(f"{name} did not answer within {seconds:.0f} s; its last words are in {Children.log(name)}")


def sandbox_command(port: int, state: Path, redirect_url: str, *words: str) -> list[str]:
    """The command line of the sandbox bank."""
    return [
        *(sys.executable, "-m", "emulators.enablebanking", "--port", str(port)),
        *("--state-dir", str(state), "--redirect-url", redirect_url),
        *words,
    ]


def services_command(addresses: Path) -> list[str]:
    """The command line of the sandboxes of all other services; they write to ``addresses`` where they are."""
    return [sys.executable, "-m", "emulators", "--addresses", str(addresses), "ponto", "saltedge", "plaid", "yodlee"]


def sandbox_environment() -> dict[str, str]:
    return {**os.environ, "PYTHONPATH": str(PROJECT / "tests")}
