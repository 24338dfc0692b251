"""Pictures drawn on the server, as SVG, from the same values as the table beside them.

Pure functions: dataclasses in, SVG out. No style attribute anywhere (the content security policy refuses it): colours
and type come from classes in static/src/charts.scss. Each chart is drawn twice, wide and narrow, and the style sheet
shows the one that fits, so that type stays readable on a phone. See docs/decisions/0011-charts.md.

Ranges are drawn, never hidden; a missing month is a gap with its reason, never a zero; the baseline is zero.
"""

from vru_portal.core.charts.cover import cover_timeline
from vru_portal.core.charts.paper import scale
from vru_portal.core.charts.trend import range_trend, sparkline
from vru_portal.core.charts.values import AREAS, Break, CoverMonth, Figure, MonthPoint, Table, Tile

__all__ = [
    "AREAS",
    "Break",
    "CoverMonth",
    "Figure",
    "MonthPoint",
    "Table",
    "Tile",
    "cover_timeline",
    "range_trend",
    "scale",
    "sparkline",
]
