"""Settings of the service. What differs between deployments comes from the environment: README.md.

Without FIELDWORK_ENV this is a local run: an embedded PostgreSQL, a random key kept in `.data/`,
HTTP on this machine only. With FIELDWORK_ENV=production the key and the hosts must be given, and
cookies and redirects insist on HTTPS.
"""

from pathlib import Path
from typing import Any

import pghistory
from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured
from django.urls import reverse

from config import environment
from config.operator import Operator

BASE_DIR = Path(__file__).resolve().parent.parent
SERVICE_NAME = "Record inspection fieldwork"

if environment.text("FIELDWORK_ENV", "local") not in ("local", "production"):
    raise ImproperlyConfigured("FIELDWORK_ENV must be “local” or “production”.")
PRODUCTION = environment.text("FIELDWORK_ENV") == "production"
DEBUG = environment.flag("DEBUG")
if DEBUG and PRODUCTION:
    raise ImproperlyConfigured(
        "DEBUG shows what people recorded in error pages: not in production."
    )

SECRET_KEY = environment.text("SECRET_KEY")
ALLOWED_HOSTS = environment.listed("ALLOWED_HOSTS")
if PRODUCTION:
    for name in ("SECRET_KEY", "ALLOWED_HOSTS", "DATABASE_URL"):
        if not environment.text(name):
            raise ImproperlyConfigured(f"FIELDWORK_ENV is production, but {name} is not set.")
else:
    SECRET_KEY = SECRET_KEY or environment.local_secret_key(environment.DATA / "secret_key")
    ALLOWED_HOSTS = ALLOWED_HOSTS or ["localhost", "127.0.0.1", "[::1]"]

# Its people have a published password, so what may be a real database gets it by name alone.
LOADS_DEMONSTRATION = environment.flag(
    "DEMONSTRATION", default=not PRODUCTION and not environment.text("DATABASE_URL")
)
if LOADS_DEMONSTRATION and PRODUCTION:
    raise ImproperlyConfigured(
        "The password of the demonstration is public, so it is not loaded in production. "
        "Unset DEMONSTRATION."
    )

# --- Apps, middleware, templates

INSTALLED_APPS = [
    "inspections",
    "cases",
    "ratings",
    "config.site",
    "config.demonstration",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "crispy_forms",
    "crispy_forms_gds",
    "csp",
    "pghistory",
    "pgtrigger",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "config.middleware.CompressPages",
    "config.middleware.ContentSecurityPolicy",
    "config.middleware.refuse_nul",
    "config.middleware.refuse_bodies",
    "config.sessions.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "inspections.access.session_ends.move_ends_on",
    "config.middleware.keep_no_page",
    # A page is for people who are signed in unless its view says @login_not_required.
    "config.middleware.LoginRequiredByDefault",
    "allauth.account.middleware.AccountMiddleware",
    "config.middleware.SecondStepFirst",
    "config.middleware.HistoryOfRequests",
    "django.contrib.messages.middleware.MessageMiddleware",
    "config.middleware.say_what_was_not_done",
    "config.middleware.record_what_was_read",
    # The last, and so right around the view: who isn't let in gets no further than those above.
    "config.middleware.OneRecordAForm",
]

ROOT_URLCONF = "config.urls"
# An inspection's page belongs to config.site, which models can't name.
ABSOLUTE_URL_OVERRIDES = {
    "inspections.inspection": lambda inspection: reverse("site:home", args=[inspection.pk]),
}
WSGI_APPLICATION = "config.wsgi.application"

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
                "config.pages.service",
            ],
            # Beside every csrf_token there is a form_id.
            "builtins": ["inspections.templatetags.form_ids"],
            "libraries": {
                "gds": "config.gds",
                "words": "ratings.words",
                "distances": "ratings.distances",
                "drawings": "ratings.drawings",
                "likelihoods": "ratings.likelihoods",
                "case_words": "cases.words",
                "announcing_words": "inspections.announcing.words",
            },
        },
    },
]
# The columns of a list of cases are asked for in two inputs each, and it may have 500.
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2_000
# Form widgets, too, are looked up in templates/ first.
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"
INSTALLED_APPS.append("django.forms")

CRISPY_ALLOWED_TEMPLATE_PACKS = ["gds"]
CRISPY_TEMPLATE_PACK = "gds"

# --- Database

# The service connects as a role that owns nothing; migrations as the one that owns the tables
# (config/postgresql/roles.py). Without an owner, outside production, one role does both.
OWNER_DATABASE: dict[str, Any] = {}
if environment.text("DATABASE_URL"):
    DATABASES = {"default": environment.database("DATABASE_URL")}
    if environment.text("OWNER_DATABASE_URL"):
        OWNER_DATABASE = environment.owner_of(DATABASES["default"], "OWNER_DATABASE_URL")
else:
    # The backend adds the embedded server's address, and the server has both roles.
    DATABASES = {
        "default": {
            "ENGINE": "config.postgresql",
            "NAME": "fieldwork",
            "USER": "fieldwork",
            "OPTIONS": {},
        }
    }
    OWNER_DATABASE = {"USER": "fieldwork_owner"}
APPLICATION_ROLE: str = DATABASES["default"]["USER"]
DATABASES["default"] |= {
    # A pool lets the many threads of a process share few connections; a connection then goes
    # back after each request, so none may be kept for longer.
    "CONN_MAX_AGE": 0,
    "ATOMIC_REQUESTS": False,
}
DATABASES["default"]["OPTIONS"] |= {
    "pool": {
        "min_size": 1,
        "max_size": environment.number("DATABASE_POOL_SIZE", 8),
        "timeout": 10,
        # Seconds after which an idle connection is closed.
        "max_idle": 60,
    },
    # Milliseconds after which a database that doesn't answer counts as lost.
    "tcp_user_timeout": 15_000,
    # Django's own statements are never prepared; those of every save are: inspections/prepared.py.
    "prepare_threshold": 5,
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# --- History: inspections/history.py

PGHISTORY_APPEND_ONLY = True
PGHISTORY_DEFAULT_TRACKERS = (
    pghistory.InsertEvent(),
    pghistory.UpdateEvent(),
    pghistory.DeleteEvent(),
)
# Person and request are stored in the event itself, which never changes.
PGHISTORY_CONTEXT_FIELD = pghistory.ContextJSONField()
PGHISTORY_FOREIGN_KEY_FIELD = pghistory.ForeignKey(db_index=False)
PGHISTORY_OBJ_FIELD = pghistory.ObjForeignKey(db_index=True)
# A GET writes nothing that has such a history.
PGHISTORY_MIDDLEWARE_METHODS = ("POST",)

# --- Seals: ratings/results/signing.py

# The private key itself, wherever it came from; none leaves seals unsigned.
SEAL_SIGNING_KEY = environment.contents("SEAL_SIGNING_KEY")

# --- Retention: ratings/results/retention

# After publication, unless an administrator says otherwise for an inspection. The bounds are those
# of ratings/models/retention.py, which the database holds.
CASE_CONTENT_MONTHS = environment.number("CASE_CONTENT_MONTHS", 12)
if not 3 <= CASE_CONTENT_MONTHS <= 240:
    raise ImproperlyConfigured(
        f"CASE_CONTENT_MONTHS is {CASE_CONTENT_MONTHS}. Set it to a number from 3 to 240."
    )

# --- The ratings panel: ratings/permissions.py

# The fewest members who have to be present. Two members of the demonstration's meeting take part.
PANEL_QUORUM = environment.number("PANEL_QUORUM", 3 if PRODUCTION else 2)
if PANEL_QUORUM < 1:
    raise ImproperlyConfigured(f"PANEL_QUORUM is {PANEL_QUORUM}. Set it to 1 or more.")

# --- Who operates the service, for its statements

OPERATOR = Operator.from_environment()

# --- Language and time

LANGUAGE_CODE = "en-gb"
TIME_ZONE = "Europe/London"
USE_TZ = True
USE_I18N = True

# --- Signing in

AUTH_USER_MODEL = "inspections.User"
AUTHENTICATION_BACKENDS = ["config.sessions.SignedInBackend"]
SESSION_ENGINE = "config.sessions"
PASSWORD_HASHERS = [
    "inspections.access.hashers.PasswordHasher",
    # Of passwords that were chosen before: signing in hashes them anew.
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {
        "NAME": "inspections.access.breached_passwords.BreachedPasswordValidator",
        "OPTIONS": {"path": environment.readable_file("BREACHED_PASSWORDS")},
    },
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
# Seconds after which a session ends: in all, also when the browser is closed meanwhile, and after
# its person last did something (inspections.access.session_ends).
SESSION_COOKIE_AGE = 12 * 60 * 60
SESSION_IDLE_AGE = 30 * 60

ACCOUNT_ADAPTER = "inspections.access.adapter.AccountAdapter"
ACCOUNT_FORMS = {
    "login": "inspections.access.forms.SignInForm",
    "reauthenticate": "inspections.access.forms.ReauthenticateForm",
    "reset_password": "inspections.access.forms.ResetPasswordForm",
    "reset_password_from_key": "inspections.access.forms.ChooseNewPasswordForm",
    "change_password": "inspections.access.forms.ChangePasswordForm",
}
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
# A person has the one address that the administrator gave.
ACCOUNT_MAX_EMAIL_ADDRESSES = 1
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_LOGOUT_REDIRECT_URL = LOGIN_URL
# Seconds for which a link to choose a password works, of an invitation too (ADR 28).
PASSWORD_RESET_TIMEOUT = 3 * 24 * 60 * 60
ACCOUNT_EMAIL_SUBJECT_PREFIX = f"{SERVICE_NAME}: "
# Whose sign-in needs a second step: roles, EVERYBODY or NOBODY (inspections.access.second_step).
SECOND_STEP_FOR = environment.listed("SECOND_STEP_FOR") or ["EVERYBODY" if PRODUCTION else "NOBODY"]
ROLES = {
    "ADMINISTRATOR",
    "LEAD_INSPECTOR",
    "DEPUTY_LEAD",
    "INSPECTOR",
    "LOCAL_ASSESSOR",
    "REVIEWER",
    "PANEL_MEMBER",
    "OBSERVER",
    "PUBLISHER",
}
if unknown := set(SECOND_STEP_FOR) - ROLES - {"EVERYBODY", "NOBODY"}:
    raise ImproperlyConfigured(
        f"SECOND_STEP_FOR names {', '.join(sorted(unknown))}. Set it to EVERYBODY, NOBODY, or some "
        f"of {', '.join(sorted(ROLES))}, separated by commas."
    )
MFA_ADAPTER = "inspections.access.second_step.SecondStepAdapter"
MFA_TOTP_ISSUER = SERVICE_NAME
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
# Browsers give a passkey to pages that came by HTTPS, and to this machine's own.
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not PRODUCTION
MFA_FORMS = {"add_webauthn": "inspections.access.forms.AddPasskeyForm"}
# Nothing can be guessed with a passkey, and an office shares its address.
MFA_RATE_LIMITS = {"webauthn_login": None}

# Five tries in five minutes, as inspections.access.adapter and 429.html say: at the password of one
# account from one address, at the second step of one account, at a password to change or confirm.
# Nothing is counted for an address alone, which an office shares: strangers would keep all out.
ACCOUNT_RATE_LIMITS = {
    "login": None,
    "login_failed": "5/5m/key",
    # Emails to one address, whoever asks. Each of them has a link that works.
    "reset_password": "5/5m/key",
    # No link can be guessed.
    "reset_password_from_key": None,
    "change_password": "5/5m/user",
    "reauthenticate": "5/5m/user",
}
# Proxies of our own, each of which adds the address that it sees to X-Forwarded-For.
PROXIES = environment.number("BEHIND_PROXY", 0)
if PROXIES < 0:
    raise ImproperlyConfigured("BEHIND_PROXY is negative. Set it to the number of your proxies.")
ALLAUTH_TRUSTED_PROXY_COUNT = PROXIES
# What is counted against guessing, and which codes were used: one count for all processes.
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "fieldwork_cache",
        # Far more than are in use at a time: a full cache forgets some, and their counts with them.
        "OPTIONS": {"MAX_ENTRIES": 100_000},
    }
}

# Signing in with an organisation's own accounts, when its OpenID Connect provider is named. It
# never makes a person: it signs in the one whose email address the provider vouches for.
SOCIALACCOUNT_EMAIL_AUTHENTICATION = True
SOCIALACCOUNT_EMAIL_AUTHENTICATION_AUTO_CONNECT = True
SOCIALACCOUNT_PROVIDERS: dict[str, Any] = {}
if environment.text("OIDC_SERVER_URL"):
    for name in ("OIDC_CLIENT_ID", "OIDC_CLIENT_SECRET"):
        if not environment.text(name):
            raise ImproperlyConfigured(f"OIDC_SERVER_URL is set, but {name} is not.")
    SOCIALACCOUNT_PROVIDERS["openid_connect"] = {
        "APPS": [
            {
                "provider_id": "organisation",
                "name": environment.text("OIDC_NAME", "your organisation"),
                "client_id": environment.text("OIDC_CLIENT_ID"),
                "secret": environment.text("OIDC_CLIENT_SECRET"),
                "settings": {"server_url": environment.text("OIDC_SERVER_URL")},
            }
        ],
        "OAUTH_PKCE_ENABLED": True,
    }

# --- Security headers

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        # The code that sets up an authenticator app is an image written into the page itself.
        "img-src": [SELF, "data:"],
        "object-src": [NONE],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
        "form-action": [SELF],
    },
}
X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "same-origin"
CSRF_COOKIE_HTTPONLY = True
CSRF_FAILURE_VIEW = "config.refused_forms.expired"
CSRF_TRUSTED_ORIGINS = environment.listed("CSRF_TRUSTED_ORIGINS")
if PRODUCTION:
    SESSION_COOKIE_SECURE = True
    CSRF_COOKIE_SECURE = True
    SECURE_SSL_REDIRECT = True
    SECURE_HSTS_SECONDS = 365 * 24 * 60 * 60
    SECURE_HSTS_INCLUDE_SUBDOMAINS = True
    SECURE_HSTS_PRELOAD = True
    if PROXIES:
        SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")

# --- Static files

STATIC_URL = "static/"
STATIC_ROOT = BASE_DIR / "staticfiles"
STATICFILES_DIRS = [BASE_DIR / "static"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "config.staticfiles.Storage"},
}

# --- Email and log

if environment.text("EMAIL_HOST"):
    EMAIL_HOST = environment.text("EMAIL_HOST")
    EMAIL_PORT = environment.number("EMAIL_PORT", 587)
    EMAIL_HOST_USER = environment.text("EMAIL_HOST_USER")
    EMAIL_HOST_PASSWORD = environment.text("EMAIL_HOST_PASSWORD")
    EMAIL_USE_TLS = True
    # Seconds after which a mail server that doesn't answer counts as failed.
    EMAIL_TIMEOUT = 10
else:
    EMAIL_BACKEND = "django.core.mail.backends.console.EmailBackend"
DEFAULT_FROM_EMAIL = environment.text("DEFAULT_FROM_EMAIL", "fieldwork@localhost")

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
    "filters": {
        "refusals": {
            "()": "django.utils.log.CallbackFilter",
            "callback": "ext://config.logs.without_traceback",
        }
    },
    "handlers": {
        "console": {
            "class": "logging.StreamHandler",
            "formatter": "line",
            "filters": ["refusals"],
        }
    },
    "root": {"handlers": ["console"], "level": "WARNING"},
    "loggers": {
        "django": {"handlers": [], "level": "INFO"},
        "django.server": {"handlers": [], "level": "WARNING", "propagate": True},
    },
}
