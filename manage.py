#!/usr/bin/env python
"""Django's command line, with the embedded servers' addresses when none are configured."""

import os
import secrets
import sys

from vru_portal.embedded import join_running

# Commands that reach no server, and what settings ask for all the same.
WITHOUT_SERVERS = {"count_registers"}
NOWHERE = {"DATABASE_URL": "postgresql://nobody@localhost:1/none", "REDIS_URL": "redis://localhost:1/0"}

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "vru_portal.settings")
    join_running()
    if WITHOUT_SERVERS.intersection(sys.argv[1:2]):
        for name, value in ({"SECRET_KEY": secrets.token_hex(32)} | NOWHERE).items():
            os.environ.setdefault(name, value)
    from django.core.management import execute_from_command_line

    execute_from_command_line(sys.argv)
