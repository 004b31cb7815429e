"""/op_grant: a longer trial, or days of a plan, for nothing."""

import re

from aiogram.filters import CommandObject
from aiogram.types import CallbackQuery, Message

from saas_bot.core.errors import Invalid
from saas_bot.core.i18n import Translator
from saas_bot.db.tenancy import Session
from saas_bot.domain.actor import Account
from saas_bot.screens import callbacks as to
from saas_bot.screens import operators_companies as screens
from saas_bot.screens.screen import Screen
from saas_bot.services.billing import plans
from saas_bot.services.operators import companies
from saas_bot.services.operators import granting as service

TRIAL = "trial"
"""What is written in place of a plan's code for a longer trial."""

_ARGUMENTS = re.compile(r"#?(?P<company>\d{1,18})(?:\s+(?P<plan>\w{1,20})\s+(?P<days>\d{1,9}))?")


async def commanded(
    message: Message, command: CommandObject, session: Session, account: Account, t: Translator
) -> Screen:
    """`/op_grant 12` leads to the company, `/op_grant 12 team 30` right to the question."""
    if not command.args:
        return screens.how_to_grant(t)
    given = _ARGUMENTS.fullmatch(command.args.strip())
    if given is None or not given["company"].isascii() or not int(given["company"]):
        raise Invalid("op-grant-shape")
    company_id = int(given["company"])
    if given["plan"] is None:
        return screens.company(t, account, await companies.one(session, account, company_id))
    code = given["plan"].lower()
    code = "" if code == TRIAL else code
    grant = await service.offer(session, account, company_id, code, int(given["days"]))
    return screens.ask_grant(t, account, grant) if grant.days else screens.ask_days(t, grant)


async def choose(
    event: CallbackQuery,
    callback_data: to.OpGrantPlan,
    session: Session,
    account: Account,
    t: Translator,
) -> Screen:
    """Ask of which plan."""
    company = await companies.one(session, account, callback_data.company)
    return screens.ask_plan(t, company, await plans.offers(session))


async def grant(
    event: CallbackQuery,
    callback_data: to.OpGrant,
    session: Session,
    account: Account,
    t: Translator,
) -> Screen:
    """Ask how many days, then whether it is sure; then give them."""
    asked = callback_data
    if asked.mark is None or not asked.days:
        offer = await service.offer(session, account, asked.company, asked.plan, asked.days)
        return screens.ask_grant(t, account, offer) if asked.days else screens.ask_days(t, offer)
    until = await service.give(session, account, asked.company, asked.plan, asked.days, asked.mark)
    shown = screens.company(t, account, await companies.one(session, account, asked.company))
    return shown.with_toast(screens.given(t, account, until), alert=True)
