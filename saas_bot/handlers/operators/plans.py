"""/op_plans: what there is to be had, and changing it."""

from aiogram.types import CallbackQuery, Message

from saas_bot.core.dialog import Dialog
from saas_bot.core.i18n import Translator
from saas_bot.db.tenancy import Session
from saas_bot.domain.actor import Account
from saas_bot.handlers.events import Event, announced
from saas_bot.handlers.operators.states import OperatorWords
from saas_bot.screens import callbacks as to
from saas_bot.screens import operators_plans as screens
from saas_bot.screens.screen import Screen
from saas_bot.services.billing import plans
from saas_bot.services.operators import planning as service


async def commanded(message: Message, session: Session, account: Account, t: Translator) -> Screen:
    """All of them."""
    return screens.plans(t, await plans.every(session, account))


async def plan(
    event: CallbackQuery,
    callback_data: to.OpPlan,
    session: Session,
    account: Account,
    dialog: Dialog,
    t: Translator,
) -> Screen:
    """All of them or one; a question for a value; offering one no longer, or again."""
    wanted, what = callback_data.id, callback_data.what
    if what == "code":
        dialog.go(OperatorWords.plan, plan=0, what=what)
        return screens.ask_code(t)
    if not wanted:
        return screens.plans(t, await plans.every(session, account))
    if what in ("retire", "offer"):
        await plans.retire(session, account, wanted, retired=what == "retire")
        shown = screens.plan(t, await service.one(session, account, wanted))
        return shown.with_toast(t.plain(f"op-plan-done-{what}"))
    one = await service.one(session, account, wanted)
    if what:
        dialog.go(OperatorWords.plan, plan=one.id, what=what)
        return screens.ask_value(t, one, what)
    return screens.plan(t, one)


async def written(
    message: Message, session: Session, account: Account, dialog: Dialog, t: Translator
) -> Screen:
    """The value is there, or the code of another plan. What touches companies is asked once."""
    plan_id, what = int(dialog.data.get("plan") or 0), str(dialog.data.get("what"))
    text = message.text or ""
    if what == "code":
        begun = await service.begin(session, account, text)
        shown = screens.plan(t, await service.one(session, account, begun))
        dialog.end()
        return shown.with_notice(t("op-plan-begun"))
    asked = await service.read(session, account, plan_id, what, text)
    if asked.asks:
        dialog.end()
        return screens.ask_change(t, asked)
    shown = screens.plan(t, await service.write(session, account, asked))
    dialog.end()
    return shown.with_notice(t("saved"))


async def change(
    event: CallbackQuery,
    callback_data: to.OpPlanChange,
    session: Session,
    account: Account,
    t: Translator,
) -> Screen:
    """Change what companies have already, as it was confirmed."""
    wanted, what, value = callback_data.id, callback_data.what, callback_data.value
    asked = await service.change(session, account, wanted, what, value)
    if callback_data.mark != asked.mark:
        again = screens.ask_change(t, asked)
        return again.with_toast(t.plain("error-changed-since-asked"), alert=True)
    shown = screens.plan(t, await service.write(session, account, asked))
    return shown.with_toast(t.plain("saved"))


async def cancelled(
    event: Event, session: Session, account: Account, dialog: Dialog, t: Translator
) -> Screen:
    """Back to the plan, or all of them; nothing is changed."""
    plan_id = int(dialog.data.get("plan") or 0)
    every = await plans.every(session, account)
    dialog.end()
    shown = [screens.plan(t, one) for one in every if one.id == plan_id]
    return announced(event, shown[0] if shown else screens.plans(t, every), t("cancelled"))
