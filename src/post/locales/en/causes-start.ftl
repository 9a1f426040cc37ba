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

cause-configmap-key-missing = The ConfigMap *{ $object }* has no key *{ $name }*, so { $pods ->
        [one] 1 pod
       *[other] { $pods } pods
    } of `{ $workload }` cannot start.
cause-secret-key-missing = The Secret *{ $object }* has no key *{ $name }*, so { $pods ->
        [one] 1 pod
       *[other] { $pods } pods
    } of `{ $workload }` cannot start.
cause-image-not-found = New pods of `{ $workload }` cannot start: the registry knows no repository of the image *{ $image }*.
cause-image-name-invalid = New pods of `{ $workload }` cannot start: *{ $image }* is not a valid image name.
cause-image-pull-rate-limited = New pods of `{ $workload }` cannot start: the registry limits how many images may be pulled, and the limit is reached (`{ $image }`).
cause-image-architecture-mismatch = New pods of `{ $workload }` cannot start: the image *{ $image }* does not exist for the architecture of the node.
cause-image-never-pulled = New pods of `{ $workload }` cannot start: *{ $image }* is not on the node, and `imagePullPolicy: Never` forbids to pull it.
cause-volume-attach-failed = The volume of `{ $workload }` cannot be attached to its node: *{ $name }*.
cause-sandbox-network-failed = The node *{ $object }* cannot set up the network of new pods, so { $pods ->
        [one] 1 pod
       *[other] { $pods } pods
    } of `{ $workload }` cannot start.

why-configmap-key-missing = Add the key, or correct its name in `{ $workload }`.
why-secret-key-missing = Add the key, or correct its name in `{ $workload }`.
why-image-not-found = Correct the repository in `image`, or push it there. Some registries answer the same where the right to read is missing.
why-image-name-invalid = Correct `image`: lower case, no blanks, one tag at most. Often a variable of the pipeline was empty.
why-image-pull-rate-limited = Wait until the limit resets, pull with an account, or through a mirror.
why-image-architecture-mismatch = Build the image for that architecture too, or bind the pods to nodes of the right one (`nodeSelector: kubernetes.io/arch`).
why-image-never-pulled = Set `imagePullPolicy: IfNotPresent`, or load the image onto the nodes.
why-volume-attach-failed = A volume with ReadWriteOnce can be on one node only: see which pod or node still holds it, and let it go there first.
why-sandbox-network-failed = The network plugin of the node has to work again: its pod on that node, and whether pod addresses are left.
