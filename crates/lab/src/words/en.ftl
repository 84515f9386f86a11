# What the universe itself says. What rooms say is in their own files.

event-boot = { $node } starts from what is on its disk.
event-deliver = { $node } receives { $message } from { $other }.
event-timer = { $node }: the { $timer } timer runs out.
event-request = A client asks { $node } for { $request }.
event-request-down = A client asks { $node } for { $request }, but { $node } is down.
event-saved = { $node } has its writes on disk.
event-send = { $node } sends { $message } to { $other }.
event-lost-chance = The network loses { $message } from { $node } to { $other }.
event-lost-cut = The link is cut: { $message } from { $node } cannot reach { $other }.
event-lost-cut-later = The link was cut meanwhile: { $message } from { $node } cannot reach { $other }.
event-lost-down = { $other } is down and cannot receive { $message } from { $node }.
event-lost-taken = Somebody takes away { $message } from { $node } to { $other }.
event-answer = { $node } answers the client: { $answer }.
event-duplicate = The network doubles { $message } from { $node } to { $other }.
event-in-vain = Nothing came of it: { $input }
event-broken = { $property } no longer holds.
event-broken-two = { $property } no longer holds: { $node } and { $other } show it.

input-crash = { $node } crashes; its memory is gone.
input-crash-some = { $percent } % of the nodes crash at once, drawn by lot; their memory is gone.
input-restart = { $node } starts again.
input-pause = { $node } stands still.
input-resume = { $node } goes on.
input-lose-disk = { $node } loses its disk.
input-clock = The clock of { $node } runs at { $rate } % of true time.
input-fire = The { $timer } timer of { $node } is made to run out.
input-request = A client asks { $node }.
input-cut = A fault line parts { $sides }.
input-heal = Every link is whole again.
input-cut-link = The link from { $from } to { $to } is cut.
input-cut-link-both = The link between { $from } and { $to } is cut.
input-heal-link = The link from { $from } to { $to } is whole again.
input-heal-link-both = The link between { $from } and { $to } is whole again.
input-loss = The network now loses { $percent } % of all messages.
input-duplication = The network now doubles { $percent } % of all messages.
input-latency = Messages now take { $min } to { $max }.
input-disk = Writes to disk now take { $min } to { $max }.
input-drop = Somebody takes away a message from { $from } to { $to }.
input-duplicate = Somebody doubles a message from { $from } to { $to }.
input-deliver = Somebody delivers a message from { $from } to { $to } at once.
input-delay = Somebody holds up a message from { $from } to { $to } for { $by }.
input-hold-on = Nothing is delivered until you say so.
input-hold-off = Messages are delivered by themselves again.

action-crash = Crash
action-restart = Restart
action-pause = Pause
action-resume = Go on
action-lose-disk = Lose disk
action-clock-fast = Fast clock
action-clock-slow = Slow clock
action-clock-true = True clock
action-request = Request
action-fire = Time out: { $timer }
action-drop = Lose
action-duplicate = Double
action-delay = Delay
action-deliver = Deliver now

panel-node = { $node } · { $role }
panel-node-down = { $node } · crashed
panel-message = { $message }, { $from } → { $to }
field-of = { $label } for { $node }

word-nothing = none
word-millis = { $number } ms
word-micros = { $number } µs
word-seconds = { $number } s

lab-much-waits = Too much waits to be done already.
lab-run-is-full = The run stops here: with all branches it holds 10 million events, or too much waits in it.
lab-check-differs = This link was made by another release: its run is not the same here.
lab-too-many-acts = This branch holds as many interventions as a branch may.
lab-too-many-branches = There are as many branches as a scenario may have.
lab-left-out = { $count } earlier ones are left out.
lab-no-such-branch = There is no such branch.
