"""Everything on one machine: the services, a sandbox in place of Telegram, the bot, the worker.

`python -m saas_bot demo` starts them in order, shows each step with its time, and ends on the
address of the web chat. Ctrl-C stops them in the opposite order; the data stays in `DATA_DIR`.
"""
