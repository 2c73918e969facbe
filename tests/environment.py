"""Read before Django reads its settings (pyproject.toml loads it first): tests have a data folder of their own."""

import os
import tempfile

os.environ["ACCOUNTON_DATA_DIR"] = tempfile.mkdtemp(prefix="accounton-tests-")
os.environ["ACCOUNTON_BASE_URL"] = "http://localhost:8000"
# Playwright's synchronous interface runs an event loop in the test's own thread.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
