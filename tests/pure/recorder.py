# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Every call between an adapter and a sandbox, to be held against a published description."""

import io
from collections.abc import Callable
from typing import Any

from werkzeug.test import run_wsgi_app
from werkzeug.wrappers import Request, Response


class Recorder:
    """Hands requests on to a sandbox and keeps them with their answers.

    :param application: the sandbox
    :param is_api: which requests are the interface's, and not those of a browser
    """

    def __init__(self, application: Callable, is_api: Callable[[Request], bool] = lambda request: True) -> None:
        self._application = application
        self._is_api = is_api
        self.calls: list[tuple[Request, Response]] = []

    @property
    def requests(self) -> list[Request]:
        return [request for request, _response in self.calls]

    def __call__(self, environ: dict[str, Any], start_response: Callable) -> object:
        request = Request(environ)
        request.get_data(cache=True)
        # The body was read: what follows needs it again.
        environ["wsgi.input"] = io.BytesIO(request.get_data())
        content, status, headers = run_wsgi_app(self._application, environ)
        response = Response(b"".join(content), status, headers)
        if self._is_api(request):
            self.calls.append((request, response))
        return response(environ, start_response)
