### What a review says: what is missing, the fact, and why it matters. Written with the judges.
### Marks: `code` and *bold* only. Arguments are escaped when they are rendered.

cause-no-liveness-probe = `{ $workload }`: the container `{ $container }` has no liveness probe. If it hangs, nobody restarts it.
cause-no-readiness-probe = `{ $workload }`: the container `{ $container }` has no readiness probe. It gets requests before it can answer them.
cause-no-resource-limits = `{ $workload }`: the container `{ $container }` has no memory limit. A leak takes the whole node down.
cause-no-resource-requests = `{ $workload }`: the container `{ $container }` requests too little to be placed well, and is evicted first.
cause-no-autoscaler = `{ $workload }` has no autoscaler. A surge meets the replicas there are.
cause-single-replica = `{ $workload }` has a single replica. Each restart and each drain of its node is an outage.
cause-latest-tag = `{ $workload }`: the image of `{ $container }` has no fixed tag. Nobody can tell what runs, nor go back to it.
cause-no-pdb = `{ $workload }` has no disruption budget. A drain may take all its replicas at once.
cause-runs-as-root = `{ $workload }`: the container `{ $container }` may run as root.
cause-secret-in-env-literal = `{ $workload }`: a secret stands in plain text in the environment of `{ $container }`.

fact-no-liveness-probe = `{ $container }` serves a port and has no livenessProbe
fact-no-readiness-probe = `{ $container }` serves a port and has no readinessProbe
fact-no-memory-limit = no resources.limits.memory on `{ $container }`
fact-no-requests = no request and no limit on `{ $container }` for { $names }
fact-no-autoscaler = no HorizontalPodAutoscaler in { $namespace } scales it
fact-replicas = replicas: { $replicas }
fact-image-moves = image: `{ $image }`
fact-no-budget = no PodDisruptionBudget in { $namespace } selects its pods
fact-privileged = `{ $container }` is privileged
fact-user-root = `{ $container }` has runAsUser 0
fact-user-unset = neither the pod nor `{ $container }` says runAsNonRoot or runAsUser: the image decides
fact-env-literal = values written in the manifest (names only): { $names }

why-no-liveness-probe = This is an example; take a path that depends on nothing else, and give it time to start.
why-no-readiness-probe = This is an example; take a path that says whether it can serve.
why-no-resource-limits = This is an example; the peak of the last days and half as much again is a good start.
why-no-resource-requests = This is an example; set what it uses on an ordinary day.
why-no-autoscaler = This is an example; the lowest number is what a quiet day needs.
why-single-replica = Run two at least, on different nodes, where it may run twice.
why-latest-tag = This is an example; set the version that was built, or its digest.
why-no-pdb = Then only one at a time may go.
why-runs-as-root = Add a `runAsUser` above 0 where the image names root.
why-secret-in-env-literal = Put it into a Secret and refer to it; the value that stood in the manifest has to be renewed.

review-headline = { $count ->
        [one] 1 thing is missing
       *[other] { $count } things are missing
    } on { $place }, the riskiest first:
review-nothing = { $place } is well set up: probes, resources, replicas, image and user are as they should be.
review-line = { $summary } Set `{ $field }`: `{ $value }`
