# The words of the room. Keys: the room, the kind of thing, its id.
broadcast-title = Broadcast trees
broadcast-about = Nobody knows everybody, and yet a broadcast reaches all, nearly without waste.

broadcast-class-node = node
broadcast-role-outside = alone
broadcast-role-member = member
broadcast-role-source = source
broadcast-role-informed = has it
broadcast-mark-misses = waits, { $about } has it

broadcast-message-join = request to join
broadcast-message-forward-join = news of a new node
broadcast-message-neighbour = request to be a neighbour
broadcast-message-accept = acceptance
broadcast-message-refuse = refusal
broadcast-message-disconnect = end of a link
broadcast-message-alive = sign of life
broadcast-message-shuffle = shuffle
broadcast-message-shuffle-reply = shuffle in return
broadcast-message-gossip = broadcast
broadcast-message-i-have = announcement
broadcast-message-prune = prune
broadcast-message-graft = graft
broadcast-timer-join = join
broadcast-timer-tick = sign of life
broadcast-timer-shuffle = shuffle
broadcast-timer-missing = missing broadcast

broadcast-word-broadcast = a broadcast
broadcast-word-eager = eager
broadcast-word-lazy = lazy

broadcast-field-number = broadcasts begun
broadcast-field-link = link
broadcast-field-passive = knows of
broadcast-field-neighbours = neighbours
broadcast-field-delivered = broadcasts delivered
broadcast-field-duplicates = broadcasts that came again
broadcast-field-missing = broadcasts it waits for
broadcast-field-new = new node
broadcast-field-ttl = steps left
broadcast-field-origin = from
broadcast-field-nodes = nodes named

broadcast-note-joins = { $node } knows nobody, and asks { $contact } to be let in.
broadcast-note-links = { $node } takes { $peer } as a neighbour; the link is eager.
broadcast-note-drops = { $node } has no room for { $peer }, so it drops { $dropped }.
broadcast-note-gives-up = { $node } has heard nothing from { $peer } for { $waited }: it takes its neighbour for failed.
broadcast-note-seeks = { $node } has room and asks { $peer }, from its passive view, to be a neighbour.
broadcast-note-begins = { $node } begins its broadcast number { $number }.
broadcast-note-delivers = { $node } gets broadcast { $number } of { $origin } from { $from }: their link belongs to the tree.
broadcast-note-prunes = { $node } has it already: its link to { $peer } is one too many, and lazy from now on.
broadcast-note-grafts = { $node } was told of a broadcast that does not come: it puts its link to { $peer } into the tree.
broadcast-note-delivers-again = { $node } delivers it again. The rule is broken on purpose.

broadcast-answer-sent = it is on its way

broadcast-property-views-disjoint = Views are disjoint
broadcast-property-views-disjoint-says = Nobody is in both views of a node, nor twice in one, nor a node in its own.
broadcast-property-delivered-once = Delivered once
broadcast-property-delivered-once-says = No broadcast is delivered twice at a node that did not crash.
broadcast-property-delivered-was-sent = Delivered was sent
broadcast-property-delivered-was-sent-says = Whatever is delivered was broadcast.

broadcast-knob-nodes = nodes
broadcast-knob-active = neighbours at most
broadcast-knob-passive = others a node knows of
broadcast-knob-walk = steps of a random walk
broadcast-knob-remember = steps before its end at which the new node is remembered
broadcast-knob-join_ms = longest wait before joining
broadcast-knob-alive_ms = time between signs of life
broadcast-knob-patience_ms = silence after which a neighbour is given up
broadcast-knob-shuffle_ms = time between shuffles
broadcast-knob-missing_ms = time for an announced broadcast to come by itself
broadcast-knob-overlap = keep neighbours in the passive view
broadcast-knob-deliver_again = deliver what comes again
