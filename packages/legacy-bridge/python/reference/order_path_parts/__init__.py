"""The parts of the reference order path; `order_path.py` beside this folder is its door.

rulebook -> wire_schema -> decision_core -> (client_requests, venue_events, control_events) -> reports
"""
