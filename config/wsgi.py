"""What a WSGI server loads: `config.wsgi:application`."""

import gc
import os

from django.core.wsgi import get_wsgi_application

from config.bodies import read_bodies_first
from ratings.pages.live.broker import end_pages_on_stop_signal

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
# What is served waits for no lock, statement or forgotten transaction for ever. Every connection of
# this process takes these (libpq reads them); commands such as `migrate` may take longer.
os.environ.setdefault(
    "PGOPTIONS",
    "-c lock_timeout=20s -c statement_timeout=60s -c idle_in_transaction_session_timeout=60s",
)

application = read_bodies_first(get_wsgi_application())
end_pages_on_stop_signal()

from config.site.privileges import serve_as_application_alone  # noqa: E402 - they need the models
from ratings.results.history.keeping import keep_linking  # noqa: E402

serve_as_application_alone()
keep_linking()

# Objects loaded so far stay in memory, so the garbage collector need not check them again.
gc.freeze()
