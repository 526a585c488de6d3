"""The service, whose open pages nothing wakes but a change or the stop itself."""

from config.wsgi import application as application
from ratings.pages.live import broker, viewers

broker.RECHECK_SECONDS = viewers.CHECK_SECONDS = 1000.0
