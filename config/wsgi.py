"""What a WSGI server loads: `config.wsgi:application`."""

import gc
import os

from django.core.wsgi import get_wsgi_application

from ratings.pages.live.broker import end_pages_on_stop_signal

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

application = get_wsgi_application()
end_pages_on_stop_signal()

# Objects loaded so far stay in memory, so the garbage collector need not check them again.
gc.freeze()
