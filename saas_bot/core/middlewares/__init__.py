"""The Dispatcher's own middlewares, in the order an update meets them.

context -> errors -> throttle -> (aiogram's FSM with its lock) -> replies -> actor, around everything;
callback answer -> words -> access -> session, around the chosen handler.
"""
