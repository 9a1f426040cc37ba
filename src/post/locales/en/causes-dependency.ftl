### What the judge of dependencies says: summaries, evidence, fixes.

cause-dependency-unreachable = `{ $workload }` gets no answer from `{ $address }`.
cause-dependency-unreachable-no-name = `{ $workload }` calls `{ $address }`, and that name does not resolve.
cause-dependency-unreachable-unnamed = `{ $workload }` cannot reach something it needs, and nothing in its environment says where that is: “{ $error }”.
cause-dependency-wrong-address = `{ $workload }` calls `{ $address }`, which nothing offers; `{ $right }` exists.
fact-address-configured = `{ $variable }` says `{ $address }`
fact-no-address = its environment names { $count ->
        [0] no address
        [one] 1 address, and not this one
       *[other] { $count } addresses, and not this one
    }
why-dependency-look = Find out why `{ $address }` does not answer; `{ $address }` is what to repair.
why-dependency-unnamed = Tell it where that is; the name of the variable is a guess from the log line.
why-address = Set the address that exists.

cause-dns-resolution-failed = `{ $workload }` cannot resolve the name `{ $address }`, although that Service exists.
cause-dns-resolution-failed-policy = `{ $workload }` cannot resolve `{ $address }`: its pods do not ask the cluster's DNS server.
cause-dns-resolution-failed-outside = `{ $workload }` calls `{ $address }`, and the DNS knows no such name.
cause-dns-resolution-failed-unanswered = `{ $workload }` gets no answer from the DNS for `{ $address }`.
fact-dns-policy = `dnsPolicy` { $policy ->
        [hostNetwork] is `ClusterFirst`, and the pod is on the node's network
       *[other] is `{ $policy }`
    }: the node's DNS server is asked, which knows no Services
fact-service-there = the Service `{ $service }` exists
why-dns-policy = Then the cluster's DNS server is asked.
why-dns-look = See from a pod on the same node whether `{ $address }` resolves (`nslookup`), and what the DNS server's log says.
why-dns-outside = Correct the name `{ $address }`, or have it entered where it is missing.
