# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What the person at the terminal sees: steps with their time, and one plain sentence when something fails."""

import contextlib
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from pathlib import Path


class Failure(Exception):
    """Something that the person at the terminal can cure; the text is the sentence that says how."""


def say(text: str = "") -> None:
    print(text, flush=True)


@contextlib.contextmanager
def step(title: str) -> Iterator[None]:
    """Announce a step, show on a terminal that it is alive, and say how long it took."""
    started = time.monotonic()
    done = threading.Event()
    if sys.stdout.isatty():
        threading.Thread(target=_tick, args=(title, started, done), daemon=True).start()
    else:
        say(f"- {title} ...")
    try:
        yield
    finally:
        done.set()
    line = f"- {title}: {time.monotonic() - started:.0f} s"
    say(f"\r\033[K{line}" if sys.stdout.isatty() else line)


def _tick(title: str, started: float, done: threading.Event) -> None:
    while not done.wait(0.5):
        print(f"\r\033[K- {title} ... {time.monotonic() - started:.0f} s", end="", flush=True)


def run(command: Sequence[str | Path], *, log: Path, sentence: str, **kwargs) -> None:
    """Run a command with its output appended to ``log``.

    :raises Failure: with ``sentence``, the last line that says something and the name of the log
    """
    log.parent.mkdir(parents=True, exist_ok=True)
    with log.open("ab") as stream:
        stream.write(f"\n$ {' '.join(map(str, command))}\n".encode())
        stream.flush()
        start = stream.tell()
        result = subprocess.run(
            [str(word) for word in command], stdout=stream, stderr=stream, check=False, **kwargs
        )
    if result.returncode:
        with log.open("rb") as stream:
            stream.seek(start)
            written = stream.read().decode(errors="replace")
        if "No space left on device" in written:
            raise Failure(f"The disk is full. Free some space and run the command again. ({log})")
        lines = [line.strip() for line in written.splitlines() if line.strip()]
        reason = next((line for line in reversed(lines) if "rror" in line), lines[-1] if lines else "")
        raise Failure(f"{sentence}\n  The last words were: {reason[:300]}\n  All of it is in {log}")
