# The words of the room. Keys: the room, the kind of thing, its id.
detector-title = Failure detectors
detector-about = Everybody sends heartbeats. How long a silence is too long: a fixed timeout says, or φ, which learns.

detector-class-node = node
detector-role-trusting = trusting
detector-role-suspicious = suspicious
detector-mark-suspects = suspects { $about }

detector-message-heartbeat = heartbeat
detector-timer-beat = heartbeat
detector-timer-watch = watch

detector-word-trusted = trusted
detector-word-suspect = suspected

detector-field-life = life
detector-field-beats = heartbeats sent
detector-field-suspected = suspected
detector-field-opinion = opinion
detector-field-allowance = silence that is fine
detector-field-mean = mean interval
detector-field-deviation = deviation
detector-field-threshold = φ at which it suspects
detector-field-number = number

detector-note-suspects = { $node } has heard nothing from { $about } for { $silence }, and suspects it.
detector-note-suspects-by-phi = { $node } has heard nothing from { $about } for { $silence }. φ is { $phi }, so it suspects it.
detector-note-was-wrong = { $node } hears from { $about } after { $silence }: it suspected it wrongly.
detector-note-is-back = { $node } hears that { $about } has started again.
detector-note-ignores-old = { $node } has newer heartbeats from { $about } than number { $number }, and ignores it.
detector-note-accepts-old = { $node } takes number { $number } of { $about } for a sign of life, though it has newer ones. The rule is broken on purpose.

detector-answer-nobody = it suspects nobody
detector-answer-somebody = it suspects somebody

detector-property-crash-suspected = Crashes are suspected
detector-property-crash-suspected-says = Everybody suspects a node that is down as soon as the silence that it finds fine is over.
detector-property-fresh-heartbeats = Only news count
detector-property-fresh-heartbeats-says = Only a heartbeat newer than all before is a sign of life.

detector-knob-nodes = nodes
detector-knob-heartbeat_ms = time between heartbeats
detector-knob-accrual = φ accrual instead of a fixed timeout
detector-knob-timeout_ms = fixed timeout
detector-knob-phi_thousandths = φ at which a node is suspected, in thousandths
detector-knob-window = intervals remembered
detector-knob-deviation_min_ms = least deviation reckoned with
detector-knob-accept_old = count old heartbeats as well
