"""Pages for peer workers, who lead guided sessions."""
