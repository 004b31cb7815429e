"""Paying invoices: links to them, checkouts under way, and charges made.

Source: Bot API "Payments" and "Payments in Telegram Stars". A person who pays makes a
`pre_checkout_query`; the bot has 10 seconds to answer it, then the payment fails or becomes a
message with `successful_payment`.
"""

from __future__ import annotations

import asyncio
import secrets
import time
from collections import OrderedDict
from dataclasses import asdict, dataclass
from typing import Final

from saas_bot.sandbox.state import Json, PrivateChat
from saas_bot.sandbox.updates import Update
from saas_bot.sandbox.world import World

ANSWER_SECONDS: Final = 10.0  # Bot API answerPreCheckoutQuery
LINKS_KEPT: Final = 10_000
CHARGES_KEPT: Final = 10_000
STARS: Final = "XTR"


@dataclass(slots=True)
class Charge:
    """A payment made: an amount in the currency's minor units, or in Stars.

    Times in Unix seconds, 0 for never: when it was made, refunded, what it subscribes to ends.
    """

    id: str
    person_id: int
    currency: str
    amount: int
    payload: str
    date: int
    refunded: int = 0
    subscription_until: int = 0


@dataclass(slots=True, frozen=True)
class Checkout:
    """A payment the bot still has to agree to; `invoice` as the bot gave it, with its payload."""

    id: str
    chat: PrivateChat
    invoice: Json
    message_id: int | None
    timer: asyncio.TimerHandle


class Payments:
    """The cash desk of one world."""

    def __init__(self, world: World) -> None:
        self.links: OrderedDict[str, Json] = OrderedDict()
        self.charges: OrderedDict[str, Charge] = OrderedDict()
        self._world = world
        self._open: dict[str, Checkout] = {}
        self._next_id = time.time_ns() // 1000

    def new_link(self, invoice: Json) -> str:
        """Keep an invoice under a fresh slug, for `https://t.me/$<slug>`."""
        slug = secrets.token_urlsafe(12)
        self.links[slug] = invoice
        if len(self.links) > LINKS_KEPT:
            self.links.popitem(last=False)
        return slug

    def begin(self, chat: PrivateChat, invoice: Json, message_id: int | None) -> tuple[str, Update]:
        """A person pays: asks the bot; returns the checkout's id and the update."""
        self._next_id += 1
        checkout_id = str(self._next_id)
        loop = asyncio.get_running_loop()
        timer = loop.call_later(ANSWER_SECONDS, self._too_late, checkout_id)
        self._open[checkout_id] = Checkout(checkout_id, chat, invoice, message_id, timer)
        self._world.acted(chat)
        update = self._world.push(
            "pre_checkout_query",
            {
                "id": checkout_id,
                "from": chat.user_json,
                "currency": invoice["currency"],
                "total_amount": invoice["total_amount"],
                "invoice_payload": invoice["payload"],
            },
            chat,
        )
        return checkout_id, update

    def _too_late(self, checkout_id: str) -> None:
        checkout = self._open.pop(checkout_id, None)
        if checkout is not None:
            self._tell(checkout, ok=False, why="the bot didn't answer in time")

    def _tell(self, checkout: Checkout, *, ok: bool, why: str) -> None:
        outcome: Json = {
            "pre_checkout_query_id": checkout.id,
            "message_id": checkout.message_id,
            "ok": ok,
            "error_message": why,
        }
        self._world.events.emit(checkout.chat.id, "payment", outcome)

    def answer(self, checkout_id: str, refusal: str | None) -> bool:
        """The bot agrees, or refuses with a text; False when there is no such checkout any more."""
        checkout = self._open.pop(checkout_id, None)
        if checkout is None:
            return False
        checkout.timer.cancel()
        if refusal is None:
            self._charge(checkout)
        self._tell(checkout, ok=refusal is None, why=refusal or "")
        return True

    def _charge(self, checkout: Checkout) -> None:
        invoice, chat = checkout.invoice, checkout.chat
        charge = Charge(
            id=f"sbx_{secrets.token_hex(16)}",
            person_id=chat.id,
            currency=invoice["currency"],
            amount=invoice["total_amount"],
            payload=invoice["payload"],
            date=int(time.time()),
        )
        period = invoice.get("subscription_period", 0)
        if period:
            charge.subscription_until = charge.date + period
        self.charges[charge.id] = charge
        if len(self.charges) > CHARGES_KEPT:
            self.charges.popitem(last=False)
        paid = self._about(charge)
        if charge.subscription_until:
            paid["subscription_expiration_date"] = charge.subscription_until
            paid["is_recurring"] = paid["is_first_recurring"] = True
        paid["provider_payment_charge_id"] = f"{chat.id}_{charge.id[-8:]}"
        self._world.say(chat, {"successful_payment": paid})

    @staticmethod
    def _about(charge: Charge) -> Json:
        return {
            "currency": charge.currency,
            "total_amount": charge.amount,
            "invoice_payload": charge.payload,
            "telegram_payment_charge_id": charge.id,
        }

    def refund(self, charge: Charge) -> None:
        """Give Stars back; the chat shows it, and the bot gets the message."""
        charge.refunded = int(time.time())
        self._world.say(
            self._world.chats[charge.person_id], {"refunded_payment": self._about(charge)}
        )

    def close(self) -> None:
        """Forget checkouts under way."""
        for checkout in self._open.values():
            checkout.timer.cancel()
        self._open.clear()

    def dump(self) -> Json:
        """Links and charges, for a snapshot."""
        charges = [asdict(charge) for charge in self.charges.values()]
        return {"links": dict(self.links), "charges": charges}

    def load(self, dumped: Json) -> None:
        """Take back what `dump` gave."""
        self.links.update(dumped["links"])
        for one in dumped["charges"]:
            self.charges[one["id"]] = Charge(**one)
