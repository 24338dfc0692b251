"""What was typed into a form is kept while its writer signs in again.

A session ends, or begins anew in another tab, while somebody types. The form then arrives without a right to change
anything. What stands in it is kept for an hour in the (anonymous) session of this browser, bound to its address. After
signing in the same address shows it, to those alone who may open that address.
"""

from __future__ import annotations

import json
import time

from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import Resolver404, resolve

FORMS = {
    "outcomes:return-fill-in",
    "outcomes:return-nil",
    "outcomes:return-correct",
    "outcomes:return-review",
    "outcomes:obligation-waive",
}
SESSION_KEY = "typing"
KEPT_SECONDS = 60 * 60
MOST_CHARACTERS = 30_000
MOST_FORMS = 3
SENTENCE = "You were signed out while typing. Everything you typed is below; save it again."


def rescue_typing(request: HttpRequest) -> HttpResponse | None:
    """Keep what was posted, and lead back to its form, by way of signing in where that is needed.

    None if this is no form of ours, was sent by another site, or holds more than anybody types.
    """
    if request.method != "POST" or not _is_form(request.path) or not _is_from_here(request):
        return None
    typed = {name: text for name, text in request.POST.items() if name != "csrfmiddlewaretoken"}
    if len(json.dumps(typed)) > MOST_CHARACTERS:
        return None
    kept = [entry for entry in _kept(request) if entry["path"] != request.path][-MOST_FORMS + 1 :]
    until = time.time() + KEPT_SECONDS
    request.session[SESSION_KEY] = [*kept, {"path": request.path, "typed": typed, "until": until}]
    return redirect(request.path) if request.user.is_authenticated else redirect_to_login(request.path)


def rescued(request: HttpRequest) -> dict[str, str]:
    """What was kept for this address, with a sentence that says so; empty if there is nothing."""
    for entry in _kept(request):
        if entry["path"] == request.path:
            messages.warning(request, SENTENCE)
            return entry["typed"]
    return {}


def forget(request: HttpRequest) -> None:
    """It is saved now."""
    if SESSION_KEY in request.session:
        request.session[SESSION_KEY] = [entry for entry in _kept(request) if entry["path"] != request.path]


class KeepsTyping:
    """A view whose form is kept when it arrives signed out. Stands before the permission mixin."""

    def dispatch(self, request: HttpRequest, *args, **kwargs):
        if not request.user.is_authenticated and (response := rescue_typing(request)):
            return response
        return super().dispatch(request, *args, **kwargs)


def _kept(request: HttpRequest) -> list[dict]:
    return [entry for entry in request.session.get(SESSION_KEY, []) if entry["until"] > time.time()]


def _is_form(path: str) -> bool:
    try:
        return resolve(path).view_name in FORMS
    except Resolver404:
        return False


def _is_from_here(request: HttpRequest) -> bool:
    """Browsers say where a form stood; another site must not fill in ours, nor end a session by starting one."""
    if request.headers.get("Sec-Fetch-Site", "same-origin") != "same-origin":
        return False
    here = f"{request.scheme}://{request.get_host()}"
    return request.headers.get("Origin", here) == here
