### What the causes of the family "traffic" say: summaries, evidence, fixes. Written with the judges.
### Marks: `code` and *bold* only. Arguments are escaped when they are rendered.

cause-service-selector-mismatch = Service `{ $service }` sends to nobody: its selector `{ $selector }` matches no pod, while the pods of `{ $workload }` carry other labels.
cause-service-selector-mismatch-nothing = Service `{ $service }` sends to nobody: its selector `{ $selector }` matches no pod in the namespace.
cause-service-no-ready-endpoints = Service `{ $service }` has no ready endpoint: none of its { $pods ->
        [one] 1 pod is
       *[other] { $pods } pods is
    } ready.
cause-service-no-ready-endpoints-no-pods = Service `{ $service }` has no endpoint: the workload it selects has no pod.
cause-service-target-port-mismatch = Service `{ $service }` sends to port `{ $port }`, which its pods do not serve (they declare { $declared }).
fact-pods-labelled = the pods of `{ $workload }` ({ $ready } ready) carry `{ $labels }`
fact-endpoints = Service `{ $service }` has { $ready } ready endpoints of { $all }; selector `{ $selector }`
fact-selector = Service `{ $service }` selects `{ $selector }`; no pod carries that
fact-no-pod-ready = { $pods ->
        [one] 1 pod matches
       *[other] { $pods } pods match
    } `{ $selector }`, none is ready
fact-ports-declared = the Service targets `{ $port }`; the containers declare { $ports }
why-selector = So that the selector matches the pods it is meant for.
why-endpoints-look = Repair the pods behind it; the Service itself is as it should be.
why-target-port = The port the containers declare.
