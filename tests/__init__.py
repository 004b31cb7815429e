"""The tests, on real PostgreSQL, Valkey and S3 that they start themselves.

aiogram is imported as our own processes do it, which spares each run some seconds.
"""

from saas_bot.core.light_models import import_aiogram

import_aiogram()
