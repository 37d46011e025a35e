# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""``make test``: every suite, in as many lanes as there are processors, and one line with the sum."""

import os
import re
import sys
import tempfile
import time
import xml.etree.ElementTree
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from . import databases
from .console import Failure, say, step
from .lanes import Ended, call, processors, run_in_lanes
from .machine import browser, free_port, install_missing_programs
from .odoo_commands import Odoo
from .odoo_source import ensure_odoo
from .places import ADDONS, HOME, PROJECT
from .postgres import ensure_postgres

# Programs of the machine that tests use, and the Debian packages that bring them.
PROGRAMS = {"chromium": "chromium", "dovecot": "dovecot-imapd", "wkhtmltopdf": "wkhtmltopdf"}
# Odoo's own addons beside which one of ours does more.
BESIDE = {"sync_hub_mail": "sale"}
# So many failures are repeated at the end of all output.
FAILURES_TOLD = 10


@dataclass(frozen=True, slots=True)
class Result:
    """What came out of one suite."""

    passed: int = 0
    failed: int = 0
    skipped: int = 0
    # A line for each failure: which test, and what it said.
    failures: tuple[str, ...] = ()

    def __add__(self, other: "Result") -> "Result":
        return Result(
            self.passed + other.passed,
            self.failed + other.failed,
            self.skipped + other.skipped,
            self.failures + other.failures,
        )


def run_tests(addon: str, test: str) -> int:
    """Run all suites, or the named part of them; 0 when nothing failed.

    :param addon: only the Odoo tests of this addon
    :param test: an Odoo test tag (``/sync_hub:TestVault``) or a path below ``tests/``
    """
    started = time.monotonic()
    suites = _suites(addon, test)
    total = Result()
    lines = []

    def tell(title: str, result: Result, seconds: float) -> None:
        nonlocal total
        total += result
        lines.append(
            f"{title}: {result.passed} passed, {result.failed} failed, {result.skipped} skipped in {seconds:.0f} s"
        )

    def tell_whole(ended: Ended) -> None:
        say(f"\n=== {ended.title} ({ended.seconds:.0f} s)\n{ended.output.strip()}\n")
        tell(ended.title, ended.result or Result(failed=1), ended.seconds)

    lanes = min(processors(), len(suites))
    if lanes > 1:
        run_in_lanes(suites, lanes, tell_whole)
    else:
        for title, suite in suites.items():
            begun = time.monotonic()
            say(f"\n=== {title}")
            tell(title, suite(), time.monotonic() - begun)
    say("\n" + "\n".join(lines) + f"\nAll in {time.monotonic() - started:.0f} s\n")
    # At the very end: whoever sees only the last lines of a long output finds here what is to be mended.
    for failure in total.failures[:FAILURES_TOLD]:
        say(f"FAILED {failure}")
    say(f"{total.passed} passed, {total.failed} failed")
    return 1 if total.failed or not total.passed else 0


def _suites(addon: str, test: str) -> dict[str, Callable[[], Result]]:
    """What is to be run: title -> suite. What all suites need is set up here, before the first of them begins."""
    if not test.startswith("tests/pure"):
        ensure_odoo()
        if not (addon or test) or test.startswith("tests/"):
            install_missing_programs(PROGRAMS)
    if test.startswith("tests/"):
        return {test: lambda: _pytest(test)}
    # The server runs as long as this process, whichever suite ends first.
    odoo = Odoo(ensure_odoo(), ensure_postgres())
    if addon or test:
        return {f"Odoo tests of {addon or test}": lambda: _odoo_tests(odoo, [addon] if addon else ADDONS, test)}
    # In two lanes: the longest beside two short ones, and then who comes next, the longer ones first.
    return {
        "Odoo tests of the addons": lambda: _odoo_tests(odoo, ADDONS, ""),
        "Lint": _lint,
        "Pure Python": lambda: _pytest("tests/pure"),
        **{
            f"tests/{name}": lambda name=name: _pytest(f"tests/{name}")
            for name in ("journeys", "exchange", "crash", "queue", "packaging", "coexistence")
        },
    }


def run_lint() -> int:
    """ruff and pylint-odoo; 0 when both are content."""
    return 1 if _lint().failed else 0


def _lint() -> Result:
    commands = (
        [sys.executable, "-m", "ruff", "check", "."],
        [sys.executable, "-m", "pylint", "--rcfile=.pylintrc", *ADDONS],
    )
    failed = sum(bool(call(command, cwd=PROJECT)) for command in commands)
    return Result(passed=len(commands) - failed, failed=failed)


def _pytest(path: str) -> Result:
    """Run pytest on a folder, file or single test and read its report."""
    if not any((PROJECT / path.split("::")[0]).rglob("test_*.py")) and not (PROJECT / path.split("::")[0]).is_file():
        raise Failure(f"There are no tests at {path}.")
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder) / "report.xml"
        status = call(
            # pytest's cache is one for all suites, which run at the same time; nobody needs it here.
            [
                *(sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider"),
                *("--durations=5", f"--junitxml={report}", path),
            ],
            cwd=PROJECT,
            env={**os.environ, "PYTHONPATH": os.pathsep.join((str(PROJECT), str(PROJECT / "tests")))},
        )
        if not report.exists():
            return Result(failed=1)
        suite = xml.etree.ElementTree.parse(report).getroot().find("testsuite")
    counts = suite.attrib
    failures = tuple(
        f"{case.get('classname')}::{case.get('name')}: {flaw.get('message', '')[:300]}"
        for case in suite.iter("testcase")
        for flaw in (*case.findall("failure"), *case.findall("error"))
    )
    failed = int(counts["failures"]) + int(counts["errors"])
    skipped = int(counts["skipped"])
    # A collection that broke off leaves no failed test behind.
    if status and not failed:
        failed = 1
    passed = int(counts["tests"]) - int(counts["failures"]) - int(counts["errors"]) - skipped
    return Result(passed, failed, skipped, failures)


def _odoo_tests(odoo: Odoo, addons: list[str], tag: str) -> Result:
    """Install addons in a copy of the template and run their tests as Odoo does."""
    template = databases.ensure_accounting_template(odoo)
    beside = [BESIDE[addon] for addon in addons if addon in BESIDE]
    tags = tag or ",".join(f"/{addon}" for addon in addons)
    kept = HOME / "log" / "odoo-tests.log"
    # Two runs at the same time must not read each other's.
    log = kept.with_stem(f"odoo-tests-{os.getpid()}")
    log.parent.mkdir(parents=True, exist_ok=True)
    environment = {**odoo.environment, "PATH": f"{_browser_folder()}{os.pathsep}{os.environ['PATH']}"}
    with databases.temporary_copy(odoo, template) as name:
        command = odoo.command(
            *("--database", name, "--init", ",".join((*addons, *beside)), "--test-tags", tags),
            *("--http-port", str(free_port()), "--max-cron-threads", "0", "--stop-after-init"),
            module="bootstrap.odoo_tests",
        )
        odoo.execute(name, Path(__file__).with_name("test_company.py"))
        with step(f"Running the Odoo tests {tags}"), log.open("wb") as stream:
            status = call(command, cwd=PROJECT, stdout=stream, stderr=stream, env=environment)
    return _read_odoo_log(log.replace(kept), status)


def _read_odoo_log(log: Path, status: int) -> Result:
    text = log.read_text(encoding="utf-8", errors="replace")
    found = re.search(r"(\d+) failed, (\d+) error\(s\) of (\d+) tests", text)
    if not found:
        say(text[-3000:])
        return Result(failed=1)
    failures, errors, tests = map(int, found.groups())
    # Odoo's sum does not know skipped tests; its log names them.
    skipped = len(re.findall(r"skipped \w+", text))
    failed = failures + errors
    # An ERROR in the log outside a test ends the process with a failure too.
    telling = []
    named = []
    if failed or status:
        telling = [
            line for line in text.splitlines() if re.search(r" (ERROR|CRITICAL|FAIL) |^[\w.]*(Error|Exception)\b", line)
        ]
        say("\n".join(telling)[-6000:])
        say(f"All of it is in {log}")
        # What tests cause on purpose is in the log too: the failed ones come first.
        named = re.findall(r"(?m) (?:ERROR|FAIL): (?:(?:\w+\.test\w*|setUpClass .*).*)$", text)
    return Result(
        max(tests - failed - skipped, 0),
        failed or int(bool(status)),
        skipped,
        tuple(line.strip()[:300] for line in named or telling),
    )


def _browser_folder() -> Path:
    """A folder in which Odoo finds the browser under the name that it looks for."""
    folder = HOME / "bin"
    folder.mkdir(parents=True, exist_ok=True)
    link = folder / "chromium"
    if not link.exists():
        link.unlink(missing_ok=True)
        link.symlink_to(browser())
    return folder
