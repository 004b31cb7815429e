"""The verbs that only the API has: reading what the chat has no screen for."""

from saas_bot.domain.permissions import Permission as Right
from saas_bot.services.billing import documents, ledger
from tests.rights.expected import Kind
from tests.rights.verbs import Verb, given


def listed(name: str, needs: Right, service, shows: str) -> Verb:
    return Verb(name, (needs,), Kind.COMPANY, service, lambda _: given(), shows=lambda _: shows)


API = [
    listed("see what was paid", Right.BILLING, documents.payments, "Page("),
    listed("see the company's account", Right.BILLING, ledger.mine, "Page("),
    listed("see what the company owes", Right.BILLING, ledger.balance, "["),
]
