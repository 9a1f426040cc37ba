### What the causes of the probes say: summaries, evidence, fixes. Written with the judges.
### Marks: `code` and *bold* only. Arguments are escaped when they are rendered.

cause-liveness-probe-wrong-port = `{ $workload }`: the liveness probe of `{ $container }` asks port *{ $asked }*, where nothing listens, so Kubernetes keeps killing a healthy container.
cause-liveness-probe-wrong-port-to = `{ $workload }`: the liveness probe of `{ $container }` asks port *{ $asked }*, but the application listens on *{ $actual }*, so Kubernetes keeps killing a healthy container.
cause-liveness-probe-wrong-path = `{ $workload }`: the liveness probe of `{ $container }` asks the path *{ $path }*, which the application does not have (404), so Kubernetes keeps killing a healthy container.
cause-liveness-probe-wrong-protocol = `{ $workload }`: the liveness probe of `{ $container }` (`{ $handler }`) speaks a different protocol from the application, so Kubernetes keeps killing a healthy container.
cause-liveness-probe-too-early = `{ $workload }`: the liveness probe kills `{ $container }` before it has started: it gives up after { $window }, and no run ever became ready.
cause-liveness-probe-too-early-measured = `{ $workload }`: the liveness probe kills `{ $container }` before it has started: it gives up after { $window }, the start takes { $startup }.
cause-liveness-probe-too-strict = `{ $workload }`: the liveness probe kills `{ $container }` because it waits only { $timeout } for an answer, { $failures ->
        [one] once
       *[other] { $failures } times in a row
    }; the application serves, only slower.
cause-readiness-probe-wrong-port = `{ $workload }`: the readiness probe of `{ $container }` asks port *{ $asked }*, where nothing listens, so the pods get no traffic.
cause-readiness-probe-wrong-port-to = `{ $workload }`: the readiness probe of `{ $container }` asks port *{ $asked }*, but the application listens on *{ $actual }*, so the pods get no traffic.
cause-readiness-probe-wrong-path = `{ $workload }`: the readiness probe of `{ $container }` asks the path *{ $path }*, which the application does not have (404), so the pods get no traffic.
cause-readiness-probe-wrong-protocol = `{ $workload }`: the readiness probe of `{ $container }` (`{ $handler }`) speaks a different protocol from the application, so the pods get no traffic.
cause-readiness-probe-failing = `{ $workload }`: container `{ $container }` runs and fails its readiness probe, so its pods get no traffic.
cause-readiness-probe-failing-status = `{ $workload }`: container `{ $container }` runs and says that it is not ready (HTTP { $code } on `{ $path }`), so its pods get no traffic.
cause-readiness-probe-failing-no-answer = `{ $workload }`: container `{ $container }` runs and does not answer its readiness probe in time, so its pods get no traffic.
cause-readiness-probe-failing-refused = `{ $workload }`: container `{ $container }` runs and refuses its readiness probe's connection, so its pods get no traffic.

fact-probe-failed = { $count ->
        [one] Once:
       *[other] { $count } times:
    } `{ $line }`
fact-container-killed-by-probe = Ended by Kubernetes (code { $code }), { $restarts ->
        [one] 1 restart
       *[other] { $restarts } restarts
    }, no error of its own
fact-container-ports = Ports the container declares: { $ports }; the probe asks { $asked }
fact-probe-window = The probe gives up { $window } after the start; the last run lasted { $run }
fact-probe-patience = Time-out of the probe: { $timeout }, { $failures ->
        [one] 1 failure kills
       *[other] { $failures } failures in a row kill
    }
fact-log-last-line = Last line of the log before the end: `{ $line }`

why-probe-port = Set the port on which the application listens.
why-probe-path = Set a path that the application answers.
why-probe-path-unknown = Set it to the path of the application's own health endpoint.
why-probe-protocol = The probe must speak what the application speaks on that port.
why-probe-delay-measured = This is the measured start plus half ({ $wanted } s), an estimate. A `startupProbe` with enough attempts is better still: it waits only as long as needed.
why-probe-delay = { $wanted } s is an estimate: measure the start. A `startupProbe` with enough attempts is better still: it waits only as long as needed.
why-probe-timeout = It is an estimate; it should lie above the slowest normal answer. Ask also why the answer is slow: CPU limit, garbage collection, a check that calls others.
why-readiness-failing = The application says that it is not ready: its log and what its health check depends on tell why. The probe itself asks the right thing.

cause-startup-probe-failing-port = `{ $workload }`: the startup probe of `{ $container }` asks port *{ $asked }*, where nothing listens, so the container is never taken for started.
cause-startup-probe-failing-port-to = `{ $workload }`: the startup probe of `{ $container }` asks port *{ $asked }*, but the application listens on *{ $actual }*, so the container is never taken for started.
cause-startup-probe-failing-path = `{ $workload }`: the startup probe of `{ $container }` asks the path *{ $path }*, which the application does not have (404), so the container is never taken for started.
cause-startup-probe-failing-protocol = `{ $workload }`: the startup probe of `{ $container }` (`{ $handler }`) speaks a different protocol from the application, so the container is never taken for started.
cause-startup-probe-failing-budget = `{ $workload }`: the startup probe gives `{ $container }` up after { $window }, and no start was over by then: its budget is too short, or the start hangs.
cause-startup-probe-failing-budget-measured = `{ $workload }`: the startup probe gives `{ $container }` up after { $window }, but a start takes { $startup }.

why-probe-budget-measured = It needs enough attempts for the measured start plus half ({ $wanted } s), an estimate.
why-probe-budget = It needs enough attempts for { $wanted } s, an estimate: measure the start first. If it hangs, more time does not help.
