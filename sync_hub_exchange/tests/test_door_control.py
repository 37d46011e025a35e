# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo.addons.sync_hub_exchange.models.sync_exchange_wire import Terms
from odoo.addons.sync_hub_exchange.verification import Checksums, Suspects, checksums_of
from odoo.exceptions import AccessError, UserError
from odoo.tests import TransactionCase, new_test_user, tagged

_TERMS = {"peer": "peer-of-tests", "models": ["res.partner.category"], "languages": ["en_US"]}
_WANTED = ["name", "color"]


@tagged("post_install", "-at_install")
class TestDoorControl(TransactionCase):
    """What the door answers to peers that verify or try out."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.user = new_test_user(
            cls.env, "door_user", groups="sync_hub_exchange.group_exchange,base.group_partner_manager"
        )
        cls.door = cls.env["sync.exchange.door"].with_user(cls.user)
        cls.common = {"terms": _TERMS, "company": cls.user.company_id.id, "model": "res.partner.category"}
        cls.tags = cls.env["res.partner.category"].create([{"name": f"Door {n}", "color": n} for n in range(30)])
        cls.domain = [["name", "like", "Door %"]]

    def names(self):
        return self.env["sync.exchange.identity"]._names_of(self.tags, make=True)

    def test_checksums_change_with_what_they_are_made_of(self):
        self.names()
        asked = {**self.common, "wanted": _WANTED, "domain": self.domain, "bits": 3}
        first = self.door.checksums(**asked)
        self.assertFalse(first["more"])
        self.assertEqual(Checksums.from_wire(first["sums"]).count, 30)
        self.assertEqual(self.door.checksums(**asked)["sums"], first["sums"])
        self.tags[3].color = 11
        second = self.door.checksums(**asked)["sums"]
        pairs = zip(first["sums"]["buckets"], second["buckets"], strict=True)
        self.assertEqual(sum(mine != theirs for mine, theirs in pairs), 1)

    def test_only_records_of_the_asked_buckets_are_listed(self):
        names = self.names()
        asked = {**self.common, "wanted": _WANTED, "domain": self.domain}
        everything = self.door.listing(**asked, suspects=Suspects(0, frozenset({0})).to_wire())
        self.assertEqual(set(everything["digests"]), {name for own in names.values() for name in own})
        some = Suspects(2, frozenset({1}))
        listed = self.door.listing(**asked, suspects=some.to_wire())["digests"]
        self.assertEqual(set(listed), {name for name in everything["digests"] if some.hold(name)})

    def test_records_of_addons_do_not_count(self):
        self.env["ir.model.data"].create(
            {"module": "base", "name": "tag_of_tests", "model": self.tags._name, "res_id": self.tags[0].id}
        )
        self.names()
        sums = self.door.checksums(**self.common, wanted=_WANTED, domain=self.domain, bits=0)["sums"]
        self.assertEqual(Checksums.from_wire(sums).count, 29)

    def test_single_records_are_found_by_any_of_their_names(self):
        names = self.names()
        own = names[self.tags[4].id][0]
        answer = self.door.look_up(**self.common, wanted=_WANTED, names=[own, "__sync_nobody__.tag_1"])
        self.assertEqual([record["values"]["color"] for record in answer["records"]], [4])
        self.assertEqual(answer["deleted"], [])

    def test_of_a_trial_nothing_stays(self):
        record = {
            "ids": ["__sync_tests__.tag_1"],
            "values": {"name": {"en_US": "Tried"}, "color": 3},
            "at": "2026-05-01T12:00:00+00:00",
            "by": "peer-of-tests",
        }
        arguments = {key: value for key, value in self.common.items() if key != "terms"}
        arguments.update(wanted=_WANTED, records=[record], keys=[])
        [answer] = self.door.rehearse(_TERMS, "take", arguments)
        self.assertEqual(answer["state"], "made")
        self.assertFalse(self.env["res.partner.category"].search([("name", "=", "Tried")]))
        self.assertFalse(self.env["sync.exchange.identity"]._named(self.tags._name, record["ids"]))
        [answer] = self.door.take(terms=_TERMS, **arguments)
        self.assertEqual(answer["state"], "made")

    def test_nothing_else_can_be_tried_out(self):
        with self.assertRaises(UserError):
            self.door.rehearse(_TERMS, "watch", {"watched": {}})

    def test_who_may_not_exchange_is_told_nothing(self):
        stranger = self.door.with_user(new_test_user(self.env, "door_stranger", groups="base.group_user"))
        calls = {
            "checksums": {**self.common, "wanted": _WANTED, "domain": [], "bits": 0},
            "listing": {**self.common, "wanted": _WANTED, "domain": [], "suspects": {"bits": 0, "buckets": [0]}},
            "look_up": {**self.common, "wanted": _WANTED, "names": []},
            "position": {"terms": _TERMS, "watched": {}},
            "rehearse": {"terms": _TERMS, "method": "rows", "arguments": {}},
        }
        for name, arguments in calls.items():
            with self.subTest(name), self.assertRaises(AccessError):
                getattr(stranger, name)(**arguments)

    def test_other_companies_are_not_told_of(self):
        company = self.env["res.company"].create({"name": "Not of this user"})
        with self.assertRaises(AccessError):
            self.door.look_up(**{**self.common, "company": company.id}, wanted=_WANTED, names=[])

    def test_checksums_are_those_of_the_records(self):
        """The door reads in pages what the pure function reads at once."""
        self.names()
        wire = self.env["sync.exchange.wire"]
        read = wire._read_records(self.tags, _WANTED, Terms.from_wire(_TERMS))
        expected = checksums_of(self.env["sync.exchange.reckoning"]._tokens(read), bits=2)
        told = self.door.checksums(**self.common, wanted=_WANTED, domain=self.domain, bits=2)["sums"]
        self.assertEqual(Checksums.from_wire(told), expected)
