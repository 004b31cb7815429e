"""What those who run the deployment see and do: across companies, each act in the audit trail.

The functions need a system session, and ask who it is: for anybody but operators nothing of this
exists.
"""
