### What the causes of the family "workload" say: summaries, evidence, fixes. Written with the judges.
### Marks: `code` and *bold* only. Arguments are escaped when they are rendered.

cause-scaled-to-zero = `{ $workload }` is set to 0 replicas: nothing runs.
cause-rollout-bad-revision = Revision { $revision } of `{ $workload }` does not come up: { $ready } of { $wanted } replicas ready.
fact-zero-replicas = `spec.replicas` is 0
fact-revisions = revision { $new }: { $new_ready } ready; revision { $old }: { $old_ready } ready of { $old_replicas }
fact-differs = `{ $container }`: `{ $what }` from `{ $from }` to `{ $to }`
fact-env-changed = `{ $container }`: the value of `{ $variable }` changed
change-revision = revision { $revision }: { $what }
change-recent = `{ $name }`, { $ago } ago: { $what }
change-revision-unknown = revision { $revision }
why-scale = It needs at least one replica; how many is for the team to say.
why-rollback = The command goes back to revision { $revision }, which worked.
fact-differs-more = { $first }, and { $more ->
        [one] 1 more difference
       *[other] { $more } more differences
    }
fact-part-added = `{ $container }`: `{ $what }` is new
fact-part-removed = `{ $container }`: `{ $what }` is gone
fact-part-changed = `{ $container }`: `{ $what }` changed
fact-pod-part-changed = `{ $what }` of the pods changed
fact-container-added = container `{ $container }` is new (`{ $image }`)
fact-container-removed = container `{ $container }` is gone (`{ $image }`)
change-rollback = back to revision { $revision }: { $what }
change-rollback-unknown = back to revision { $revision }

cause-rollout-stuck = The rollout of `{ $workload }` is stuck: { $available } of { $wanted } replicas available, { $updated } of the new revision, after more than { $deadline }.
cause-rollout-paused = The rollout of `{ $workload }` is paused: { $updated } of { $wanted } replicas have the change.
cause-replicas-unavailable = `{ $workload }` has had { $ready } of { $wanted } replicas ready for { $lasting }.
cause-statefulset-ordinal-stuck = `{ $workload }` waits for its pod `{ $pod }` to get ready: { $ready } of { $wanted } replicas ready, the next ones are not even created.
cause-statefulset-left-behind = `{ $workload }` is stuck on pod `{ $pod }`: it is of an old revision that never got ready, and nobody replaces it.
cause-daemonset-misscheduled = `{ $workload }` runs on nodes that it is not meant for: { $pods ->
        [one] 1 pod.
       *[other] { $pods } pods.
    }
cause-daemonset-nowhere = `{ $workload }` runs nowhere: none of { $nodes } nodes carries `{ $labels }`.
cause-pdb-blocks-eviction = The disruption budget `{ $budget }` lets no pod of `{ $workload }` leave node *{ $node }*, although all { $expected } are healthy.
cause-pdb-blocks-eviction-unwell = The disruption budget `{ $budget }` lets no pod of `{ $workload }` leave node *{ $node }*: only { $healthy } of { $expected } are healthy.
cause-job-backoff-exceeded = Job `{ $job }` gave up: { $failed ->
        [one] 1 pod failed
       *[other] { $failed } pods failed
    }, with { $limit } retries allowed.
cause-job-failed-by-rule = Job `{ $job }` was ended by a rule of its own (`{ $reason }`), before its tries were used up.
cause-job-deadline-exceeded = Job `{ $job }` was stopped: it ran longer than { $deadline }.
cause-job-pods-failing = The pods of Job `{ $job }` fail: { $failed } times so far, { $limit } more tries are allowed after the first.
cause-cronjob-suspended = CronJob `{ $cron }` is suspended: it does not run.
cause-cronjob-held = CronJob `{ $cron }` does not run: its Job `{ $job }` has been running for { $lasting }, and two at a time are forbidden.
cause-cronjob-missed-schedules = CronJob `{ $cron }` (`{ $schedule }`) is behind: { $missed ->
        [0] it missed runs.
        [one] 1 run is missing.
        [101] more than 100 runs are missing.
       *[other] { $missed } runs are missing.
    }
cause-cronjob-invalid-schedule = CronJob `{ $cron }` cannot run: its schedule `{ $schedule }` cannot be read.
cause-cronjob-invalid-template = CronJob `{ $cron }` cannot run: the API refuses the Job it describes.
cause-cronjob-never = CronJob `{ $cron }` never runs: `{ $schedule }` is a date that never comes.
cause-hpa-at-max = The autoscaler `{ $hpa }` has kept `{ $workload }` at its maximum of { $max } replicas for { $lasting } and wants more.
cause-hpa-at-max-briefly = The autoscaler `{ $hpa }` has been at its maximum of { $max } replicas of `{ $workload }` for { $lasting }; that may pass.
cause-hpa-cannot-read-metrics = The autoscaler `{ $hpa }` gets no CPU and memory metrics: `{ $workload }` stays at { $replicas } replicas.
cause-hpa-no-custom-metrics = The autoscaler `{ $hpa }` gets no custom metrics: `{ $workload }` stays at { $replicas } replicas.
cause-hpa-no-external-metrics = The autoscaler `{ $hpa }` gets no external metrics: `{ $workload }` stays at { $replicas } replicas.
cause-hpa-rivals = The autoscalers { $hpas } count the same pods: none of them scales `{ $workload }`.
cause-hpa-target-missing = The autoscaler `{ $hpa }` scales nothing: { $kind } `{ $workload }` does not exist.
cause-hpa-no-requests = The autoscaler `{ $hpa }` cannot scale `{ $workload }`: container `{ $container }` has no { $resource } request.
cause-controller-manager-down = The controller manager is silent: { $workloads ->
        [0] nobody acts on changes of workloads.
        [one] nobody acts on the change of 1 workload.
       *[other] nobody acts on the changes of { $workloads } workloads.
    }

fact-controller-says = { $reason }: `{ $line }`
fact-component-says = `{ $line }`
fact-paused = `spec.paused` is true; { $updated } of { $wanted } replicas are of the newest revision
fact-pod-revision = pod `{ $pod }` is of revision `{ $old }`, wanted is `{ $new }`
fact-ordinals-missing = pod `{ $pod }` has not been ready for { $lasting }; { $missing ->
        [one] 1 pod after it is
       *[other] { $missing } pods after it are
    } not created
fact-misscheduled = { $pods ->
        [one] 1 pod runs
       *[other] { $pods } pods run
    } where none should
fact-node-repels = node *{ $node }* has the taint `{ $taint }`
fact-no-node-selected = `nodeSelector` asks for `{ $labels }`; { $nodes ->
        [one] the only node does not have it
       *[other] none of { $nodes } nodes has it
    }
fact-budget = `{ $rule }`: { $healthy } of { $expected } pods healthy, { $desired } have to be
fact-cordoned = node *{ $node }* is cordoned; pods of the budget on it: { $pods }
fact-cordoned-since = node *{ $node }* has been cordoned for { $lasting }; pods of the budget on it: { $pods }
fact-job-failures = { $failed ->
        [one] 1 failure
       *[other] { $failed } failures
    }, `backoffLimit` is { $limit }
fact-job-exit = the last pod ended with exit code { $code }
fact-suspended = `spec.suspend` is true
fact-cron-last = schedule `{ $schedule }`, last run { $lasting } ago
fact-cron-never = schedule `{ $schedule }`, no run since it was created { $lasting } ago
fact-cron-running = Job `{ $job }` has been running for { $lasting }
fact-hpa-load = { $resource } is at { $now } % of the request, the target is { $target } %
fact-lease-silent = the lease `{ $lease }` has not been renewed for { $lasting }
fact-not-observed = the last change of `{ $workload }` was not looked at

why-rollout-stuck = Its newest pods say what keeps them from getting ready.
why-readiness-gate = Its containers are ready; a readiness gate is set by somebody else (a load balancer controller, most often): look at that controller and at the health checks of its target.
why-rollout-paused = The command lets the change go on; see first who paused it, and why.
why-replicas-unavailable = Nothing that was read says why; the pods that are not ready are the place to look.
why-statefulset-left-behind = The controller waits for this pod before it goes on and does not replace it by itself; deleted, it comes back with the new template.
why-statefulset-ordinal-stuck = Pods are created in order: as soon as this one is ready, the next follow.
why-daemonset-misscheduled = Tolerate the taint if the pods belong there; otherwise delete them.
why-daemonset-nowhere = Give nodes that label, or correct the selector.
why-pdb-blocks-eviction = As it stands nothing may ever leave; allowing one pod to be away, or one replica more, lets the drain go on.
why-pdb-unwell = Once the unhealthy pods are ready, the budget lets one go.
why-job-backoff-exceeded = The log of its last pod says what failed; once that is corrected, the Job has to be created again.
why-job-deadline-exceeded = Twice the time is an estimate; see first whether it hung.
why-job-pods-failing = The log of the last pod that failed says what to correct before the tries are used up.
why-cronjob-suspended = The command lets it run again from the next time on; see first who suspended it, and why.
why-cronjob-held = See what it waits for; deleting it lets the next run start.
why-cronjob-missed-schedules = 200 seconds let a late run still start, and keep the count of missed runs low; the command makes up for the last one.
why-cronjob-deadline = The controller looks every ten seconds: a deadline below that may never be met.
why-cronjob-invalid-schedule = It needs five fields: minute, hour, day, month, day of the week; the time zone by its name (`Europe/Paris`).
why-cronjob-invalid-template = The API says which field.
why-hpa-at-max = This is as many as the load asks for now; see whether nodes and what lies behind can bear them.
why-hpa-cannot-read-metrics = metrics-server serves them; see whether it is installed and knows these pods.
why-hpa-no-custom-metrics = An adapter serves them (Prometheus adapter, KEDA); see whether it runs and knows the metric by that name.
why-hpa-rivals = One of them has to go, or to name another workload; several metrics can stand in one autoscaler.
why-hpa-target-missing = It has to name a workload that exists (`{ $workload }`?), or go.
why-hpa-no-requests = The target is a percentage of the request; the value is an estimate, a little above the present use where that is known.
why-control-plane = See whether the pod of { $name } runs, and what its log says.
