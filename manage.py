#!/usr/bin/env python
"""Django's command line, with the embedded servers' addresses when none are configured."""

import os
import sys

from vru_portal.embedded import join_running

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "vru_portal.settings")
    join_running()
    from django.core.management import execute_from_command_line

    execute_from_command_line(sys.argv)
