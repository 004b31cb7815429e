command-login = a code to sign in to the API
command-sessions = where you are signed in
login-code =
    🔑 Your sign-in code:

    <code>{ $code }</code>

    It signs a program of yours in to the API as you, once, within { $minutes ->
        [one] { $minutes } minute
       *[other] { $minutes } minutes
    }. After { $tries ->
        [one] { $tries } wrong try
       *[other] { $tries } wrong tries
    } it is over, and a new /login ends it too.

    Never pass it on: nobody who means well will ask you for it, and neither shall we.
button-login = 🔑 Get a code
button-login-give-up = ✖️ End this code
login-given-up = 🔑 That code opens nothing any more. When you need another one: /login
login-over = The code is over.
login-was-over = The code was used or over already.
button-sessions = 🔐 Where I am signed in
sessions = 🔐 <b>Where you are signed in</b>
sessions-empty = 🔐 You are signed in nowhere but here. To use the API, get a code and show it to your program.
session-line =
    { $number }. <b>{ $device }</b>
    { $address }, last used { $used }
session-line-company =
    { $number }. <b>{ $device }</b>
    { $address }, last used { $used }
    { $company }
session-device-unknown = Unnamed device
button-session-end = ✖️ End { $number }
button-sessions-end = 🚪 End all
sessions-ask-end = End all your sessions? Every program that is signed in as you has to be signed in again, with a new code each.
session-ended = 🔐 That session is over: whoever held it can do nothing with it any more.
session-ended-toast = Ended.
sessions-ended = { $count ->
    [0] All were over already.
    [one] { $count } session ended.
   *[other] { $count } sessions ended.
}
notify-signed_in =
    🔐 New sign-in to the API as you, { $day } at { $clock }:
    <b>{ $device }</b>
    { $address }

    If it was not you, end it. And never get a code because somebody asks you to.
notify-session_reused =
    ⚠️ I ended one of your sessions { $day } at { $clock }: a key that it had used up was shown again, so somebody may have a copy of it. The copy came from
    <b>{ $device }</b>
    { $address }

    If your program only lost an answer of ours, sign it in again with /login.
button-not-me = 🛑 It wasn’t me: end it
error-login-no-company = There is nothing to sign in to: you are in no company. Press /start to create one or to join with an invite.
error-session-not-found = That session is over already.
error-login-code-refused = This code is wrong, used or too old. Get a new one with /login in the chat with the bot.
error-init-data-refused = This is not the signature Telegram gave to our Mini App, or it has served already. Open the app again in Telegram.
error-init-data-expired = The Mini App was opened too long ago. Open it again in Telegram.
error-sign-in-unknown = The bot has not met you yet. Press START in the chat with it first.
error-refresh-refused = This refresh token is unknown, used or over. Sign in again with a code from /login.
error-token-expired = The access token is over. Get another one with your refresh token.
error-token-refused = This access token is none of ours. Sign in with a code from /login.
error-session-over = This session is over. Sign in again with a code from /login.
