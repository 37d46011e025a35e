# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""``make test`` runs its suites side by side: none disturbs another, and none is left behind."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import psutil
import pytest

from bootstrap.console import Failure, say
from bootstrap.databases import one_at_a_time
from bootstrap.lanes import Ended, run_in_lanes
from bootstrap.machine import free_port
from bootstrap.places import PROJECT

# Two pieces, each with a process of its own; what they leave in the end tells that they could tidy up.
INTERRUPTED = """
import signal, subprocess, sys
from pathlib import Path
from bootstrap.lanes import call, run_in_lanes

signal.signal(signal.SIGINT, signal.default_int_handler)  # whoever called pytest may ignore it
folder = Path(sys.argv[1])
long = "import sys, time\\ntry:\\n open(sys.argv[1] + '.begun', 'w').close()\\n time.sleep(600)\\n" \
       "finally:\\n open(sys.argv[1] + '.tidied', 'w').close()"

def piece(name):
    return lambda: call([sys.executable, "-c", long, folder / name], stderr=subprocess.DEVNULL)

run_in_lanes({name: piece(name) for name in ("one", "two", "three")}, 2, print)
"""


def run(pieces: dict[str, Callable[[], object]], lanes: int) -> dict[str, Ended]:
    """What became of the pieces, in the order in which they ended."""
    told: list[Ended] = []
    run_in_lanes(pieces, lanes, told.append)
    return {ended.title: ended for ended in told}


def wait_for(condition: Callable[[], bool]) -> None:
    end = time.monotonic() + 60
    while not condition():
        assert time.monotonic() < end, "it did not come"
        time.sleep(0.01)


def test_two_lanes_work_at_the_same_time(tmp_path: Path) -> None:
    def meet(mine: str, other: str) -> Callable[[], str]:
        def piece() -> str:
            (tmp_path / mine).touch()
            wait_for((tmp_path / other).exists)
            return mine

        return piece

    ended = run({"one": meet("one", "two"), "two": meet("two", "one")}, 2)
    assert {title: end.result for title, end in ended.items()} == {"one": "one", "two": "two"}


def test_in_one_lane_a_piece_begins_when_the_one_before_has_ended(tmp_path: Path) -> None:
    def slow() -> bool:
        time.sleep(0.2)
        (tmp_path / "ended").touch()
        return True

    ended = run({"slow": slow, "next": (tmp_path / "ended").exists}, 1)
    assert [(title, end.result) for title, end in ended.items()] == [("slow", True), ("next", True)]


def test_a_lane_that_is_free_takes_the_piece_that_comes_next(tmp_path: Path) -> None:
    def long() -> None:
        wait_for((tmp_path / "third").exists)

    ended = run({"long": long, "short": lambda: None, "third": (tmp_path / "third").touch}, 2)
    assert next(iter(ended)) == "short"
    assert set(ended) == {"long", "short", "third"}


def test_the_output_of_a_piece_and_of_what_it_starts_comes_in_one_piece(capfd: pytest.CaptureFixture[str]) -> None:
    def piece(name: str) -> Callable[[], None]:
        def talk() -> None:
            for number in range(3):
                say(f"{name} {number}")
                subprocess.run(["sh", "-c", f"echo {name} warns >&2"], check=True)

        return talk

    ended = run({"one": piece("one"), "two": piece("two")}, 2)
    for name, end in ended.items():
        said = [(f"{name} {number}", f"{name} warns") for number in range(3)]
        assert end.output.splitlines() == [line for lines in said for line in lines]
    assert "warns" not in "".join(capfd.readouterr())


def test_a_piece_that_fails_has_no_result_and_the_others_go_on() -> None:
    def refuse() -> None:
        raise Failure("The disk is full.")

    def die() -> None:
        os.kill(os.getpid(), signal.SIGKILL)

    ended = run({"refuse": refuse, "break": lambda: 1 // 0, "die": die, "work": lambda: 7}, 2)
    results = {title: end.result for title, end in ended.items()}
    assert results == {"refuse": None, "break": None, "die": None, "work": 7}
    assert ended["refuse"].output == "Stopped: The disk is full.\n"
    assert "ZeroDivisionError" in ended["break"].output


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_who_interrupts_interrupts_all_that_runs_and_waits_until_it_has_tidied_up(
    tmp_path: Path, number: signal.Signals
) -> None:
    process = subprocess.Popen([sys.executable, "-c", INTERRUPTED, tmp_path], cwd=PROJECT, stderr=subprocess.DEVNULL)
    wait_for(lambda: len(list(tmp_path.glob("*.begun"))) == 2)
    running = psutil.Process(process.pid).children(recursive=True)
    assert len(running) == 4
    process.send_signal(number)
    assert process.wait(60) != 0
    assert {path.name for path in tmp_path.iterdir()} == {"one.begun", "one.tidied", "two.begun", "two.tidied"}
    assert not [child for child in running if child.is_running()]


def test_a_port_is_given_away_once_by_whichever_process() -> None:
    script = "from bootstrap.machine import free_port; print(*(free_port() for _number in range(5)))"
    said = [subprocess.check_output([sys.executable, "-c", script], cwd=PROJECT, text=True) for _process in range(3)]
    ports = [int(port) for line in said for port in line.split()] + [free_port(), free_port()]
    assert len(set(ports)) == len(ports)


def test_a_port_that_somebody_listens_on_is_not_given_away() -> None:
    taken = free_port() + 1
    with socket.create_server(("127.0.0.1", taken)):
        assert free_port() > taken


def test_of_two_processes_that_want_the_same_template_one_waits_for_the_other(tmp_path: Path) -> None:
    diary = tmp_path / "diary"

    def make() -> None:
        with one_at_a_time():
            for word in ("begins", "ends"):
                with diary.open("a") as stream:
                    stream.write(f"{word}\n")
                time.sleep(0.2)

    run({"one": make, "two": make}, 2)
    assert diary.read_text().split() == ["begins", "ends"] * 2
