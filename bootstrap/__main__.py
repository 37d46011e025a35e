# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""``python -m bootstrap run`` and its kin; the Makefile names them all."""

import argparse
import errno
import sys

from .console import Failure, say
from .environment import check_python, ensure_environment, enter
from .machine import check_disk


def main() -> int:
    parser = argparse.ArgumentParser(prog="bootstrap", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    product = commands.add_parser("run", help="set up everything and start the product")
    product.add_argument("--port", type=int, default=8069)
    product.add_argument("--bank-port", type=int, default=0, help="default: the port after --port")
    product.add_argument("--branch-port", type=int, default=0, help="default: the second port after --port")
    tests = commands.add_parser("test", help="set up everything and run the tests")
    tests.add_argument("--addon", default="", help="only the tests inside this addon")
    tests.add_argument("--test", default="", help="only this Odoo test (a test tag) or this pytest path")
    commands.add_parser("lint", help="ruff and pylint-odoo")
    commands.add_parser("translations", help="read the terms of the addons anew")
    arguments = parser.parse_args()
    try:
        check_python()
        check_disk()
        enter(ensure_environment())
        # From here on this is the virtual environment's Python.
        if arguments.command == "run":
            from .product import run_product

            run_product(
                arguments.port,
                arguments.bank_port or arguments.port + 1,
                arguments.branch_port or arguments.port + 2,
            )
            return 0
        if arguments.command == "translations":
            from .translations import refresh

            return refresh()
        from .suites import run_lint, run_tests

        if arguments.command == "lint":
            return run_lint()
        return run_tests(arguments.addon, arguments.test)
    except Failure as failure:
        say(f"\nStopped: {failure}")
        return 1
    except OSError as error:
        if error.errno != errno.ENOSPC:
            raise
        say("\nStopped: the disk is full. Free some space and run the command again.")
        return 1
    except KeyboardInterrupt:
        say("\nStopped. Run the same command again to go on where this one was.")
        return 130


if __name__ == "__main__":
    sys.exit(main())
