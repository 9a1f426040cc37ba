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
cause-image-pull-unauthorized = New pods of `{ $workload }` cannot start: the registry *{ $registry }* refuses the image `{ $image }` for lack of valid credentials.
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
cause-image-never-pulled = New pods of `{ $workload }` cannot start: *{ $image }* is not on the node, and `imagePullPolicy: Never` forbids pulling it.
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

cause-image-pull-secret-missing = The pull Secret *{ $name }* does not exist in `{ $namespace }`, so the registry `{ $registry }` refuses the images of { $workloads }.
cause-volume-mount-failed = { $how ->
        [host-path] `{ $workload }`: the `hostPath` *{ $what }* of the volume `{ $volume }` is not on the node what its `type` asks for, so the pods cannot start.
        [sub-path] `{ $workload }`: the `subPath` of the volume `{ $volume }` does not lead to what is mounted there (a file onto a directory, or nothing), so the pods cannot start.
        [driver] `{ $workload }`: the storage driver *{ $what }* of the volume `{ $volume }` is not on the node, so the pods cannot start.
        [nfs] `{ $workload }`: the NFS server of the volume `{ $volume }` ({ $what }) does not answer, so the pods cannot start.
        [nfs-denied] `{ $workload }`: the NFS server refuses to let the node mount *{ $what }* (volume `{ $volume }`), so the pods cannot start.
        [nfs-path] `{ $workload }`: the NFS server does not export *{ $what }* (volume `{ $volume }`), so the pods cannot start.
        [helper] `{ $workload }`: the node has no program to mount the volume `{ $volume }` ({ $what }), so the pods cannot start.
        [file-system] `{ $workload }`: the file system of the volume `{ $volume }` is damaged or not the one that is named, so it cannot be mounted.
        [waited] `{ $workload }`: the volume `{ $volume }` is not mounted in time, and nobody says why.
       *[other] `{ $workload }`: the volume `{ $volume }` cannot be mounted, so the pods cannot start.
    }
cause-container-runtime-error = { $how ->
        [memory] `{ $workload }`: the memory limit of container `{ $container }` is too small even to start it; often its unit is missing.
        [root] `{ $workload }`: container `{ $container }` must not run as root (`runAsNonRoot`), and the image `{ $image }` names root or no numeric user.
        [user] `{ $workload }`: the user that container `{ $container }` is to run as does not exist in the image `{ $image }`.
        [workdir] `{ $workload }`: container `{ $container }` cannot go to its working directory *{ $what }*.
        [device] `{ $workload }`: the device that container `{ $container }` asks for ({ $what }) is not on the node.
        [profile] `{ $workload }`: the seccomp or AppArmor profile of container `{ $container }` is not on the node.
        [gpu] The GPU driver of the node *{ $node }* does not work, so container `{ $container }` of `{ $workload }` cannot start.
        [disk] The disk of the node *{ $node }* has no room left to create container `{ $container }` of `{ $workload }`.
        [name] The container runtime of the node *{ $node }* still holds an earlier attempt of container `{ $container }` of `{ $workload }`: it is too slow or hangs.
        [cgroup] The node *{ $node }* cannot set up the cgroup of container `{ $container }` of `{ $workload }`.
        [slow] The container runtime of the node *{ $node }* does not create container `{ $container }` of `{ $workload }` in time.
       *[other] `{ $workload }`: the container runtime cannot create container `{ $container }`.
    }

why-image-pull-secret-missing = Create it, with an account that may read `{ $image }`, or correct the name in `imagePullSecrets` (of the pod or of its ServiceAccount). A Secret of another namespace does not count.
why-volume-mount-failed = { $how ->
        [host-path] Create it on the node, correct the path, or set another `type` (`DirectoryOrCreate`).
        [sub-path] Correct `subPath`: the key or path must exist in the volume, a file where a file is mounted.
        [driver] See that the driver's DaemonSet runs on that node, and that its name is right.
        [nfs] See from a node whether the server resolves and answers on port 2049: firewall, address, or the server itself.
        [nfs-denied] Add the nodes to the export's clients on the server.
        [nfs-path] Correct the path, or export it on the server.
        [helper] Install it on the nodes (`nfs-common`, `cifs-utils`), or use a driver that brings its own.
        [file-system] Have the volume checked (`fsck`) before anything else is tried, from a copy if the data matter; or correct `fsType`.
        [waited] See the kubelet's and the driver's log on that node.
       *[other] The quoted words are the storage driver's: start there.
    }
why-container-runtime-error = { $how ->
        [memory] Set a limit the application can live with: `512Mi`, not `512`.
        [root] Set `runAsUser` to the number of a user of the image, or build the image with a numeric `USER`.
        [user] Set `runAsUser` to a user of the image, best by number.
        [workdir] Correct `workingDir`, or create it in the image for its user.
        [device] Run it on nodes that have the device, with its device plugin.
        [profile] Put the profile onto the nodes, or use `RuntimeDefault`.
        [gpu] Repair the driver, or keep such pods off the node until then.
        [disk] Free the node's disk: images, logs, what was evicted.
        [name] Look at the load and the disk of the node; restart its runtime if the attempt never ends.
        [cgroup] Look at the kubelet and the runtime of that node: cgroup driver, version, systemd.
        [slow] Look at the load and the disk of the node, and at its runtime's log.
       *[other] The quoted words are the runtime's own: they say what it lacks.
    }
