"""The tuned order path: the same decisions with scaled integers, typed decoding and templates instead of Decimal, dicts and `json`.

fast_messages -> tuned_core -> (tuned_requests, tuned_venue, tuned_control) -> tuned_reports
"""
