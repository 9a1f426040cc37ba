### What an incident says in its thread and to the lead.

## Why the lead is called, and why now

page-because-unresolved = Not resolved after { $after }.
page-because-unacknowledged = Production, and nobody took it within { $after }.
page-because-critical-alert = Critical alert in production: `{ $alert }`.
page-because-no-ready-replica = `{ $workload }` is critical and has no ready replica.
page-because-data-loss = Data may be lost.
page-because-security = It may be a security problem.
page-because-irreversible = Something that cannot be undone may be at stake.
page-because-asked = { $by } asks for the lead.
page-because-test = Test by { $by }: the way to you works, nothing is broken.
page-because-before-loss = It was urgent before I lost my memory, and the reason with it.
page-because-memory-lost =
    { $found ->
        [0] My store is empty or older than what I had promised, and I found no open incident in Slack. What was open outside the channels I read is forgotten: ask the team. Absences and maintenance announced in Slack have to be said again.
        [one] My store is empty or older than what I had promised. I took up the one incident that I found still open in Slack, with its deadlines. What was open outside the channels I read is forgotten; absences and maintenance announced in Slack have to be said again.
       *[other] My store is empty or older than what I had promised. I took up the { $found } incidents that I found still open in Slack, with their deadlines. What was open outside the channels I read is forgotten; absences and maintenance announced in Slack have to be said again.
    }

page-late-down = { $span } late: I was down when it was due.
page-late-maintenance = { $span } late: maintenance held it.
page-late-learned = { $span } late: I learned of it only after the deadline.
page-late-slow = { $span } late: I could not reach Slack or my store in time.
page-repeat = Repeat: I cannot tell whether the first message arrived.

page-skipped-absent = Not { $who }: absent until { $until }.
page-skipped-deactivated = Not { $who }: the Slack account is deactivated.
page-skipped-unknown = Not { $who }: Slack does not know this user.
page-skipped-dnd = Not { $who }: do-not-disturb is on.
page-skipped-refused = Not { $who }: Slack refused the message (`{ $code }`).

page-nobody = No lead can be reached in Slack.
page-quiet = For the record, the lead knows already.
page-open-since = Open since { $time } ({ $span }).
page-open-since-in = Open since { $time } ({ $span }), in { $place }.
page-no-diagnosis = No finding yet: the investigation is still running or could not finish.
page-looked-again = Looked again at { $time }.
page-not-looked-again = I could not look again before this message; the facts are from { $time }.
page-notice-test = Test: the way to you works.
page-notice-memory-lost = I lost my memory.
page-asked = Asked by { $who }: “{ $text }”
page-thread = thread of the incident

label-why-now = Why now
label-impact = Impact
label-tried = What was done
label-proposed = What I propose
label-several = { $count } incidents need you

tried-investigations =
    { $count ->
        [one] 1 investigation, at { $time }
       *[other] { $count } investigations, the last at { $time }
    }
tried-acknowledged = Taken by { $by } at { $time }
tried-nobody = Nobody has taken it

## What happens next

next-standard = If it is not resolved by { $due }, I call { $lead }.
next-production = If nobody takes it by { $due }, I call { $lead }.
next-immediate = I am calling { $lead } now.
next-held = Maintenance until { $due }: no calls before then.
the-lead = the lead

## Lines of the thread

line-acknowledged = { $by } has it in hand.
line-acknowledged-clock = { $by } has it in hand. If it is not resolved by { $due }, I call { $lead }.
line-acknowledged-lead = { $by } has it in hand. I call nobody any more.
line-remembered = I lost my memory and took this incident up again from this thread, with its deadlines. The buttons above no longer answer; those of my next answer do.
line-resolved = Resolved, says { $by }. I call nobody any more.
line-resolved-alert = Resolved: the alert is over. I call nobody any more.
line-reopened = Open again, says { $by }.
line-reopened-alert = Open again: the alert is back.
line-escalated = { $by } calls the lead now.
line-marked-wrong = Noted, { $by }: this answer is wrong. The question, the answer and its facts are kept to improve the next ones (`vigie incidents show`).
line-offer-to-close = All looks well now. I do not close incidents on my own: is it over?
line-missed = I missed this message when it was posted ({ $time }) and have found it since.
line-alert-recovered = The alert is over. People asked about it too, so closing it is up to them: is it over?
line-not-allowed = You may not do this here. Ask somebody of the team, or have yourself added to `access.users`.
line-button-expired = This button is too old. Ask me again and I will look again.
line-button-used = Somebody already pressed it.
line-button-used-by = { $by } already pressed it.
line-already-open = It is open already.
line-already-acknowledged = Somebody has it in hand already.
line-already-resolved = It is resolved already.
line-already-called = The lead was called at { $time }.
line-already-called-who = { $lead } was called at { $time }.
line-handled-in = Same problem as in { $link }: it is handled there.
line-reported-again =
    { $count ->
        [one] Also reported in { $link }.
       *[other] Reported { $count } times by now, last in { $link }.
    }
line-stopped = This call has been void since { $time }: { $why }

stopped-acknowledged = { $by } has it in hand.
stopped-resolved = { $by } resolved it.
stopped-recovered = the alert is over.
stopped-healthy = the first look found nothing to escalate.
stopped-joined = it is the same problem as `{ $incident }`.
stopped-lower = it is in { $environment }, where nobody is called before the hour.
stopped-lower-unknown = it is not in production, so nobody is called before the hour.
stopped-superseded = a newer message says it.

footer-incident = `{ $incident }`
other-thread = another thread
log-withheld = (log line, not shown in this channel)
event-withheld = (event, not shown in this channel)
metric-withheld = (number, not shown in this channel)

line-flapping = { $name } comes and goes: it fired { $times } times. I add no more lines about that; the incident stays open until it has been quiet for 15 minutes.

# The alert's own words, the first line of its answer and of its page.
alert-front = *{ $name }* ({ $severity }): { $words }{ $more ->
    [0] {""}
    [one] {" "}(and 1 more alert)
   *[other] {" "}(and { $more } more alerts)
}
alert-front-bare = *{ $name }* ({ $severity }){ $more ->
    [0] {""}
    [one] {" "}(and 1 more alert)
   *[other] {" "}(and { $more } more alerts)
}
runbook-own = The team's runbook ({ $host })
graph-own = What the alert's rule measures ({ $host })
# The alerts of an incident, by name.
alert-firing = { $count ->
    [one] Alert *{ $name }* has been firing since { $since }.
   *[other] { $count } alerts *{ $name }* are firing, the first since { $since }.
}
alert-firing-again = { $count ->
    [one] Alert *{ $name }* has been firing since { $since }; it has fired { $times } times so far.
   *[other] { $count } alerts *{ $name }* are firing, the newest since { $since }; they have fired { $times } times so far.
}
alert-over = { $count ->
    [one] Alert *{ $name }* ended at { $since }.
   *[other] { $count } alerts *{ $name }* have ended, the last at { $since }.
}
alert-silenced = { $until ->
    [none] Alert *{ $name }* is silenced in Alertmanager by { $by }.
   *[other] Alert *{ $name }* is silenced in Alertmanager by { $by } until { $until }.
}
alert-inhibited = Alertmanager holds alert *{ $name }* back: another alert says it already.
alert-muted = Alertmanager does not send alert *{ $name }* at this time of day (`mute_time_intervals`).
alerts-more = { $count ->
    [one] One more alert belongs to this.
   *[other] { $count } more alerts belong to this.
}
# Alertmanager tells no more alerts of a group at once than max_alerts; Grafana calls it Max alerts.
alerts-cut-unknown = { $count ->
    [one] One more alert of this group was cut by { $sender ->
        [grafana] Grafana (*Max alerts*)
       *[alertmanager] Alertmanager (`max_alerts`)
    }; I do not know which.
   *[other] { $count } more alerts of this group were cut by { $sender ->
        [grafana] Grafana (*Max alerts*)
       *[alertmanager] Alertmanager (`max_alerts`)
    }; I do not know which.
}
alerts-cut-asked = { $count ->
    [one] One more alert of this group was cut by Alertmanager (`max_alerts`). I asked for it: { $found ->
        [0] it is not firing now.
       *[other] it is firing, and I have it.
    }
   *[other] { $count } more alerts of this group were cut by Alertmanager (`max_alerts`). I asked for them: { $found ->
        [0] none of them is firing now.
        [one] one of them is firing, and I have it.
       *[other] { $found } of them are firing, and I have them.
    }
}

line-silenced = { $count ->
    [one] Its alert is silenced in Alertmanager until { $until }, as { $by } asked. The incident stays open.
   *[other] Its { $count } alerts are silenced in Alertmanager until { $until }, as { $by } asked. The incident stays open.
}
line-not-silenced = Not silenced: { $why }. Alertmanager's own page can do it.
line-others-not-silenced = The other alerts are not silenced: { $why }. Alertmanager's own page can do it.
line-nothing-to-silence = Nothing to silence: none of its alerts is firing and notifying now.
button-silence = Silence 1 h
confirm-silence-title = Silence the alerts?
confirm-silence = Alertmanager sends nothing about these alerts for an hour. The incident and its deadlines stay.

line-trial-arrived = Test received: the alert *{ $name }* reached me. I open no incident for it and call nobody.
line-watchdog-silent = { $source ->
    [none] The Watchdog alert has been silent since { $since }; it used to come every { $every }. Prometheus, Alertmanager or the way from there to me is broken: other alerts may not arrive either.
   *[other] The Watchdog alert of { $source } has been silent since { $since }; it used to come every { $every }. Prometheus, Alertmanager or the way from there to me is broken: other alerts may not arrive either.
}
line-watchdog-back = { $source ->
    [none] The Watchdog alert is heard again: alerts arrive.
   *[other] The Watchdog alert of { $source } is heard again: alerts arrive.
}

line-rule-advice = *{ $name }* fired { $times } times in { $days } days without a cause. { $first }{ $second }{ $careful }{ $unread } I say this once, and again only if the rule changes.
advice-nothing = {""}
advice-or = {" "}Or: { $way }
advice-threshold-above = Threshold `{ $from }` → `{ $to }`: 99 % of the values of the last { $days } days are at most { $usual }; `{ $from }` was passed { $fired } times for long enough, `{ $to }` { $would ->
        [one] once
       *[other] { $would } times
    }.
advice-threshold-below = Threshold `{ $from }` → `{ $to }`: 99 % of the values of the last { $days } days are at least { $usual }; the value fell under `{ $from }` { $fired } times for long enough, under `{ $to }` { $would ->
        [one] once
       *[other] { $would } times
    }.
advice-hold = `for: { $to }` instead of `{ $from }`: { $under } of { $of } firings lasted less than { $lasted }.
advice-hold-longer = A `for` that is `{ $to }` longer: { $under } of { $of } firings lasted less than { $lasted }.
advice-critical = {" "}It is critical: ask whoever answers for it before you loosen it.
advice-unread = {" "}(Not read: { $why }.)
unread-rule = the rule, { $why }
unread-values = the values, { $why }
unread-no-rule = the rule, Prometheus has none of that name or several
unread-not-configured = no Prometheus is configured for me here
unread-cluster = there is no connection to this environment
unread-unreachable = Prometheus cannot be reached
unread-late = Prometheus did not answer in time
unread-forbidden = Prometheus does not let me in
unread-refused = Prometheus refuses the query (`{ $why }`)
unread-status = Prometheus answers with status { $status }
unread-nonsense = the answer is not Prometheus'
unread-large = the answer is too large
