"""Words, numbers and components for templates. docs/front-end.md shows each with an example."""

from __future__ import annotations

from collections import Counter
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal
from numbers import Number

from django import template
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from vru_portal.core.charts import AREAS, Figure, Tile
from vru_portal.core.money import pounds
from vru_portal.core.periods import Month
from vru_portal.core.workers import is_worker_away

register = template.Library()

NOT_AVAILABLE = "not available"
STATUS_WORDS = {
    "c": "fewer than 5 or hidden to protect them",
    "x": NOT_AVAILABLE,
    "z": "not applicable",
    "low": "low",
    "w": "none recorded",
}

# ---- Words and numbers ----


@register.simple_tag
def job_stage(stage: str, is_over=False) -> str:
    """How far a job is, or why it has not begun or does not go on."""
    if not is_over and is_worker_away():
        return "No worker is running. This goes on by itself once one is: tell whoever runs the portal."
    return stage or "Waiting for a worker"


@register.filter
def money(pence) -> str:
    """Whole pence as pounds: £600,000; £12.50 only where there are pence."""
    if pence is None or pence == "":
        return NOT_AVAILABLE
    return pounds(int(pence))


@register.filter
def millions(pence) -> str:
    """£14.5 million; below one million as `money`, because £0.1 million hides what matters."""
    if pence is None or pence == "":
        return NOT_AVAILABLE
    if abs(int(pence)) < 100_000_000:
        return money(pence)
    rounded = (abs(Decimal(int(pence))) / 100_000_000).quantize(Decimal("0.1"), ROUND_HALF_UP)
    sign = "−" if int(pence) < 0 else ""
    return f"{sign}£{rounded.normalize():f} million"


@register.filter
def number(value) -> str:
    """10,500; fractions keep what they have."""
    if value is None or value == "":
        return NOT_AVAILABLE
    if not isinstance(value, Number):
        value = Decimal(str(value))
    if value == int(value):
        value = int(value)
    return f"{value:,}".replace("-", "−")


@register.filter
def signed(value) -> str:
    """By how much something moved: +12, −3, 0."""
    return f"+{number(value)}" if value > 0 else number(value)


def _as_date(value) -> date | None:
    if isinstance(value, Month):
        return value.first
    if isinstance(value, datetime):
        return timezone.localdate(value) if timezone.is_aware(value) else value.date()
    if isinstance(value, str) and len(value) == 7:
        return Month.parse(value).first
    if isinstance(value, str) and value:
        return date.fromisoformat(value)
    return value or None


@register.filter
def day(value) -> str:
    """10 June 2026"""
    found = _as_date(value)
    return f"{found.day} {found:%B %Y}" if found else ""


@register.filter
def moment(value) -> str:
    """12 January 2022 at 9:30"""
    if not value:
        return ""
    local = timezone.localtime(value)
    return f"{day(local)} at {local.hour}:{local:%M}"


@register.filter
def month(value) -> str:
    """June 2026"""
    found = _as_date(value)
    return f"{found:%B %Y}" if found else ""


@register.filter
def month_short(value) -> str:
    """Jun 2026"""
    found = _as_date(value)
    return f"{found:%b %Y}" if found else ""


@register.simple_tag
def between(lower, upper) -> str:
    """A range in words; one number when both ends are the same."""
    if lower is None and upper is None:
        return NOT_AVAILABLE
    if upper is None:
        return f"at least {number(lower)}"
    if lower is None:
        return f"at most {number(upper)}"
    return number(lower) if lower == upper else f"between {number(lower)} and {number(upper)}"


@register.filter
def status_words(status) -> str:
    return STATUS_WORDS.get(str(status or ""), NOT_AVAILABLE)


@register.simple_tag
def value(amount, status="") -> str:
    """The number, or the words of why there is none: never a blank."""
    return status_words(status) if amount is None or amount == "" else number(amount)


# ---- Frame ----


@register.inclusion_tag("components/breadcrumbs.html")
def breadcrumbs(*labels_and_addresses) -> dict:
    """`{% breadcrumbs "Returns" returns_url "Heal Hub" partner_url %}`; the first crumb (home) is added."""
    pairs = list(labels_and_addresses)
    return {"crumbs": list(zip(pairs[::2], pairs[1::2], strict=True))}


def _forms_of(context, given) -> list:
    """The page's forms: those given, or what stands in the context under the usual names."""
    found = list(given)
    if not found:
        found = [context.get("form"), context.get("formset"), *(context.get("forms") or [])]
    flat = []
    for form in found:
        if hasattr(form, "management_form"):
            flat += [form, *form.forms]
        elif hasattr(form, "errors") and hasattr(form, "fields"):
            flat.append(form)
    return list({id(form): form for form in flat if getattr(form, "is_bound", False)}.values())


def _error_lines(form) -> list[tuple[str, str]]:
    """(sentence, id of the control or empty) for each error of a form or formset."""
    if hasattr(form, "management_form"):
        return [(sentence, "") for sentence in form.non_form_errors()]
    lines = [(sentence, "") for sentence in form.non_field_errors()]
    every = Counter(said for field in form for said in field.error_sentences)
    repeated = {said for said, times in every.items() if times > 1}
    for field in form:
        target = "" if field.is_hidden else field.focus_id
        # What is wrong with an amount or a date reads the same of each: among several, it says of which.
        which = str(field.label).rstrip("?")
        lines += [(f"{which}: {said}" if said in repeated else said, target) for said in field.error_sentences]
    return lines


@register.inclusion_tag("components/error_summary.html", takes_context=True)
def error_summary(context, *forms) -> dict:
    """Every error of the page at its top, each with a link to its control. Also shows `messages.error`."""
    return {"lines": [line for form in _forms_of(context, forms) for line in _error_lines(form)]}


@register.simple_tag(takes_context=True)
def error_prefix(context) -> str:
    """The title of a page with errors says so first: it is what a screen reader reads."""
    return "Error: " if any(_error_lines(form) for form in _forms_of(context, ())) else ""


# ---- Forms ----


@register.simple_tag
def field(bound_field, heading="") -> SafeString:
    """One field of a form; `heading` (l, m, s) makes its label the page's h1."""
    return bound_field.render(context={"field": bound_field, "heading": heading})


@register.simple_tag
def cell(bound_field, label="") -> SafeString:
    """One field inside a table: its label is heard, not seen."""
    context = {"field": bound_field, "label": label or bound_field.label}
    return bound_field.render("django/forms/govuk/cell.html", context)


# ---- Components ----

TAGS = {
    # what needs a person
    "overdue": ("Late", "red"),
    "uncovered": ("Not covered", "red"),
    "returned": ("Returned", "orange"),
    "due": ("Due", "yellow"),
    "submitted": ("Sent", "unit"),
    "sent": ("Sent", "unit"),
    "queried": ("Queried", "orange"),
    "held": ("Held", "orange"),
    "produced": ("Produced", "unit"),
    "checked": ("Checked", "unit"),
    "message_failed": ("Not sent", "red"),
    "message_not_known": ("Perhaps sent", "orange"),
    # what is settled
    "accepted": ("Accepted", "green"),
    "approved": ("Approved", "green"),
    "published": ("Published", "green"),
    "secured": ("Secured", "green"),
    "paid": ("Paid", "green"),
    "final": ("Final", "green"),
    "message_sent": ("Sent", "green"),
    # what needs nobody
    "message_waiting": ("Waiting", "grey"),
    "draft": ("Begun", "grey"),
    "nil": ("Nil", "grey"),
    "waived": ("Waived", "grey"),
    "met": ("Met", "grey"),
    "provisional": ("Provisional", "hatched"),
    "revised": ("Revised", "grey"),
    "bridged": ("Bridged", "hatched"),
    "announced": ("Announced only", "outline"),
    "open": ("Open", "unit"),
    "closed": ("Closed", "grey"),
    "superseded": ("Superseded", "grey"),
    "void": ("Void", "grey"),
}


def _tag(state) -> tuple[str, str]:
    return TAGS.get(str(state), (str(state).replace("_", " ").capitalize(), "grey"))


@register.filter
def tag_words(state) -> str:
    """The word on the state's tag, for titles and sentences."""
    return _tag(state)[0].lower() if state else ""


@register.simple_tag
def tag(state, label="") -> SafeString:
    """The state of a thing as a GOV.UK tag; colour only where it means something, and never alone."""
    words, colour = _tag(state)
    return format_html('<strong class="govuk-tag app-tag--{}">{}</strong>', colour, label or words)


@register.inclusion_tag("components/summary_list.html")
def summary_list(rows) -> dict:
    """Rows of (key, value) or (key, value, address, verb)."""
    filled = [(*row, "", "")[:4] if len(row) < 4 else row for row in rows]
    return {"rows": filled, "has_actions": any(address for _, _, address, _ in filled)}


@register.inclusion_tag("components/stat.html")
def stat(label, figure, sentence="", note="", state="", url="", sparkline="") -> dict:
    """A number with its sentence, its coverage and its status."""
    return {
        "label": label,
        "figure": figure,
        "sentence": sentence,
        "note": note,
        "state": state,
        "url": url,
        "sparkline": sparkline,
    }


@register.simple_block_tag
def data_region(content, label, end=False) -> SafeString:
    """A wide table in its own scrolling region, which the keyboard can reach and a screen reader can name.

    `end`: where it does not fit, it opens scrolled to its end.
    """
    return format_html(
        '<div class="app-region{}" role="region" aria-label="{}" tabindex="0">{}</div>',
        " app-region--end" if end else "",
        label,
        mark_safe(content),
    )


@register.inclusion_tag("components/pagination.html", takes_context=True)
def pagination(context, page) -> dict:
    """Links to the other pages of a list; the rest of the address stays."""
    request = context.get("request")
    query = request.GET.copy() if request else None

    def address(page_number: int) -> str:
        if query is None:
            return f"?page={page_number}"
        query["page"] = str(page_number)
        return f"?{query.urlencode()}"

    numbers = page.paginator.get_elided_page_range(page.number, on_each_side=1, on_ends=1)
    return {
        "page": page,
        "previous": address(page.previous_page_number()) if page.has_previous() else "",
        "next": address(page.next_page_number()) if page.has_next() else "",
        "items": [(n, address(n) if isinstance(n, int) else "", n == page.number) for n in numbers],
        "is_needed": page.paginator.num_pages > 1,
    }


@register.inclusion_tag("components/progress.html")
def progress(url, done, total, sentence, finished=False) -> dict:
    """How far a job is, in words and as a bar; htmx asks again each second until it has finished."""
    return {
        "url": url,
        "done": done,
        "total": total or 1,
        "percent": min(100, round(100 * (done or 0) / total)) if total else 0,
        "sentence": sentence,
        "finished": finished,
    }


@register.inclusion_tag("components/tile_map.html")
def tile_map(tiles, label) -> dict:
    """The seven districts as tiles: read in alphabetical order, seen where they lie to each other."""
    placed = {tile.code: tile for tile in tiles}
    return {"label": label, "tiles": [placed.get(code) or Tile(code, NOT_AVAILABLE) for code in AREAS]}


# The letter carries the meaning; the colour repeats it.
SQUARES = {
    "accepted": ("A", "accepted"),
    "submitted": ("S", "sent, to be read"),
    "returned": ("R", "returned to the partner"),
    "overdue": ("L", "late"),
    "due": ("D", "due"),
    "draft": ("–", "begun, not sent"),
    "nil": ("N", "nil: nothing to report"),
    "waived": ("W", "waived"),
    "": ("", "not due"),
}


@register.simple_tag
def square(state, url="", label="") -> SafeString:
    """One square of the heat map."""
    letter, words = SQUARES.get(str(state or ""), ("?", str(state)))
    kind = state if str(state or "") in SQUARES and state else "none"
    inside = format_html(
        '<span aria-hidden="true">{}</span><span class="govuk-visually-hidden">{}</span>', letter or "·", label or words
    )
    if not url:
        return format_html('<span class="app-square app-square--{}" title="{}">{}</span>', kind, label or words, inside)
    return format_html(
        '<a class="app-square app-square--{}" href="{}" title="{}">{}</a>', kind, url, label or words, inside
    )


@register.inclusion_tag("components/square_key.html")
def square_key() -> dict:
    return {"squares": [(state, words) for state, (_, words) in SQUARES.items()]}


@register.simple_tag
def chart(figure: Figure) -> SafeString:
    """A picture with its finding, its source and the table it is drawn from."""
    return render_to_string("components/chart.html", {"figure": figure})


@register.simple_tag
def notice(title, text="") -> SafeString:
    """An empty page's sentence: what there is not, and what to do next."""
    body = format_html('<p class="govuk-body">{}</p>', text) if text else ""
    return format_html('<div class="app-notice"><p class="govuk-body"><strong>{}</strong></p>{}</div>', title, body)
