"""Every Prometheus metric of the system, declared in one place.

Labels take their values from small fixed sets (handlers, routes, Bot API methods, kinds): none
grows with the number of users. Times are in seconds. They live in the default registry, beside the
process's own metrics.
"""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass

from prometheus_client import Counter, Gauge, Histogram, disable_created_metrics
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import REGISTRY, Collector

disable_created_metrics()  # type: ignore[no-untyped-call]

_QUICK = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0)
_LONG = (0.01, 0.1, 0.5, 1.0, 5.0, 15.0, 60.0, 300.0, 900.0)


class _LateGauge(Collector):
    """A gauge exported only by a process that has measured it: 0 would be a claim."""

    def __init__(self, name: str, documentation: str) -> None:
        self._name, self._documentation = name, documentation
        self._value: float | None = None
        REGISTRY.register(self)

    def set(self, value: float) -> None:
        """Note what was measured."""
        self._value = value

    def collect(self) -> Iterator[GaugeMetricFamily]:
        if self._value is not None:
            yield GaugeMetricFamily(self._name, self._documentation, self._value)


class _LateGauges(Collector):
    """Gauges by one label, exported only by a process that has measured them, all of them anew."""

    def __init__(self, name: str, documentation: str, label: str) -> None:
        self._name, self._documentation, self._label = name, documentation, label
        self._values: Mapping[str, float] = {}
        REGISTRY.register(self)

    def set(self, values: Mapping[str, float]) -> None:
        """Note what was measured; what is not among it is exported no more."""
        self._values = values

    def collect(self) -> Iterator[GaugeMetricFamily]:
        if self._values:
            family = GaugeMetricFamily(self._name, self._documentation, labels=[self._label])
            for label, value in self._values.items():
                family.add_metric([label], value)
            yield family


UPDATE_SECONDS = Histogram(
    "saas_bot_update_seconds",
    "Time to see one update through, its reply included",
    ["handler"],
    buckets=_QUICK,
)
UPDATE_ERRORS = Counter(
    "saas_bot_update_errors",
    "Updates that ended in an error, by its kind",
    ["handler", "kind"],
)
UPDATE_AGE = Histogram(
    "saas_bot_update_age_seconds",
    "How long ago people had sent a message when it was taken up, which Telegram tells in seconds",
    buckets=_LONG,
)
UPDATES_IN_HAND = Gauge("saas_bot_updates_in_hand", "Updates being handled now")

PART_UP = Gauge(
    "saas_bot_part_up",
    "Whether a part that the process stands on answers, as /healthz says",
    ["part"],
)
HTTP_SECONDS = Histogram(
    "saas_bot_http_request_seconds",
    "Time to answer one HTTP request",
    ["method", "route", "status"],
    buckets=_QUICK,
)

TELEGRAM_SECONDS = Histogram(
    "saas_bot_telegram_call_seconds",
    "Time of one Bot API call; a long poll for updates waits on purpose",
    ["method"],
    buckets=_QUICK,
)
TELEGRAM_CALLS = Counter(
    "saas_bot_telegram_calls",
    "Bot API calls, by outcome",
    ["method", "outcome"],
)
TELEGRAM_TOO_MANY = Counter(
    "saas_bot_telegram_too_many_requests",
    "Bot API calls refused with 429, which means that we exceeded a rate limit",
    ["method"],
)

TELEGRAM_WAIT = Histogram(
    "saas_bot_telegram_wait_seconds",
    "Time that a call waited for its turn within Telegram's rates, by who waits for it",
    ["who"],
    buckets=_QUICK,
)

OUTBOX_DEPTH = _LateGauges(
    "saas_bot_outbox_depth", "Notifications that are due; counted up to a cap", "kind"
)
OUTBOX_AGE = _LateGauges(
    "saas_bot_outbox_oldest_seconds", "How long the oldest of those has been due", "kind"
)
OUTBOX_DEAD = _LateGauges(
    "saas_bot_outbox_dead",
    "Notifications that were given up and not taken up again; counted up to a cap",
    "kind",
)
OUTBOX_SECONDS = Histogram(
    "saas_bot_outbox_seconds",
    "Time from when a notification was due until it was sent",
    buckets=_LONG,
)
OUTBOX_FINISHED = Counter(
    "saas_bot_outbox_finished", "Notifications that left the outbox, by how", ["kind", "status"]
)
OUTBOX_RETRIES = Counter(
    "saas_bot_outbox_retries", "Attempts to send a notification that are to be repeated", ["kind"]
)

FILES_PENDING = _LateGauge(
    "saas_bot_files_pending", "Files waiting to be stored in S3; counted up to a cap"
)
FILES_PENDING_AGE = _LateGauge(
    "saas_bot_files_pending_oldest_seconds", "Age of the oldest file waiting to be stored"
)
OBJECTS_GONE = _LateGauge(
    "saas_bot_objects_to_delete",
    "Objects in S3 whose files are deleted and which are to follow; counted up to a cap",
)
OBJECTS_DELETED = Counter(
    "saas_bot_objects_deleted",
    "Objects in S3 that were to be deleted, by what came of it",
    ["outcome"],
)

FILE_SECONDS = Histogram(
    "saas_bot_file_seconds",
    "Time to take one file in, or to send it out of S3, by how that ended",
    ["direction", "outcome"],
    buckets=_LONG,
)
FILE_BYTES = Counter(
    "saas_bot_file_bytes", "Bytes of the files that were taken in, or sent out of S3", ["direction"]
)

REFUNDS = Counter("saas_bot_refunds", "Tries to give Stars back, by what came of it", ["outcome"])
NOT_MENDED = Counter(
    "saas_bot_stars_not_mended", "Transactions in Stars that were missed and can't be taken in"
)

COMPANIES = _LateGauges(
    "saas_bot_companies", "Companies that are not deleted, by how they stand", "state"
)
SUBSCRIPTIONS = _LateGauges("saas_bot_subscriptions", "Subscriptions that run, by plan", "plan")
REVENUE = _LateGauges(
    "saas_bot_monthly_revenue_minor",
    "What the months cost that run now and are paid for, in minor units or Stars",
    "currency",
)
PEOPLE_ACTIVE = _LateGauges(
    "saas_bot_people_active",
    "People who changed something in the last days; no more than the newest changes tell",
    "days",
)
TASKS_LAST_DAY = _LateGauges(
    "saas_bot_tasks_last_day", "Tasks created and done in the last day; likewise", "what"
)
STORAGE_USED = _LateGauge("saas_bot_storage_used_bytes", "Bytes of the files of all companies")

BACKUP_LAST = _LateGauge(
    "saas_bot_backup_last_timestamp_seconds", "When the newest backup was made"
)
BACKUP_PROVEN = _LateGauge(
    "saas_bot_backup_proven_timestamp_seconds",
    "When the newest backup was made that has been restored for a trial",
)
BACKUP_BYTES = _LateGauge("saas_bot_backup_bytes", "Bytes of the newest backup")
BACKUP_FREE = _LateGauge(
    "saas_bot_backup_free_bytes", "Bytes that are free on the disk of the backups"
)
BACKUP_STEPS = Counter(
    "saas_bot_backup_steps",
    "Backups that were to be made, copied and proven, by what came of it",
    ["step", "outcome"],
)

JOB_SECONDS = Histogram(
    "saas_bot_job_seconds", "Time of one run of a job", ["job", "outcome"], buckets=_LONG
)
JOB_LAG = _LateGauges(
    "saas_bot_job_lag_seconds",
    "How long a periodic job is overdue, whichever worker was to run it",
    "job",
)
JOB_SUCCEEDED = Gauge(
    "saas_bot_job_last_success_timestamp_seconds",
    "When a job last ran to its end",
    ["job"],
)


# What an alert waits for one of is there from the beginning: to Prometheus the step from nothing
# to 1 is no increase.
UPDATE_ERRORS.labels("take_payment", "unexpected")
OBJECTS_DELETED.labels("refused")
REFUNDS.labels("given_up")


@dataclass(frozen=True, slots=True)
class PoolState:
    """Connections of the database pool: how many it may hold, holds, and has lent out."""

    size: int
    open: int
    in_use: int


class _PoolCollector(Collector):
    """Asks the pool when Prometheus asks us, so the figures are of that moment."""

    def __init__(self, state: Callable[[], PoolState]) -> None:
        self._state = state

    def collect(self) -> Iterator[GaugeMetricFamily]:
        state = self._state()
        family = GaugeMetricFamily(
            "saas_bot_db_pool_connections", "Connections of the database pool", labels=["state"]
        )
        family.add_metric(["size"], state.size)
        family.add_metric(["open"], state.open)
        family.add_metric(["in_use"], state.in_use)
        yield family


@contextmanager
def pool_measured(state: Callable[[], PoolState]) -> Iterator[None]:
    """Report the database pool for as long as the context lasts."""
    collector = _PoolCollector(state)
    REGISTRY.register(collector)
    try:
        yield
    finally:
        REGISTRY.unregister(collector)
