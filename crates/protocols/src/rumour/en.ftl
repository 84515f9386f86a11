# The words of the room. Keys: the room, the kind of thing, its id.
rumour-title = Rumour
rumour-about = Whoever hears something new tells others at random, until telling bores it.

rumour-class-site = site
rumour-role-susceptible = unaware
rumour-role-infective = spreads it
rumour-role-removed = knows it

rumour-message-push = rumour
rumour-message-pull = question for news
rumour-message-tell = rumour as an answer
rumour-message-new = “that was new”
rumour-message-knew = “I knew that”
rumour-timer-round = round

rumour-word-rumour = a rumour to be spread
rumour-word-yes = yes
rumour-word-no = no
rumour-field-useless = contacts in a row that count against it
rumour-field-knows = rumour on disk

rumour-note-begins = A client tells { $node } something new: { $node } begins to spread it.
rumour-note-hears = { $node } hears the rumour from { $from }; from its next round on it spreads it too.
rumour-note-knew = { $node } knew already what { $from } tells it.
rumour-note-tells = { $node } is spreading the rumour, so it tells { $to }, which asked.
rumour-note-was-useless = { $partner } knew it already: { $count ->
    [one] a contact of { $node } was useless
   *[other] { $count } contacts of { $node } in a row were useless
    }.
rumour-note-counts-anew = It was new to { $partner }, so { $node } counts its useless contacts anew.
rumour-note-loses-interest = { $node } loses interest: { $count ->
    [one] a partner
   *[other] { $count } partners in a row
    } knew it already.
rumour-note-coin-says-stop = { $node } tosses a coin that says stop once in { $k } times: it loses interest.
rumour-note-has-spread-enough = { $node } has spread the rumour for { $count ->
    [one] one round
   *[other] { $count } rounds
    } and loses interest, whoever knew it.
rumour-note-goes-on = { $node } goes on after { $count } useless contacts. The rule is broken on purpose.
rumour-note-knows-already = { $node } knows the rumour already.
rumour-note-finds-it = { $node } finds the rumour on its disk. That it was spreading it is forgotten.
rumour-note-forgets = { $node } has the rumour on its disk, and does not look. The rule is broken on purpose.

rumour-answer-spreading = it will be spread
rumour-answer-known = it was known here

rumour-property-has-a-source = A rumour has a source
rumour-property-has-a-source-says = Nobody knows the rumour unless a client told it to somebody before.
rumour-property-never-forgets = Nobody forgets
rumour-property-never-forgets-says = A site that has the rumour on disk knows it for ever, crashes or not.
rumour-property-interest-ends = Interest ends
rumour-property-interest-ends-says = With a counter, no site spreads the rumour after k contacts in a row that count against it.

rumour-knob-nodes = sites
rumour-knob-push = whoever spreads the rumour tells a partner
rumour-knob-pull = everybody asks a partner for news
rumour-knob-blind = lose interest whatever the partner knew
rumour-knob-coin = lose interest by coin, not by counter
rumour-knob-k = contacts until interest is lost (with a coin: one chance in so many)
rumour-knob-fanout = partners in a round
rumour-knob-round_ms = length of a round
rumour-knob-jitter_ms = longest random addition to a round
rumour-knob-keep_interest = never lose interest
rumour-knob-forget = forget the rumour on restart

rumour-badge = { $number } useless contacts
