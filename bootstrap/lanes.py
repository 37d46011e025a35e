# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Lanes: as many pieces of work side by side as the machine has processors, each with its output in one piece."""

import contextlib
import multiprocessing
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from multiprocessing.connection import Connection, wait
from typing import Any

from .console import Failure, say

# Whoever is interrupted has databases to drop and servers to stop.
PATIENCE = 30  # seconds
# Children of this process as it is now: a piece is a function, which need not be found again by a name.
_FORK = multiprocessing.get_context("fork")


@dataclass(frozen=True, slots=True)
class Ended:
    """What became of a piece. ``result`` is what it returned; None when it raised or was killed."""

    title: str
    result: Any
    output: str
    seconds: float


def processors() -> int:
    """How many processors this process may use."""
    return len(os.sched_getaffinity(0))


def run_in_lanes(pieces: dict[str, Callable[[], Any]], lanes: int, tell: Callable[[Ended], None]) -> None:
    """Run pieces of work, each in a process of its own, so many at a time, and begin them in their order.

    When this process is interrupted (Ctrl-C, SIGTERM, SIGHUP), all processes of the pieces that run are, too, and
    get ``PATIENCE`` seconds to tidy up.

    :param pieces: title -> work; what it prints, or a process that it starts, is kept until it ends
    :param tell: is called with each piece as soon as it has ended
    :raises KeyboardInterrupt: when interrupted
    """
    waiting = list(pieces.items())
    running: list[_Lane] = []
    with _signals_interrupt():
        try:
            while waiting or running:
                while waiting and len(running) < lanes:
                    running.append(_Lane(*waiting.pop(0)))
                done = wait([lane.sentinel for lane in running])
                for lane in [lane for lane in running if lane.sentinel in done]:
                    running.remove(lane)
                    tell(lane.end())
        finally:
            for lane in running:
                lane.signal(signal.SIGINT)
            end = time.monotonic() + PATIENCE
            for lane in running:
                lane.stop(end)


def call(command: Sequence[str], **options: Any) -> int:
    """Run a command to its end and return its status; one that is interrupted with us may tidy up."""
    with subprocess.Popen(command, **options) as process:
        try:
            return process.wait()
        except KeyboardInterrupt:
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(PATIENCE)
            process.kill()
            raise


class _Lane:
    """A piece of work in a process, which leads a group of all processes that it starts."""

    def __init__(self, title: str, piece: Callable[[], Any]):
        self._title = title
        self._started = time.monotonic()
        self._output = tempfile.TemporaryFile()  # noqa: SIM115 (lives as long as the lane)
        self._results, results = _FORK.Pipe(duplex=False)
        self._process = _FORK.Process(target=_perform, args=(piece, self._output.fileno(), results))
        say(f"- {title}: begun")
        self._process.start()
        results.close()

    @property
    def sentinel(self) -> int:
        return self._process.sentinel

    def end(self) -> Ended:
        self._process.join()
        try:
            result = self._results.recv()
        except EOFError:
            result = None
        self._output.seek(0)
        output = self._output.read().decode(errors="replace")
        self._output.close()
        return Ended(self._title, result, output, time.monotonic() - self._started)

    def signal(self, number: int) -> None:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self._process.pid, number)

    def stop(self, end: float) -> None:
        """Wait until a monotonic second for the process to end, and end it then with all that it started."""
        self._process.join(max(0, end - time.monotonic()))
        self.signal(signal.SIGKILL)
        self._process.join()


def _perform(piece: Callable[[], Any], output: int, results: Connection) -> None:
    os.setsid()
    # A shell lets what runs in its background ignore Ctrl-C; ours comes from the parent and is meant.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    os.dup2(output, 1)
    os.dup2(output, 2)
    sys.stdout = sys.stderr = open(output, "w", buffering=1, closefd=False)  # noqa: SIM115 (until this process ends)
    try:
        results.send(piece())
    except Failure as failure:
        say(f"Stopped: {failure}")
    except KeyboardInterrupt:
        say("Interrupted.")


@contextlib.contextmanager
def _signals_interrupt() -> Iterator[None]:
    """Whoever ends this process by a signal ends its pieces, as with Ctrl-C."""

    def interrupt(_number, _frame):
        raise KeyboardInterrupt

    before = {number: signal.signal(number, interrupt) for number in (signal.SIGTERM, signal.SIGHUP)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
