# One image for the bot, the worker and the sandbox; the command says which. docs/decisions/0021-image.md
# tells why it is made like this, scripts/image_check.sh builds it and tries it.
#
#   docker build .                    what runs in production
#   docker build --target test .      the same with the tests and what they need
#
# Packages come from where pip is told to find them: give a pip.conf of your own, which leaves no trace
# in the image, as `--secret id=pip_conf,src=$HOME/.config/pip/pip.conf`.

ARG BASE=python:3.12-slim


FROM ${BASE} AS packages
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_INPUT=1 PIP_ROOT_USER_ACTION=ignore
RUN python3 -m venv /venv
COPY requirements.txt /
RUN --mount=type=secret,id=pip_conf,target=/etc/pip.conf \
    --mount=type=cache,target=/root/.cache/pip \
    /venv/bin/pip install --no-compile --require-hashes --requirement /requirements.txt


# What production needs of them.
FROM packages AS lean
COPY deploy/lean.sh /
RUN sh /lean.sh /venv


# Compiled here, for whoever runs it may not write. The hash in the files is not compared with the
# sources, so it does not matter which times those get in the image.
FROM ${BASE} AS code
WORKDIR /app
COPY saas_bot saas_bot
COPY migrations migrations
RUN python3 -m compileall -q -j 0 --invalidation-mode unchecked-hash saas_bot migrations
COPY alembic.ini ./
COPY deploy/healthcheck.py deploy/


FROM ${BASE} AS runtime
LABEL org.opencontainers.image.title="SaaS Bot" \
      org.opencontainers.image.description="A company's work inside Telegram" \
      org.opencontainers.image.licenses="MIT"
RUN groupadd --gid 1000 app \
 && useradd --uid 1000 --gid app --home-dir /app --no-create-home --shell /usr/sbin/nologin app \
 && install -d -o app -g app /app/backups
ENV PATH=/venv/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    MPLCONFIGDIR=/tmp/matplotlib \
    BACKUP_ON_STOP=1
WORKDIR /app
COPY --from=lean /venv /venv
COPY --from=code /app ./
COPY --chown=1000:1000 backups/backup_db.sh backups/
# By number, so that an orchestrator can see that it is not root.
USER 1000:1000
VOLUME /app/backups
# The API and the webhook, /healthz and /metrics of the bot and of the worker, the sandbox's web chat.
EXPOSE 8000 8080 8082 8081
HEALTHCHECK --interval=10s --timeout=4s --start-period=60s --retries=3 \
    CMD ["python3", "-I", "-S", "deploy/healthcheck.py"]
CMD ["python3", "-m", "saas_bot", "run", "--migrate"]
ARG REVISION=
LABEL org.opencontainers.image.revision="${REVISION}"


FROM packages AS packages-dev
COPY requirements-dev.txt /
RUN --mount=type=secret,id=pip_conf,target=/etc/pip.conf \
    --mount=type=cache,target=/root/.cache/pip \
    /venv/bin/pip install --require-hashes --requirement /requirements-dev.txt


FROM runtime AS test
USER root
COPY --from=packages-dev /venv /venv
COPY . .
RUN chown app:app /app
USER 1000:1000
HEALTHCHECK NONE
CMD ["python3", "-m", "pytest"]


# What `docker build` makes when it is not told otherwise.
FROM runtime
