# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from collections.abc import Iterable, Iterator

from odoo import fields, models
from odoo.addons.sync_hub.faults import Fault, FaultKind

from ..preflight import Finding, Kind, Severity, Wanted, compare
from .conversation import Conversation
from .preflight_texts import finding_text
from .sync_exchange_wire import PEER

_NEEDED_HERE = {"receive": ("read", "write", "create"), "send": ("read",)}
_NEEDED_THERE = {"receive": ("read",), "send": ("read", "write", "create")}

# A run tells these by itself: it leaves out fields that are not there, and does what its user may do.
_NO_HINDRANCE = (Kind.RIGHTS_HERE, Kind.FIELD_MISSING)


class SyncExchangeMapping(models.Model):
    """Whether a kind of data can be exchanged: fields of both sides, and rights of those who read and write."""

    _inherit = "sync.exchange.mapping"

    checked_at = fields.Datetime(
        string="Checked", readonly=True, copy=False, help="When it was found before the first run that all is there."
    )

    # -- CRUD ----------------------------------------------------------------------------------------------------------

    def write(self, vals):
        """Override of ``base``: another kind of data is looked at before its first run."""
        return super().write({**vals, "checked_at": False} if "model_id" in vals else vals)

    # -- Looking -------------------------------------------------------------------------------------------------------

    def _models(self) -> list[str]:
        """Models whose fields are compared: those of the data, and of rows that belong to them."""
        return list(dict.fromkeys(model for mapping in self for model in mapping._watched()))

    def _findings(self, there: dict, directions: Iterable[str], *, as_operator: bool = True) -> Iterator[Finding]:
        """What stands between this kind of data here and there.

        :param there: what the door answered to ``describe``
        :param directions: ``receive``, ``send``, or both; those in which this data does not go are left out
        :param as_operator: whether to look with the rights of those as whom the schedules run, not one's own
        """
        self.ensure_one()
        directions = [one for one in directions if self.direction in ("both", one)]
        if self.model not in there:
            yield self._finding(Kind.MODEL_MISSING, model=self.model)
            return
        told = there[self.model]
        missing = {right for one in directions for right in self._needed(_NEEDED_THERE, one)} - set(told["rights"])
        if missing:
            yield self._finding(Kind.RIGHTS_THERE, rights=_named_rights(self.env, missing))
        for direction in directions:
            operator = self._operator(direction) if as_operator else self.env.user
            if lacking := self._lacking(direction, operator):
                # Only who it is is read of a user whom a manager may not see.
                user = operator.sudo().name
                yield self._finding(Kind.RIGHTS_HERE, rights=_named_rights(self.env, lacking), user=user)
        way = {"receives": "receive" in directions, "sends": "send" in directions}
        schema = self.env["sync.exchange.schema"]
        for finding in compare(self.model, self._wanted_fields(), schema._fields_of(self.model), told["fields"], **way):
            yield self._finding(finding.kind, finding.name, **finding.values)
        for line in self.line_ids.filtered(lambda line: line.ttype == "one2many"):
            rows = self.env[self.model]._fields[line.name].comodel_name
            if rows not in there:
                yield self._finding(Kind.MODEL_MISSING, line.name, model=rows)
                continue
            wanted = [Wanted(name, name) for name in line._parts()]
            found = compare(rows, wanted, schema._fields_of(rows), there[rows]["fields"], receives=False, sends=False)
            for finding in found:
                yield self._finding(finding.kind, f"{line.name}.{finding.name}", **finding.values)

    def _finding(self, kind: Kind, name: str = "", /, **values) -> Finding:
        texts = {"data": self.model_name, **{key: str(value) for key, value in values.items()}}
        return Finding(kind, texts, self.model, name)

    def _wanted_fields(self) -> list[Wanted]:
        return [
            Wanted(line.name, line.remote_name or line.name, line.conversion != "same") for line in self.line_ids
        ]

    def _needed(self, rights: dict, direction: str) -> tuple[str, ...]:
        written = "write" in rights[direction]
        return (*rights[direction], *(("unlink",) if written and self.deletion == "delete" else ()))

    def _operator(self, direction: str):
        """As whom a half of the exchange runs."""
        half = self.peer_id if direction == "receive" else self.peer_id.sending_id
        return half.schedule_id.user_id or self.env.ref("sync_hub.user_operator")

    def _lacking(self, direction: str, operator) -> set[str]:
        """What a user needs to be allowed for this data, and is not."""
        Model = self.env[self.model].with_user(operator)
        return {right for right in self._needed(_NEEDED_HERE, direction) if not Model.has_access(right)}

    # -- In a run ------------------------------------------------------------------------------------------------------

    def _fit(self, talk: Conversation, direction: str):
        """Those of these mappings that can be exchanged now; what is wrong with the others is told in the log.

        Data that was added after the peer was connected is looked at as if it were connected now.
        """
        there = talk.remote.ask("sync.exchange.door", "describe", model_names=self._models())
        fit = self.browse()
        told = {line.values.get("data") for line in talk.run.line_ids if line.kind == "exchange_unfit"}
        for mapping in self:
            no_hindrance = _NO_HINDRANCE if mapping._is_checked() else (Kind.RIGHTS_HERE,)
            problems = [
                finding
                for finding in mapping._findings(there, [direction], as_operator=False)
                if finding.severity is Severity.FAILED and finding.kind not in no_hindrance
            ]
            if not problems:
                fit |= mapping
            elif mapping.model_name not in told:
                problem = finding_text(self.env, problems[0])
                talk.run._log("exchange_unfit", "error", data=mapping.model_name, problem=problem.sentence)
        fit = fit.filtered(lambda mapping: not mapping._lacking(direction, self.env.user))
        fit.filtered(lambda mapping: not mapping._is_checked())._check_codes(talk)
        return fit

    def _is_checked(self) -> bool:
        """Whether it was looked at before, or has run already."""
        return bool(self.checked_at or self.receive_cursor or self.send_cursor)

    def _check_codes(self, talk: Conversation) -> None:
        """Before the first record of these moves: list the codes without counterpart, so that they can be mapped."""
        if not self:
            return
        codes = self.env["sync.exchange.code"].with_context(**{PEER: self.peer_id.id})
        try:
            findings = codes._look_for(self.peer_id, talk.remote, self, talk.terms)
        except Fault as fault:
            if fault.kind is not FaultKind.REQUEST_REFUSED:
                raise
            # Records tell by themselves what they wait for; the next run asks again.
            return
        for finding in findings:
            if finding.severity is Severity.NOTE:
                problem = finding_text(self.env, finding).sentence
                talk.run._log("exchange_codes", "warning", data=finding.values["data"], problem=problem)
        self.checked_at = fields.Datetime.now()
        self.env.cr.commit()

    def _raise_for_operator(self, direction: str) -> None:
        """:raises Fault: of kind ``operator_refused``, when the user as whom this runs may not do what it needs"""
        for mapping in self:
            if lacking := mapping._lacking(direction, self.env.user):
                reason = self.env._(
                    "%(user)s may not %(rights)s %(data)s",
                    user=self.env.user.name,
                    rights=_named_rights(self.env, lacking),
                    data=mapping.model_name,
                )
                raise Fault(FaultKind.OPERATOR_REFUSED, values={"operator": reason})


def _named_rights(env, rights: Iterable[str]) -> str:
    names = {
        "read": env._("read"),
        "write": env._("change"),
        "create": env._("create"),
        "unlink": env._("delete"),
    }
    return ", ".join(name for right, name in names.items() if right in rights)
