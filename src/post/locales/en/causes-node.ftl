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

fact-node-condition = { $condition } is { $status } for { $lasting } ({ $reason }): `{ $message }`
fact-pods-on-node = { $pods ->
        [one] 1 pod
       *[other] { $pods } pods
    } on it: { $workloads }

why-node-silent = See whether the machine runs and its network and kubelet answer. If it does not come back, drain or replace it: its pods move on their own after five minutes, those with volumes of the node do not.
why-node-not-ready = Its kubelet says why; what it names (network plugin, container runtime, disk) has to be repaired there.

cause-container-runtime-down = The container runtime of node *{ $node }* does not answer: { $pods ->
        [0] nothing runs there.
        [one] 1 pod there suffers.
       *[other] { $pods } pods there suffer.
    }
cause-node-network-unavailable = Node *{ $node }* has no working pod network ({ $reason }): { $pods ->
        [0] nothing runs there.
        [one] 1 pod there suffers.
       *[other] { $pods } pods there suffer.
    }
cause-node-memory-pressure = Node *{ $node }* runs out of memory and evicts pods: { $pods ->
        [0] nothing runs there.
        [one] 1 pod there suffers.
       *[other] { $pods } pods there suffer.
    }
cause-node-disk-pressure = Node *{ $node }* runs out of disk and evicts pods: { $pods ->
        [0] nothing runs there.
        [one] 1 pod there suffers.
       *[other] { $pods } pods there suffer.
    }
cause-node-pid-pressure = Node *{ $node }* runs out of process ids: { $pods ->
        [0] nothing runs there.
        [one] 1 pod there suffers.
       *[other] { $pods } pods there suffer.
    }

why-container-runtime-down = Look at containerd or CRI-O on that machine (`journalctl -u containerd`) and restart it; running containers survive that.
why-node-network-unavailable = Look at the pod of the network plugin on that node, and at its logs.
why-node-memory-pressure = See who uses most there (`kubectl top pods -A`), give the largest memory requests that fit what they use, or add a node.
why-node-disk-pressure = Free disk there: unused images, logs, emptyDir volumes. Pods without an ephemeral-storage limit are the usual reason.
why-node-pid-pressure = Find the pod that starts processes without end, and set a pod pid limit on the kubelet.
