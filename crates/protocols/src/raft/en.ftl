# The words of the room. Keys: the room, the kind of thing, its id.
raft-title = Raft
raft-about = Several servers keep one log, and one of them leads.

raft-class-server = server
raft-role-follower = follower
raft-role-candidate = candidate
raft-role-leader = leader
raft-role-asking = asking first
raft-role-learner = learner
raft-role-outside = outside
raft-mark-joins = joins
raft-mark-leaves = leaves
raft-mark-learns = learns, no vote
raft-mark-outside = not in the group
raft-mark-catches-up = lets { $about } catch up
raft-mark-hands-over = hands over to { $about }

raft-message-request-vote = vote request
raft-message-vote = vote
raft-message-vote-refused = refused vote
raft-message-append-entries = entries
raft-message-heartbeat = heartbeat
raft-message-append-accepted = acknowledgement
raft-message-append-refused = refusal
raft-message-pre-vote = question who would vote
raft-message-pre-vote-yes = yes, would vote
raft-message-pre-vote-no = no, would not vote
raft-message-install-snapshot = snapshot
raft-message-timeout-now = word to stand now
raft-message-snapshot-stored = acknowledgement of a chunk
raft-message-snapshot-refused = refusal of a chunk
raft-timer-election = election
raft-timer-heartbeat = heartbeat

raft-field-current-term = current term
raft-field-voted-for = voted for
raft-field-log-length = entries in the log
raft-field-commit-index = commit index
raft-field-last-applied = last applied
raft-field-leader = leader
raft-field-changes = changes of variables
raft-field-variable = variable
raft-field-session = session, latest command
raft-field-reads-waiting = reads that wait
raft-field-reads-served = reads served
raft-field-snapshot-index = snapshot up to index
raft-field-snapshot-term = term of that entry
raft-field-catch-up = round of catching up, up to index
raft-field-partial-index = snapshot on its way, up to index
raft-field-partial-stored = records of it
raft-field-records-stored = records of the snapshot that arrived
raft-field-offset = records before these
raft-field-record = record
raft-field-records-there = records that are there
raft-field-lease-until = lease until, by its clock
raft-field-group = group
raft-field-next-index = next index
raft-field-match-index = match index
raft-field-term = term
raft-field-last-log-index = last log index
raft-field-last-log-term = last log term
raft-field-prev-log-index = previous log index
raft-field-prev-log-term = previous log term
raft-field-entries = entries
raft-field-entry = entry
raft-field-leader-commit = leader’s commit index
raft-field-conflict-term = conflicting term
raft-field-conflict-index = first index of that term

raft-note-starts = { $node } finds term { $term } and { $last ->
    [one] one entry
   *[other] { $last } entries
    } on its disk.
raft-note-stands = { $node } heard nothing from a leader for { $waited }, so it stands for election in term { $term }.
raft-note-stands-again = { $node } has not won within { $waited }, so it stands again, in term { $term }.
raft-note-votes = { $node } votes for { $candidate } in term { $term }.
raft-note-refuses-vote-given = { $node } refuses { $candidate } its vote: in term { $term } that went to { $other }.
raft-note-refuses-vote-log = { $node } refuses { $candidate } its vote in term { $term }: its own log is more up to date.
raft-note-leads = { $node } leads term { $term }, with { $votes } of { $servers } votes.
raft-note-yields = { $node } stops standing: { $leader } has won term { $term }.
raft-note-hears-of-term = { $node } hears from { $from } that it is term { $term }.
raft-note-gives-up = { $node } stops standing: { $from } is in term { $term } already.
raft-note-steps-down = { $node } steps down: { $from } is in term { $term } already.
raft-note-rejects-old-term = { $node } turns { $from } away: it speaks of term { $old }, and it is term { $term }.
raft-note-writes = { $node } writes { $command } at index { $index } of its log.
raft-note-writes-no-op = { $node } opens term { $term } with an empty entry at index { $index }.
raft-note-stores = { $node } stores { $count ->
    [one] one entry
   *[other] { $count } entries
    } from { $leader }; its log ends at index { $last }.
raft-note-overwrites = { $node } drops { $count ->
    [one] one entry
   *[other] { $count } entries
    } from index { $first } on: { $leader } has something else there.
raft-note-refuses-gap = { $node } refuses: its log does not reach index { $index }, on which { $leader } builds.
raft-note-refuses-conflict = { $node } refuses: at index { $index } it has an entry of term { $term }, and { $leader } one of term { $other }.
raft-note-backs-up = { $node } steps back: for { $follower } it tries index { $next } next.
raft-note-commits = A majority has index { $index } on disk, so { $node } commits { $count ->
    [one] one entry
   *[other] { $count } entries
    }.
raft-note-holds-back = { $node } does not commit index { $index }, though a majority has it: it is of term { $old }, and only an entry of term { $term } can settle it.
raft-note-learns-commit = { $node } learns that the log is committed up to index { $index }.
raft-note-refers = { $node } does not lead; it names { $leader }.
raft-note-knows-no-leader = { $node } does not lead, and knows nobody who does.

raft-note-turns-away = { $most } clients wait at { $node } already, so it turns this one away.
raft-note-skips-duplicate = Index { $index } is command { $sequence } of client { $client } once more: { $node } does not carry it out again.
raft-note-repeats = Index { $index } is command { $sequence } of client { $client } once more, and { $node } carries it out again.
raft-note-asks-to-read = { $node } wants to read { $variable }: it asks the others whether it still leads, and notes that index { $index } is committed.
raft-note-trusts-lease = { $node } wants to read { $variable }: nobody else can lead for another { $left }.
raft-note-reads = { $node } reads { $found } as of index { $index }.
raft-note-asks-first = { $node } heard nothing from a leader for { $waited }; before it leaves term { $term } it asks who would vote for it.
raft-note-stands-encouraged = A majority would vote for { $node }: it stands for election in term { $term }.
raft-note-stands-told = { $node } was told to, so it stands for election in term { $term } at once.
raft-note-would-vote = { $node } would vote for { $candidate }.
raft-note-would-not-leader = { $node } would not vote for { $candidate }: it hears from a leader.
raft-note-would-not-log = { $node } would not vote for { $candidate }: its own log is more up to date.
raft-note-pays-no-heed = { $node } hears from a leader and pays no heed to { $candidate }, who stands in term { $term }.
raft-note-loses-touch = { $node } has not heard from a majority for long: it no longer leads term { $term }.
raft-note-takes-snapshot = { $node } takes a snapshot up to index { $index }; { $count ->
   [one] one entry leaves
  *[other] { $count } entries leave
   } its log.
raft-note-sends-snapshot = { $follower } needs entries that are gone from the log: { $node } sends it the snapshot up to index { $index }.
raft-note-installs-snapshot = { $node } takes the snapshot of { $leader } and is up to date as of index { $index }.
raft-note-sends-chunk = { $node } sends { $follower } a chunk of its snapshot up to index { $index }, which ends with record { $end } of { $size }.
raft-note-keeps-chunk = { $node } has { $stored ->
   [one] one record
  *[other] { $stored } records
   } of the snapshot of { $leader } up to index { $index }, and waits for the next.
raft-note-refuses-chunk = { $node } refuses: of the snapshot of { $leader } up to index { $index } it has { $stored ->
   [0] nothing
   [one] one record
  *[other] { $stored } records
   }, and these come after { $offset }.
raft-note-goes-back = { $follower } has { $stored ->
   [0] nothing
   [one] one record
  *[other] { $stored } records
   } of the snapshot up to index { $index }: { $node } goes on from there.
raft-note-discards-chunks = { $node } throws { $stored ->
   [one] one record
  *[other] { $stored } records
   } of a snapshot up to index { $index } away: another takes its place.
raft-note-catches-up = { $node } lets the newcomer catch up before it writes { $change }: the first round goes up to index { $index }.
raft-note-begins-round = Round { $round } took { $took }, an election timeout or more: { $node } begins another, up to index { $index }.
raft-note-has-caught-up = Round { $round } took { $took }, less than an election timeout: the newcomer has caught up.
raft-note-is-too-slow = { $node } refuses { $change }: round { $round } has taken { $took }, and it waits no longer.
raft-note-is-silent = { $node } refuses { $change }: nothing was heard from { $server } for { $longest }.
raft-note-waits-for-newcomers = { $node } refuses { $change }: a newcomer is catching up.
raft-note-changes = { $node } writes a new group at index { $index } of its log: { $group }. It holds from now on.
raft-note-has-open-change = { $node } refuses { $change }: the last change of the group is not committed yet.
raft-note-is-too-early = { $node } refuses { $change }: it has not committed an entry of its own term yet, so it may not know of another change.
raft-note-refuses-change = { $node } refuses { $change }: that is no step from the group that there is.
raft-note-leaves = Index { $index } is committed, a group without { $node }: it leads no more.
raft-note-hands-over = { $node } begins to hand over to { $to }; it takes no more requests.
raft-note-tells-to-stand = { $to } has the whole log: { $node } tells it to stand at once.
raft-note-gives-up-transfer = { $to } has not won in time: { $node } leads on and takes requests again.
raft-note-refuses-transfer = { $node } does not hand over to { $to }.
raft-note-is-handing-over = { $node } is handing over to { $to } and takes no requests.
raft-note-leaves-lease = { $node } does not stand for another { $left }: a leader that it has followed may rest a lease on that.

raft-answer-done = done
raft-answer-not-leader = not the leader
raft-answer-busy = too many wait here
raft-answer-value = read
raft-answer-differs = not as expected
raft-answer-no-session = no such session
raft-answer-refused = not now

raft-property-election-safety = Election safety
raft-property-election-safety-says = At most one server leads in a term.
raft-property-leader-append-only = Leader append-only
raft-property-leader-append-only-says = A leader never changes or drops an entry of its log; it only adds.
raft-property-log-matching = Log matching
raft-property-log-matching-says = If two logs have an entry of the same index and term, they are the same up to there.
raft-property-leader-completeness = Leader completeness
raft-property-leader-completeness-says = What is committed in a term is in the logs of the leaders of all later terms.
raft-property-state-machine-safety = State machine safety
raft-property-state-machine-safety-says = No two servers ever apply different entries at the same index.
raft-property-term-monotone = Terms only rise
raft-property-term-monotone-says = The term of a server never falls, not even over a crash.
raft-property-vote-once = One vote a term
raft-property-vote-once-says = A vote that was given is not changed within its term, not even over a crash.
raft-property-committed-durable = Committed is on disk
raft-property-committed-durable-says = What is committed is on the disks of more than half of the servers.
raft-property-commit-monotone = Commit only rises
raft-property-commit-monotone-says = While a server runs, what it knows to be committed and what it applied only grow.
raft-property-applied-once = Applied once
raft-property-applied-once-says = A command of a session is carried out once, however often it is sent, and state machines that applied the same are alike.
raft-property-reads-fresh = Reads are fresh
raft-property-reads-fresh-says = A read shows every write that was acknowledged before the client asked.
raft-property-one-change = One change at a time
raft-property-one-change-says = No log holds more than one change of the group that is not committed.
raft-property-progress = Leader and progress
raft-property-progress-says = Once the cluster is left alone and enough servers are up, there is a leader and it commits, within a bounded number of election timeouts.

raft-knob-servers = servers
raft-knob-election_min_ms = shortest election timeout
raft-knob-election_max_ms = longest election timeout
raft-knob-heartbeat_ms = heartbeat
raft-knob-batch = entries per append
raft-knob-window = appends on their way per follower
raft-knob-forget_vote = forget the vote on restart
raft-knob-commit_older_terms = commit entries of older terms by counting
raft-knob-skip_up_to_date = vote without comparing logs
raft-knob-skip_consistency = store without looking at the entry before
raft-knob-answer_before_saving = answer before saving
raft-knob-truncate_always = drop what follows every append
raft-knob-apply_duplicates = carry out a command as often as it comes
raft-knob-stale_reads = answer reads without asking
raft-knob-read_mode = reads: 0 through the log, 1 after a round, 2 by lease
raft-knob-clock_bound_percent = most that a clock is fast, in percent
raft-knob-count_removed = a leader that leaves counts itself
raft-knob-early_change = change the group before an entry of the own term is committed
raft-knob-group = servers in the group at first (0: all)
raft-knob-pre_vote = ask first who would vote
raft-knob-check_quorum = step down without a majority, stay with a leader that is heard
raft-knob-snapshot_every = entries until a snapshot (0: never)
raft-knob-joint = change the group through joint consensus
raft-knob-catch_up = catch up before a vote is given
raft-knob-chunk = records of a snapshot per message (0: all)

raft-badge = term { $number }
