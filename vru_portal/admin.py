"""Django's admin, kept for reference tables: who may edit those is asked of the user's role."""

from django.contrib.admin import AdminSite


class PortalAdminSite(AdminSite):
    site_header = "Reference tables"
    site_title = "Reference tables"
    index_title = "Reference tables"
    site_url = "/"
    enable_nav_sidebar = False
