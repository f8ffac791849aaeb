"""HTML first: every act is a form that works without JavaScript."""
