"""Texts as HTML and as plain text."""

from saas_bot.core.i18n import translator


def test_what_is_put_into_a_text_is_never_markup():
    text = translator("en")("notify-attached", project="<b>&lt;i&gt;</b>")
    assert "<b>&lt;b&gt;&amp;lt;i&amp;gt;&lt;/b&gt;</b>" in text


def test_a_plain_text_says_what_was_put_into_it_and_nothing_else():
    assert (
        translator("en").plain("switched", company="&lt;i&gt; & <Co>").endswith("&lt;i&gt; & <Co>.")
    )
