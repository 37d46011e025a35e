# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""A company that reaches its bank through one of the services, whichever it is."""

from collections import Counter
from decimal import Decimal
from types import SimpleNamespace

from freezegun import freeze_time
from odoo.tests import HttpCase

from ..providers import get_provider
from ..providers.values import Authorization
from .common import NOW, BankCase, sandbox

_drivers = {}
HOME = "https://books.example"


def driver_of(code):
    """The sandbox behind a service and its user, started at the first use."""
    sandbox()  # finds the emulators, or says that they are not here
    from emulators.drivers import DRIVERS

    if code not in _drivers:
        _drivers[code] = DRIVERS[code]()
        _drivers[code].emulator.start()
    return _drivers[code]


class ServiceCase(BankCase, HttpCase):
    """One account of one bank behind ``code``; nothing is connected yet."""

    code = ""

    def setUp(self):
        super().setUp()
        self.env["ir.config_parameter"].sudo().set_param("web.base.url", HOME)
        freezer = freeze_time(NOW)
        self.clock = freezer.start()
        self.addCleanup(freezer.stop)
        self.driver = driver_of(self.code)
        self.driver.recover()
        self.driver.reset()
        self.driver.empty()
        self.service = self.env["sync.bank.provider"].create({"company_id": self.company.id, **self.keys()})
        if self.code == "enablebanking":
            self.driver.emulator.add_redirect_url(self.service.redirect_url)

    def keys(self):
        access = self.driver.access()
        settings = {
            name: value for name, value in access["settings"].items() if name in self.env["sync.bank.provider"]._fields
        }
        settings.pop("redirect_url", None)
        # No test sits in front of a screen: each fetch would count as one without a user.
        return {
            "code": self.code,
            "api_url": access["url"],
            "calls_per_day": 0,
            **settings,
            **access["secrets"],
        }

    # -- The user ----------------------------------------------------------------------------------------------------

    def new_connection(self):
        """A connection to the bank that nobody has consented to yet."""
        with self.service._open() as adapter:
            bank = self.driver.institution(adapter)
        country = self.env["res.country"].search([("code", "=", bank.country)]) or self.env.ref("base.it")
        return self.env["sync.bank.connection"].create(
            {
                "name": bank.name,
                "provider_id": self.service.id,
                "company_id": self.company.id,
                "institution_key": bank.key,
                "country_id": country.id,
                "psu_type": "business",
            }
        )

    def agree(self, connection):
        """Press the button, agree to everything at the service, and come back."""
        action = connection.action_authorize()
        if action.get("tag") == "display_notification":
            # Nothing leads back from there: the user does what is needed, and begins anew.
            self.driver.visit(Authorization(action["params"]["next"]["url"]))
            return self.agree(connection)
        if action["type"] == "ir.actions.client":
            self.assertEqual(action["tag"], "sync_hub_bank_depart", action)
            going = Authorization(action["params"]["url"], form=tuple(action["params"]["fields"].items()))
        else:
            going = Authorization(action["url"])
        return self.come_back(self.driver.visit(going))

    def connected(self, *amounts):
        """A connection whose account feeds the journal; the bank has booked these amounts."""
        for amount in amounts:
            self.driver.add_row(Decimal(amount), text=f"Row of {amount}")
        connection = self.agree(self.new_connection())
        connection.automatic = True
        uid = self.driver.uid(self.consent_of(connection))
        connection.account_ids.filtered(lambda account: account.uid == uid)._link(self.journal)
        return connection

    def consent_of(self, connection):
        """The consent as far as a driver asks for it."""
        accounts = [SimpleNamespace(uid=item.uid, identifiers=item.identifiers) for item in connection.account_ids]
        session = connection._secret("session")
        return SimpleNamespace(reference=connection.consent_reference, session=session, accounts=accounts)

    def fetch(self, connection):
        """Synchronize as far as the service has come."""
        self.clock.move_to(max(self.driver.now().replace(tzinfo=None), NOW.replace(tzinfo=None)))
        connection.automatic = True
        return self.synchronize(connection)

    # -- What is there -------------------------------------------------------------------------------------------------

    @property
    def abilities(self):
        return self.driver.abilities

    @property
    def adapter(self):
        return get_provider(self.code)

    def assertBooks(self, *amounts):
        """The journal holds these amounts, each once."""
        self.assertEqual(
            Counter(f"{line.amount:.2f}" for line in self.lines()), Counter(f"{Decimal(a):.2f}" for a in amounts)
        )
