# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import logging
from collections.abc import Iterable


class LeakWatch(logging.Handler):
    """Inside, every logger of the process says everything, tracebacks and SQL statements included, and is heard.

    The loggers' own levels are lifted: listening at ``odoo`` alone misses what Odoo's configuration has muted.
    """

    def __init__(self):
        super().__init__(logging.DEBUG)
        self.setFormatter(logging.Formatter("%(name)s %(levelname)s %(message)s"))
        self.lines = []

    def emit(self, record):
        # Odoo's formatters add fields that ours does not use; the message and the traceback are the record's own.
        self.lines.append(self.format(record))

    def __enter__(self):
        self._root = logging.getLogger()
        named = (logging.getLogger(name) for name in list(logging.root.manager.loggerDict))
        self._before = [(logger, logger.level, logger.propagate, logger.handlers) for logger in (*named, self._root)]
        for logger, *_rest in self._before:
            logger.setLevel(logging.NOTSET)
            logger.propagate, logger.handlers = True, []
        self._root.setLevel(logging.DEBUG)
        self._root.handlers = [self]
        return self

    def __exit__(self, *_exception):
        for logger, level, propagate, handlers in self._before:
            logger.setLevel(level)
            logger.propagate, logger.handlers = propagate, handlers

    @property
    def text(self) -> str:
        return "\n".join(self.lines)


def leaks(text: str, secrets: Iterable[str]) -> list[str]:
    """Which secrets a text gives away, in whole or by a long part of them."""
    return [secret for secret in secrets if any(part in text for part in _parts(secret))]


def _parts(secret: str) -> set[str]:
    # Half of a key helps to guess the rest, and a log may break or escape it.
    lines = [line for line in secret.splitlines() if len(line) >= 8 and not line.startswith("-----")]
    return {piece for line in lines for piece in (line, line[: len(line) // 2], line[len(line) // 2 :])}
