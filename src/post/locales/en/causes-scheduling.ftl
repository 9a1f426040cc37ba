### What the causes of the family "scheduling" say: summaries, evidence, fixes. Written with the judges.
### Marks: `code` and *bold* only. Arguments are escaped when they are rendered.

cause-insufficient-cpu = `{ $workload }` cannot be placed: it requests *{ $requested }* of CPU per pod, and no node has that much free.
cause-insufficient-cpu-free = `{ $workload }` cannot be placed: it requests *{ $requested }* of CPU per pod, and the emptiest fitting node (`{ $node }`) has { $room } free.
cause-insufficient-cpu-allocatable = `{ $workload }` cannot be placed: it requests *{ $requested }* of CPU per pod, and the fitting nodes are full (the largest, `{ $node }`, gives { $room } in total).
cause-insufficient-cpu-too-big = `{ $workload }` can never be placed: it requests *{ $requested }* of CPU per pod, and the largest fitting node (`{ $node }`) gives { $room } in total.
cause-insufficient-memory = `{ $workload }` cannot be placed: it requests *{ $requested }* of memory per pod, and no node has that much free.
cause-insufficient-memory-free = `{ $workload }` cannot be placed: it requests *{ $requested }* of memory per pod, and the emptiest fitting node (`{ $node }`) has { $room } free.
cause-insufficient-memory-allocatable = `{ $workload }` cannot be placed: it requests *{ $requested }* of memory per pod, and the fitting nodes are full (the largest, `{ $node }`, gives { $room } in total).
cause-insufficient-memory-too-big = `{ $workload }` can never be placed: it requests *{ $requested }* of memory per pod, and the largest fitting node (`{ $node }`) gives { $room } in total.
cause-node-selector-mismatch = `{ $workload }` cannot be placed: it selects nodes labelled *{ $label }*, and none of the { $nodes } nodes fits.
cause-taint-not-tolerated = `{ $workload }` cannot be placed: the nodes that would fit are reserved by the taint *{ $taint }*, which it does not tolerate.
cause-pvc-missing = The volume claim *{ $name }* does not exist in `{ $namespace }`, so `{ $workload }` cannot be placed ({ $pods ->
        [one] 1 pod waits
       *[other] { $pods } pods wait
    }).
cause-insufficient-other = `{ $workload }` cannot be placed: it requests *{ $requested }* of `{ $resource }` per pod, and no node has that much free.
cause-insufficient-other-free = `{ $workload }` cannot be placed: it requests *{ $requested }* of `{ $resource }` per pod, and the emptiest fitting node (`{ $node }`) has { $room } free.
cause-insufficient-other-allocatable = `{ $workload }` cannot be placed: it requests *{ $requested }* of `{ $resource }` per pod, and the fitting nodes have none left (the largest, `{ $node }`, gives { $room } in total).
cause-insufficient-other-too-big = `{ $workload }` can never be placed: it requests *{ $requested }* of `{ $resource }` per pod, and the largest fitting node (`{ $node }`) gives { $room } in total.
cause-insufficient-other-absent = `{ $workload }` cannot be placed: it requests *{ $requested }* of `{ $resource }` per pod, and none of the nodes it may run on offers any.
cause-insufficient-other-pods = `{ $workload }` cannot be placed: the nodes it may run on already hold as many *pods* as they take (`{ $node }` takes { $room }).
cause-insufficient-other-volumes = `{ $workload }` cannot be placed: every node it may run on already has as many *volumes* attached as it takes.
cause-node-affinity-mismatch = `{ $workload }` cannot be placed: its node affinity requires *{ $rule }*, and none of the { $nodes } nodes fits.
cause-pod-affinity-unsatisfied = `{ $workload }` cannot be placed: it must run near pods with *{ $selector }* (same `{ $key }`), and no node next to them can take it.
cause-pod-affinity-unsatisfied-absent = `{ $workload }` cannot be placed: it must run near pods with *{ $selector }* (same `{ $key }`), and no such pod runs.
cause-pod-affinity-unsatisfied-words = `{ $workload }` cannot be placed: the pods that it must run near are not where it could run.
cause-pod-anti-affinity-conflict = `{ $workload }` cannot be placed: it must not share a `{ $key }` with pods that carry *{ $selector }*, and there is one wherever it could run.
cause-pod-anti-affinity-conflict-own = `{ $workload }` has more pods than places: its anti-affinity allows one pod per `{ $key }`, and every one it could use is taken ({ $pods ->
        [one] 1 pod waits
       *[other] { $pods } pods wait
    }).
cause-pod-anti-affinity-conflict-theirs = `{ $workload }` cannot be placed: the anti-affinity of `{ $owner }`, whose pods run on the nodes that are left (`{ $node }`), keeps it away.
cause-pod-anti-affinity-conflict-words = `{ $workload }` cannot be placed: the anti-affinity of pods that run already keeps it from every node that is left.
cause-topology-spread-unsatisfied = `{ $workload }` cannot be placed: its pods must be spread over `{ $key }` with a difference of at most *{ $skew }*, and no node that can take one keeps to that.
cause-topology-spread-unsatisfied-label = `{ $workload }` cannot be placed: its pods must be spread over *{ $key }*, a label that no node has.
cause-topology-spread-unsatisfied-default = `{ $workload }` cannot be placed: no node that can take its pods keeps to the required topology spread.
cause-node-cordoned = The node *{ $node }* is cordoned, so it takes no new pods; `{ $workload }` has no other node to go to ({ $cordoned ->
        [one] 1 cordoned node would take it
       *[other] { $cordoned } cordoned nodes would take it
    }).
cause-node-cordoned-others-full = The node *{ $node }* is cordoned, so it takes no new pods; it would take `{ $workload }`, and { $open ->
        [one] the other node meant for it cannot
       *[other] the { $open } other nodes meant for it cannot
    }.
cause-host-port-unavailable = `{ $workload }` cannot be placed: it needs the host port *{ $port }*, which is taken on every node it could run on.
cause-host-port-unavailable-own = `{ $workload }` cannot be placed: its own pods hold the host port *{ $port }* on every node it could run on, and a node has it only once.
cause-pvc-storage-class-missing = The claim *{ $name }* asks for the storage class *{ $class }*, which does not exist, so `{ $workload }` waits for its volume.
cause-pvc-storage-class-missing-default = The claim *{ $name }* names no storage class and the cluster has no default one, so nothing makes its volume and `{ $workload }` waits.
cause-pvc-storage-class-missing-empty = The claim *{ $name }* asks for a volume without a storage class (`storageClassName: ""`), and there is none, so `{ $workload }` waits.
cause-pvc-storage-class-missing-other = The claim *{ $name }* asks for the storage class *{ $class }*, and its volume `{ $volume }` is of `{ $theirs }`, so `{ $workload }` waits.
cause-pvc-access-mode-mismatch = The claim *{ $name }* asks for *{ $modes }*, and the volume `{ $volume }` gives { $given } only, so `{ $workload }` waits.
cause-pvc-access-mode-mismatch-volume-mode = The claim *{ $name }* asks for a volume of mode *{ $mode }*, and `{ $volume }` is of mode { $other }, so `{ $workload }` waits.
cause-pvc-access-mode-mismatch-provisioner = The claim *{ $name }* asks for *{ $modes }*, which the storage class `{ $class }` cannot give, so `{ $workload }` waits for its volume.
cause-pvc-capacity-mismatch = The claim *{ $name }* asks for *{ $requested }*, and the volume `{ $volume }` has only { $capacity }, so `{ $workload }` waits.
cause-pvc-selector-mismatch = The claim *{ $name }* selects volumes with *{ $selector }*, and no free one carries that (`{ $volume }` fits otherwise), so `{ $workload }` waits.
cause-pvc-selector-mismatch-provisioner = The claim *{ $name }* has a selector (`{ $selector }`), which the provisioner of `{ $class }` does not support, so `{ $workload }` waits for its volume.
cause-pvc-provisioning-failed = The volume of the claim *{ $name }* cannot be made (storage class `{ $class }`), so `{ $workload }` waits: { $line }
cause-pvc-provisioning-failed-silent = The volume of the claim *{ $name }* has not been made for { $minutes } minutes: the provisioner `{ $provisioner }` of `{ $class }` does not answer, and `{ $workload }` waits.
cause-pvc-provisioning-failed-by-hand = The claim *{ $name }* is of the class `{ $class }`, whose volumes are made by hand, and there is none, so `{ $workload }` waits.
cause-pv-bound-elsewhere = The volume *{ $volume }*, which the claim `{ $name }` needs, belongs to the claim *{ $holder }*, so `{ $workload }` waits.
cause-pv-released = The volume *{ $volume }* is still kept for the deleted claim { $holder } ({ $phase }), so `{ $name }` cannot have it and `{ $workload }` waits.
cause-volume-zone-conflict = `{ $workload }` cannot be placed: the volume of its claim *{ $name }* can be used in *{ $place }* only, and no node is there.
cause-volume-zone-conflict-labels = `{ $workload }` cannot be placed: the volume of its claim *{ $name }* can be used in *{ $place }* only, and it may not run on the nodes there ({ $there }).
cause-volume-zone-conflict-words = `{ $workload }` cannot be placed: its volume ({ $claims }) cannot be used from the nodes that could take it.
cause-preempted = Pods of `{ $workload }` (priority { $priority }) were preempted by pods of higher priority, and no node has room for them again.
cause-preempted-by = Pods of `{ $workload }` (priority { $priority }) were preempted by `{ $by }` (priority *{ $theirs }*), and no node has room for them again.
cause-scheduling-gated = { $pods ->
        [one] 1 pod of
       *[other] { $pods } pods of
    } `{ $workload }` { $pods ->
        [one] is
       *[other] are
    } held back by the scheduling gate *{ $gates }*: the scheduler does not look at them until it is lifted.

fact-scheduler-says = The scheduler says: `{ $line }`
fact-node-room-free = Requested { $resource }: { $requested }; free on `{ $node }`, the best of { $candidates ->
        [one] 1 fitting node
       *[other] { $candidates } fitting nodes
    }: { $free } of { $allocatable }
fact-node-room = Requested { $resource }: { $requested }; `{ $node }`, the largest of { $candidates ->
        [one] 1 fitting node
       *[other] { $candidates } fitting nodes
    }, gives { $allocatable } in total
fact-nodes-ruled-out = Of { $nodes } nodes: { $reasons }
ruled-out-cpu = { $count } without enough free CPU
ruled-out-memory = { $count } without enough free memory
ruled-out-selector = { $count } without the selected labels
ruled-out-taint = { $count } with a taint it does not tolerate
ruled-out-cordoned = { $count } cordoned
ruled-out-ports = { $count } with the host port taken
ruled-out-pods = { $count } with as many pods as they take
ruled-out-resource = { $count } without enough free { $resource }
ruled-out-attached = { $count } with as many volumes as they take
ruled-out-volume = { $count } where its volume cannot be used
ruled-out-volume-bind = { $count } without a volume to bind
ruled-out-spread = { $count } that would break the topology spread
ruled-out-affinity = { $count } without the pods it must be near
ruled-out-anti-affinity = { $count } with pods it must not be near
ruled-out-others = { $count } with pods that must not be near it
ruled-out-other = { $count } for other reasons
fact-node-label-absent = None of { $nodes } nodes has a label `{ $key }`
fact-node-label-values = The nodes have `{ $key }` with other values: { $values }
fact-node-taint = `{ $taint }` on { $count ->
        [one] node `{ $node }`
       *[other] { $count } nodes, `{ $node }` for one
    }
fact-claim-absent = No claim `{ $name }` among the { $claims } of `{ $namespace }`
fact-resource-absent = None of the { $candidates } nodes it may run on offers `{ $resource }`
fact-pods-near = Running pods with `{ $selector }`: { $count }
fact-pods-apart = Running pods with `{ $selector }`: { $count }, on { $nodes }
fact-pods-excluding = Pods of `{ $owner }` on `{ $node }` have to be apart from it
fact-spread-places = Pods by `{ $key }`: { $places }
fact-node-cordoned = `{ $node }` is unschedulable ({ $cordoned ->
        [one] the only cordoned node that fits
       *[other] one of { $cordoned } cordoned nodes that fit
    })
fact-host-port-held = Host port { $port } on `{ $node }` is held by `{ $owner }` (taken on { $count ->
        [one] 1 node
       *[other] { $count } nodes
    })
fact-volume-place = The volume `{ $volume }` can be used in { $place } only; nodes there: { $there }
fact-class-absent = No storage class `{ $class }` among { $count }: { $classes }
fact-class-no-default = None of the { $count } storage classes is the default: { $classes }
fact-class-no-volume = No volume without a class is there; storage classes: { $classes } ({ $count })
fact-class-by-hand = The class `{ $class }` has the provisioner `{ $provisioner }`, which makes nothing
fact-provisioner-says = The provisioner says ({ $count } times): `{ $line }`
fact-provisioner-silent = No volume and no word from `{ $provisioner }` for { $minutes } minutes
fact-volume-gives = `{ $volume }` ({ $phase }): { $capacity }, { $given }, class `{ $theirs }`
fact-claim-asks = `{ $name }` asks for { $requested }, { $modes }, class `{ $class }`
fact-scheduling-gates = Scheduling gates: { $gates }
fact-preempted = `{ $victim }`: { $line }

why-request-too-big = Ask for what a node can give (the new value is its size, an estimate), or add larger nodes.
why-nodes-full = Ask for less if it needs less (the new value is what would fit), free a node, or add one.
why-node-selector = Select a label that the nodes carry, or label a node with `{ $label }`.
why-taint = Only if it is meant to run on these nodes. Otherwise add nodes without that taint.
why-pvc-near = `{ $near }` exists, and is nearly the same name.
why-pvc-missing = Create the claim, or correct its name in `{ $workload }`.
why-resource-absent = Check that the nodes which have `{ $resource }` exist, that their device plugin runs, and that the pod may go there.
why-places-full = Add a node, or raise `maxPods` of the kubelet where the pod network allows it.
why-node-affinity = Label a node so that `{ $rule }` holds, or relax the rule to what the nodes carry ({ $expressions ->
        [one] its only condition
       *[other] one of its { $expressions } conditions
    }).
why-pod-affinity = Start the pods with `{ $selector }`, correct the selector, or make the rule preferred.
why-pod-anti-affinity = Make the rule preferred, if sharing is tolerable, or add a node.
why-pod-anti-affinity-own = Run fewer replicas, add nodes, or make the rule preferred. If only a rollout waits, set `maxSurge: 0` and `maxUnavailable: 1`.
why-pod-anti-affinity-theirs = Narrow the rule to what really must be apart, make it preferred, or add a node.
why-topology-spread = Make room where there are fewest pods, or let the spread be broken when it must be.
why-node-cordoned = Only if the maintenance of `{ $node }` is over. Otherwise add a node, or make room on the others.
why-host-port = Publish through a Service instead of the host port, or run no more pods than there are nodes. If only a rollout waits, set `maxSurge: 0`.
why-class-missing = A claim's class cannot be changed: create the class, or delete the claim and create it with one that exists.
why-class-default = `{ $class }` is the only class: made the default, claims without one get it.
why-provisioner-mode = Ask for a mode the class can give (mostly ReadWriteOnce), or use a class for shared file systems. The claim has to be created anew.
why-provisioner-selector = Leave the selector out: the volume is made for the claim. The claim has to be created anew.
why-provisioning-failed = See the log of the provisioner of `{ $class }`; quota, credentials and parameters of the class fail most often.
why-provisioner-silent = Check that the pods of `{ $provisioner }` (its CSI controller) run.
why-class-by-hand = Create a volume of class `{ $class }`, or use a class that makes them.
why-pv-released = Remove its `claimRef`, if the data may go to `{ $name }`: it becomes available again.
why-pvc-capacity = Ask for no more than the volume has, or create a larger volume. The claim has to be created anew.
why-pvc-mode = Ask for a mode that the volume gives, or correct the volume's modes if its storage can do more. The claim has to be created anew.
why-pvc-volume-mode = Ask for the mode `{ $other }`, or create a volume of mode `{ $mode }`.
why-pvc-selector = Label the volume `{ $volume }` so that it is selected, or correct the selector. The claim has to be created anew.
why-pvc-class-other = Ask for the class of the volume. The claim has to be created anew.
why-pv-bound-elsewhere = Name a free volume, or delete the claim { $holder } if it is no longer needed.
why-volume-zone = Add or uncordon a node in { $place }, let the pods run there, or restore the volume where there are nodes. A class with `WaitForFirstConsumer` avoids this.
why-volume-zone-words = Let the pods run where the volume is, or restore it where there are nodes. A class with `WaitForFirstConsumer` avoids this.
why-preempted = Give it a class of its own priority if it matters as much; otherwise lower what it requests, or add a node.
why-gate-in-template = The gate stands in its own template: whoever is to lift `{ $gates }` does not. Remove it, or repair that controller.
why-gate-of-controller = A controller or a webhook set `{ $gates }` (a queue, mostly): see there what it waits for.
cause-scheduler-down = The scheduler `{ $scheduler }` is silent: { $pods ->
        [0] no new pod is placed.
        [one] 1 pod waits for a node and nobody looks at it.
       *[other] { $pods } pods wait for a node and nobody looks at them.
    }
cause-scheduler-unknown = No scheduler called `{ $scheduler }` answers: { $pods ->
        [one] 1 pod waits for it.
       *[other] { $pods } pods wait for it.
    }
fact-no-scheduler-word = pod `{ $pod }` waits for a node without a word from `{ $scheduler }`; such pods: { $pods }
why-volumes-attached = Add a node, or free volumes on one: the limit is that of the machine type and its driver (the command shows it as `allocatable.count`).
