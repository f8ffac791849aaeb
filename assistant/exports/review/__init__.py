"""Exports of a review: paper and text."""
