### Conclusions of an investigation, and the messages round them. First line: what a person must know.

headline-probably = Probable cause. { $summary }
headline-perhaps = A lead, to be confirmed. { $summary }
headline-elsewhere = { $summary } That is what `{ $target }` suffers from.
headline-healthy = `{ $target }` is healthy: { $checks ->
        [one] 1 check
       *[other] { $checks } checks
    }, nothing abnormal.
firing-object = The alert `{ $alert }` is firing; Kubernetes shows nothing abnormal on `{ $target }` ({ $checks ->
        [one] 1 check
       *[other] { $checks } checks
    })
firing-objects = The alert `{ $alert }` is firing; Kubernetes shows nothing abnormal on { $targets } ({ $checks ->
        [one] 1 check
       *[other] { $checks } checks
    })
firing-place = The alert `{ $alert }` is firing; Kubernetes shows nothing abnormal in { $place } ({ $workloads ->
        [one] 1 workload
       *[other] { $workloads } workloads
    } looked at)
firing-still = The alert `{ $alert }` is still firing. { $summary }
headline-firing = { $firing }.
headline-firing-unmeasured = { $firing }; what the alert says was not measured.
headline-firing-measured = { $firing }. { $number }.
other-problems = { $count ->
        [one] And 1 other problem: { $names }
       *[other] And { $count } other problems: { $names }
    }
other-problems-bare = { $count ->
        [one] And 1 other problem.
       *[other] And { $count } other problems.
    }
headline-unmeasured = Kubernetes shows nothing abnormal on `{ $target }` ({ $checks ->
        [one] 1 check
       *[other] { $checks } checks
    }), but I could not measure { $what }: I cannot say that all is well.
measure-latency = the response times
measure-errors = the failing requests
headline-untied = Nothing ties the alert `{ $alert }` to an object; problems that are open in { $place }, perhaps unrelated: { $names }
headline-untied-well = Nothing ties the alert `{ $alert }` to an object, and nothing abnormal was found in { $place }.
headline-instead = Nothing is called `{ $name }` here; this is what is wrong nearby. { $summary }
headline-around = `{ $name }` is well; this is what is wrong nearby. { $summary }
headline-several-healthy = { $targets } are healthy: { $checks ->
        [one] 1 check
       *[other] { $checks } checks
    }, nothing abnormal.
headline-job-done = The Job `{ $target }` ended well { $ago } ago, so no running pod is expected.
headline-cron-well = `{ $target }` is healthy: its last run ended well { $ago } ago; between two runs there is no pod.
headline-build-well = The Jenkins job `{ $job }` is healthy: build #{ $number } passed { $ago } ago{ $unstable ->
        [yes] {", unstable: tests failed without stopping it."}
       *[no] {"."}
    }
headline-recovered = `{ $target }` is fine again: it was in trouble from { $from } to { $until } ({ $span }).
headline-expected = Nothing is broken in `{ $target }`: { $what }
headline-unknown = No cause found for `{ $target }`: nothing I could read explains it.
headline-could-not-look = I cannot tell how `{ $target }` is: { $what }
headline-not-found = No object named `{ $name }` here.
headline-not-found-in = No object named `{ $name }` in { $place }.
headline-wide-healthy = Everything in { $place } is healthy: { $workloads ->
        [one] 1 workload
       *[other] { $workloads } workloads
    } looked at, nothing abnormal.

looking = Looking at { $target }…
looking-started = started { $time }
which = Which one do you mean?
which-hint = Press a button, or name it in a reply. I look as soon as I know.
not-found-hint = Ask again with one of these names, or with the namespace: `namespace/name`.
not-found-nothing = No name comes close. Check the environment, or ask me for `help`.
