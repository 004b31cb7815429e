"""What the API offers: a module for each resource, which ends with the table of its routes."""

from collections.abc import Sequence
from typing import Final

from saas_bot.web.api.resources import (
    audit,
    auth,
    billing,
    checklist,
    comments,
    company,
    copies,
    exports,
    files,
    invites,
    invoices,
    me,
    members,
    operators,
    operators_companies,
    operators_payments,
    operators_plans,
    projects,
    reports,
    reviews,
    search,
    sessions,
    settings,
    tasks,
    transfers,
)
from saas_bot.web.api.routes import Route

ROUTES: Final[Sequence[Route]] = (
    *auth.ROUTES,
    *sessions.ROUTES,
    *me.ROUTES,
    *company.ROUTES,
    *projects.ROUTES,
    *tasks.ROUTES,
    *copies.ROUTES,
    *comments.ROUTES,
    *checklist.ROUTES,
    *reviews.ROUTES,
    *files.ROUTES,
    *transfers.ROUTES,
    *members.ROUTES,
    *invites.ROUTES,
    *search.ROUTES,
    *settings.ROUTES,
    *reports.ROUTES,
    *exports.ROUTES,
    *audit.ROUTES,
    *billing.ROUTES,
    *invoices.ROUTES,
    *operators.ROUTES,
    *operators_companies.ROUTES,
    *operators_payments.ROUTES,
    *operators_plans.ROUTES,
)
"""All routes, in the order of the documentation."""
