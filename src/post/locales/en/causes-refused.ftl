### What the causes of the family "refused" say: summaries, evidence, fixes. Written with the judges.
### Marks: `code` and *bold* only. Arguments are escaped when they are rendered.

cause-quota-exceeded-cpu = The quota of `{ $namespace }` on CPU is used up (`{ $quota }`: { $used } of *{ $hard }* `{ $resource }`), so the objects of { $workloads } are refused.
cause-quota-exceeded-memory = The quota of `{ $namespace }` on memory is used up (`{ $quota }`: { $used } of *{ $hard }* `{ $resource }`), so the objects of { $workloads } are refused.
cause-quota-exceeded-pods = The quota of `{ $namespace }` on pods is used up (`{ $quota }`: { $used } of *{ $hard }* `{ $resource }`), so the objects of { $workloads } are refused.
cause-quota-exceeded-services = The quota of `{ $namespace }` on Services is used up (`{ $quota }`: { $used } of *{ $hard }* `{ $resource }`), so the objects of { $workloads } are refused.
cause-quota-exceeded-storage = The quota of `{ $namespace }` on storage is used up (`{ $quota }`: { $used } of *{ $hard }* `{ $resource }`), so the objects of { $workloads } are refused.
cause-quota-exceeded-objects = The quota of `{ $namespace }` on `{ $resource }` is used up (`{ $quota }`: { $used } of *{ $hard }*), so the objects of { $workloads } are refused.

fact-api-refused = The API server refused: `{ $line }`
fact-quota = `{ $resource }` in `{ $namespace }`: { $used } used of { $hard }, { $requested } more requested
fact-quota-users = Largest users of `{ $resource }`: { $users }
quota-user = { $workload } ({ $amount })

why-quota = This is what is used plus what { $missing ->
        [one] the missing object asks
       *[other] the { $missing } missing objects ask
    } for, an estimate. Or free some: fewer replicas or smaller requests of another workload. A quota is somebody's decision: ask its owner.

cause-service-account-missing = The ServiceAccount *{ $name }* does not exist in `{ $namespace }`, so the pods of { $workloads } cannot be created.
cause-pod-security-denied = The pod security standard *{ $name }* of `{ $namespace }` forbids the pods of { $workloads }: { $why }
cause-pod-security-kubelet = The kubelet rejects the pods of `{ $workload }`: { $why }
cause-limit-range-violated = The limit range of `{ $namespace }` forbids the pods of { $workloads }: *{ $why }*.
cause-admission-webhook-denied = The admission webhook *{ $name }* refuses the pods of { $workloads }: { $why }
cause-admission-webhook-unavailable = The admission webhook *{ $name }* does not answer, so the pods of { $workloads } cannot be created.
cause-admission-webhook-left-behind = The admission webhook *{ $name }* is still registered in *{ $subject }*, and nothing is left of the Service that it names: the pods of { $workloads } cannot be created.

refused-without-reason = it does not say why

why-service-account-missing = Create it, or correct `serviceAccountName`. If a chart should make it, see whether the release contains it.
why-pod-security-denied = Set the fields it names in the `securityContext`, or have the standard of the namespace changed: that is a decision about security.
why-pod-security-kubelet = Take the setting out, or have the nodes allow it (`allowedUnsafeSysctls` of the kubelet, a loaded profile): that is a decision about all pods of the node.
why-limit-range-violated = Bring requests and limits inside what the limit range allows, or ask its owner to change it.
why-admission-webhook-denied = Change what it complains about. The rule is somebody's decision: ask its owner before going around it.
why-admission-webhook-unavailable = Bring its pods back to Ready. While it is away everything it has to be asked about is refused.
why-admission-webhook-left-behind = Whatever it belonged to was uninstalled: delete this configuration, or install that again. Until then everything it has to be asked about is refused.

cause-admission-policy-denied = The admission policy *{ $name }* refuses the pods of { $workloads }: { $why }
cause-admission-webhook-certificate = The API server does not trust the certificate of the admission webhook *{ $name }*, so the pods of { $workloads } cannot be created.
cause-rbac-handed-on = The ServiceAccount *{ $name }* of { $workloads } wants to grant rights that it does not hold itself in { $scope ->
        [namespace] `{ $in }`
       *[cluster] the whole cluster
    }{ $named ->
        [yes] {" "}(role `{ $role }`)
       *[no] {""}
    }: { $rights }.

cause-rbac-forbidden = The ServiceAccount *{ $name }* of { $workloads } lacks a right in { $scope ->
        [namespace] `{ $in }`
       *[cluster] the whole cluster
    }: { $rights }{ $lost ->
        [yes] ; a binding names the role `{ $role }`, which does not exist.
       *[no] .
    }

why-admission-webhook-certificate = Bring `caBundle` in its configuration and the certificate of its Service together: renew what is expired, and see whether cert-manager still fills it in.
why-rbac-handed-on = Kubernetes lets nobody grant more than they hold. Give it these rights, or take them out of the role it wants to make; the verb `escalate` would give it everything.
why-rbac-forbidden = { $lost ->
        [yes] Create the role `{ $role }` again, or let the binding name one that exists.
       *[no] Grant only what it was refused. Give such rights to an account of its own, not to `default`; a cluster role only where the list is of the whole cluster.
    }
