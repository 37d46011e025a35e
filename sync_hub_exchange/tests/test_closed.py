# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import inspect
import json
from datetime import datetime, timedelta

from odoo import SUPERUSER_ID
from odoo.exceptions import AccessError, ValidationError
from odoo.tests import HttpCase, new_test_user, tagged
from odoo.tools import mute_logger

from .common import ExchangeCase
from .peer_case import PeerCase

_MODELS = (
    *("ir.config_parameter", "ir.mail_server", "ir.actions.server"),
    *("res.users", "res.groups", "sync.exchange.peer"),
)


class _SecretField:
    """Contacts have a key and a list of rows with one, as addons of a company may have them."""

    def setUp(self):
        super().setUp()
        field = self.env["ir.model.fields"].sudo()
        place = {"model_id": self.env["ir.model"]._get_id("res.partner"), "state": "manual"}
        field.create({**place, "name": "x_api_key", "field_description": "Key of the shop", "ttype": "char"})


def _is_ours(method):
    """Whether it is a method of this addon, and not what it adds to those of every model."""
    module = getattr(method, "__module__", "")
    return module.startswith("odoo.addons.sync_hub_exchange.") and not module.endswith(".base")


@tagged("post_install", "-at_install")
class TestClosedMapping(_SecretField, PeerCase):
    """What is a secret, a right or a setting cannot be chosen for an exchange, whoever chooses it."""

    def test_users_rights_settings_and_keys_are_no_data_to_exchange(self):
        for model in _MODELS:
            with self.subTest(model), self.assertRaisesRegex(ValidationError, "each database has its own"):
                with self.env.cr.savepoint():
                    self.mapping(model, ())

    def test_a_field_with_a_secret_is_refused_with_its_reason(self):
        with self.assertRaisesRegex(ValidationError, "“Key of the shop” cannot be exchanged: passwords, keys"):
            self.mapping(names=("name", "x_api_key"))

    def test_users_do_not_travel_as_rows_of_a_contact(self):
        with self.assertRaisesRegex(ValidationError, "cannot be exchanged"):
            self.mapping(names=("name", "user_ids"))

    def test_rows_do_not_bring_a_secret_along(self):
        mapping = self.mapping(names=("name", "child_ids"))
        rows = mapping.line_ids.filtered(lambda line: line.name == "child_ids")
        with self.assertRaisesRegex(ValidationError, "“Key of the shop” cannot be exchanged: it holds a secret"):
            rows.part_fields = "name, x_api_key"

    def test_what_is_filled_in_by_itself_has_no_secret(self):
        mapping = self.env["sync.exchange.mapping"].create(
            {"peer_id": self.peer.id, "model_id": self.env["ir.model"]._get_id("res.partner")}
        )
        self.assertIn("name", mapping.line_ids.mapped("name"))
        self.assertNotIn("x_api_key", mapping.line_ids.mapped("name"))

    def test_a_code_of_another_company_is_not_named(self):
        # Whoever makes a company works in it.
        other = self.env(user=SUPERUSER_ID)["res.company"].create({"name": "Next door"})
        theirs = self.env["res.partner"].sudo().create({"name": "Their secret client", "company_id": other.id})
        ours = self.env["res.partner"].create({"name": "Our client", "company_id": self.company.id})
        model = self.env["ir.model"]._get_id("res.partner")
        codes = self.env["sync.exchange.code"].create(
            [{"peer_id": self.peer.id, "model_id": model, "res_id": record.id} for record in (theirs, ours)]
        )
        self.assertEqual(codes.mapped("here_name"), [False, "Our client"])


@tagged("post_install", "-at_install")
class TestClosedDoor(_SecretField, ExchangeCase, HttpCase):
    """The door keeps secrets even from the key of an administrator, and tells nobody else anything."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        boss = new_test_user(
            cls.env(su=True),
            "exchange_boss",
            "sync_hub_exchange.group_exchange,base.group_system,base.group_partner_manager",
            company_id=cls.company.id,
        )
        cls.key = cls.key_of(boss)
        cls.place = {"terms": cls.terms.to_wire(), "company": cls.company.id}

    @classmethod
    def key_of(cls, user):
        keys = cls.env["res.users.apikeys"].with_user(user)
        return keys._generate("rpc", "exchange", datetime.now() + timedelta(days=1))

    def knock(self, method, key=None, /, **arguments):
        """Status and body of an answer."""
        self.env.flush_all()
        headers = {"Authorization": f"bearer {key or self.key}", "Content-Type": "application/json"}
        with mute_logger("odoo.http", "odoo.addons.base.models.ir_rule", "odoo.addons.base.models.ir_model"):
            answer = self.url_open(f"/json/2/sync.exchange.door/{method}", json.dumps(arguments), headers=headers)
        return answer.status_code, answer.json()

    def reading(self, model, wanted):
        """Every call that reads records, with its arguments."""
        asked = {**self.place, "model": model, "wanted": wanted}
        cursor = self.changes._position()
        return {
            "rows": {**asked, "domain": [], "after": 0, "limit": 9},
            "named": {**asked, "domain": [], "names": []},
            "changes": {**asked, "domain": [], "cursor": cursor, "limit": 9},
            "used": {**asked, "domain": []},
            "checksums": {**asked, "domain": [], "bits": 0},
            "listing": {**asked, "domain": [], "suspects": {"bits": 0, "buckets": [0]}},
            "look_up": {**asked, "names": []},
            "digests": {**asked, "names": []},
            "twins": {**asked, "domain": [], "keys": [], "names": []},
        }

    def test_no_call_that_reads_fields_is_forgotten_here(self):
        door = type(self.env["sync.exchange.door"])
        of_fields = {
            name for name, _asked in self.calls() if "wanted" in inspect.signature(getattr(door, name)).parameters
        }
        self.assertEqual(of_fields - {"absent", "take", "remove"}, set(self.reading("res.partner", [])))

    def test_users_rights_settings_and_keys_are_read_by_no_call(self):
        for model in _MODELS:
            for method, arguments in self.reading(model, ["display_name"]).items():
                with self.subTest(model=model, method=method):
                    status, body = self.knock(method, **arguments)
                    self.assertEqual(status, 403)
                    self.assertIn("it holds rights, keys or settings", body["message"])
        status, described = self.knock("describe", model_names=[*_MODELS, "res.partner"])
        self.assertEqual((status, list(described)), (200, ["res.partner"]))
        self.assertEqual(self.knock("watch", terms=self.place["terms"], watched={"ir.cron": ""})[0], 403)

    def test_fields_with_secrets_are_read_by_no_call(self):
        rows = {"name": "child_ids", "fields": ["name", "x_api_key"]}
        for wanted in (["name", "x_api_key"], [rows], [{"name": "user_ids", "fields": ["login"]}]):
            for method, arguments in self.reading("res.partner", wanted).items():
                with self.subTest(wanted=wanted, method=method):
                    status, body = self.knock(method, **arguments)
                    self.assertEqual(status, 403)
                    self.assertIn("it holds a secret", body["message"])
        status, absent = self.knock(
            "absent", terms=self.place["terms"], model="res.partner", wanted=["name", "x_api_key", rows]
        )
        self.assertEqual((status, absent), (200, ["x_api_key", "child_ids"]))
        _status, described = self.knock("describe", model_names=["res.partner"])
        self.assertNotIn("x_api_key", described["res.partner"]["fields"])

    def test_nothing_of_that_is_written_either_whatever_a_message_brings(self):
        anna = self.partner()
        user = {"login": "intruder", "name": "Intruder"}
        for model, wanted, values in (
            ("res.users", ["login", "name"], user),
            ("ir.config_parameter", ["key", "value"], {"key": "x", "value": "y"}),
            ("res.partner", ["name", "x_api_key"], {"name": "Eve", "x_api_key": "1"}),
            # More than what was said to be sent.
            ("res.partner", ["name"], {"name": "Eve", "x_api_key": "1"}),
            ("res.partner", ["name"], {"name": "Eve", "user_ids": [{"ids": ["__b__.u"], "values": user}]}),
            (
                "res.partner",
                [{"name": "child_ids", "fields": ["name"]}],
                {"child_ids": [{"ids": ["__b__.c"], "values": {"name": "Eve", "x_api_key": "1"}}]},
            ),
        ):
            asked = {"company": self.company.id, "model": model, "wanted": wanted, "keys": []}
            asked["records"] = [self.message("__b__.1", **values)]
            for method, arguments in (
                ("take", {**self.place, **asked}),
                ("rehearse", {"terms": self.place["terms"], "method": "take", "arguments": asked}),
            ):
                with self.subTest(model=model, values=values, method=method):
                    self.assertEqual(self.knock(method, **arguments)[0], 403)
        self.assertFalse(self.env["res.users"].sudo().search([("login", "=", "intruder")]))
        self.assertFalse(self.env["res.partner"].search([("name", "=", "Eve")]))
        place = {**self.place, "model": "ir.cron", "wanted": ["name"], "how": "delete"}
        self.assertEqual(self.knock("remove", **place, records=[])[0], 403)
        self.assertFalse(anna.x_api_key)

    def test_fields_of_other_groups_are_absent_and_not_read(self):
        key = self.key_of(self.user)
        field = self.env["ir.model.fields"]._get("res.partner", "x_api_key").sudo()
        field.write({"name": "x_margin"})
        self.env["ir.model.fields"].flush_model()
        Partner = self.registry["res.partner"]
        self.patch(Partner._fields["x_margin"], "groups", "base.group_system")
        asked = {**self.place, "model": "res.partner", "wanted": ["name", "x_margin"]}
        status, absent = self.knock("absent", key, **{name: asked[name] for name in ("terms", "model", "wanted")})
        self.assertEqual((status, absent), (200, ["x_margin"]))
        status, _body = self.knock("rows", key, **asked, domain=[], after=0, limit=9)
        self.assertEqual(status, 403)
        message = self.message("__b__.9", name="Eve", x_margin="1")
        status, [answer] = self.knock("take", key, **asked | {"wanted": ["name"]}, records=[message], keys=[])
        self.assertEqual((status, answer["state"]), (200, "refused"))

    def test_a_watch_that_makes_no_sense_keeps_nobody_from_saving(self):
        self.addCleanup(self.registry.clear_cache)
        for owner in ("no_such_field", "name", "child_ids"):
            status, _body = self.knock("watch", terms=self.place["terms"], watched={"res.partner": owner})
            self.assertEqual(status, 200)
            self.registry.clear_cache()
            self.partner(name=owner).unlink()
            self.env["sync.exchange.watch"].sudo().search([]).unlink()

    def test_nothing_of_another_company_is_told_by_any_call(self):
        other = self.env(user=SUPERUSER_ID)["res.company"].create({"name": "Next door"})
        theirs = self.env["res.partner"].sudo().create({"name": "Theirs", "ref": "own", "company_id": other.id})
        industry = self.env["res.partner.industry"].sudo().create({"name": "Theirs alone"})
        theirs.industry_id = industry
        ours = self.partner(name="Ours", ref="own")
        names = [self.name_of(record) for record in (theirs, ours)]
        domain = [["ref", "=", "own"]]
        told = {}
        for method, arguments in self.reading("res.partner", ["name", "industry_id"]).items():
            arguments |= {"domain": domain} if "domain" in arguments else {}
            if "names" in arguments:
                arguments["names"] = [names] if method in ("named", "twins") else names
            status, told[method] = self.knock(method, self.key_of(self.user), **arguments)
            self.assertEqual(status, 200, method)
            self.assertNotIn("Theirs", json.dumps(told[method]), method)
        self.assertEqual([record["values"]["name"] for record in told["rows"]["records"]], ["Ours"])
        self.assertEqual([record["values"]["name"] for record in told["look_up"]["records"]], ["Ours"])
        self.assertEqual(list(told["listing"]["digests"]), [names[1]])
        self.assertEqual(list(told["digests"]), [names[1]])
        self.assertEqual(told["checksums"]["sums"]["buckets"][0][1], 1)

    # -- Who may call ------------------------------------------------------------------------------------------------

    def calls(self):
        """Every public method of the door with arguments of the right kind."""
        door = type(self.env["sync.exchange.door"])
        samples = {"company": self.company.id, "model": "res.partner", "method": "rows", "how": "delete"}
        samples |= {"terms": self.place["terms"], "models": [], "model_names": []}
        by_type = {"int": 0, "str": "", "dict": {}, "list": [], "bool": False}
        for name in dir(door):
            method = getattr(door, name)
            if name.startswith("_") or not _is_ours(method):
                continue
            asked = {}
            for parameter in list(inspect.signature(method).parameters.values())[1:]:
                if parameter.default is inspect.Parameter.empty:
                    kind = str(getattr(parameter.annotation, "__name__", parameter.annotation)).partition("[")[0]
                    asked[parameter.name] = samples.get(parameter.name, by_type[kind])
            yield name, asked

    def test_portal_users_and_others_without_the_right_are_refused_by_every_call(self):
        portal = new_test_user(self.env(su=True), "exchange_portal", "base.group_portal")
        clerk = new_test_user(self.env(su=True), "exchange_clerk", "base.group_user,base.group_partner_manager")
        calls = dict(self.calls())
        self.assertLessEqual({"hello", "rows", "take", "remove", "rehearse", "series", "offer", "listing"}, set(calls))
        for user in (portal, clerk):
            key = self.key_of(user)
            for method, arguments in calls.items():
                with self.subTest(user=user.login, method=method):
                    status, body = self.knock(method, key, **arguments)
                    self.assertEqual(status, 403)
                    self.assertIn(f"The user {user.login} may not exchange records", body["message"])
                    self.assertIn("“Record exchange”", body["message"])

    def test_a_portal_user_cannot_be_given_the_right(self):
        portal = new_test_user(self.env(su=True), "exchange_portal", "base.group_portal")
        with self.assertRaises(ValidationError):
            portal.sudo().group_ids += self.env.ref("sync_hub_exchange.group_exchange")

    def test_the_rooms_behind_the_door_have_no_door_of_their_own(self):
        for name in ("wire", "store", "taking", "identity", "schema", "unit"):
            model = type(self.env[f"sync.exchange.{name}"])
            own = [each for each in dir(model) if not each.startswith("_") and _is_ours(getattr(model, each))]
            self.assertFalse(own, name)
        with self.assertRaises(AccessError):
            self.env["sync.exchange.door"].with_user(self.user).search([])
