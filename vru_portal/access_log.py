"""gunicorn's access log, without the secrets of links. The Dockerfile's command names the class."""

from __future__ import annotations

from gunicorn.glogging import Logger

from vru_portal.core.secret_links import without_secrets


class AccessLog(Logger):
    def atoms(self, resp, req, environ, request_time) -> dict:
        found = super().atoms(resp, req, environ, request_time)
        return {name: without_secrets(value) if isinstance(value, str) else value for name, value in found.items()}
