# The words of the room. Keys: the room, the kind of thing, its id.
multipaxos-title = Multi-Paxos
multipaxos-about = Several servers agree on one command after the other; one of them leads.

multipaxos-class-server = server
multipaxos-role-follower = follower
multipaxos-role-outbid = outbid
multipaxos-role-candidate = candidate
multipaxos-role-leader = leader

multipaxos-mark-outbid-by = outbid at { $about }
multipaxos-mark-behind = lacks chosen slots

multipaxos-message-prepare = prepare request
multipaxos-message-promise = promise
multipaxos-message-report = promise with a report
multipaxos-message-refused = refusal
multipaxos-message-accept = accept request
multipaxos-message-accepted = acceptance
multipaxos-message-chosen = news of a choice
multipaxos-message-heartbeat = heartbeat
multipaxos-message-granted = lease
multipaxos-message-ask = question
multipaxos-message-snapshot = snapshot
multipaxos-timer-election = election
multipaxos-timer-heartbeat = heartbeat

multipaxos-field-promised = promised ballot
multipaxos-field-chosen-slots = chosen up to slot
multipaxos-field-collected-slots = forgotten up to slot
multipaxos-field-last-slot = last slot it knows of
multipaxos-field-variables = variables
multipaxos-field-leader = leader
multipaxos-field-lease-until = lease granted until (its clock)
multipaxos-field-lease-asked = lease asked for at (its clock)
multipaxos-field-next-slot = next free slot
multipaxos-field-clients = clients without a slot
multipaxos-field-ballot = ballot
multipaxos-field-slot = slot
multipaxos-field-command = command

multipaxos-note-hears-nothing = { $node } has heard nothing from a leader for { $waited }.
multipaxos-note-insists = { $node } was outbid, and tries again with a higher ballot.
multipaxos-note-lacks-promises = { $node } has waited { $waited } and has no quorum of promises for ballot { $ballot }.
multipaxos-note-lacks-slots = { $node } has waited { $waited } for chosen slots that it lacks, and begins anew after ballot { $ballot }.
multipaxos-note-prepares = { $node } begins ballot { $ballot } and asks everybody for a promise, for slot { $slot } and all later ones at once.
multipaxos-note-promises = { $node } promises { $candidate } to accept nothing below ballot { $ballot }, in any slot; it has nothing to report.
multipaxos-note-promises-and-reports = { $node } promises { $candidate } to accept nothing below ballot { $ballot }, and reports what it accepted: { $count ->
    [one] one command, in slot { $slot }
   *[other] { $count } commands, from slot { $slot } on
    }.
multipaxos-note-refuses = { $node } refuses { $sender } in ballot { $ballot }: it has promised ballot { $promised }.
multipaxos-note-is-outbid = { $node } gives ballot { $ballot } up: { $by } is at ballot { $promised }.
multipaxos-note-backs-off = { $node } draws a time at random and waits { $wait } before it tries again.
multipaxos-note-leads = { $node } has { $promises } promises and leads ballot { $ballot }; slot { $slot } is the first free one.
multipaxos-note-adopts = Slot { $slot }: { $command } was accepted in ballot { $accepted }, so { $node } has to propose it again.
multipaxos-note-fills = Slot { $slot } is a hole: nobody reported anything, so { $node } proposes a command that does nothing.
multipaxos-note-ignores = Slot { $slot }: { $command } was accepted in ballot { $accepted }, and { $node } does not heed it. The rule is broken on purpose.
multipaxos-note-follows = { $node } follows { $leader } in ballot { $ballot }.
multipaxos-note-proposes = { $node } proposes { $command } for slot { $slot } in ballot { $ballot }.
multipaxos-note-accepts = { $node } accepts { $command } for slot { $slot } in ballot { $ballot } of { $leader }.
multipaxos-note-is-chosen = { $count } of { $servers } accepted { $command } for slot { $slot }: it is chosen, and { $node } knows it.
multipaxos-note-waits-for-a-hole = Slot { $slot } is chosen, but { $node } cannot apply it before slot { $hole } is chosen too.
multipaxos-note-is-told = { $node } is told by { $sender } what is chosen: { $count ->
    [one] one command, for slot { $slot }
   *[other] { $count } commands, up to slot { $slot }
    }.
multipaxos-note-asks = { $node } lacks slot { $slot } and asks { $whom } what is chosen.
multipaxos-note-collects = { $node } keeps its variables as they are after slot { $slot } and forgets { $count } slots.
multipaxos-note-sends-snapshot = { $node } has forgotten slot { $slot }; it sends { $whom } its variables as they are after slot { $last }.
multipaxos-note-installs = { $node } takes the variables from { $sender }: they stand for everything up to slot { $slot }.
multipaxos-note-knows-the-request = Slot { $slot }: client { $client } has asked for { $command } before; { $node } does not apply it again.
multipaxos-note-applies-twice = Slot { $slot }: client { $client } has asked for { $command } before, and { $node } applies it again. The rule is broken on purpose.
multipaxos-note-reads-by-lease = { $node } holds a lease for another { $left } and reads { $command } from memory: { $value ->
    [none] never set
   *[other] { $value }
    }.
multipaxos-note-reads-without-lease = { $node } holds no lease and reads { $command } from memory all the same: { $value ->
    [none] never set
   *[other] { $value }
    }. The rule is broken on purpose.
multipaxos-note-keeps-lease = { $node } does not answer { $candidate }: the lease that it granted runs for another { $left }.
multipaxos-note-breaks-lease = { $node } has granted a lease that runs for another { $left }, and listens to { $candidate } all the same. The rule is broken on purpose.
multipaxos-note-has-promised = { $node } finds on its disk that it promised ballot { $promised }, and what is chosen up to slot { $slot }.
multipaxos-note-forgets = { $node } has its promise of ballot { $promised } on disk, and does not look. The rule is broken on purpose.
multipaxos-note-refers = { $node } does not lead; it names { $leader }.
multipaxos-note-knows-no-leader = { $node } does not lead, and knows nobody who does.
multipaxos-note-reads = In slot { $slot } { $node } reads { $command }: { $value ->
    [none] never set
   *[other] { $value }
    }.
multipaxos-note-waits-for-lease = { $node } hears nothing from a leader, but the lease that it granted runs for another { $left }, and it waits.

multipaxos-answer-done = done
multipaxos-answer-read = read
multipaxos-answer-swapped = compared and set
multipaxos-answer-differs = not as expected, so nothing was set
multipaxos-answer-not-leader = not the leader
multipaxos-answer-busy = busy: too many wait here

multipaxos-property-one-value-chosen = One command a slot
multipaxos-property-one-value-chosen-says = At most one command is ever chosen for a slot.
multipaxos-property-chosen-was-proposed = Chosen was proposed
multipaxos-property-chosen-was-proposed-says = Only what a client asked for is chosen, or a command that does nothing.
multipaxos-property-promise-only-rises = Promises only rise
multipaxos-property-promise-only-rises-says = The ballot that a server has promised never falls, not even over a crash.
multipaxos-property-promise-kept = Promises are kept
multipaxos-property-promise-kept-says = A server accepts nothing in a ballot below the one that it has promised.
multipaxos-property-one-value-per-ballot = One command a ballot and slot
multipaxos-property-one-value-per-ballot-says = No two commands are proposed for the same slot in the same ballot.
multipaxos-property-votes-are-safe = Votes are safe
multipaxos-property-votes-are-safe-says = When a command is accepted in a ballot, no other has been chosen for its slot in a lower one, nor can it be any more.
multipaxos-property-later-ballots-agree = Later ballots agree
multipaxos-property-later-ballots-agree-says = Once a command is chosen for a slot, every higher ballot proposes the same there.
multipaxos-property-learned-is-chosen = Learned is chosen
multipaxos-property-learned-is-chosen-says = Nobody takes a command for chosen unless it is.
multipaxos-property-prefixes-agree = Prefixes agree
multipaxos-property-prefixes-agree-says = As far as two servers have applied the log, they applied the same.
multipaxos-property-applied-once = Applied once
multipaxos-property-applied-once-says = The variables are what the log makes of them if each request takes effect once.
multipaxos-property-reads-are-fresh = Reads are fresh
multipaxos-property-reads-are-fresh-says = A read is never older than the last write that a client was told of.
multipaxos-property-led-in-time = Led in time
multipaxos-property-led-in-time-says = Once every server is up, every link is open and nothing is lost, one leads soon; unless they may duel for ever, because they wait for times too much alike or a leader speaks too seldom.
multipaxos-property-goes-on-in-time = Goes on in time
multipaxos-property-goes-on-in-time-says = In such a time every server that lacks a chosen slot, or has proposed one, soon knows more than it did.

multipaxos-knob-servers = servers
multipaxos-knob-phase1_quorum = promises that are enough (0: a majority)
multipaxos-knob-phase2_quorum = acceptances that are enough (0: a majority)
multipaxos-knob-election_min_ms = shortest silence before a server wants to lead
multipaxos-knob-election_max_ms = longest silence before a server wants to lead
multipaxos-knob-heartbeat_ms = time between heartbeats
multipaxos-knob-window = slots that may be open at once
multipaxos-knob-collect_after = chosen slots that are kept before they are forgotten (0: all)
multipaxos-knob-insist = a server that was outbid tries again
multipaxos-knob-backoff_ms = longest random wait before it does (0: none)
multipaxos-knob-lease_ms = length of a lease (0: none, and reads go through the log)
multipaxos-knob-clock_ratio = how many times faster than another a clock may run
multipaxos-knob-forget_promise = forget the promise on restart
multipaxos-knob-ignore_accepted = lead without heeding what was accepted
multipaxos-knob-quorums_may_miss = allow quorums that need not meet
multipaxos-knob-share_ballots = let servers use the same ballots
multipaxos-knob-break_lease = promise others while a lease runs
multipaxos-knob-stale_reads = read from memory without a lease
multipaxos-knob-apply_twice = apply a repeated request again

multipaxos-badge = ballot { $number }
