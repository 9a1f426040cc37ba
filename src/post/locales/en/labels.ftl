### Short words used by every rendering: titles, units of speech, buttons.

literal = { $text }

list-and = and
list-more = { $count } more
list-empty = none

month-1 = Jan
month-2 = Feb
month-3 = Mar
month-4 = Apr
month-5 = May
month-6 = Jun
month-7 = Jul
month-8 = Aug
month-9 = Sep
month-10 = Oct
month-11 = Nov
month-12 = Dec

label-evidence = What shows it
label-fix = Fix
label-changed = Changed shortly before
label-also = Also wrong, on its own
label-changes = Changed in the last two hours
label-ruled-out = Checked and normal
label-not-looked = Could not look at
label-nearest = Nearest names
label-advice = Worth knowing
label-harmless = Harmless reasons it may have (not checked)
label-look-next = Where to look next
label-runbook = Runbook
label-graph = Graph
label-next = What happens next

confidence-high = Confidence: high ({ $percent }).
confidence-medium = Confidence: medium ({ $percent }).
confidence-low = Confidence: low ({ $percent }), to be confirmed.

since-affected =
    { $affected ->
        [0] Since { $time } ({ $span }).
        [one] Since { $time } ({ $span }), 1 pod affected.
       *[other] Since { $time } ({ $span }), { $affected } pods affected.
    }

evidence-source = { $fact } — { $source }
evidence-source-time = { $fact } — { $source }, { $time }

fix-change = { $object } – `{ $field }` { $from } → { $to }. { $why }
fix-set = { $object } – set `{ $field }` to { $to }. { $why }
fix-unset = { $object } – correct `{ $field }` (now { $from }). { $why }
fix-field = { $object } – `{ $field }`. { $why }
fix-act = { $object } – { $why }
value = `{ $value }`

fix-team = The team may do this without asking.
fix-lead = In production this needs the lead's approval first.

changed-at = { $what }, { $time }
changed-before = { $what }, { $time }, { $span } before the trouble began
changed-just-before = { $what }, { $time }, just before the trouble began
advice-note = { $note } — playbook { $playbook }
alert-number = { $what }: { $now } now
alert-number-day = { $what }: { $now } now, { $day } at this time yesterday
alert-number-week = { $what }: { $now } now, { $week } a week ago
alert-number-both = { $what }: { $now } now, { $day } at this time yesterday, { $week } a week ago
number-p99 = p99 of the response times
number-errors = Share of failing requests
number-of = The alert's number ({ $metrics })
number-of-rule = The number of the alert's rule
also-line = { $summary } ({ $percent })

more-evidence =
    { $count ->
        [one] and 1 more fact
       *[other] and { $count } more facts
    }
more-lines =
    { $count ->
        [one] and 1 more
       *[other] and { $count } more
    }

not-permitted = { $step }: not permitted ({ $detail })
timed-out = { $step }: no answer ({ $detail })
not-measured-latency = response times: no metric of this service tells them
not-measured-errors = failing requests: no metric of this service tells them
not-configured = { $step }: not set up.

footer-elapsed = { $elapsed }, { $requests ->
        [one] 1 request
       *[other] { $requests } requests
    }
footer-cluster = cluster { $cluster }
footer-read-only = read-only

button-acknowledge = Acknowledge
button-resolve = Resolve
button-escalate = Escalate now
button-run-again = Run again
button-wrong-answer = Wrong answer
button-cancel = Cancel

confirm-escalate-title = Call the lead now?
confirm-escalate = I call { $lead } at once, in the thread and by direct message.
confirm-escalate-nobody = No lead can be called: the incident is marked, and nobody is notified.
confirm-resolve-title = Is it over?
confirm-resolve = This closes the incident and cancels every pending call to the lead.

seconds = { $seconds } s
