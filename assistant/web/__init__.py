"""HTML first: every act is a form that works when the browser alone submits it."""
