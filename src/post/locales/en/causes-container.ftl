### What the causes of the family "container" say: summaries, evidence, fixes. Written with the judges.
### Marks: `code` and *bold* only. Arguments are escaped when they are rendered.

cause-oom-killed = `{ $workload }`: container `{ $container }` is killed for memory at its limit of *{ $limit }* ({ $restarts ->
        [one] 1 restart
       *[other] { $restarts } restarts
    }); { $ready } of { $wanted } replicas carry the load.
cause-oom-killed-no-limit = `{ $workload }`: container `{ $container }` runs out of memory, and has no limit of its own ({ $restarts ->
        [one] 1 restart
       *[other] { $restarts } restarts
    }); { $ready } of { $wanted } replicas carry the load.
cause-crash-command-not-found = `{ $workload }`: the command `{ $command }` of container `{ $container }` does not exist in the image `{ $image }`.
cause-crash-command-not-found-image = `{ $workload }`: the image `{ $image }` of container `{ $container }` cannot run its own entrypoint: no such file or command.
cause-crash-missing-env = `{ $workload }`: container `{ $container }` ends because the variable `{ $variable }` is missing or empty.
cause-crash-application-error = `{ $workload }`: container `{ $container }` ends by itself with code { $code }: `{ $error }`
cause-crash-application-error-no-log = `{ $workload }`: container `{ $container }` ends by itself with code { $code }; its log was not there to say why.
cause-connection-limit-reached = `{ $workload }` has no connection left to give: its limit of *{ $limit }* is reached.
cause-connection-limit-reached-unknown = `{ $workload }` has no connection left to give: its limit is reached.

fact-log-says = The log says: `{ $line }`
fact-runtime-says = The container runtime says: `{ $line }`
fact-replicas-ready = { $ready } of { $wanted } replicas ready
fact-memory-peak = Highest use of the last 24 h: { $peak }, limit { $limit }
fact-container-killed = Ended as { $reason }, code { $code }; { $restarts ->
        [one] 1 restart
       *[other] { $restarts } restarts
    }; memory limit { $limit }, request { $request }
fact-container-exited = Ended with code { $code }; { $restarts ->
        [one] 1 restart
       *[other] { $restarts } restarts
    }; { $ready } of { $wanted } replicas ready
fact-variable-absent = `{ $variable }` is not in the container's `env`{ $sources ->
        [0] , and nothing comes from `envFrom`
        [one] ; 1 `envFrom` source may lack it
       *[other] ; { $sources } `envFrom` sources may lack it
    }

why-memory-from-peak = The highest use of the last 24 h plus half, a judgement. If memory grows without end, a larger limit only buys time: look for the leak.
why-memory-doubled = Twice the limit, a judgement: how much it really wants is not known. If memory grows without end, look for the leak.
why-memory-set-limit = Set a limit, so that it cannot take the node's memory; the value follows from what it uses.
why-command = Correct the command, or build it into the image.
why-missing-env = Set it, or add the key to the ConfigMap or Secret it should come from.
why-connection-limit = Twice the limit, a judgement. First see who holds the connections: the clients' pools together must stay below it.
