# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What SPF, DKIM and DMARC of a sender's domain mean for its invoices, and what to do. Translated when read."""

from odoo.addons.sync_hub.models.fault_texts import FaultText
from odoo.tools.translate import LazyTranslate

from ..domain_hints import Reason

_lt = LazyTranslate(__name__)
_NOTHING = ""
_WHO = _lt("Whoever administers the domain %(domain)s can correct its record in DNS.")

HINT_TEXTS = {
    Reason.NO_ANSWER: FaultText(
        _lt("Not checked: the name servers did not answer."),
        _lt("Messages can be sent all the same. Press “Test connection” again to look once more."),
    ),
    Reason.SERVER_LISTED: FaultText(_lt("%(domain)s allows %(server)s to send for it."), _NOTHING),
    Reason.SERVER_NOT_LISTED: FaultText(
        _lt("%(domain)s says that nobody but its own servers may send for it, and %(server)s is not one of them."),
        _lt("Most recipients will refuse invoices. Let your provider's servers be added to the domain's SPF record."),
    ),
    Reason.SERVER_DOUBTFUL: FaultText(
        _lt("%(domain)s does not name %(server)s among its servers."),
        _lt("Invoices may end among unwanted mail. Let your provider's servers be added to the domain's SPF record."),
    ),
    Reason.NOTHING_SAID: FaultText(
        _lt("The SPF record of %(domain)s neither allows nor forbids %(server)s."),
        _lt("Let your provider's servers be added to the domain's SPF record."),
    ),
    Reason.ANYBODY_LISTED: FaultText(
        _lt("The SPF record of %(domain)s allows everybody to send for it (+all)."),
        _lt("Let “+all” be replaced by “~all” or “-all”: anybody can write invoices in your name."),
    ),
    Reason.SERVER_UNKNOWN: FaultText(
        _lt("The server %(server)s has no address in DNS, so SPF could not be compared."),
        _lt("Check the name of the server."),
    ),
    Reason.SPF_MISSING: FaultText(
        _lt("%(domain)s does not say which servers may send for it."),
        _lt("Let an SPF record be added: your provider tells which one. Many recipients distrust mail without it."),
    ),
    Reason.SPF_SEVERAL: FaultText(
        _lt("%(at)s has more than one SPF record, so none counts."), _lt("Let them be joined to one.")
    ),
    Reason.SPF_BROKEN: FaultText(_lt("The SPF record cannot be read (%(at)s)."), _WHO),
    Reason.TOO_MANY_LOOKUPS: FaultText(
        _lt("The SPF record leads to too many others, so recipients stop reading it."),
        _lt("Let servers that are not used any more be taken out of it."),
    ),
    Reason.KEY_FOUND: FaultText(_lt("%(domain)s publishes a key for signatures (selector %(selector)s)."), _NOTHING),
    Reason.KEY_WEAK: FaultText(
        _lt("The key for signatures (selector %(selector)s) has only %(bits)s bits."),
        _lt("Let your provider make one of 2048 bits."),
    ),
    Reason.KEY_TOO_SHORT: FaultText(
        _lt("The key for signatures (selector %(selector)s) has %(bits)s bits: recipients ignore its signatures."),
        _lt("Let your provider make one of 2048 bits."),
    ),
    Reason.KEY_REVOKED: FaultText(
        _lt("The key for signatures (selector %(selector)s) was withdrawn."),
        _lt("Let your provider publish the one that is used now."),
    ),
    Reason.KEY_BROKEN: FaultText(_lt("The key for signatures (selector %(selector)s) cannot be read."), _WHO),
    Reason.KEY_TESTING: FaultText(
        _lt("The key for signatures (selector %(selector)s) is marked as a test, so recipients may ignore it."),
        _lt("Let the mark “t=y” be taken away once signing works."),
    ),
    Reason.KEY_MISSING: FaultText(
        _lt("%(domain)s has no key for signatures under %(selectors)s."), _lt("Let your provider switch on DKIM.")
    ),
    Reason.KEY_NOT_FOUND: FaultText(
        _lt("No key for signatures was found under the usual names; there may be one under another."),
        _lt("Ask your provider whether DKIM is switched on for %(domain)s."),
    ),
    Reason.POLICY_ENFORCED: FaultText(
        _lt("%(domain)s asks recipients to keep out what only pretends to come from it."), _NOTHING
    ),
    Reason.POLICY_ONLY_OBSERVES: FaultText(
        _lt("%(domain)s only watches who sends in its name (p=none)."),
        _lt("Once SPF and DKIM are green, let the policy be raised to “quarantine”."),
    ),
    Reason.POLICY_PARTLY: FaultText(
        _lt("%(domain)s protects only %(percent)s%% of its mail."), _lt("Let “pct” be taken out of the record.")
    ),
    Reason.DMARC_MISSING: FaultText(
        _lt("%(domain)s does not say what shall happen to mail that only pretends to come from it."),
        _lt("Let a DMARC record be added; “v=DMARC1; p=none” is a beginning. Gmail and others ask for one."),
    ),
    Reason.DMARC_SEVERAL: FaultText(
        _lt("%(domain)s has more than one DMARC record, so none counts."), _lt("Let all but one be taken away.")
    ),
    Reason.DMARC_BROKEN: FaultText(_lt("The DMARC record of %(domain)s cannot be read."), _WHO),
}
