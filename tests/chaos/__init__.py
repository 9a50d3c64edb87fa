"""The fault cases, and where each is held.

| case | fault | held in |
| --- | --- | --- |
| 1 to 5 | a worker killed, told to stop, put to sleep | test_workers, tests/delivery/test_crashes |
| 6, 7 | PostgreSQL killed, read-only | test_database, tests/app/test_hooks_outage |
| 8 | SQLite locked | test_sqlite |
| 9 | Redis flushed, restarted, absent | test_redis, tests/app/test_hinting |
| 10 to 12 | a provider asks to wait, fails, says nothing | test_providers |
| 13, 14 | silent connections, repeated webhooks | test_webhooks, tests/journeys/test_hostile_* |
| 15 | reports in any order, or too early | test_webhooks, tests/delivery/test_any_order |
| 20, 21 | opting out, taking over, at the moment of the send | test_racing |
| 22 | a window closes while it is queued | tests/delivery/test_at_the_send |
| 23 | pause, restart, resume, cancel in any order | test_steering |
| 24 | hostile bodies | test_webhooks, tests/journeys/test_hostile |
"""
