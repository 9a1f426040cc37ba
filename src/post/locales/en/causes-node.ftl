### What the causes of the family "node" say: summaries, evidence, fixes. Written with the judges.
### Marks: `code` and *bold* only. Arguments are escaped when they are rendered.

cause-node-not-ready = Node *{ $node }* is not ready ({ $reason }): { $pods ->
        [0] no pod of this question is on it.
        [one] 1 pod on it is affected.
       *[other] { $pods } pods on it are affected.
    }
cause-node-not-ready-silent = Node *{ $node }* no longer answers (its kubelet is silent): { $pods ->
        [0] no pod of this question is on it.
        [one] 1 pod on it is affected.
       *[other] { $pods } pods on it are affected.
    }

fact-node-condition = Ready is { $status } for { $lasting } ({ $reason }): `{ $message }`
fact-pods-on-node = { $pods ->
        [one] 1 pod
       *[other] { $pods } pods
    } on it: { $workloads }

why-node-silent = See whether the machine runs and its network and kubelet answer. If it does not come back, drain or replace it: its pods move on their own after five minutes, those with volumes of the node do not.
why-node-not-ready = Its kubelet says why; what it names (network plugin, container runtime, disk) has to be repaired there.
