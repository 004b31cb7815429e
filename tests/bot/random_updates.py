"""Anything that Telegram could send, as hypothesis strategies.

Ids are drawn as places in a list that a test fills: one's own, another company's, impossible ones.
"""

from dataclasses import dataclass, field
from inspect import getmembers, isclass
from typing import Any

from aiogram.filters.callback_data import CallbackData
from hypothesis import strategies as st

from saas_bot.domain.events import Event, Later
from saas_bot.domain.permissions import Role
from saas_bot.domain.task_flow import Action, Priority
from saas_bot.handlers.billing.details import BillingWords
from saas_bot.handlers.company.administration import CompanyWords
from saas_bot.handlers.company.dialog import Settings
from saas_bot.handlers.drafts.parts import NewTask
from saas_bot.handlers.files.showing import FileWords
from saas_bot.handlers.files.states import FilesFor
from saas_bot.handlers.operators.states import OperatorWords
from saas_bot.handlers.projects.dialog import Delete, NewProject, Rename
from saas_bot.handlers.search.pages import Search
from saas_bot.handlers.start.onboarding import Onboarding
from saas_bot.handlers.tasks.states import TaskWords
from saas_bot.screens import callbacks as to
from saas_bot.screens.commands import COMMANDS, OPERATORS
from saas_bot.services.tasks import View
from tests.bot.people import CONTACT, PHOTO, STICKER

PEOPLE = 5
IDS = 24
"""How many ids the list of a test holds."""

FILE = {"file_id": "CCC", "file_unique_id": "ccc"}
PAID = {
    "currency": "XTR",
    "total_amount": 5,
    "invoice_payload": "1:nonsense:en",
    "telegram_payment_charge_id": "x",
    "provider_payment_charge_id": "",
}


@dataclass(frozen=True, slots=True)
class Id:
    """The place of an id in the list of the test."""

    place: int


@dataclass(frozen=True, slots=True)
class Act:
    """What one of the people does; `again` delivers it twice."""

    who: int
    kind: str
    content: Any
    again: bool = False
    state: str | None = None
    data: dict[str, Any] = field(default_factory=dict)
    forged: bool = False
    """Whether the state and its data were put there by nobody's doing."""


def known(*values: object) -> st.SearchStrategy[Any]:
    return st.sampled_from([*values])


ids = st.builds(Id, st.integers(0, IDS - 1))
odd_words = known(
    "<b>", "&amp; & <", "\u200b", "\u202eevil", "👩‍🚀" * 50, "x" * 4096, "я" * 201, "' or 1=1 --",
    "tomorrow 15:00", "завтра", "31.12", "Berlin", "WEB", "SECOND", "WEB Fix it @wanda !high", "-1",
    "https://t.me/saas_test_bot?start=abcdefghijklmnop", "\n\n", "{ $x }", "\x00", "٣",
)  # fmt: skip
words = st.one_of(odd_words, st.text(min_size=1, max_size=300))
commands = st.builds(
    "/{}{}".format,
    known(*COMMANDS, *OPERATORS, "start", "nonsense", "tasks@saas_test_bot", "task@else", ""),
    st.one_of(st.just(""), words.map(" {}".format)),
)
media = known(
    {"sticker": STICKER},
    {"photo": PHOTO},
    {"photo": PHOTO, "caption": "/task WEB See this"},
    {"photo": PHOTO, "caption": "WEB-1 see this", "media_group_id": "1"},
    {"document": {**FILE, "file_name": "a.pdf", "file_size": 9}, "caption": "WEB-1"},
    {"document": {**FILE, "file_name": "../\u202efdp.exe", "file_size": 0}},
    {"document": {**FILE, "file_name": "<b>&.pdf"}, "caption": "x" * 1024},
    {"voice": {**FILE, "duration": 1}, "media_group_id": "1"},
    {"animation": {**FILE, "width": 9, "height": 9, "duration": 1}, "document": FILE},
    {"contact": CONTACT},
    {"location": {"latitude": 1.0, "longitude": 2.0}},
    {"dice": {"emoji": "🎲", "value": 6}},
    {"venue": {"location": {"latitude": 1.0, "longitude": 2.0}, "title": "<b>", "address": "&"}},
    {"new_chat_title": "Hm"},
    {"text": ""},
)

_cursors = st.one_of(
    st.just(""),
    st.builds(
        lambda way, one, due: (way, one, due), known("f", "b"), ids, known("-", "0", "9" * 12)
    ),
)
_field = {
    "what": known("menu", "help", "tasks", "newtask", "approvals", "projects", "members", "invite",
                  "settings", "switch", "timezone", "notifications", "events", "quiet", "noquiet",
                  "cancel", "create", "join", "newproject",
                  "company", "companyname", "companyzone", "companydelete", "digest",
                  "invoices", "billing", "plan", "subscribe", "plancancel", "planresume",
                  "leave", "deactivate", "archive", "canceltask", "board", "search", "",
                  "project", "assignee", "priority", "tag", "sort", "clear", "name", "restore",
                  "rename", "remove", "about", "delete", "handadmin", "nonsense",
                  "edit", "sure", "save", "open", "task", "copytask", "copyfree",
                  "waiting", "flagged", "refunds", "note", "refund", "seen", "sent", "seats",
                  "price_minor", "retire", "offer",
                  "state", "dead", "all", "retry", "drop", "get", "link", "hide", "show", "new",
                  "back"),
    "code": known("en", "ru", "xx"),
    "name": known("Europe/Berlin", "UTC", "Mars/Olympus"),
    "role": known(*Role, "", "emperor"),
    "view": known(*View, "x", ""),
    "action": known(*Action, "explode"),
    "field": known("title", "description", "priority", "due_at", "comment", "history", "submit",
                   "tags", "tag", "items", "item", "checklist", "copy",
                   "return", "text", "comments", "reviews", "status", "project",
                   "assignee", "show", "create"),
    "value": st.one_of(known("", "0", "high", "week", "none", "nonsense", "-pump", "any", "me",
                             "newest"), ids),
    "tag": known("pump", "насос", "a b", "404", ""),
    "page": known("0", "4", "-1", "99"),
    "hour": known("off", "0", "23", "24", ""),
    "item": ids,
    "search": ids,
    "comment": ids,
    "entry": ids,
    "named": known("0", "1", "4294967295"),
    "review": known("0", "1", "99"),
    "of": known("t", "r", "p", "q"),
    "event": known(*Event, "nothing"),
    "later": known(*Later, "never"),
    "start": known("", "0", "23", "24"),
    "end": known("", "0", "8", "-1"),
    "act": known(*"dhlxcw", "q"),
    "to": st.one_of(known("-1", "-2", "0"), ids),
    "sure": known("0", "1"),
    "period": known("week", "month", "w", "never"),
    "format": known("xlsx", "csv", "chart", "pdf"),
    "invoice": ids,
    "lang": known("en", "ru", "xx"),
    "method": known("stars", "bank", "provider", "cash"),
    "step": known("all", "legal_name", "address", "tax_id", "email", "x"),
    "area": known("", "people", "billing", "nothing"),
    "pick": known("", "user", "area", "days", "x"),
    "days": known("0", "7", "366", "999", "-1"),
    "mark": known("", "0", "1800000000", "-1"),
    "plan": known("team", "business", "free", "", "nonsense"),
    "currency": known("", "XTR", "EUR", "USD", "x"),
    "at": _cursors,
    **dict.fromkeys(("company", "id", "project", "user", "task"), ids),
    **dict.fromkeys(("active", "multi", "archived", "attached", "on"), known("0", "1")),
    **dict.fromkeys(("listed", "found", "done", "editing", "internal"), known("0", "1")),
    **dict.fromkeys(("after", "weekdays"), known("0", "1")),
}  # fmt: skip

CLASSES = [
    one
    for _, one in getmembers(to, isclass)
    if issubclass(one, CallbackData) and one is not CallbackData
]


def _button(kind: type[CallbackData]) -> st.SearchStrategy[Any]:
    return st.tuples(st.just(kind.__prefix__), *(_field[name] for name in kind.model_fields))


buttons = st.one_of(*map(_button, CLASSES))
noise = st.one_of(st.text(max_size=64), known("t:", "::::", "x" * 64, "\x00", "t:1:2:3:4:5"))

_STATES = [
    state.state
    for group in (
        Onboarding, Settings, NewProject, Rename, Delete, NewTask, TaskWords, Search, FileWords,
        FilesFor, CompanyWords, BillingWords, OperatorWords,
    )
    for state in group.__states__
]  # fmt: skip
_values = st.one_of(words, ids, st.booleans(), st.none(), st.lists(words, max_size=2))
said = st.one_of(
    st.fixed_dictionaries(
        {
            "project_id": ids,
            "company_id": ids,
            "project_key": known("WEB", "<b>"),
            "project_name": words,
            "title": words,
            "task_id": ids,
            "what": known(
                "comment",
                "edit",
                "title",
                "description",
                "due_at",
                "submit",
                "return",
                "tags",
                "items",
                "item",
            ),
            "internal": st.booleans(),
            "name": words,
            "key": known("WEB", "NEW", "?"),
            "files": known([["document", "CCC", "a.pdf", 9, "text/plain"]], []),
            "album": known("1", None),
            "uploads": st.lists(st.integers(1, 9), max_size=2),
            "sent": st.integers(0, 3),
            "proposed": words,
            "place": known("ft:1:0:0:", "fp:1:0:"),
            "file": known("fi:1::t:0:"),
        },
        optional={
            "assignee_id": ids,
            "priority": known(*Priority),
            "due_at": known("2030-01-01T00:00:00+00:00", None),
            "notes": known([], ["assignee"]),
            "description": words,
            "prompt": st.integers(1, 99),
            "words": words,
            "comment_id": ids,
            "review": st.integers(0, 2),
            "was": words,
        },
    ),
    st.dictionaries(known("title", "project_id", "what", "task_id", "name", "prompt"), _values),
)

money = known({"successful_payment": PAID}, {"refunded_payment": PAID})
checkouts = st.fixed_dictionaries(
    {
        "id": known("1", "x" * 64),
        "currency": known("XTR", "EUR", "?"),
        "total_amount": known(0, 5, 1500, 10**12),
        "invoice_payload": known(
            "1:nonsense:en", "1:INV-2026-000001:xx", "", "::", "٣:x:ru", "\x00"
        ),
    }
)

acts = st.one_of(
    st.builds(Act, st.integers(0, PEOPLE - 1), st.just("money"), money, st.booleans()),
    st.builds(Act, st.integers(0, PEOPLE - 1), st.just("checkout"), checkouts, st.booleans()),
    st.builds(Act, st.integers(0, PEOPLE - 1), st.just("words"), words, st.booleans()),
    st.builds(Act, st.integers(0, PEOPLE - 1), st.just("words"), commands, st.booleans()),
    st.builds(Act, st.integers(0, PEOPLE - 1), st.just("media"), media),
    st.builds(Act, st.integers(0, PEOPLE - 1), st.just("button"), buttons, st.booleans()),
    st.builds(Act, st.integers(0, PEOPLE - 1), st.just("button"), buttons),
    st.builds(Act, st.integers(0, PEOPLE - 1), st.just("shown"), st.integers(0, 40)),
    st.builds(Act, st.integers(0, PEOPLE - 1), st.just("shown"), st.integers(0, 40)),
    st.builds(Act, st.integers(0, PEOPLE - 1), st.just("noise"), noise),
    st.builds(Act, st.integers(0, PEOPLE - 1), st.just("membership"), known("kicked", "member")),
    st.builds(Act, st.integers(0, PEOPLE - 1), st.just("edited"), words),
    st.builds(
        Act,
        st.integers(0, PEOPLE - 1),
        st.just("words"),
        st.one_of(words, commands),
        st.booleans(),
        known(*_STATES, "Old:step"),
        said,
        st.just(True),
    ),
    st.builds(
        Act,
        st.integers(0, PEOPLE - 1),
        st.just("button"),
        buttons,
        st.booleans(),
        known(*_STATES, "Old:step"),
        said,
        st.just(True),
    ),
)


def with_ids(value: Any, listed: list[int]) -> Any:
    """The same with ids in place of their places."""
    match value:
        case Id():
            return listed[value.place]
        case dict():
            return {name: with_ids(one, listed) for name, one in value.items()}
        case _:
            return value


def packed(button: tuple[Any, ...], listed: list[int]) -> str:
    """The data of a drawn button, no longer than Telegram takes it."""
    return ":".join(_text(part, listed) for part in button).encode()[:64].decode(errors="ignore")


def _text(part: Any, listed: list[int]) -> str:
    if isinstance(part, tuple):
        way, one, due = part
        return f"{way}{_text(one, listed)}.{due}"
    return str(with_ids(part, listed))
