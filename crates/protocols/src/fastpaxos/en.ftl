# The words of the room. Keys: the room, the kind of thing, its id.
fastpaxos-title = Fast Paxos
fastpaxos-about = Proposers send their values to the acceptors themselves; if two collide, a coordinator settles it.

fastpaxos-class-coordinator = coordinator
fastpaxos-class-proposer = proposer
fastpaxos-class-acceptor = acceptor
fastpaxos-class-learner = learner
fastpaxos-role-coordinator = coordinator
fastpaxos-role-preparing = preparing
fastpaxos-role-fast = fast round
fastpaxos-role-classic = classic round
fastpaxos-role-outbid = outbid
fastpaxos-role-proposer = proposer
fastpaxos-role-acceptor = acceptor
fastpaxos-role-learner = learner

fastpaxos-mark-chosen = knows the choice
fastpaxos-mark-outbid-by = outbid at { $about }
fastpaxos-mark-any = accepts any value

fastpaxos-message-prepare = prepare request
fastpaxos-message-promise = promise
fastpaxos-message-report = promise with a report
fastpaxos-message-refused = refusal
fastpaxos-message-any = “any” message
fastpaxos-message-accept = accept request
fastpaxos-message-propose = proposal
fastpaxos-message-accepted = acceptance
fastpaxos-message-chosen = news of the choice
fastpaxos-message-ask = question
fastpaxos-timer-retry = retry

fastpaxos-field-tried = last round tried
fastpaxos-field-promised = promised round
fastpaxos-field-accepted-value = accepted value
fastpaxos-field-accepted-round = accepted in round
fastpaxos-field-wish = value it wants
fastpaxos-field-heard-of = highest round heard of
fastpaxos-field-proposal = value it proposes
fastpaxos-field-clients = clients waiting
fastpaxos-field-open-round = accepts any value in round
fastpaxos-field-heard-value = accepted value
fastpaxos-field-chosen = chosen value, as far as it knows
fastpaxos-field-round = round
fastpaxos-field-value = value

fastpaxos-note-prepares-fast = { $node } begins round { $round }, a fast one, before anybody wants anything.
fastpaxos-note-prepares = { $node } begins round { $round }, a classic one.
fastpaxos-note-promises = { $node } promises { $coordinator } to accept nothing below round { $round }; it has accepted nothing yet.
fastpaxos-note-promises-and-reports = { $node } promises { $coordinator } to accept nothing below round { $round }, and reports that it accepted { $value } in round { $accepted }.
fastpaxos-note-refuses = { $node } refuses { $sender } in round { $round }: it has promised round { $promised }.
fastpaxos-note-is-outbid = { $node } gives round { $round } up: { $by } has promised round { $promised }.
fastpaxos-note-lacks-a-quorum = { $node } has waited { $waited }, and round { $round } has chosen nothing.
fastpaxos-note-opens = Nothing can have been chosen, so { $node } opens round { $round }: acceptors may accept any value.
fastpaxos-note-proposes = Nothing can have been chosen, so in round { $round } { $node } proposes { $value }.
fastpaxos-note-adopts = In round { $last } { $value } may have been chosen, and no other, so in round { $round } { $node } has to propose it.
fastpaxos-note-must-guess = { $count } values may have been chosen in round { $last }: the fast quorum is too small to tell. { $node } proposes { $value } in round { $round }.
fastpaxos-note-recovers = Values have collided in round { $round }: none can get a fast quorum any more. { $node } goes straight to phase 2 of round { $next } and proposes { $value }.
fastpaxos-note-sends-to-all = { $node } sends { $value } to the acceptors itself.
fastpaxos-note-accepts-fast = { $node } accepts { $value } in fast round { $round }: it is the first to arrive.
fastpaxos-note-accepts = { $node } accepts { $value } in round { $round }.
fastpaxos-note-learns-fast = { $count } of { $acceptors } acceptors, a fast quorum, accepted { $value } in round { $round }: it is chosen, and { $node } knows it.
fastpaxos-note-learns = { $count } of { $acceptors } acceptors accepted { $value } in round { $round }: it is chosen, and { $node } knows it.
fastpaxos-note-is-told = { $learner } tells { $node } that { $value } is chosen.
fastpaxos-note-adopts-the-only = Whoever voted in round { $last } voted for { $value }, so nothing else was chosen in it or before; in round { $round } { $node } has to propose it.
fastpaxos-note-ignores = { $node } was told that { $told } was accepted in round { $last }, but in round { $round } it proposes { $value } all the same. The rule is broken on purpose.
fastpaxos-note-forgets = { $node } has its promise of round { $promised } on disk, and does not look. The rule is broken on purpose.
fastpaxos-note-refers = { $node } does not propose; it names { $proposer }.

fastpaxos-answer-chosen = it is chosen
fastpaxos-answer-other = another value is chosen
fastpaxos-answer-not-proposer = not a proposer
fastpaxos-answer-busy = busy: too many wait here

fastpaxos-property-one-value-chosen = One value is chosen
fastpaxos-property-one-value-chosen-says = At most one value is ever chosen.
fastpaxos-property-chosen-was-proposed = Chosen was proposed
fastpaxos-property-chosen-was-proposed-says = Only a value that somebody wanted is chosen.
fastpaxos-property-promise-only-rises = Promises only rise
fastpaxos-property-promise-only-rises-says = The round that an acceptor has promised never falls, not even over a crash.
fastpaxos-property-promise-kept = Promises are kept
fastpaxos-property-promise-kept-says = An acceptor accepts nothing in a round below the one that it has promised.
fastpaxos-property-one-value-per-round = One value a coordinator and round
fastpaxos-property-one-value-per-round-says = No coordinator proposes two values in the same round.
fastpaxos-property-votes-are-safe = Votes are safe
fastpaxos-property-votes-are-safe-says = When a value is accepted in a round, no other has been chosen in a lower one, nor can it be any more.
fastpaxos-property-learned-is-chosen = Learned is chosen
fastpaxos-property-learned-is-chosen-says = Nobody believes that a value is chosen unless it is.
fastpaxos-property-fast-quorums-meet = Fast quorums meet
fastpaxos-property-fast-quorums-meet-says = Whoever picks a value finds at most one that may have been chosen: any classic quorum and any two fast ones have an acceptor in common.
fastpaxos-property-later-rounds-agree = Later rounds propose the same
fastpaxos-property-later-rounds-agree-says = Once a value is chosen, every coordinator of a higher round proposes that value.
fastpaxos-property-settled-in-time = Settled in time
fastpaxos-property-settled-in-time-says = Once everybody is up, every link is open and nothing is lost, whoever wants a value soon knows the choice, and so does a learner that heard of an acceptance; unless coordinators may duel for ever, because they wait for times too much alike or give a round too little.

fastpaxos-knob-coordinators = coordinators
fastpaxos-knob-proposers = proposers
fastpaxos-knob-acceptors = acceptors
fastpaxos-knob-learners = learners
fastpaxos-knob-retry_ms = time for a round before the next one
fastpaxos-knob-backoff_ms = longest random wait (0: none)
fastpaxos-knob-bare_fast_quorum = let a bare majority choose in a fast round
fastpaxos-knob-forget_promise = forget the promise on restart
fastpaxos-knob-ignore_accepted = propose without heeding what was accepted
fastpaxos-knob-share_ballots = let coordinators use the same rounds

fastpaxos-badge = round { $number }
