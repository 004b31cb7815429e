"""What can be done, by aggregate.

A service takes a session and the actor, checks the permission, does the work, writes the audit row
and the outbox rows. It never commits, talks to nobody outside the database, and holds no text meant
for people.
"""
