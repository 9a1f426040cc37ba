### What each read of an investigation says about itself. Written with the gatherers.

gap-pods = its pods could not be read.
gap-cluster = the cluster could not be read ({ $why }). If `kubectl get --raw /readyz` answers you, the fault is on my way to it: `vigie doctor` says where.
gap-jenkins = Jenkins could not be read, so nobody knows the state of its pipeline.
gap-sonarqube = SonarQube could not be read, so nobody knows the state of its quality gate.
label-whole-cluster = the whole cluster

expected-starting = { $starting ->
        [one] 1 of { $wanted } replicas has only just started.
       *[other] { $starting } of { $wanted } replicas have only just started.
    }
expected-scaled = the autoscaler set it to { $replicas ->
        [one] 1 replica
       *[other] { $replicas } replicas
    } { $ago } ago, and all of them are ready.
expected-node-leaving = { $by } gives the node *{ $node }* back (taint `{ $taint }`): nothing new is placed there, and what ran there is moved first.
expected-draining = { $pods ->
        [one] 1 old pod finishes what it does
       *[other] { $pods } old pods finish what they do
    }: the grace period (`terminationGracePeriodSeconds`) still lasts { $left }, and the new pods are ready. To delete them by force would cut that work off.
expected-asleep = KEDA scaled it to zero { $ago } ago: its trigger asks for nothing now, and it starts again by itself when there is work.
expected-build-running = build #{ $number } of the Jenkins job { $job } has been running for { $ago }.
expected-build-stopped = build #{ $number } of the Jenkins job { $job } did not fail, it was stopped{ $told ->
        [yes] {" "}(`{ $by }`).
       *[no] {"."}
    }
expected-rollout = a rollout is in progress, { $updated } of { $wanted } replicas are updated.

ledger-read = { $count ->
        [one] 1 read
       *[other] { $count } read
    }
ledger-failed = { $count ->
        [0] nothing read: { $why }
       *[other] only { $count } read: { $why }
    }
ledger-not-configured = not set up
ledger-skipped = not needed

checked-replicas = { $ready } of { $wanted } replicas ready
checked-no-restarts = no restarts in { $containers ->
        [one] 1 container
       *[other] { $containers } containers
    }
checked-latency = p99 of the response times { $now }, { $usual } at other times
checked-errors = { $now } of the requests fail, { $usual } at other times
checked-errors-now = { $now } of the requests fail
checked-memory = memory at most { $share } of the limit
checked-nodes = { $count ->
        [one] the node is ready
        [2] both nodes are ready
       *[other] all { $count } nodes are ready
    }
checked-build = build #{ $number } of the Jenkins job { $job } { $unstable ->
        [yes] passed { $ago } ago, unstable: tests failed without stopping it
       *[no] passed { $ago } ago
    }
