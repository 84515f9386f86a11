# The words of the page. What rooms and the universe say stands beside them.

page-brand = Faultline
page-share = Share
page-theme = Theme: { $theme }
page-theme-auto = as the system
page-theme-light = light
page-theme-dark = dark
page-theme-contrast = high contrast
page-library = Scenarios
page-panels = Panels
page-close = Close
page-clock = { $seconds } s
page-strange-value =
    The address asks for “{ $part }”, which means nothing here; it is ignored.
page-broken-link = This address cannot be opened ({ $reason }). The first scenario is shown instead.
page-cannot-open = This cannot be opened ({ $reason }). Nothing has changed.
page-cannot-save = The browser refuses to save a file here.
page-address-full =
    The run has become too long for the address bar: a reload goes back to what stands there now.
    Save it as a file instead.
page-only-shows = Here the run can only be watched.
page-and-more = { $count } more are not shown.
page-file-unreadable = The browser cannot read this file.
page-file-too-large = This file is too large for a scenario: more than one megabyte.

# The stage
page-stage = Stage
page-nodes = Nodes
page-node = { $node }, { $role }
page-node-full = { $node }, { $role }, { $badge }, log { $entries ->
    [one] one entry
   *[other] { $entries } entries
}, { $firm } committed
page-node-doubted = given up by { $nodes }
page-node-clock = its clock runs at { $percent } % of true time
page-badge = number { $number }
page-node-crashed = crashed
page-node-paused = paused
page-link = { $one } – { $other }
page-link-broken = { $one } – { $other }, cut
page-links = Links to
page-link-cut = Cut both ways
page-link-cut-one = Cut { $from } → { $to }
page-link-heal = Heal
page-link-heal-one = Heal { $from } → { $to }
page-message = { $message }, { $from } → { $to }

# Tools
page-tools = Tools
page-tool-cut = Cut
page-tool-crash = Crash
page-tool-request = Request
page-tool-hold = Hold
page-tool-heal = Heal
page-hint-cut = Drag a line across the stage to part the cluster.
page-hint-crash = Click a node to crash it, or to restart it.
page-hint-request = Click a node to send it a client’s request.
page-hint-hold = Hold every message until you let it go.
page-hint-heal = Heal every cut link.
page-choose-sides = Choose sides instead
page-few-links =
    Among so many nodes at most { $count } links are drawn: where messages fly, where something is
    cut, and those of what is selected.
page-left-out = { $count } more messages are on their way than are drawn.
page-start-here = Start
page-stroke-nothing = crosses no link
page-stroke-links = cuts { $count ->
    [one] one link
   *[other] { $count } links
}

# Sentence and causes
page-why = Why?
page-why-title = Why?
page-sentence = What just happened
page-because = because{" "}
page-why-more = Earlier causes are not shown: go to the last one and ask again.

# Transport
page-transport = Transport
page-play = Play
page-pause = Pause
page-start = To the start
page-end = To the newest moment
page-step-on = One step on
page-step-back = One step back
page-next-mark = Next milestone
page-previous-mark = Previous milestone
page-tempo = Speed
page-tempo-slow = adaptive, slower
page-tempo-adaptive = adaptive
page-tempo-quick = adaptive ×2
page-tempo-quicker = adaptive ×4
page-timeline = Timeline
page-branches = Branch
page-branch = Branch { $number } of { $count }
page-undo = Undo
page-redo = Redo

# Panels
page-inspector = Nothing selected
page-tab-inspector = Selected
page-inspector-hint = Select a node or a message on the stage to look inside.
page-on-disk = On disk
page-in-memory = In memory
page-changed = , changed just now
page-log = Log
page-strip-before = { $count } earlier
page-cell-firm = committed
page-cell-open = not committed
page-messages = On their way
page-properties = Properties
page-holds = ✓ holds
page-broken = ✕ broken
page-events = Events
page-events-all = Details
page-events-selected = Only the selected node
page-events-none = Nothing yet.
page-events-older = What is older is not listed here: go back in time to see it.

# Dialogs
page-find = Find
page-find-hint = Find a scenario, a node or something to do
page-find-nothing = Nothing is called that.
page-find-select = Select { $node }
page-key-find = find anything
page-share-title = Share this run
page-share-link = Link to this run, with everything you did
page-share-moment = Open it at this moment
page-share-frame = For your own page
page-share-save = Save as a file
page-share-open = Open a file…
page-share-as = Take it along as
page-share-svg = Picture (SVG)
page-share-csv = Events (CSV)
page-share-shiviz = ShiViz log
page-share-mermaid = Mermaid diagram
page-share-part =
    Tables and ShiViz logs hold the newest { $events } events, diagrams the newest { $arrows }
    arrows.
page-share-drop = You can also drop a scenario file anywhere on this page.
page-share-long =
    The link has { $count } characters. Some programs cut links off after 2000: a file is safer.
page-share-too-long =
    The link has { $count } characters, too many for many programs. Save a file instead.
page-copy = Copy
page-copied = Copied
page-selected = Selected: copy it
page-sides = A fault line
page-sides-hint = Nodes on different sides cannot reach one another.
page-sides-cut = Cut
page-keys = Keyboard
page-keys-on = Single keys are shortcuts
page-keys-mouse =
    With the mouse: drag across the empty stage to cut, click the fault line to heal, click a
    node, link or message for what can be done to it.
page-key-play = play or pause
page-key-step = one step on
page-key-back = one step back
page-key-next = next milestone
page-key-previous = previous milestone
page-key-start = to the start
page-key-end = to the newest moment
page-key-speed = slower, faster
page-key-arrows = move in the focused list or timeline
page-key-actions = actions of what is selected (also the menu key)
page-key-why = why did that happen?
page-key-undo = undo what you did
page-key-redo = do it again
page-key-escape = cancel, close, deselect
page-key-help = this list
