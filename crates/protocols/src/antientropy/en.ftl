# The words of the room. Keys: the room, the kind of thing, its id.
antientropy-title = Anti-entropy
antientropy-about = Sites compare what they have, two at a time, until all have the same.

antientropy-class-site = site
antientropy-role-empty = has nothing
antientropy-role-holds = has it
antientropy-role-buried = deleted it

antientropy-message-digests = digests
antientropy-message-stamps = timestamps
antientropy-message-items = versions
antientropy-message-wanted = wish for versions
antientropy-timer-round = round

antientropy-field-a = a
antientropy-field-b = b
antientropy-field-c = c
antientropy-field-d = d
antientropy-field-items = keys it has something for
antientropy-field-asleep = certificates that sleep
antientropy-field-sent = bytes sent
antientropy-field-entries = entries
antientropy-field-bytes = bytes

antientropy-note-writes = A client writes { $key } = { $value } at { $node }.
antientropy-note-deletes = A client deletes { $key } at { $node }, which keeps a death certificate in its place.
antientropy-note-deletes-barely = A client deletes { $key } at { $node }, and no certificate takes its place. The rule is broken on purpose.
antientropy-note-compares = { $node } picks { $partner } and compares what they have.
antientropy-note-agrees = { $node } finds nothing to exchange with { $partner }.
antientropy-note-differs = { $node } differs from { $partner }: { $sent } newer here, { $wanted } newer there.
antientropy-note-takes = { $node } takes { $key } = { $value } from { $from }: it is newer.
antientropy-note-takes-certificate = { $node } takes the death certificate of { $key } from { $from }: { $key } is deleted here as well.
antientropy-note-falls-back = { $node } takes { $key } from { $from }, though its own is newer. The rule is broken on purpose.
antientropy-note-discards = { $node } discards the death certificate of { $key }: by its clock, everybody must know by now.
antientropy-note-sleeps = { $node } is to retain the death certificate of { $key }: it sleeps from now on.
antientropy-note-awakens = { $node } meets { $key }, which was deleted: the sleeping certificate wakes up and spreads again.

antientropy-answer-written = it is written here
antientropy-answer-deleted = it is deleted here
antientropy-answer-no-key = there is no such key

antientropy-property-newest-wins = The newest wins
antientropy-property-newest-wins-says = At no site does a version give way to an older one.
antientropy-property-dead-stay-dead = The dead stay dead
antientropy-property-dead-stay-dead-says = What a site has deleted does not come back there while its death certificate lives.
antientropy-property-one-version-per-stamp = One version a timestamp
antientropy-property-one-version-per-stamp-says = Sites that have the same timestamp for a key have the same version.

antientropy-knob-nodes = sites
antientropy-knob-keys = keys
antientropy-knob-push = the partner takes what is newer here
antientropy-knob-pull = take what is newer at the partner
antientropy-knob-digests = compare by a tree of digests, not by lists
antientropy-knob-round_ms = time between exchanges
antientropy-knob-jitter_ms = longest random addition to it
antientropy-knob-certificate_ms = life of a death certificate (τ1)
antientropy-knob-dormant_ms = how much longer it sleeps at some sites (τ2; 0: not at all)
antientropy-knob-retention = sites at which it sleeps
antientropy-knob-preset = keys that every site has at first
antientropy-knob-ahead = how many of them are newer at the first site
antientropy-knob-no_certificates = delete without a death certificate
antientropy-knob-ignore_stamps = take whatever comes, newer or not
