"""How the API's lists are cut into pages."""

from rest_framework.pagination import LimitOffsetPagination


class Pages(LimitOffsetPagination):
    """`?limit=` up to 200: a page is made in memory."""

    default_limit = 100
    max_limit = 200
