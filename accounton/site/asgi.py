"""What the server runs. There is no WSGI module: run as such, four idle bodies stop Django's threads (decision 027)."""

import os

from django.core.wsgi import get_wsgi_application

from accounton.site.server.application import Application
from accounton.site.startup import start_web

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "accounton.site.settings")
start_web()
application = Application(get_wsgi_application())
