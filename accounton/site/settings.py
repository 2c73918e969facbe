"""Django's settings. Everything that differs between machines comes from the environment (environment.py)."""

from importlib.util import find_spec
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from csp.constants import NONE, SELF
from django.utils.translation import gettext_lazy as _

from accounton.site import email_url, environment, kept_secrets
from accounton.site.database import database

ROOT = Path(__file__).resolve().parent.parent
DATA_DIR = Path(environment.text("DATA_DIR", "var")).resolve()
BASE_URL = environment.base_url()
LOCAL = environment.is_local(BASE_URL)
PLATFORM_NAME = environment.text("PLATFORM_NAME", "Accounton")

DATABASE = database(f"sqlite:///{DATA_DIR / 'accounton.sqlite3'}")
SECRET_KEY = kept_secrets.secret_key(DATA_DIR, LOCAL)
ENCRYPTION_KEYS = kept_secrets.encryption_keys(DATA_DIR, LOCAL, DATABASE)
DEBUG = False
ALLOWED_HOSTS = ["127.0.0.1", "localhost", "[::1]"] if LOCAL else [urlsplit(BASE_URL).hostname or ""]
CSRF_TRUSTED_ORIGINS = [] if LOCAL else [BASE_URL]

INSTALLED_APPS = [
    "accounton.site.apps.SiteConfig",
    "accounton.offices",
    "accounton.mail",
    "accounton.customers",
    "accounton.dossiers",
    "accounton.questionnaires",
    "accounton.importing",
    "accounton.overview",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.humanize",
    "django.contrib.messages",
    "django.contrib.sessions",
    "whitenoise.runserver_nostatic",
    "accounton.site.apps.StaticConfig",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "csp",
    "bs_icon_templates",
    "django_htmx",
    "django_q",
]

MIDDLEWARE = [
    "accounton.site.middleware.RequestIdMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "django.middleware.gzip.GZipMiddleware",
    "csp.middleware.CSPMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "accounton.site.middleware.NoNullMiddleware",
    "accounton.site.middleware.NumberInAddressMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "accounton.offices.sessions.SessionUseMiddleware",
    "accounton.offices.middleware.OfficeMiddleware",
    "accounton.offices.middleware.TooSoonMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "accounton.site.leading_back.LeadBackMiddleware",
    "accounton.site.sign_in.SignInMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "accounton.site.middleware.NoStoreMiddleware",
    "accounton.site.refused_bodies.BodyMiddleware",
]

ROOT_URLCONF = "accounton.site.urls"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "accounton.site.context.frame",
            ],
        },
    }
]

SQLITE_PRAGMAS = (
    "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA temp_store=MEMORY; PRAGMA mmap_size=83886080; "
    "PRAGMA journal_size_limit=67108864; PRAGMA cache_size=-32000; PRAGMA wal_autocheckpoint=16000; "
    "PRAGMA secure_delete=ON;"
)
DATABASES: dict[str, dict[str, Any]] = {"default": DATABASE}
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    DATABASES["default"]["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 30,
        "init_command": SQLITE_PRAGMAS,
    }
    # A file like the real one: an in-memory database locks in other ways.
    DATABASES["default"]["TEST"] = {"NAME": str(DATA_DIR / "test.sqlite3")}
else:
    # Compiling a query costs a page 130 ms where running it takes 20. An address of one's own may say otherwise.
    DATABASES["default"].setdefault("OPTIONS", {}).setdefault("options", "-c jit=off")
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
CACHES = {"default": {"BACKEND": "django.core.cache.backends.db.DatabaseCache", "LOCATION": "site_cache"}}

AUTH_USER_MODEL = "offices.User"
AUTHENTICATION_BACKENDS = ["accounton.offices.accounts.StaffBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "accounton.offices.sign_in.passwords.SimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
ACCOUNT_ADAPTER = "accounton.offices.accounts.StaffAccountAdapter"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_LOGOUT_ON_GET = False
# Guessing is limited by offices/limits: allauth's own limits lie in the cache, which forgets.
ACCOUNT_RATE_LIMITS = False
ACCOUNT_FORMS = {
    "login": "accounton.offices.sign_in.forms.SignInForm",
    "change_password": "accounton.offices.sign_in.forms.PasswordChangeForm",
    "reset_password": "accounton.offices.sign_in.forms.PasswordResetForm",
    "reset_password_from_key": "accounton.offices.sign_in.forms.NewPasswordForm",
    "user_token": "accounton.offices.sign_in.forms.ResetLinkForm",
}
# One use, and the password of today in it.
ACCOUNT_PASSWORD_RESET_TOKEN_GENERATOR = "accounton.offices.sign_in.links.LinkTokens"  # noqa: S105
PASSWORD_RESET_TIMEOUT = 3600
ALLAUTH_TRUSTED_PROXY_COUNT = environment.number("TRUSTED_PROXIES", 0, least=0)
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
MFA_ADAPTER = "accounton.offices.accounts.SealedMFAAdapter"
MFA_FORMS = {
    "authenticate": "accounton.offices.sign_in.forms.CodeForm",
    "reauthenticate": "accounton.offices.sign_in.forms.ReauthenticationCodeForm",
}
MFA_TOTP_ISSUER = PLATFORM_NAME
# A code is good for half a minute longer, so that one typed slowly still works; none works twice.
MFA_TOTP_TOLERANCE = 1

LANGUAGE_CODE = "nl"
LANGUAGES = [("nl", _("Dutch")), ("fr", _("French")), ("en", _("English"))]
USE_I18N = True
# The pure rooms are no Django applications, but have words all the same.
LOCALE_PATHS = [ROOT / room / "locale" for room in ("belgium", "spreadsheets", "rows")]
TIME_ZONE = "Europe/Brussels"
USE_TZ = True
USE_THOUSAND_SEPARATOR = True


def _package(name: str, *rest: str) -> Path:
    spec = find_spec(name)
    if spec is None or spec.origin is None:
        raise environment.UnusableEnvironment(f"the package {name} is not installed: run make setup")
    return Path(spec.origin).parent.joinpath(*rest)


STATIC_URL = "/static/"
STATIC_ROOT = DATA_DIR / "static"
STATICFILES_DIRS = [("bootstrap", _package("django_include_bootstrap", "static"))]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
WHITENOISE_SKIP_COMPRESS_EXTENSIONS = tuple("map jpg jpeg png gif webp zip gz tgz bz2 tbz xz br woff woff2".split())
WHITENOISE_KEEP_ONLY_HASHED_FILES = True

# An upload waits in memory, never as a readable file on disk.
MAX_UPLOAD_BYTES = environment.max_upload_bytes()
LIST_LIMITS = environment.list_limits()
FILE_UPLOAD_HANDLERS = ["accounton.importing.uploading.BoundedMemoryUploadHandler"]
FILE_UPLOAD_MAX_MEMORY_SIZE = MAX_UPLOAD_BYTES
DATA_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2000

# More national numbers within an hour ask who the colleague is; more on a day wait for an admin (offices/reveals.py).
REVEALS_PER_HOUR = environment.reveals("PER_HOUR", 20)
REVEALS_PER_DAY = environment.reveals("PER_DAY", 100)

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
        "object-src": [NONE],
        "manifest-src": [SELF],
    }
}
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
SESSION_COOKIE_HTTPONLY = True
CSRF_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = LANGUAGE_COOKIE_SAMESITE = "Lax"
BROWSER_COOKIE_NAME = "browser"
PERSON_COOKIE_NAME = "person"
SESSION_ENGINE = "accounton.offices.sessions"
SESSION_IDLE_SECONDS, SESSION_COOKIE_AGE = environment.session_limits()
CSRF_FAILURE_VIEW = "accounton.site.views.csrf_refused"
if not LOCAL:
    SECURE_SSL_REDIRECT = True
    SECURE_HSTS_SECONDS = 31_536_000
    SECURE_HSTS_INCLUDE_SUBDOMAINS = True
    SECURE_HSTS_PRELOAD = True
    SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = True
    SESSION_COOKIE_NAME, CSRF_COOKIE_NAME, LANGUAGE_COOKIE_NAME = "__Host-session", "__Host-csrf", "__Host-language"
    BROWSER_COOKIE_NAME = "__Host-browser"
    PERSON_COOKIE_NAME = "__Host-person"
    if ALLAUTH_TRUSTED_PROXY_COUNT:
        SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")

# Without a mail server a local run keeps its mails in a page of its own; in production no mail is made then.
EMAIL_URL = environment.text("EMAIL_URL")
DEMO_MAILBOX = LOCAL and not EMAIL_URL
DEFAULT_FROM_EMAIL = SERVER_EMAIL = email_url.sender(
    environment.text("EMAIL_FROM"), PLATFORM_NAME, "localhost" if LOCAL else urlsplit(BASE_URL).hostname or ""
)
if DEMO_MAILBOX:
    EMAIL_BACKEND = "accounton.mail.backends.DemoMailboxBackend"
elif not EMAIL_URL:
    EMAIL_BACKEND = "django.core.mail.backends.dummy.EmailBackend"
else:
    EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    globals().update(email_url.mail_server(EMAIL_URL))

# retry stays above three times timeout, and the queue hands out one job at a time: otherwise jobs run twice.
Q_CLUSTER = {
    "name": "accounton",
    "orm": "default",
    "workers": 1,
    "timeout": 600,
    "retry": 2000,
    "poll": 0.3,
    "bulk": 1,
    "queue_limit": 1,
    "max_attempts": 3,
    "ack_failures": False,
    "catch_up": False,
    "recycle": 100,
    "save_limit": 250,
}

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"json": {"()": "accounton.site.logs.JsonFormatter"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "json"}},
    "root": {"handlers": ["stderr"], "level": "WARNING"},
    "loggers": {"accounton": {"level": "INFO"}, "django": {"handlers": ["stderr"], "propagate": False}},
}
