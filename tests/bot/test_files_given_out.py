"""Files as they are given out: by Telegram, from the archive, by a link."""

import pytest
from aiogram.methods import (
    SendAnimation,
    SendChatAction,
    SendDocument,
    SendPhoto,
    SendVideoNote,
    SendVoice,
)
from yarl import URL

from saas_bot.domain.files import Kind
from saas_bot.domain.permissions import Role
from saas_bot.storage import Storage
from tests import factories
from tests.bot.files import a_file, queued
from tests.bot.rows import change, fingerprint, rows

# Giving out


@pytest.mark.parametrize(
    ("kind", "method", "field"),
    [
        (Kind.DOCUMENT, SendDocument, "document"),
        (Kind.PHOTO, SendPhoto, "photo"),
        (Kind.VOICE, SendVoice, "voice"),
        (Kind.ANIMATION, SendAnimation, "animation"),
        (Kind.VIDEO_NOTE, SendVideoNote, "video_note"),
    ],
)
async def test_a_download_is_what_it_came_as_and_says_where_it_belongs(acme, kind, method, field):
    task = await acme.task()
    file = await a_file(acme, task=task, kind=kind, telegram_file_id="TG-7")
    await acme.clive.clicks_data(f"fi:{file}::t:0:")
    await acme.clive.clicks("Download")
    (sent,) = acme.clive.stage.telegram.calls_of(method, acme.clive.id)
    assert getattr(sent, field) == "TG-7"
    if kind is not Kind.VIDEO_NOTE:
        assert sent.caption.endswith("<code>plan.pdf</code>\nWEB-1")
    assert sent.reply_markup.inline_keyboard[0][0].callback_data == f"t:{task}"
    done = "select actor_user_id, action, entity_id from audit_logs"
    assert await rows(acme.database, done) == [(acme.team.client.user_id, "file.downloaded", file)]
    assert await queued(acme) == []


async def test_a_download_delivered_twice_is_sent_once(acme):
    file = await a_file(acme)
    click = acme.clive.pressing(f"fi:{file}:get:p:0:")
    await acme.clive.does(click)
    await acme.clive.does(click)
    assert len(acme.clive.stage.telegram.calls_of(SendDocument)) == 1


async def test_quick_clicks_send_a_file_once(acme, monkeypatch):
    file, other = await a_file(acme), await a_file(acme, "b.pdf")
    for _ in range(4):
        await acme.clive.clicks_data(f"fi:{file}:get:p:0:")
    assert len(acme.clive.stage.telegram.calls_of(SendDocument)) == 1
    assert acme.clive.toast == "It’s on its way already."
    await acme.clive.clicks_data(f"fi:{other}:get:p:0:")
    assert len(acme.clive.stage.telegram.calls_of(SendDocument)) == 2
    monkeypatch.setattr("saas_bot.handlers.files.one_file.GIVEN_AGAIN_AFTER", 0.0)
    # The archive may take longer than those seconds: it is asked for a file once at a time.
    await change(acme.database, "update files set telegram_file_id = null")
    for one in (file, file, other, file):
        await acme.clive.clicks_data(f"fi:{one}:get:p:0:")
    await acme.ada.clicks_data(f"fi:{file}:get:p:0:")
    clive, ada = str(acme.team.client.user_id), str(acme.team.admin.user_id)
    assert await queued(acme) == [(str(file), clive), (str(other), clive), (str(file), ada)]


async def test_a_file_with_another_name_can_be_had_at_once(acme):
    file = await a_file(acme)
    for name in ("", "one.pdf", "two.pdf"):
        if name:
            await acme.ada.clicks_data(f"fi:{file}:name:p:0:")
            await acme.ada.sends(name)
        await acme.ada.clicks_data(f"fi:{file}:get:p:0:")
        assert acme.ada.toast != "It’s on its way already."


async def test_what_telegram_refuses_comes_from_the_archive(acme, telegram):
    file = await a_file(acme)
    telegram.refuse(SendDocument, "Bad Request: wrong file identifier/HTTP URL specified")
    await acme.clive.clicks_data(f"fi:{file}:get:p:0:")
    assert await queued(acme) == [(str(file), str(acme.team.client.user_id))]
    (action,) = telegram.calls_of(SendChatAction, acme.clive.id)
    assert action.action == "upload_document"


async def test_what_telegram_does_not_have_comes_from_the_archive(acme, telegram):
    file = await a_file(acme, telegram_file_id=None)
    await acme.clive.clicks_data(f"fi:{file}:get:p:0:")
    assert acme.clive.toast == "One moment, it comes from the archive."
    assert await queued(acme) == [(str(file), str(acme.team.client.user_id))]


async def test_what_is_nowhere_yet_says_so(acme, telegram):
    file = await a_file(acme, telegram_file_id=None, status="pending")
    await acme.clive.clicks_data(f"fi:{file}:get:p:0:")
    assert acme.clive.toast.startswith("The file is still on its way")
    assert await queued(acme) == []


@pytest.mark.parametrize("what", ["", "get", "link", "name", "hide", "show", "delete", "sure"])
async def test_nobody_from_outside_gets_at_a_file(acme, globex, database, stage, what):
    """Not another company, nor a client or worker of another project, nor one who was shut out."""
    task = await acme.task()
    of_task, of_project = await a_file(acme, task=task), await a_file(acme, "logo.png")
    walt = await factories.member(database, acme.team.id, Role.WORKER, "Walt")
    cora = await factories.member(database, acme.team.id, Role.CLIENT, "Cora")
    await factories.project(database, acme.team.id, walt, cora, key="APP")
    await change(
        database, "update users set status = 'deactivated' where id = :id",
        id=acme.team.client.user_id,
    )  # fmt: skip
    before = await fingerprint(database)
    people = [stage.person(one.account.telegram_id, one.account.name) for one in (walt, cora)]
    for person in (globex.ada, globex.clive, *people, acme.clive):
        for file in (of_task, of_project):
            await person.clicks_data(f"fi:{file}:{what}:t:0:")
            assert "plan.pdf" not in str(person.heard)
            assert "logo.png" not in str(person.heard)
            assert not stage.telegram.calls_of(SendDocument)
            assert person.toast, what
        for data in (f"ft:{task}:0:0:", f"fp:{acme.project}:0:"):
            await person.clicks_data(data)
            assert "plan.pdf" not in str(person.heard)
    assert await fingerprint(database) == before
    assert await queued(acme) == []


# Links


async def test_without_a_public_address_there_are_no_links(acme):
    file = await a_file(acme)
    await acme.ada.clicks_data(f"fi:{file}::p:0:")
    assert "Link for 10 minutes" not in str(acme.ada.screen.buttons)
    await acme.ada.clicks_data(f"fi:{file}:link:p:0:")
    assert acme.ada.toast.startswith("This button is out of date")


async def test_with_one_a_link_is_made_noted_and_shown_below(
    acme, stage, database, settings, s3, monkeypatch
):
    there = {"s3_endpoint_url": s3.endpoint, "s3_public_endpoint_url": "https://s3.example"}
    public = settings.model_copy(update=there)
    storage = Storage(public)
    await storage.ensure_bucket()
    monkeypatch.setitem(stage.dispatcher.workflow_data, "links", storage)
    file = await a_file(acme)
    await acme.clive.clicks_data(f"fi:{file}::p:0:")
    await acme.clive.clicks("Link for 10 minutes")
    (key,) = await rows(database, "select object_key from files")
    (link,) = acme.clive.screen.keyboard[0]
    url = URL(link["url"])
    assert (url.host, url.path) == ("s3.example", f"/{public.s3_bucket}/{key}")
    assert url.query["X-Amz-Expires"] == "600"
    assert "plan.pdf" in url.query["response-content-disposition"]
    assert "for 10 minutes, for anybody who has it" in acme.clive.screen.text
    shown = len(acme.clive.messages)
    await acme.clive.clicks_data(f"fi:{file}:link:p:0:")
    assert acme.clive.toast == "The link is there already: see the message below."
    assert len(acme.clive.messages) == shown
    assert await rows(database, "select action from audit_logs") == ["file.linked"]
    monkeypatch.setattr("saas_bot.handlers.files.one_file.GIVEN_AGAIN_AFTER", 0.0)
    await change(database, "update files set status = 'pending'")
    await acme.clive.clicks_data(f"fi:{file}:link:p:0:")
    assert acme.clive.toast.startswith("The file is still on its way")
    await storage.close()


async def test_while_s3_is_away_there_is_no_link(acme, stage, database, settings, monkeypatch):
    away = {"s3_endpoint_url": "http://127.0.0.1:1", "s3_public_endpoint_url": "https://s3.example"}
    storage = Storage(settings.model_copy(update=away))
    monkeypatch.setitem(stage.dispatcher.workflow_data, "links", storage)
    file = await a_file(acme)
    await acme.clive.clicks_data(f"fi:{file}:link:p:0:")
    assert acme.clive.toast.startswith("🗄 Files are unavailable right now; everything else works.")
    assert acme.clive.alert
    assert await rows(database, "select action from audit_logs") == []
    await storage.close()
