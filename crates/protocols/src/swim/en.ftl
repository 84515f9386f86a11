# The words of the room. Keys: the room, the kind of thing, its id.
swim-title = SWIM
swim-about = Everybody in a group hears soon who is in it and who is not any more, and nobody has more to do in a large group than in a small one.

swim-class-member = member
swim-role-member = member
swim-role-suspicious = suspicious
swim-role-alone = alone
swim-role-outside = outside

swim-mark-suspects = suspects { $about }
swim-mark-thinks-dead = { $about } is dead

swim-message-ping = ping
swim-message-ping-news = ping with rumours
swim-message-ack = ack
swim-message-ack-news = ack with rumours
swim-message-ping-req = request to ping
swim-message-nack = word that nothing came
swim-message-join = knock
swim-message-sync = list of members
swim-message-notice = notice
swim-timer-period = period
swim-timer-ping = ping
swim-timer-suspicion = suspicion
swim-timer-nack = reply

swim-word-unknown = unknown
swim-word-alive = alive
swim-word-suspect = suspected
swim-word-dead = dead
swim-word-left = has left

swim-field-life = life
swim-field-life-on-disk = last life
swim-field-incarnation = incarnation
swim-field-alive = alive, as far as it knows
swim-field-suspected = suspected
swim-field-dead = dead
swim-field-probes = waits for an answer of
swim-field-rumours = rumours it passes on
swim-field-patience = patience, times the usual
swim-field-periods = periods lived
swim-field-opinion = opinion
swim-field-incarnation-of = incarnation
swim-field-number = probe
swim-field-origin = asked by
swim-field-target = whom
swim-field-rumour-about = rumour about
swim-field-rumour = it is

swim-note-asks-others = { $node } has no answer from { $about } and asks { $count ->
    [1] one other
   *[other] { $count } others
    } to try.
swim-note-reached-through = { $node } hears of { $about } through { $helper }: it was only the path.
swim-note-suspects = { $node } had no answer from { $about } in the whole period, and suspects it.
swim-note-hears-suspicion = { $node } hears from { $from } that { $by } suspects { $about }, and suspects it too.
swim-note-refutes = { $node } hears from { $from } that { $by } suspects it. It objects: it is alive in incarnation { $incarnation }.
swim-note-clears = { $node } hears from { $from } that { $about } is alive in incarnation { $incarnation }, and suspects it no more.
swim-note-declares = { $node } has heard no objection from { $about } in time, and declares it dead.
swim-note-declares-at-once = { $node } had no answer from { $about } in the whole period, and declares it dead.
swim-note-hears-death = { $node } hears from { $from } that { $by } declared { $about } dead.
swim-note-learns-own-death = { $node } hears from { $from } that { $by } declared it dead. Death is final, so it goes on as a new process, in life { $life }.
swim-note-tells-dead = { $node } has a message from { $about }, who is not a member any more, and tells it so.
swim-note-meets = { $node } hears from { $from } that { $about } is alive{ $life ->
    [1] {""}
   *[other] , in life { $life }
    }.
swim-note-joins = { $node } begins life { $life } and wants to join.
swim-note-knocks = { $node } knocks at { $about }.
swim-note-has-list = { $node } has a list of { $count } from { $from } and knows of { $members } members now.
swim-note-leaves = { $node } leaves the group.
swim-note-hears-leave = { $node } hears from { $from } that { $about } has left.
swim-note-confirms = { $by } found by itself what { $node } suspects of { $about }. With { $count } accusers { $about } has { $left } left to object.
swim-note-doubts-itself = { $node } doubts itself: it waits { $times } times as long as usual.
swim-note-trusts-itself = { $node } has an answer and trusts itself more: it waits { $times ->
    [1] as long as usual
   *[other] { $times } times as long as usual
    }.
swim-note-speaks-for = { $node } objects for { $about }: alive in incarnation { $incarnation }. The rule is broken on purpose.
swim-note-keeps-silent = { $node } hears from { $from } that { $by } suspects it, and says nothing. The rule is broken on purpose.

swim-answer-joins = it joins
swim-answer-left = it has left
swim-answer-already = nothing to do

swim-property-own-incarnation = Speaks for itself
swim-property-own-incarnation-says = Only a member raises its own incarnation, begins its own lives, and says that it left.
swim-property-opinions-rise = Opinions rise
swim-property-opinions-rise-says = Nobody goes back to an opinion that was overridden: alive(i) < suspect(i) < alive(i+1), and dead overrides.
swim-property-suspicion-answered = Suspicion is answered
swim-property-suspicion-answered-says = Whoever hears that it is suspected or dead objects at once, by a higher incarnation or a new life.
swim-property-second-opinion = A second opinion
swim-property-second-opinion-says = Nobody finds a member silent before others were asked to reach it.
swim-property-suspected-first = Suspected first
swim-property-suspected-first-says = Nobody is declared dead but by a member that suspects it: an objection that arrives in time counts.
swim-property-crash-noticed = Crashes are noticed
swim-property-crash-noticed-says = Every member suspects one that is down within two rounds of probes, and declares it dead when its time to object is over.

swim-knob-members = members, the late ones included
swim-knob-founders = members from the beginning (0: all)
swim-knob-period_ms = protocol period
swim-knob-ping_timeout_ms = time for an answer before others are asked
swim-knob-indirect = how many others are asked
swim-knob-suspicion = suspect before declaring dead
swim-knob-suspicion_multiplier = periods to object, times the logarithm of the group
swim-knob-retransmit_multiplier = how often a rumour is told, times the logarithm of the group
swim-knob-random_probes = draw each target anew instead of going round
swim-knob-knock_periods = periods between knocks at the dead (0: never)
swim-knob-lifeguard = Lifeguard
swim-knob-others_raise = let others object for who is suspected
swim-knob-no_refutation = say nothing when suspected
swim-knob-no_indirect = suspect without asking others

swim-badge = incarnation { $number }
