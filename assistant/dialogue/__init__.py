"""Dialogues as their authors wrote them: questions, reasons and transitions."""
