"""`config.serve`, but nothing is killed before a busy machine has had its time to end in order."""

import sys

from config import serve

if __name__ == "__main__":
    serve.SECONDS_TO_STOP = 60
    sys.exit(serve.main())
