# Swarms: counts instead of events. The first of them head the columns of a table.
crowd-cycle = cycle
crowd-until = until
crowd-sent = sent
crowd-arrived = arrived
crowd-lost = lost
crowd-down = down
crowd-clock-cycle = Cycle { $number }
crowd-clock-time = { $seconds } s
crowd-part = { $role }: { $count }
crowd-summary = { $clock }. { $parts }.
crowd-traffic = { $sent } messages sent, { $arrived } arrived, { $lost } lost.
crowd-traffic-end = { $sent } messages sent, { $arrived } arrived, { $lost } lost. Nothing follows.
