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

usage-headline = What { $place } uses, the most first:
usage-line = `{ $pod }`: CPU { $cpu }, memory { $memory }
usage-line-limits = `{ $pod }`: CPU { $cpu } of { $cpu-limit }, memory { $memory } of { $memory-limit }
usage-unavailable = I cannot read the usage of { $place }: the metrics API gives nothing.
no-limit = no limit

help-headline = Ask me what is wrong, in your own words; I look and answer in the thread.
help-problem = A problem: `payment is slow in production`, `the dashboard shows no orders`
help-question = A question: `logs of payment`, `which version runs in staging?`, `who deployed what today?`, `top pods`
help-incident = In an incident: `I have it`, `resolved`, `escalate`, `run again`, `wrong answer`
help-maintenance = Maintenance: `maintenance payment 2h`, `maintenance over`
help-lead = The lead: `test page`, `absent until Monday`
help-promise = I only read; I change nothing in the cluster. What is not resolved after an hour goes to the lead.

done-maintenance = Maintenance of { $what } until { $until }: alerts call nobody before. Questions are answered as usual.
done-maintenance-over = Maintenance of { $what } is over.
no-maintenance = There is no maintenance of { $what }.
done-absent = { $who } is absent until { $until }: I call the next lead.
done-back = { $who } is back.
test-page-sent = Test page on its way to { $lead }.
i-only-read = I only read and change nothing. The command, to run yourself:
nothing-understood = I did not understand what to look at. Name a service, or ask for `help`.

refuse-channel = I may not answer in this channel. Ask the team to add it to `channels`.
refuse-user = You may not ask me here. Ask the team to add you to `access.users`.
refuse-guest = Guests and people of other workspaces may not ask me.
refuse-too-many = Too many questions at once. Try again in { $span }.
trouble = I ran into a fault of my own and could not finish. It is logged as `{ $incident }`; asking again may help.
