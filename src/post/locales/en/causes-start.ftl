### What the causes of the family "start" say: summaries, evidence, fixes. Written with the judges.
### Marks: `code` and *bold* only. Arguments are escaped when they are rendered.

cause-configmap-missing = The ConfigMap *{ $name }* does not exist in `{ $namespace }`, so { $pods ->
        [one] 1 pod
       *[other] { $pods } pods
    } of `{ $workload }` cannot start.
cause-secret-missing = The Secret *{ $name }* does not exist in `{ $namespace }`, so { $pods ->
        [one] 1 pod
       *[other] { $pods } pods
    } of `{ $workload }` cannot start.
cause-image-tag-not-found = New pods of `{ $workload }` cannot start: the registry `{ $registry }` has no tag *{ $tag }* of the image `{ $image }`.
cause-image-pull-unauthorized = New pods of `{ $workload }` cannot start: the registry *{ $registry }* refuses the image `{ $image }` for want of valid credentials.
cause-image-registry-unreachable = New pods of `{ $workload }` cannot start: the nodes cannot reach the registry *{ $registry }* for the image `{ $image }`.

fact-kubelet-says = Kubernetes says: `{ $line }`
fact-referenced-by = `{ $workload }` asks for it in `{ $field }`{ $count ->
        [0] {""}
        [one] ; so does { $others }
       *[other] ; so do { $others }
    }
fact-image-before = The revision before used `{ $image }`
fact-image-still-runs = { $pods ->
        [one] 1 pod still runs
       *[other] { $pods } pods still run
    } with `{ $image }`
fact-pull-secrets = The pull is tried with the credentials of { $names }
fact-no-pull-secret = The pod names no `imagePullSecrets`: the pull is anonymous, or uses the node's own credentials
fact-registry-others = Other workloads wait for the registry `{ $registry }` too: { $others }

why-configmap-missing = Create it, or correct the name in `{ $workload }`. If a chart should make it, see whether the release's manifest contains it (`helm get manifest`).
why-secret-missing = Create it, or correct the name in `{ $workload }`. If an operator or a chart should make it, look there first.
why-image-tag = Push that tag, or go back to one that exists.
why-image-pull-secret-add = Name a Secret with credentials for `{ $registry }`. If the repository does not exist there, the registry answers the same.
why-image-pull-secret-renew = Renew the credentials for `{ $registry }` in the Secret it names, and check that it exists in this namespace.
why-registry-unreachable = See from a node whether `{ $registry }` resolves and answers: DNS, proxy, firewall, or the registry itself.
