"""Buttons about money: invoices, paying them, the buyer's details."""

from typing import Annotated

from aiogram.filters.callback_data import CallbackData
from pydantic import Field

from saas_bot.screens.callbacks.fields import At, Id

PlanCode = Annotated[str, Field(max_length=20)]
Currency = Annotated[str, Field(pattern="^([A-Z]{3})?$")]


class Subscribe(CallbackData, prefix="bu"):
    """A plan to pay for in a currency; without one, the choice of how to pay."""

    plan: PlanCode
    currency: Currency = ""


class Invoices(CallbackData, prefix="bl"):
    """A page of the company's invoices."""

    at: At = ""


class Invoice(CallbackData, prefix="bi"):
    """An invoice or credit note."""

    id: Id


class InvoicePdf(CallbackData, prefix="bf"):
    """The same as a PDF, in a language."""

    id: Id
    lang: Annotated[str, Field(pattern="^(en|ru)$")]


class PayWith(CallbackData, prefix="bw"):
    """A way to pay an invoice."""

    invoice: Id
    method: Annotated[str, Field(pattern="^(stars|bank|provider)$")]


class Renew(CallbackData, prefix="br"):
    """The next month, to be paid ahead; without a currency, the question how."""

    currency: Currency = ""


class BillingDetails(CallbackData, prefix="bs"):
    """A part of the buyer's details to give anew, or `all` of them one after the other.

    `plan` and `currency` are what is to be paid for then, where that is why they are asked for.
    """

    step: Annotated[str, Field(pattern="^(all|legal_name|address|tax_id|email)$")]
    plan: PlanCode = ""
    currency: Currency = ""
