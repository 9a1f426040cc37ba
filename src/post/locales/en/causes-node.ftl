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

fact-node-condition = { $condition } has been { $status } for { $lasting } ({ $reason }): `{ $message }`
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
cause-node-network-unavailable = Node *{ $node }* no longer has a network for its pods ({ $reason }): { $pods ->
        [0] nothing runs there.
        [one] 1 pod there suffers.
       *[other] { $pods } pods there suffer.
    }
cause-node-memory-pressure = Node *{ $node }* is running out of memory and evicts pods: { $pods ->
        [0] nothing runs there.
        [one] 1 pod there suffers.
       *[other] { $pods } pods there suffer.
    }
cause-node-disk-pressure = Node *{ $node }* is running out of disk and evicts pods: { $pods ->
        [0] nothing runs there.
        [one] 1 pod there suffers.
       *[other] { $pods } pods there suffer.
    }
cause-node-pid-pressure = Node *{ $node }* is running out of process IDs: { $pods ->
        [0] nothing runs there.
        [one] 1 pod there suffers.
       *[other] { $pods } pods there suffer.
    }

why-container-runtime-down = Look at containerd or CRI-O on that machine (`journalctl -u containerd`) and restart it; running containers survive that.
why-node-network-unavailable = Look at the pod of the network plugin on that node, and at its logs.
why-node-memory-pressure = See who uses most there (`kubectl top pods -A`), give the largest memory requests that fit what they use, or add a node.
why-node-disk-pressure = Free disk there: unused images, logs, emptyDir volumes. Pods without an ephemeral-storage limit are the usual reason.
why-node-pid-pressure = Find the pod that starts processes without end, and set a pod pid limit on the kubelet.

cause-kubelet-down = The kubelet of node *{ $node }* is silent: { $pods ->
        [0] no pod of this question is on it.
        [one] 1 pod on it is affected.
       *[other] { $pods } pods on it are affected.
    }
cause-node-off = The machine of node *{ $node }* is off: { $pods ->
        [0] no pod of this question is on it.
        [one] 1 pod on it is affected.
       *[other] { $pods } pods on it are affected.
    }
cause-node-unreachable = Node *{ $node }* fell silent together with others: { $pods ->
        [0] no pod of this question is on it.
        [one] 1 pod on it is affected.
       *[other] { $pods } pods on it are affected.
    }
cause-node-unreachable-zone = Node *{ $node }* fell silent together with others of its zone: { $pods ->
        [0] no pod of this question is on it.
        [one] 1 pod on it is affected.
       *[other] { $pods } pods on it are affected.
    }
cause-node-network-degraded = The network of node *{ $node }* works badly ({ $reason }): { $pods ->
        [0] no pod of this question is on it.
        [one] 1 pod on it is affected.
       *[other] { $pods } pods on it are affected.
    }
cause-node-clock-skew = The clock of node *{ $node }* is no longer synchronised ({ $reason }): { $pods ->
        [0] no pod of this question is on it.
        [one] 1 pod on it is affected.
       *[other] { $pods } pods on it are affected.
    }
cause-node-clock-ahead = The clock of node *{ $node }* is { $by } ahead.
cause-node-clock-behind = The clock of node *{ $node }* is { $by } behind.
cause-api-server-degraded = The API server answers late or not at all: { $count } times, about { $objects ->
        [one] 1 object
       *[other] { $objects } objects
    }.
cause-api-server-silent = The API server left { $count } kinds of our own reads without an answer.
cause-etcd-degraded = etcd answers late or not at all: { $count } times, about { $objects ->
        [one] 1 object
       *[other] { $objects } objects
    }.
cause-certificate-expiring = A certificate of `{ $workload }` expires in { $days ->
        [0] less than a day.
        [one] 1 day.
       *[other] { $days } days.
    }
cause-certificate-not-renewed = cert-manager cannot issue or renew the certificate `{ $certificate }` of { $object }.
cause-metrics-api-down = The resource metrics API does not answer: { $autoscalers ->
        [one] 1 autoscaler sees nothing.
       *[other] { $autoscalers } autoscalers see nothing.
    }

fact-nodes-silent = { $count } nodes fell silent within five minutes (zone { $zone }): { $nodes }
fact-pod-still-serves = pod `{ $pod }` on node *{ $node }* still serves requests
fact-clock-ahead = heartbeats of node *{ $node }* are { $by } in the future; nodes in step with us: { $others }
fact-clock-behind = heartbeats of node *{ $node }* are { $by } old, and it is ready; nodes in step with us: { $others }
fact-unanswered = reads without an answer: { $kinds }

why-kubelet-down = Look at the kubelet on that machine (`systemctl status kubelet`) and start it again; if the machine does not answer, start or replace that.
why-node-off = Start the machine, or delete the node so that its pods go elsewhere.
why-node-unreachable = What they share is at fault: the network of the zone, a switch, the load balancer in front of the API server.
why-node-network-degraded = Cordon and drain the node, then look at its interface, its connection table and its driver.
why-node-clock-skew = Start the time service of that machine again and let it step the clock; tokens and certificates are refused until then.
why-api-server-degraded = See who asks so much of it, and whether its etcd is slow.
why-etcd-degraded = Look at its disk first, then at its network and its size.
why-certificate-not-renewed = cert-manager says what is missing (issuer, DNS, the way to the challenge); when the certificate in use ends is in its Secret, which is never read here.
why-certificate-expiring = Renew it before then, and see why nothing does that by itself.
why-metrics-api-down = Get metrics-server ready: its log says whether it reaches the kubelets.
