"""Production with settings that are not safe is refused at start, in one sentence."""

import os
import secrets
import subprocess

import pytest

from accounton.sealing import generate_key
from tests.faults.conftest import ACCOUNTON

KEY = generate_key()
SAFE = {
    "BASE_URL": "https://accounton.example",
    "SECRET_KEY": secrets.token_urlsafe(50),
    "ENCRYPTION_KEYS": KEY,
    "EMAIL_URL": "smtp://user:password@mail.example:587",
}


def run(folder, **settings: str) -> subprocess.CompletedProcess[str]:
    kept = {key: value for key, value in os.environ.items() if not key.startswith("ACCOUNTON_")}
    given = {f"ACCOUNTON_{name}": value for name, value in {"DATA_DIR": str(folder), **settings}.items()}
    return subprocess.run([ACCOUNTON, "doctor"], env={**kept, **given}, capture_output=True, text=True, check=False)


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        ({"BASE_URL": "http://accounton.example"}, "ACCOUNTON_BASE_URL must begin with https://"),
        ({"BASE_URL": "http://0.0.0.0:8000"}, "ACCOUNTON_BASE_URL must begin with https://"),
        ({"BASE_URL": "accounton.example"}, "ACCOUNTON_BASE_URL is not the address of a site"),
        ({"BASE_URL": "https://accounton.example/pad"}, "ACCOUNTON_BASE_URL is not the address of a site"),
        ({"BASE_URL": "https://[::1"}, "ACCOUNTON_BASE_URL is not the address of a site"),
        ({"BASE_URL": "https://accounton.example:http"}, "ACCOUNTON_BASE_URL is not the address of a site"),
        ({"BASE_URL": "https://els:geheim@accounton.example"}, "must hold no user name"),
        ({"SECRET_KEY": ""}, "ACCOUNTON_SECRET_KEY must be set"),
        ({"SECRET_KEY": secrets.token_urlsafe(20)}, "ACCOUNTON_SECRET_KEY can be guessed"),
        ({"SECRET_KEY": "ab" * 40}, "ACCOUNTON_SECRET_KEY can be guessed"),
        ({"SECRET_KEY": "django-insecure-" + "k3y9x" * 10}, "ACCOUNTON_SECRET_KEY can be guessed"),
        ({"SECRET_KEY": "change-me-" + "k3y9xq" * 10}, "ACCOUNTON_SECRET_KEY can be guessed"),
        ({"SECRET_KEY": KEY + KEY, "ENCRYPTION_KEYS": KEY}, "ACCOUNTON_SECRET_KEY holds an encryption key"),
        ({"ENCRYPTION_KEYS": ""}, "ACCOUNTON_ENCRYPTION_KEYS must be set"),
        ({"ENCRYPTION_KEYS": "A" * 43 + "="}, "not random"),
        ({"TRUSTED_PROXIES": "een"}, "ACCOUNTON_TRUSTED_PROXIES must be a whole number of at least 0"),
        ({"MAX_UPLOAD_BYTES": "0"}, "ACCOUNTON_MAX_UPLOAD_BYTES must be a whole number of at least 1"),
        ({"DATABASE_URL": "postgres//els:geheim@host/db"}, "ACCOUNTON_DATABASE_URL cannot be read"),
    ],
)
def test_production_refuses_to_start_with_settings_that_are_not_safe(tmp_path, settings, said):
    done = run(tmp_path / "data", **{**SAFE, **settings})
    assert (done.returncode, done.stdout, len(done.stderr.strip().splitlines())) == (2, "", 1), done.stderr
    assert said in done.stderr
    for secret in ("geheim", KEY, *filter(None, [settings.get("SECRET_KEY")])):
        assert secret not in done.stderr
    assert not (tmp_path / "data").exists(), "nothing is made, no key either"


def test_production_starts_with_settings_that_are_safe(tmp_path):
    done = run(tmp_path, **SAFE)
    assert "not up to date" in done.stderr
