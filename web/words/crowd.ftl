# The page of a swarm. It is not in the program that the page opens with.
crowd-numbers = Counts
crowd-legend = Who stands where
crowd-curve = How many stand where, over time
crowd-counts-only =
    So many nodes are counted, not listed: instead of every event there are counts for each slice of time.
crowd-speed = { $number } slices/s
crowd-step-on = One slice on
crowd-step-back = One slice back
crowd-tool-crash = Crash a quarter
crowd-hint-crash = A quarter of the nodes crash at once, drawn by lot.
crowd-tool-request = Request
crowd-hint-request = A client asks the first node, as in the lesson.
crowd-key-step = one slice on
crowd-key-back = one slice back
crowd-key-next = to the next intervention, or the newest slice
crowd-key-previous = to the intervention before, or the start
