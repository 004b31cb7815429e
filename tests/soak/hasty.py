"""A worker whose leases end soon, so that nobody waits a minute for what a dead one has left."""

import sys
from datetime import timedelta

from saas_bot.__main__ import main
from saas_bot.services import outbox
from saas_bot.worker import delivery

if __name__ == "__main__":
    outbox.LEASE = timedelta(seconds=14)
    delivery.SENDING_TIMEOUT, delivery.NOTING_TIMEOUT = 5.0, 8.0
    delivery.CALL_TIMEOUT = 4
    sys.exit(main(["worker"]))
