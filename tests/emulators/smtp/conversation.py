# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""One client's conversation with the server: aiosmtpd's, with cues and a transcript."""

from __future__ import annotations

import asyncio
import re
from typing import TYPE_CHECKING, Any

from aiosmtpd.smtp import SMTP, syntax

from .script import Act, Cue, Stage

if TYPE_CHECKING:
    from .server import SmtpServer

_STAGES = {stage.value: stage for stage in Stage}
_ADDRESS = re.compile(r"<([^>]*)>")


class Conversation(SMTP):
    """aiosmtpd's side of a connection. ``number`` counts the connections of the server from 1."""

    def __init__(self, server: SmtpServer, **more: Any):
        super().__init__(server, **more)
        self._owner = server
        self.number = server.next_number()
        self._greeted = False
        self._more = ""
        for command, method in tuple(self._smtp_methods.items()):
            self._smtp_methods[command] = self._watched(command, method)

    def _watched(self, command: str, method: Any) -> Any:
        async def run(argument: str | None) -> None:
            self._owner.note(self.number, "C", command if argument is None else f"{command} {argument}")
            stage = _STAGES.get(command)
            cue = stage and self._owner.script.take(stage, self._addresses(argument or ""))
            if cue and cue.act is Act.CALL:
                await asyncio.to_thread(cue.what)
                await method(argument)
            elif cue and cue.act is not Act.SAY_MORE:
                await self._act(cue)
            else:
                self._more = cue.reply if cue else ""
                await method(argument)

        return run

    async def check_auth_needed(self, caller_method: str) -> bool:
        """Override of aiosmtpd, which knows of STARTTLS only: a connection encrypted from its start is as good."""
        missing = self._owner.login_required and not self.session.authenticated
        if missing:
            await self.push("530 5.7.0 Authentication required")
        return missing

    def _addresses(self, argument: str) -> tuple[str, ...]:
        said = tuple(_ADDRESS.findall(argument))
        return said or (tuple(self.envelope.rcpt_tos) if self.envelope else ())

    async def push(self, status: str | bytes) -> None:
        text = status if isinstance(status, str) else status.decode()
        if not self._greeted:
            self._greeted = True
            cue = self._owner.script.take(Stage.GREETING)
            if cue:
                await self._act(cue)
                return
        if self._more:
            text, self._more = f"{text}\r\n{self._more}", ""
        self._owner.note(self.number, "S", text)
        await super().push(text.encode())
        if text.startswith("354"):
            cue = self._owner.script.take(Stage.CONTENT, self._addresses(""))
            if cue:
                await self._reader.readline()
                await self._act(cue)

    async def _act(self, cue: Cue) -> None:
        if cue.act in (Act.SAY, Act.SAY_AND_DROP, Act.SAY_AND_HANG):
            for line in cue.reply.split("\n"):
                self._owner.note(self.number, "S", line)
                await super().push(line.encode())
        if cue.act is Act.DRIP:
            self._writer.write(b"220-")
            while self.transport and not self.transport.is_closing():
                self._writer.write(b".")
                await self._writer.drain()
                await asyncio.sleep(0.02)
        if cue.act in (Act.HANG, Act.SAY_AND_HANG, Act.KEEP_AND_HANG):
            await asyncio.Event().wait()
        if cue.act in (Act.SAY_AND_DROP, Act.DROP, Act.KEEP_AND_DROP):
            self._owner.note(self.number, "S", "(connection closed)")
            self.transport.close() if cue.act is Act.SAY_AND_DROP else self.transport.abort()
            raise asyncio.CancelledError  # nothing of this conversation goes on

    async def verdict(self, keep: Any) -> str:
        """The answer to the final dot. ``keep`` puts the message into the mailbox."""
        cue = self._owner.script.take(Stage.VERDICT, self._addresses(""))
        self._owner.note(self.number, "C", ".")
        if not cue:
            return keep()
        if cue.act is Act.CALL:
            reply = keep()
            await asyncio.to_thread(cue.what)
            return reply
        if cue.act in (Act.KEEP_AND_DROP, Act.KEEP_AND_HANG) or (
            cue.act in (Act.SAY, Act.SAY_AND_DROP) and cue.reply.startswith("2")
        ):
            keep()
        if cue.act is Act.SAY:
            return cue.reply
        await self._act(cue)
        return ""

    @syntax("AUTH <mechanism>")
    async def auth_CRAM__MD5(self, _server: Any, _arguments: list[str]) -> Any:
        """Challenge and answer (RFC 2195)."""
        return await self._owner.cram_md5(self)
