### Answers to plain questions, help and refusals.

by-hand = The same by hand:

logs-headline = The last { $count ->
        [one] line
       *[other] { $count } lines
    } of `{ $container }` in `{ $pod }`:
logs-headline-previous = The last { $count ->
        [one] line
       *[other] { $count } lines
    } of `{ $container }` in `{ $pod }`, before its last restart:
logs-none = `{ $pod }` has logged nothing.
logs-withheld = Logs are not shown in this channel. Ask me in a channel where they may be, or use the command below.
usage-withheld = Numbers are not shown in this channel. Ask me in a channel where they may be, or use the command below.

versions-headline = What runs in { $place }:
version-line = `{ $workload }`: `{ $image }`, { $ready } of { $wanted } ready, since { $time }
version-line-undated = `{ $workload }`: `{ $image }`, { $ready } of { $wanted } ready

changes-headline =
    { $count ->
        [one] 1 change in { $place } since { $time }:
       *[other] { $count } changes in { $place } since { $time }:
    }
changes-none = Nothing changed in { $place } since { $time }.
change-line = { $time } `{ $workload }`: { $what }

usage-headline = What { $place } uses, largest first:
usage-line = `{ $pod }`: CPU { $cpu }, memory { $memory }
usage-line-limits = `{ $pod }`: CPU { $cpu } of { $cpu-limit }, memory { $memory } of { $memory-limit }
usage-unavailable = I cannot read the usage of { $place }: the metrics API gives nothing.
no-limit = no limit

help-headline = Ask me what is wrong, in your own words; I look and answer in the thread.
help-problem = A problem: `payment is slow in production`, `the dashboard shows no orders`
help-question = A question: `logs of payment`, `which version runs in staging?`, `who deployed what today?`, `top pods`, `how many replicas for payment?`
help-dashboard = A Grafana dashboard for a service without one: `dashboard for payment`; it comes as a JSON file
help-alerts = Alerts: I look at each and answer in its thread. One that fires ten times without a cause gets one suggestion for its threshold or its `for`. `silence 2h` in the thread silences it.
help-incident = In an incident: `I have it`, `resolved`, `escalate`, `run again`, `wrong answer`
help-maintenance = Maintenance: `maintenance payment 2h`, `maintenance over`
help-lead = The lead: `test page`, `absent until Monday`, `who is on call?`
help-promise = I only read; I change nothing in the cluster. What is not resolved after an hour goes to the lead.

talk-hello = I am here. Tell me what is wrong, in your own words; I look and answer in the thread. For example: `{ $example }`. The rest: `help`
talk-thanks = You are welcome. When something is wrong, tell me: `{ $example }`
talk-term = I look into incidents; I do not explain words. Tell me what is wrong, and I say what I find and why: `{ $example }`. The rest: `help`
example-problem = { $service } is slow in { $environment }
example-problem-anywhere = { $service } is slow
only-in-slack = I do that in Slack only, where `vigie run` hears it. In the terminal I look at the cluster:
talk-terminal = I look into incidents, and say what I find and why. Tell me what is wrong, in your own words:

done-maintenance = Maintenance of { $what } until { $until }, begun by { $who }: alerts call nobody before then. Questions are answered as usual.
maintenance-end-sooner = To end it sooner: `maintenance over { $words }`
maintenance-longest = It ends after { $span }, the longest at one go; announce it again if it takes longer.
maintenance-unread = I could not check that something is called so: the cluster could not be read ({ $why }).
maintenance-what = I noted nothing: maintenance of what? Name a service or an environment, for example `maintenance { $example } { $length }`
maintenance-unknown = I noted nothing: I know nothing named `{ $name }` here.
maintenance-several = I noted nothing: { $name } may mean several things. Which one?
maintenance-so = `maintenance { $words } { $length }`
maintenance-everything = everything
done-maintenance-over = Maintenance of { $what } is over (begun by { $who }, it would have run until { $until }).
no-maintenance = There is no maintenance of { $what }.
no-maintenance-at-all = There is no maintenance now.
which-maintenance = Which one is over? I ended nothing:
maintenance-running = `maintenance over { $words }`: begun by { $who }, until { $until }
maintenance-later = I noted nothing: I cannot begin a maintenance later, it begins when you write it. When the time has come: `maintenance { $what } { $length }`
on-call = If I called now, it would be { $who }.
on-call-webhook = No lead can be called now: the call would go to the escalation webhook.
on-call-nobody = Nobody can be called now: add a lead to the configuration, or say that one is back (`I am back`).
on-call-absent = { $who } is absent until { $until }.
done-absent = { $who } is absent until { $until }: I call the next lead.
done-back = { $who } is back.
test-page-sent = Test page on its way to { $lead }.
i-only-read = I only read. In production, with the lead's approval, the command would be:
nothing-understood = I did not understand what to look at. Name a service, or ask for `help`.

refuse-channel = I may not answer in this channel. Ask the team to add it to `channels`.
refuse-user = You may not ask me here. Ask the team to add you to `access.users`.
refuse-guest = Guests and people of other workspaces may not ask me.
refuse-too-many = Too many questions at once. Try again in { $span }.
trouble = I ran into a fault of my own and could not finish. It is logged as `{ $incident }`; asking again may help.

sizing-headline = `{ $workload }`: { $what }
sizing-fine = Nothing to change: the size of `{ $workload }` fits what it uses.
sizing-unknown = I cannot say which values `{ $workload }` needs: its usage is not known. What is set:
sizing-withheld = Numbers are not shown in this channel; this is what is set for `{ $workload }`:
sizing-unreadable = I could not read the workload of { $place } and its pods.
sizing-headline-wide = In { $place }, { $count } of { $total } workloads need resizing:
sizing-fine-wide = Nothing to change in { $place }: { $total } workloads were compared with what they use.
sizing-line = `{ $workload }`: { $what }
sizing-also = Also: { $what }
sizing-limit = { $limit } ({ $share } used)
sizing-none = none
sizing-not-known = not known
sizing-now = now
sizing-hour = in 1 h
sizing-day = in 24 h
sizing-replicas = Replicas: { $ready } of { $wanted } ready; no autoscaler.
sizing-replicas-scaled = Replicas: { $ready } of { $wanted } ready; autoscaler `{ $hpa }` keeps { $min } to { $max } and wants { $desired } now.
sizing-replicas-unknown = Replicas: { $ready } of { $wanted } ready; whether there is an autoscaler could not be read.
sizing-at-max-lasting = At its maximum of { $max } for { $lasting }, and it wants more: this lasts.
sizing-at-max-brief = At its maximum of { $max } for { $lasting } only: this may pass. From 15 min on, call it lasting.
sizing-at-max-passing = At its maximum of { $max } for { $lasting }, but the load has come down: it will scale down by itself, about 5 min later.
sizing-at-max-enough = At its maximum of { $max }, which is just enough.
sizing-load = { $resource } is at { $now } % of the request, the target is { $target } %: { $replicas } replicas × { $now } ÷ { $target } = { $wanted } replicas.
sizing-rescale = { $time } the autoscaler: `{ $line }`
sizing-cpu = `{ $container }` CPU: peak { $peak } { $window }, request { $request }, limit { $limit }
sizing-memory = `{ $container }` memory: peak { $peak } { $window }, request { $request }, limit { $limit }
sizing-trend-rising = CPU of a pod over the last hour: { $first } → { $last }, rising; yesterday at this time { $usual }. This is not over.
sizing-trend-falling = CPU of a pod over the last hour: { $first } → { $last }, falling; yesterday at this time { $usual }. This is passing.
sizing-trend-steady = CPU of a pod over the last hour: { $first } → { $last }, steady; yesterday at this time { $usual }. This lasts.
sizing-trend-usual = CPU of a pod over the last hour: { $first } → { $last }, steady; yesterday at this time { $usual }. This is the usual load.
sizing-cpu-limit = `{ $container }`, `resources.limits.cpu`: peak { $peak } { $window }, limit { $from } → { $to } (peak × 2, rounded up).
sizing-cpu-request = `{ $container }`, `resources.requests.cpu`: peak { $peak } { $window }, request { $from } → { $to } (peak × 1.2, rounded up).
sizing-memory-limit = `{ $container }`, `resources.limits.memory`: peak { $peak } { $window }, limit { $from } → { $to } (peak × 1.5, rounded up).
sizing-memory-request = `{ $container }`, `resources.requests.memory`: peak { $peak } { $window }, request { $from } → { $to } (peak × 1.2, rounded up).
sizing-memory-killed = `{ $container }`, `resources.limits.memory`: killed at its limit, limit { $from } → { $to } (twice the limit, or the peak { $peak } × 1.5).
sizing-small-request = `{ $container }`, `resources.requests.cpu`: peak { $peak }, request { $from } → { $to } (peak × 1.2). The autoscaler counts in percent of the request ({ $now } % of { $target } %): the request is too small, not the maximum.
sizing-max = `spec.maxReplicas` of the autoscaler `{ $hpa }`: { $replicas } replicas × { $now } ÷ { $target } = { $asked } replicas asked for, maximum { $from } → { $to }.
