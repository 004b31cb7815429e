"""`python -m saas_bot.demo`, the same as `python -m saas_bot demo`."""

import sys

from saas_bot.demo.cli import main

sys.exit(main(sys.argv[1:]))
