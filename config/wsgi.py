"""What a WSGI server loads: `config.wsgi:application`."""

import gc
import os

from django.core.wsgi import get_wsgi_application

from ratings.pages.live.broker import end_pages_on_stop_signal

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

application = get_wsgi_application()
end_pages_on_stop_signal()

# What was loaded until now stays for ever: collecting garbage need not look at it again and again.
gc.freeze()
