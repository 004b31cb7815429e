"""The Dispatcher's own middlewares, in the order an update meets them.

Around everything: context, private, errors, throttle, aiogram's FSM with its lock, replies, actor.
Around the chosen handler: callback answer, words, access, session.
"""
