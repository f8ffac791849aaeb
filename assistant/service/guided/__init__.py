"""Guided sessions: opened and led by peer workers, joined by users, and gone without a trace at the end."""
