"""All settings, from the environment only.

The defaults are those of a real installation: whatever must be given has no default, and its absence stops the
start with the variable's name. `make run` (`vru_portal.embedded`) sets what the embedded servers and the demo need.
"""

import os
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pghistory
from celery.schedules import crontab
from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured
from redis.backoff import NoBackoff
from redis.retry import Retry

BASE_DIR = Path(__file__).resolve().parent.parent


def required(name: str) -> str:
    """The variable's value; stops the start with its name if it is missing or empty."""
    value = os.environ.get(name, "")
    if not value:
        raise ImproperlyConfigured(
            f"Set the environment variable {name} (`make run` sets it for the embedded servers; "
            "see docs/operations.md)."
        )
    return value


def flag(name: str, default: bool = False) -> bool:
    return os.environ.get(name, "1" if default else "0").lower() in {"1", "true", "yes", "on"}


def names(name: str, default: str) -> list[str]:
    return [part.strip() for part in os.environ.get(name, default).split(",") if part.strip()]


def database(url: str) -> dict:
    """Django's settings for `postgresql://user:password@host:port/name`; a host that is a folder is a socket, given
    as `?host=/folder`."""
    parts = urlsplit(url)
    if parts.scheme not in {"postgresql", "postgres"}:
        raise ImproperlyConfigured("DATABASE_URL must begin with postgresql://; no other database is supported.")
    query = dict(pair.split("=", 1) for pair in parts.query.split("&") if "=" in pair)
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.lstrip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": unquote(query.get("host", parts.hostname or "")),
        "PORT": str(query.get("port", parts.port or "")),
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
        "ATOMIC_REQUESTS": False,
    }


# ---- What this installation is ----
DEBUG = False
SECRET_KEY = required("SECRET_KEY")
ALLOWED_HOSTS = names("ALLOWED_HOSTS", "localhost,127.0.0.1,[::1]")
CSRF_TRUSTED_ORIGINS = names("CSRF_TRUSTED_ORIGINS", "")
UNIT_NAME = os.environ.get("UNIT_NAME", "West Midlands Violence Reduction Unit")
UNIT_SHORT_NAME = os.environ.get("UNIT_SHORT_NAME", "WMVRU")
UNIT_COLOUR = os.environ.get("UNIT_COLOUR", "#5b2a86")
# What the identifiers of its awards begin with in open data; 360Giving gives each publisher one.
OPEN_DATA_PREFIX = os.environ.get("OPEN_DATA_PREFIX", f"360G-{UNIT_SHORT_NAME.lower()}")
CODE_VERSION = os.environ.get("CODE_VERSION", "unversioned")
DEMO = flag("DEMO")  # shows the demo accounts on the sign-in page
HTTPS = flag("HTTPS", default=True)  # the embedded default serves plain HTTP on loopback and turns this off
PORTAL_HOME = Path(os.environ.get("PORTAL_HOME", BASE_DIR / ".portal"))

# ---- Django ----
INSTALLED_APPS = [
    "vru_portal.core",
    "partners",
    "programmes",
    "funding",
    "outcomes",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "django.contrib.postgres",
    "vru_portal.apps.PortalAdminConfig",
    "django.forms",
    "allauth",
    "allauth.account",
    "pghistory",
    "pgtrigger",
    "rest_framework",
    "knox",
    "drf_spectacular",
    "import_export",
    "csp",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "pghistory.middleware.HistoryMiddleware",
]

ROOT_URLCONF = "vru_portal.urls"
WSGI_APPLICATION = "vru_portal.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "vru_portal.context.portal",
            ],
            "builtins": ["vru_portal.core.templatetags.whose_form"],
        },
    },
]
FORM_RENDERER = "vru_portal.core.forms.GovukRenderer"

DATABASES = {"default": database(required("DATABASE_URL"))}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# The keys of registers' pseudonyms (`outcomes.registers.keys`): a file's name, or the lines themselves. Without one no
# delivery can give registers.
REGISTER_KEYS_FILE = os.environ.get("REGISTER_KEYS_FILE", "")
REGISTER_KEYS = os.environ.get("REGISTER_KEYS", "")

REDIS_URL = required("REDIS_URL")
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.redis.RedisCache",
        "LOCATION": REDIS_URL,
        # A request waits no longer for what it can do without.
        "OPTIONS": {"socket_timeout": 1, "socket_connect_timeout": 1, "retry": Retry(NoBackoff(), 0)},
    }
}
SESSION_ENGINE = "django.contrib.sessions.backends.db"
SESSION_COOKIE_AGE = 12 * 60 * 60

LANGUAGE_CODE = "en-gb"
TIME_ZONE = "Europe/London"
USE_TZ = True
USE_I18N = True
USE_THOUSAND_SEPARATOR = True

STATIC_URL = "/static/"
STATIC_ROOT = BASE_DIR / "staticfiles"
STATICFILES_DIRS = [BASE_DIR / "static"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
MEDIA_ROOT = PORTAL_HOME / "files"  # evidence of claims; no address leads there, a view hands each file out
FILE_UPLOAD_PERMISSIONS = 0o600
FILE_UPLOAD_DIRECTORY_PERMISSIONS = 0o700
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2000
FILE_UPLOAD_HANDLERS = ["vru_portal.core.uploads.InMemory"]  # none that writes to a disk

# ---- Who may come in ----
AUTH_USER_MODEL = "partners.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "partners.passwords.NotLikeThePerson"},
    {"NAME": "partners.passwords.LongEnough", "OPTIONS": {"min_length": 12}},
    {"NAME": "partners.passwords.NotCommon"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "home"
ACCOUNT_ADAPTER = "partners.sign_in.InvitationOnlyAdapter"
ACCOUNT_FORMS = {
    "login": "partners.forms.SignInForm",
    "reset_password": "partners.forms.ForgottenPasswordForm",
    "change_password": "partners.forms.AnotherPasswordForm",
    "set_password": "partners.forms.FirstPasswordForm",
    "reset_password_from_key": "partners.forms.PasswordByLinkForm",
}
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = "none"  # an invitation went to the address already
ACCOUNT_LOGOUT_REDIRECT_URL = "account_login"
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_SESSION_REMEMBER = False
# The pages say “five minutes”: partners.sign_in and 429.html.
ACCOUNT_RATE_LIMITS = {"login_failed": "10/m/ip,5/300s/key"}
# Proxies between the reader and us, each of which adds an address to X-Forwarded-For. Attempts to sign in are counted
# by the address that the outermost of them saw; without a proxy a browser could name any.
ALLAUTH_TRUSTED_PROXY_COUNT = int(os.environ.get("TRUSTED_PROXIES", "0"))

# ---- Safety ----
SECURE_SSL_REDIRECT = HTTPS
SECURE_REDIRECT_EXEMPT = [r"^health/"]
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if HTTPS else None
SECURE_HSTS_SECONDS = 365 * 24 * 60 * 60 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = True
SECURE_HSTS_PRELOAD = True
SESSION_COOKIE_SECURE = HTTPS
CSRF_COOKIE_SECURE = HTTPS
CSRF_COOKIE_HTTPONLY = False
CSRF_FAILURE_VIEW = "vru_portal.views.csrf_failure"
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
        "manifest-src": [SELF],
    }
}

# ---- Mail ----
EMAIL_BACKEND = os.environ.get("EMAIL_BACKEND", "django.core.mail.backends.smtp.EmailBackend")
EMAIL_FILE_PATH = PORTAL_HOME / "mail"
EMAIL_HOST = os.environ.get("EMAIL_HOST", "localhost")
EMAIL_PORT = int(os.environ.get("EMAIL_PORT", "25"))
EMAIL_HOST_USER = os.environ.get("EMAIL_HOST_USER", "")
EMAIL_HOST_PASSWORD = os.environ.get("EMAIL_HOST_PASSWORD", "")
EMAIL_USE_TLS = flag("EMAIL_USE_TLS")
EMAIL_TIMEOUT = 20
PORTAL_ADDRESS = os.environ.get("PORTAL_ADDRESS", "")  # stands in messages that the clock writes
DEFAULT_FROM_EMAIL = os.environ.get("DEFAULT_FROM_EMAIL", "portal@localhost")

# ---- Jobs and the clock ----
CELERY_BROKER_URL = REDIS_URL
CELERY_RESULT_BACKEND = REDIS_URL
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True  # a task whose worker dies is given again; every task may run twice
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_CONCURRENCY = int(os.environ.get("WORKER_CONCURRENCY", "2"))
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_TRANSPORT_OPTIONS = {"visibility_timeout": 15 * 60}
CELERY_TIMEZONE = TIME_ZONE
CELERY_TASK_SERIALIZER = "json"
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_BEAT_SCHEDULE_FILENAME = str(PORTAL_HOME / "beat-schedule")
CELERY_BEAT_SCHEDULE = {
    # Each may run as often as it likes: what is done already is not done again.
    "open-obligations": {"task": "outcomes.open_obligations", "schedule": crontab(minute="5")},
    "end-unlocks": {"task": "outcomes.end_unlocks", "schedule": crontab(minute="2")},
    "discard-stale-registers": {"task": "outcomes.discard_stale_registers", "schedule": crontab(minute="40")},
    "request-recount": {"task": "outcomes.request_recount", "schedule": crontab(minute="50", hour="3")},
    "resume-recounts": {"task": "outcomes.resume_recounts", "schedule": crontab()},
    "review-payment-holds": {"task": "outcomes.review_payment_holds", "schedule": crontab(minute="20", hour="6")},
    "send-digests": {"task": "outcomes.send_digests", "schedule": crontab(minute="30", hour="7-18")},
    "announce-due-dates": {"task": "outcomes.announce_due_dates", "schedule": crontab(minute="10")},
    "produce-due-release": {"task": "outcomes.produce_due_release", "schedule": crontab(minute="15")},
    "clear-expired-sessions": {"task": "partners.clear_expired_sessions", "schedule": crontab(minute="35")},
    "hand-over-waiting-messages": {"task": "partners.hand_over_waiting_messages", "schedule": crontab(minute="*/5")},
    "give-up-lost-messages": {"task": "partners.give_up_lost_messages", "schedule": crontab(minute="*/5")},
    "resume-quarter-reports": {"task": "outcomes.resume_quarter_reports", "schedule": crontab()},
    "resume-proofs": {"task": "outcomes.resume_proofs", "schedule": crontab(minute="*/3")},
    "resume-unfinished-runs": {"task": "outcomes.resume_unfinished_runs", "schedule": crontab()},
}

# ---- API ----
REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "knox.auth.TokenAuthentication",
        "rest_framework.authentication.SessionAuthentication",
    ],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "DEFAULT_PAGINATION_CLASS": "vru_portal.core.pagination.Pages",
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
}
SPECTACULAR_SETTINGS = {
    "TITLE": "VRU portal API",
    "DESCRIPTION": "Read-only. What you see is what your role sees on the pages.",
    "VERSION": "1",
    "SERVE_INCLUDE_SCHEMA": False,
}
REST_KNOX = {"TOKEN_TTL": None, "TOKEN_LIMIT_PER_USER": 5}

# A row that is deleted leaves who deleted it, too.
PGHISTORY_DEFAULT_TRACKERS = (pghistory.InsertEvent(), pghistory.UpdateEvent(), pghistory.DeleteEvent())
PGHISTORY_APPEND_ONLY = True  # triggers refuse to change or delete a row of history
IMPORT_EXPORT_USE_TRANSACTIONS = True
IMPORT_EXPORT_ESCAPE_FORMULAE_ON_EXPORT = True

DEFAULT_EXCEPTION_REPORTER = "vru_portal.core.error_reports.WithoutFiles"
DEFAULT_EXCEPTION_REPORTER_FILTER = "vru_portal.core.error_reports.WithoutValues"
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
    "filters": {
        "without_secrets": {"()": "vru_portal.core.secret_links.WithoutSecrets"},
        "without_traceback": {"()": "vru_portal.core.refusals.WithoutTraceback"},
    },
    "handlers": {
        "console": {
            "class": "logging.StreamHandler",
            "formatter": "line",
            "filters": ["without_secrets", "without_traceback"],
        }
    },
    "root": {"handlers": ["console"], "level": os.environ.get("LOG_LEVEL", "INFO")},
}
