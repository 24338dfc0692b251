"""What was typed into a form is kept while its writer signs in again.

A session ends, or begins anew in another tab, while somebody types. The form then arrives without a right to change
anything. What stands in it is kept for an hour in the (anonymous) session of this browser, bound to its address and to
whose form it was, which each form says, signed (`templatetags.whose_form`). After signing in the same address shows it
to that person alone. A view takes part by `KeepsTyping`; passwords and files are never kept.
"""

from __future__ import annotations

import json
import time

from django.contrib import messages
from django.contrib.auth.signals import user_logged_in
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import SuspiciousOperation
from django.core.signing import BadSignature, Signer
from django.dispatch import receiver
from django.http import HttpRequest, HttpResponse, QueryDict, UnreadablePostError
from django.http.multipartparser import MultiPartParserError
from django.shortcuts import redirect
from django.urls import Resolver404, resolve

from vru_portal.core.free_text import personal_details

SESSION_KEY = "typing"
WHOSE = "whose_form"  # the field
KEPT_SECONDS = 60 * 60
# What forms say of themselves.
UNTYPED = (
    "action",
    "confirm",
    "decision",
    "draft",
    "key",
    "opened",
    "receipt-corrects",
    "revision",
    "submission",
    "them",
)
MOST_CHARACTERS = 30_000
MOST_FORMS = 3
SENTENCE = "You were signed out while typing. Everything you typed is below; save it again."
BUT_PERSONAL_DETAILS = (
    "You were signed out while typing. What you typed is below, but for what somebody could be known by, which is kept "
    "nowhere; type that once more, without it, and save again."
)
TOO_LONG = "You were signed out. What you typed was too long to be kept: go back in your browser to copy it first."


class TypingIsKept:
    """What has forms that are kept: a view, or what stands behind several. `keeps_no_personal_details`: what somebody
    could be known by is left out."""

    keeps_no_personal_details = False
    keeps_typing = True  # off for a page below such a view whose typing must not be kept anywhere

    @classmethod
    def keeps_typing_at(cls, address_name: str) -> bool:
        """Whether the form at one of its addresses is kept."""
        return cls.keeps_typing


class KeepsTyping(TypingIsKept):
    """A view whose form is kept when it arrives signed out, and forgotten once it is saved (and led on from).

    Stands before the permission mixin. A `FormView` shows what was kept by itself; others ask `rescued`.
    """

    def dispatch(self, request: HttpRequest, *args, **kwargs):
        if not request.user.is_authenticated and (response := rescue_typing(request)):
            return response
        return forgotten_once_saved(request, super().dispatch(request, *args, **kwargs))

    def get_form_kwargs(self) -> dict:
        kwargs = super().get_form_kwargs()
        if self.request.method == "GET" and (typed := rescued(self.request)):
            kwargs["data"] = typed
        return kwargs


def rescue_typing(request: HttpRequest) -> HttpResponse | None:
    """Keep what was posted, and lead back to its form, by way of signing in where that is needed.

    None if this is no form of ours, was sent by another site, was opened by somebody else than who is signed in, or
    holds more than anybody types.
    """
    if request.method != "POST" or not _is_from_here(request):
        return None
    keeper, whose = _keeper_of(request.path), _whose(request)
    if keeper is None or whose is None or is_anothers(request):
        return None
    typed = {name: texts for name, texts in request.POST.lists() if _may_be_kept(name)}
    if len(json.dumps(typed)) > MOST_CHARACTERS:
        messages.error(request, TOO_LONG)
        return None
    left_out = _with_personal_details(typed) if keeper.keeps_no_personal_details else set()
    typed = {name: texts for name, texts in typed.items() if name not in left_out}
    others = [entry for entry in _kept(request) if (entry["path"], entry.get("whose")) != (request.path, whose)]
    kept = others[-MOST_FORMS + 1 :]
    until = time.time() + KEPT_SECONDS
    request.session[SESSION_KEY] = [
        *kept,
        {"path": request.path, "whose": whose, "typed": typed, "until": until, "is_part": bool(left_out)},
    ]
    address = request.get_full_path()
    if request.user.is_authenticated:
        return redirect(address)
    request.session.set_expiry(KEPT_SECONDS)  # signing in begins another
    messages.warning(request, "You were signed out. What you typed is kept for an hour: sign in to go on with it.")
    return redirect_to_login(address)


def _with_personal_details(typed: dict[str, list[str]]) -> set[str]:
    return {name for name, texts in typed.items() if any(map(personal_details, texts))}


def typed_in(request: HttpRequest) -> list[tuple[str, str]]:
    """(field, value) of what a form that cannot be taken says, to be copied by whoever opened it; nothing is kept."""
    if request.method != "POST" or not getattr(request, "user", None) or not request.user.is_authenticated:
        return []
    try:
        is_theirs = _is_from_here(request) and not is_anothers(request)
    except (SuspiciousOperation, MultiPartParserError, UnreadablePostError):
        return []  # nobody typed that by hand
    return [
        (name.replace("_", " ").replace("-", " ").capitalize(), text)
        for name, texts in request.POST.lists()
        if is_theirs and _may_be_kept(name) and name not in UNTYPED
        for text in texts
        if text
    ]


def is_anothers(request: HttpRequest) -> bool:
    """Whether the form that was posted was opened by somebody else than who is signed in now."""
    return request.user.is_authenticated and _whose(request) not in (None, request.user.pk)


def rescued(request: HttpRequest) -> QueryDict | None:
    """What was kept of this person for this address, with a sentence that says so."""
    for entry in _kept(request):
        if entry["path"] == request.path:
            messages.warning(request, BUT_PERSONAL_DETAILS if entry.get("is_part") else SENTENCE)
            typed = QueryDict(mutable=True)
            for name, texts in entry["typed"].items():
                typed.setlist(name, texts)
            return typed
    return None


def forgotten_once_saved(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """The response; what was kept for the address is needed no more if it leads on from a form that was taken."""
    is_saved = request.method == "POST" and response.status_code == 302 and request.user.is_authenticated
    if is_saved and SESSION_KEY in request.session:
        request.session[SESSION_KEY] = [entry for entry in _kept(request) if entry["path"] != request.path]
    return response


def forget_below(request: HttpRequest, path: str) -> None:
    """What was kept for the pages below an address has been saved some other way."""
    if SESSION_KEY in request.session:
        left = [entry for entry in _kept(request) if not entry["path"].startswith(path)]
        request.session[SESSION_KEY] = left


@receiver(user_logged_in)
def forget_others(request: HttpRequest, user, **_) -> None:
    """Who signs in at a computer after somebody else takes nothing of theirs along."""
    if SESSION_KEY in request.session:
        request.session[SESSION_KEY] = _kept(request, user)


def name_of(user) -> str:
    """Whose form it is, so that nobody can say it of another's."""
    return _signer().sign(user.pk)


def _whose(request: HttpRequest) -> int | None:
    try:
        return int(_signer().unsign(request.POST.get(WHOSE, "")))
    except BadSignature:
        return None


def _signer() -> Signer:
    return Signer(salt="vru_portal.core.rescue")


def _kept(request: HttpRequest, user=None) -> list[dict]:
    """What is not too old; of whoever is signed in (or signs in: `user`) their own alone."""
    user = user or request.user
    kept = [entry for entry in request.session.get(SESSION_KEY, []) if entry["until"] > time.time()]
    return [entry for entry in kept if not user.is_authenticated or entry.get("whose") == user.pk]


def _may_be_kept(name: str) -> bool:
    return name not in ("csrfmiddlewaretoken", WHOSE) and "password" not in name.lower()


def _keeper_of(path: str) -> TypingIsKept | type[TypingIsKept] | None:
    """What stands behind an address, a view or a table of the admin, if it keeps what is typed there."""
    try:
        match = resolve(path)
    except Resolver404:
        return None
    keeper = getattr(match.func, "view_class", None) or getattr(match.func, "model_admin", None)
    keeps = isinstance(keeper, TypingIsKept) or (isinstance(keeper, type) and issubclass(keeper, TypingIsKept))
    return keeper if keeps and keeper.keeps_typing_at(match.url_name) else None


def _is_from_here(request: HttpRequest) -> bool:
    """Browsers say where a form stood; another site must not fill in ours, nor end a session by starting one."""
    if request.headers.get("Sec-Fetch-Site", "same-origin") != "same-origin":
        return False
    here = f"{request.scheme}://{request.get_host()}"
    return request.headers.get("Origin", here) == here
