# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import base64
import random
from datetime import UTC

from odoo import fields, models
from odoo.addons.sync_hub.faults import Fault

from ..sending import Decision, after_refusal
from ..smtp import Outcome, Session, Verdict
from .moments import naive
from .sync_mail_message import WAITING


class SyncMailMessage(models.Model):
    """How one message leaves, once."""

    _inherit = "sync.mail.message"

    last_try = fields.Datetime(readonly=True, copy=False, index="btree_not_null")

    def _leave(self, smtp: Session, run) -> bool:
        """Hand this message to the server.

        That it leaves is committed before the first word is said, and what became of it right after: who is killed
        between the two leaves behind that nobody knows, and the message does not leave again by itself.

        :return: whether the server took it
        :raises Fault: when there was no connection; the message goes on waiting
        """
        self.ensure_one()
        now = fields.Datetime.now()
        before = {"tries": self.tries, "last_try": self.last_try, "first_try": self.first_try}
        content = base64.b64decode(self.content)
        recipient = self.recipient
        self.write({"state": "sending", "tries": self.tries + 1, "last_try": now, "first_try": self.first_try or now})
        self.env.cr.commit()
        try:
            delivery = smtp.send(self.account_id._address(), (recipient,), content)
        except Fault:
            # Nothing was said of this message.
            self.write({"state": "queued", **before})
            self.env.cr.commit()
            raise
        (outcome,) = delivery.outcomes
        match outcome.verdict:
            case Verdict.ACCEPTED:
                self.write(
                    {"state": "sent", "date_sent": fields.Datetime.now(), "reply": delivery.said, "reason": False}
                )
                run._count(created=1)
            case Verdict.UNKNOWN:
                self.write({"state": "unknown", "reason": outcome.meaning.value})
                run._count(failed=1)
            case Verdict.NOT_ACCEPTED:
                self._not_taken(outcome, run)
        # First of all, what became of it: whatever may go wrong with telling it, the message does not leave again.
        self.env.cr.commit()
        if self.state not in WAITING:
            self._settled()
            self.env.cr.commit()
        return outcome.verdict is Verdict.ACCEPTED

    def _not_taken(self, outcome: Outcome, run) -> None:
        now = fields.Datetime.now().replace(tzinfo=UTC)
        next_ = after_refusal(
            temporary=outcome.temporary,
            tries=self.tries,
            first_try=self.first_try.replace(tzinfo=UTC),
            now=now,
            chance=random.random(),
        )
        values = {"reason": outcome.meaning.value, "reply": str(outcome.reply or "")}
        match next_.decision:
            case Decision.TRY_AGAIN:
                values.update(state="queued", next_try=naive(next_.moment))
            case Decision.GIVE_UP_REFUSED:
                values["state"] = "refused"
            case Decision.GIVE_UP_LATE:
                values["state"] = "not_delivered"
        self.write(values)
        if values["state"] != "queued":
            run._count(failed=1)
            run._log(
                "mail_refused",
                "warning",
                record=self,
                recipient=self.recipient,
                document=self.document_name or self.subject,
            )
