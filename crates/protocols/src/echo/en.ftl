# The words of the room. Keys: the room, the kind of thing, its id.
echo-title = Echo
echo-about = Ask a neighbour, get your words back.

echo-class-node = node
echo-role-idle = idle
echo-role-asking = asking

echo-message-ask = ask
echo-message-reply = reply
echo-timer-patience = patience

echo-field-waiting-for = waiting for
echo-field-echoes = words that came back
echo-field-promised = promised to ask
echo-field-word = word

echo-note-asks = { $node } asks { $to } to send back { $word }.
echo-note-asks-again = { $node } heard nothing for { $waited }, so it asks for { $word } again.
echo-note-echoed = { $node } got { $word } back.

echo-answer-echoed = it came back
echo-answer-busy = busy: another word is still out

echo-property-only-what-was-asked = Only what was asked
echo-property-only-what-was-asked-says = No word comes back to a node that had none out.

echo-knob-nodes = nodes
echo-knob-patience_ms = patience
