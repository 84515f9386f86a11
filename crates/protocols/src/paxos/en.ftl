# The words of the room. Keys: the room, the kind of thing, its id.
paxos-title = Paxos
paxos-about = Proposers want a value each; acceptors choose one of them, once and for ever.

paxos-class-proposer = proposer
paxos-class-acceptor = acceptor
paxos-class-learner = learner
paxos-class-node = node
paxos-role-proposer = proposer
paxos-role-preparing = preparing
paxos-role-proposing = proposing
paxos-role-beaten = beaten
paxos-role-acceptor = acceptor
paxos-role-learner = learner
paxos-role-node = node
paxos-role-deferring = not leading

paxos-mark-chosen = knows the choice
paxos-mark-beaten-by = beaten at { $about }
paxos-mark-defers-to = leaves it to { $about }

paxos-message-prepare = prepare request
paxos-message-promise = promise
paxos-message-report = promise with a report
paxos-message-prepare-refused = refused promise
paxos-message-accept = accept request
paxos-message-accepted = acceptance
paxos-message-accept-refused = refused acceptance
paxos-message-chosen = news of the choice
paxos-message-ask = question
paxos-message-alive = sign of life
paxos-message-forward = wish passed on
paxos-timer-retry = retry
paxos-timer-ask = question
paxos-timer-speak = sign of life

paxos-field-tried = last ballot tried
paxos-field-promised = promised ballot
paxos-field-accepted-value = accepted value
paxos-field-accepted-ballot = accepted in ballot
paxos-field-wish = value it wants
paxos-field-proposal = value it proposes
paxos-field-heard-of = highest ballot heard of
paxos-field-clients = clients waiting
paxos-field-reported-value = reported value
paxos-field-reported-ballot = reported from ballot
paxos-field-heard-value = accepted value
paxos-field-heard-ballot = accepted in ballot
paxos-field-chosen = chosen value, as far as it knows
paxos-field-ballot = ballot
paxos-field-value = value

paxos-note-prepares = { $node } begins ballot { $ballot } and asks every acceptor for its promise.
paxos-note-lacks-promises = { $node } has waited { $waited } and has no quorum of promises for ballot { $ballot }.
paxos-note-lacks-acceptances = { $node } has waited { $waited } and has no quorum of acceptances in ballot { $ballot }.
paxos-note-promises = { $node } promises { $proposer } to accept nothing below ballot { $ballot }; it has accepted nothing yet.
paxos-note-promises-and-reports = { $node } promises { $proposer } to accept nothing below ballot { $ballot }, and reports that it has accepted { $value } in ballot { $accepted }.
paxos-note-refuses-prepare = { $node } refuses { $proposer } a promise for ballot { $ballot }: it has promised ballot { $promised }.
paxos-note-proposes = { $node } has { $promises } promises for ballot { $ballot } and was told of no value, so it is free to propose its own: { $value }.
paxos-note-adopts = { $node } was told that { $value } was accepted in ballot { $accepted }, so in ballot { $ballot } it proposes { $value } again{ $wish ->
    [none] {""}
   *[other] , whatever it wants itself ({ $wish })
    }.
paxos-note-ignores = { $node } was told that { $told } was accepted in ballot { $accepted }, but in ballot { $ballot } it proposes { $value } all the same. The rule is broken on purpose.
paxos-note-accepts = { $node } accepts { $value } in ballot { $ballot } of { $proposer }.
paxos-note-refuses-accept = { $node } refuses to accept { $value } from { $proposer } in ballot { $ballot }: it has promised ballot { $promised }.
paxos-note-is-beaten = { $node } gives ballot { $ballot } up: { $acceptor } has promised ballot { $promised }.
paxos-note-backs-off = { $node } draws a time at random and waits { $wait } before it tries again.
paxos-note-learns = { $count } of { $acceptors } acceptors accepted { $value } in ballot { $ballot }: it is chosen, and { $node } knows it.
paxos-note-is-told = { $learner } tells { $node } that { $value } is chosen.
paxos-note-has-tried = { $node } finds on its disk that its last ballot was { $ballot }; its next one will be higher.
paxos-note-has-promised = { $node } finds on its disk that it promised ballot { $promised }.
paxos-note-has-accepted = { $node } finds on its disk that it promised ballot { $promised } and accepted { $value } in ballot { $accepted }.
paxos-note-forgets = { $node } has its promise of ballot { $promised } on disk, and does not look. The rule is broken on purpose.
paxos-note-has-a-wish = { $node } has { $wish } to propose already; who asks for { $value } waits to hear what is chosen.
paxos-note-knows-already = { $node } knows already that { $value } is chosen.
paxos-note-asks = { $node } asks the acceptors what they have accepted.
paxos-note-defers = { $node } takes { $leader } for the leader: it does not propose { $value } itself, but passes it on.
paxos-note-takes-over = { $node } has heard nothing from { $leader } for long, and leads.
paxos-note-refers = { $node } does not propose; it names { $proposer }.

paxos-answer-chosen = it is chosen
paxos-answer-other = another value is chosen
paxos-answer-not-proposer = not a proposer
paxos-answer-busy = busy: too many wait here

paxos-property-one-value-chosen = One value is chosen
paxos-property-one-value-chosen-says = At most one value is ever chosen.
paxos-property-chosen-was-proposed = Chosen was proposed
paxos-property-chosen-was-proposed-says = Only a value that somebody wanted is chosen.
paxos-property-promise-only-rises = Promises only rise
paxos-property-promise-only-rises-says = The ballot that an acceptor has promised never falls, not even over a crash.
paxos-property-promise-kept = Promises are kept
paxos-property-promise-kept-says = An acceptor accepts nothing in a ballot below the one that it has promised.
paxos-property-one-value-per-ballot = One value a ballot
paxos-property-one-value-per-ballot-says = No two values are proposed in the same ballot.
paxos-property-votes-are-safe = Votes are safe
paxos-property-votes-are-safe-says = When a value is accepted in a ballot, no other has been chosen in a lower one, nor can it be any more.
paxos-property-later-ballots-agree = Later ballots agree
paxos-property-later-ballots-agree-says = Once a value is chosen, every higher ballot proposes the same value.
paxos-property-learned-is-chosen = Learned is chosen
paxos-property-learned-is-chosen-says = Nobody believes that a value is chosen unless it is.
paxos-property-settled-in-time = Settled in time
paxos-property-settled-in-time-says = Once everybody is up, every link is open and nothing is lost, whoever wants a value soon knows the choice, and so does a learner that heard of an acceptance; unless proposers may duel for ever, because they wait for times too much alike or give a ballot too little.

paxos-knob-proposers = proposers
paxos-knob-acceptors = acceptors
paxos-knob-learners = learners
paxos-knob-shared = every acceptor also proposes and learns, and there is nobody else
paxos-knob-phase1_quorum = promises that are enough (0: a majority)
paxos-knob-phase2_quorum = acceptances that are enough (0: a majority)
paxos-knob-retry_ms = time for a ballot before the next one
paxos-knob-backoff_ms = longest random wait (0: none)
paxos-knob-leader_ms = silence after which a proposer is taken for dead (0: nobody leads)
paxos-knob-forget_promise = forget the promise on restart
paxos-knob-ignore_accepted = propose without heeding what was accepted
paxos-knob-quorums_may_miss = allow quorums that need not meet
paxos-knob-share_ballots = let proposers use the same ballots

paxos-badge = ballot { $number }
