# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Odoo as it runs in production: a parent process and a cron worker that it limits, and replaces when it ends."""

from __future__ import annotations

import os
import re
import signal
import subprocess
from pathlib import Path
from typing import Self

import psutil
from company import Shells


class Prefork:
    """A prefork server with one cron worker and nobody else, for the time of a ``with`` block."""

    def __init__(self, company: Shells, log: Path, *, cpu_limit: int, real_limit: int = 600):
        """
        :param cpu_limit: seconds of processor time for what is due together (``limit_time_cpu``)
        :param real_limit: seconds after which a worker that is still at it is killed (``limit_time_real``); more than
            the 70 for which a worker that has nothing to do sleeps
        """
        self._company = company
        self._log = log
        self._limits = ("--limit-time-cpu", str(cpu_limit), "--limit-time-real", str(real_limit))

    def __enter__(self) -> Self:
        odoo = self._company.odoo
        command = odoo.command(
            *("--database", self._company.database, "--no-http", "--workers", "1", "--max-cron-threads", "1"),
            *self._limits,
        )
        with self._log.open("wb") as log:
            # A process group of its own: the workers end with their parent.
            self._parent = subprocess.Popen(
                command,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                env=self._company.environment,
                start_new_session=True,
            )
        try:
            self._company.wait_until(lambda: self._parent.poll() is not None or bool(self.workers()))
            assert self._parent.poll() is None, self.log()[-3000:]
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_exception: object) -> None:
        if self._parent.poll() is None:
            os.killpg(self._parent.pid, signal.SIGKILL)
            self._parent.wait()

    def log(self) -> str:
        return self._log.read_text(encoding="utf-8")

    def workers(self) -> list[int]:
        """The process ids of the cron workers so far, oldest first: whoever was ended has a successor."""
        return [int(number) for number in re.findall(r"Worker WorkerCron \((\d+)\) alive", self.log())]

    def units(self) -> int:
        """How often a worker has taken up the queue; the limit counts anew each time."""
        return len(re.findall(r"Job 'Sync Hub: queued synchronizations' \(\d+\) starting", self.log()))

    def processor_seconds(self) -> float:
        """What the newest worker has used in all."""
        used = psutil.Process(self.workers()[-1]).cpu_times()
        return used.user + used.system

    def kill_worker(self) -> None:
        """End the newest worker as the system does when memory runs out, and wait until it is gone."""
        process = psutil.Process(self.workers()[-1])
        process.kill()
        # Its parent reaps it.
        process.wait()

    def reach_limit(self) -> None:
        """Do to the newest worker what the system does when its processor time is used up."""
        os.kill(self.workers()[-1], signal.SIGXCPU)
