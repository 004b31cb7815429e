"""What is said of a comment that was written."""

import pytest


@pytest.mark.parametrize(("language", "said"), [("en", "Not told:"), ("ru", "Не узнают:")])
async def test_whom_a_comment_calls_in_vain_is_said(acme, language, said):
    task_id = await acme.task("Fix the pump")
    await acme.speak(language)
    for words, missed in (("@zorro look", f"🔕 {said} @zorro."), ("@wanda look", "")):
        await acme.ada.clicks_data(f"t:{task_id}")
        await acme.ada.clicks({"en": "Comment", "ru": "Комментарий"}[language])
        await acme.ada.sends(words)
        assert missed in acme.ada.screen.text
        assert ("🔕" in acme.ada.screen.text) is bool(missed)
