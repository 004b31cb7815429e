"""The fault drill: each part goes away under load; what people and monitors see is written down.

`make fault-drill` runs the long form and prints it as Markdown; the suite runs a short one.
"""
