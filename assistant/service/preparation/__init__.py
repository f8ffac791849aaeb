"""A preparation: turns and drafts."""
