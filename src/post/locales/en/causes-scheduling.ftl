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
ruled-out-other = { $count } for other reasons
fact-node-label-absent = None of { $nodes } nodes has a label `{ $key }`
fact-node-label-values = The nodes have `{ $key }` with other values: { $values }
fact-node-taint = `{ $taint }` on { $count ->
        [one] node `{ $node }`
       *[other] { $count } nodes, `{ $node }` for one
    }
fact-claim-absent = No claim `{ $name }` among the { $claims } of `{ $namespace }`

why-request-too-big = Ask for what a node can give (the new value is its size, a judgement), or add larger nodes.
why-nodes-full = Ask for less if it needs less (the new value is what would fit), free a node, or add one.
why-node-selector = Select a label that the nodes carry, or label a node with `{ $label }`.
why-taint = Only if it is meant to run on these nodes. Otherwise add nodes without that taint.
why-pvc-near = `{ $near }` exists, and is nearly the same name.
why-pvc-missing = Create the claim, or correct its name in `{ $workload }`.
cause-scheduler-down = The scheduler `{ $scheduler }` is silent: { $pods ->
        [0] no new pod is placed.
        [one] 1 pod waits for a node and nobody looks at it.
       *[other] { $pods } pods wait for a node and nobody looks at them.
    }
cause-scheduler-unknown = No scheduler called `{ $scheduler }` answers: { $pods ->
        [one] 1 pod waits for it.
       *[other] { $pods } pods wait for it.
    }
fact-no-scheduler-word = pod `{ $pod }` waits for a node without a word of `{ $scheduler }`; such pods: { $pods }
