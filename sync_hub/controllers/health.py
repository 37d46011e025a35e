# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import json

import psycopg2
from odoo import api, http
from odoo.http import request
from odoo.tools import config

from ..models.res_config_settings import HEALTH_PATH, TOKEN_PARAMETER
from ..status import fingerprint, token_fits

_BEARER = "bearer "


class Health(http.Controller):
    @http.route(HEALTH_PATH, type="http", auth="none", methods=["GET"], save_session=False)
    def health(self, **_parameters):
        """What a monitor asks every minute: 200 while synchronizations run, 503 while they do not.

        Without a token: state, age of the last sign of life, number of late schedules. With the token in the header
        ``Authorization: Bearer`` also hosts and names.
        """
        try:
            # Nobody is signed in. What is told without a token names nothing and nobody.
            engine = request.env(user=api.SUPERUSER_ID)["sync.engine"]
            given = self._given_token()
            detailed = bool(given) and token_fits(given, self._kept_fingerprint(engine.env))
            if given and not detailed:
                return self._answer({"error": "The token is not valid."}, 401)
            health = engine._health(detailed=detailed)
        except psycopg2.Error:
            return self._answer({"state": "unavailable"}, 503)
        return self._answer(health, 200 if health["state"] == "running" else 503)

    def _given_token(self) -> str:
        """The token of the request. Only a header carries it: addresses are written into the logs of servers."""
        header = request.httprequest.headers.get("Authorization", "")
        return header[len(_BEARER) :].strip() if header.lower().startswith(_BEARER) else ""

    def _kept_fingerprint(self, env) -> str:
        configured = config.get("sync_hub_health_token")
        return fingerprint(configured) if configured else env["ir.config_parameter"].get_param(TOKEN_PARAMETER) or ""

    def _answer(self, content: dict, status: int):
        headers = [("Content-Type", "application/json"), ("Cache-Control", "no-store")]
        return request.make_response(json.dumps(content), headers, status=status)
