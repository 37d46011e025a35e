# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models
from odoo.addons.sync_hub.models.outcome_delivery import obstacle, reason_of
from odoo.exceptions import UserError
from odoo.tools import email_normalize

from ..guard import Challenge, Verdict, issue, seconds_to_wait, to_e164

CHANNELS = [("email", "E-mail"), ("sms", "Text message")]


class SyncBankContact(models.Model):
    """Where a user can be reached for sure: an e-mail address or a telephone from which a code came back.

    Closed to all groups: whoever could write it could confirm in somebody else's name. Of a code only a digest is kept.
    """

    _name = "sync.bank.contact"
    _description = "Verified Contact of a User"
    _rec_name = "user_id"

    user_id = fields.Many2one("res.users", required=True, ondelete="cascade")
    channel = fields.Selection(selection=CHANNELS)
    email = fields.Char()
    phone = fields.Char()
    verified_at = fields.Datetime()
    # The code that was sent last, and where to.
    pending_channel = fields.Selection(selection=CHANNELS)
    pending_address = fields.Char()
    digest = fields.Char()
    salt = fields.Char()
    sent_at = fields.Datetime()
    tries = fields.Integer()

    _user_unique = models.Constraint("UNIQUE (user_id)", "A user has one verified contact.")

    # -- Who can be reached ----------------------------------------------------------------------------------------

    @api.model
    def _of(self, user):
        """The contact of a user, or an empty recordset."""
        # Closed to all groups; whose it is and that it is verified is all that leaves for others.
        return self.sudo().search([("user_id", "=", user.id)])

    @api.model
    def _is_verified(self, user) -> bool:
        return bool(user and self._of(user).verified_at)

    @api.model
    def _recipient(self, user) -> tuple[str, str]:
        """Channel and address by which a user confirms; of one who verified none, the address of the user's record."""
        contact = self._of(user)
        if contact.verified_at:
            return contact.channel, contact.phone if contact.channel == "sms" else contact.email
        # The address is used to send a code, and not shown.
        return "email", email_normalize(user.sudo().email or "") or ""

    @api.model
    def _is_reachable(self, user, company) -> bool:
        """Whether a code would reach a user: where it would not, nobody may be made to wait for one."""
        # Nothing but yes or no leaves this method.
        if not user or not user.sudo().active:
            return False
        channel, address = self._recipient(user)
        return bool(address) and (self._sms_ready() if channel == "sms" else not obstacle(company))

    @api.model
    def _sms_ready(self) -> bool:
        """Whether this database can send text messages: Odoo's addon is installed and its account registered."""
        if "sms.sms" not in self.env:
            return False
        # Only whether there is one leaves this method.
        accounts = self.env["iap.account"].sudo()
        return bool(accounts.search_count([("service_name", "=", "sms"), ("state", "=", "registered")], limit=1))

    # -- The code --------------------------------------------------------------------------------------------------

    @api.model
    def _send_code(self, connection, channel: str, address: str) -> None:
        """Send the present user a code, about a connection.

        :raises UserError: when it is too early for another one, or the message cannot leave
        """
        # A user's own contact, which nobody writes by hand.
        contact = self._of(self.env.user) or self.sudo().create({"user_id": self.env.uid})
        now = fields.Datetime.now()
        wait = seconds_to_wait(contact.sent_at or None, now)
        if wait:
            raise UserError(self.env._("A code was sent a moment ago. Another one can be sent in %s seconds.", wait))
        code, challenge = issue(now)
        contact.write(
            {
                "pending_channel": channel,
                "pending_address": address,
                "digest": challenge.digest,
                "salt": challenge.salt,
                "sent_at": now,
                "tries": 0,
            }
        )
        self.env.flush_all()
        try:
            with self.env.cr.savepoint():
                if channel == "sms":
                    self._send_text_message(connection, address, code)
                else:
                    connection._deliver(
                        "sync_hub_bank.mail_template_code", address, self.env.user, sync_hub_code=code
                    )
        except Exception as error:  # whatever it is, the user has to know that no code is on its way
            raise UserError(
                self.env._(
                    "The code could not be sent to %(address)s: %(reason)s\n"
                    "Choose another way, or ask your administrator to set up outgoing messages.",
                    address=address,
                    reason=reason_of(error).replace(code, "…"),
                )
            ) from None

    @api.model
    def _send_text_message(self, connection, number: str, code: str) -> None:
        body = self.env._("%(code)s is your code for %(bank)s. It is good for 15 minutes.",
                          code=code, bank=connection.name)
        # Users confirm without being allowed to send text messages of their own.
        message = self.env["sms.sms"].sudo().create({"number": number, "body": body})
        message.send(unlink_failed=False, unlink_sent=False, raise_exception=True)
        failure = message.failure_type
        # The code is not kept with the message.
        message.unlink()
        if failure:
            raise UserError(failure)

    @api.model
    def _redeem_code(self, typed: str) -> Verdict:
        """What a code that the present user typed is worth. The right one makes its address the verified contact."""
        contact = self._of(self.env.user)
        if not contact:
            return Verdict.NONE
        # Two tries at the same moment count as two.
        contact.lock_for_update()
        contact.invalidate_recordset()
        if self._is_bound(self.env.user):
            expected = self._recipient(self.env.user)
            if (contact.pending_channel, contact.pending_address) != expected:
                # It was sent, before something unusual happened, to an address that proves nothing now.
                return Verdict.NONE
        if not contact.sent_at:
            return Verdict.NONE
        challenge = Challenge(contact.digest or "", contact.salt or "", contact.sent_at, contact.tries)
        verdict = challenge.check(typed or "", fields.Datetime.now())
        if verdict is Verdict.WRONG:
            contact.tries += 1
        elif verdict is Verdict.RIGHT:
            name = "phone" if contact.pending_channel == "sms" else "email"
            contact.write(
                {
                    name: contact.pending_address,
                    "channel": contact.pending_channel,
                    "verified_at": fields.Datetime.now(),
                    "digest": False,
                    "salt": False,
                }
            )
        return verdict

    @api.model
    def _is_bound(self, user) -> bool:
        """Whether a user has to confirm by the contact that stands: one of the user's connections is blocked."""
        # Only whether there is one leaves this method.
        connections = self.env["sync.bank.connection"].sudo().with_context(active_test=False)
        return bool(
            connections.search_count([("user_id", "=", user.id), ("blocked_reason", "!=", False)], limit=1)
        )

    @api.model
    def _checked_phone(self, number: str) -> str:
        """A telephone number in international form.

        :raises UserError: when it is none
        """
        plain = to_e164(number or "")
        if "phone.blacklist" in self.env:
            # Odoo's phone validation knows the numbers of each country, and reads national ones.
            user = self.env.user
            country = user.partner_id.country_id or self.env.company.country_id
            plain = user.partner_id._phone_format(number=number, country=country, force_format="E164") or ""
        if not plain:
            raise UserError(
                self.env._("“%s” is no telephone number: write it with its country code, as +39 02 1234567.", number)
            )
        return plain
