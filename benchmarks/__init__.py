# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Measurements: what the project claims about speed and memory, reproducible with one command each."""
