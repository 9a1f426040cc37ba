### What the causes of the family "traffic" say: summaries, evidence, fixes. Written with the judges.
### Marks: `code` and *bold* only. Arguments are escaped when they are rendered.

cause-service-selector-mismatch = Service `{ $service }` leads to no pod: its selector `{ $selector }` matches no pod, while the pods of `{ $workload }` carry other labels.
cause-service-selector-mismatch-nothing = Service `{ $service }` leads to no pod: its selector `{ $selector }` matches no pod in the namespace.
cause-service-no-ready-endpoints = Service `{ $service }` has no ready endpoint: none of its { $pods ->
        [one] 1 pod is
       *[other] { $pods } pods is
    } ready.
cause-service-no-ready-endpoints-no-pods = Service `{ $service }` has no endpoint: the workload it selects has no pod.
cause-service-target-port-mismatch = Service `{ $service }` sends to port `{ $port }`, which its pods do not serve (they declare { $declared }).
fact-pods-labelled = the pods of `{ $workload }` ({ $ready } ready) carry `{ $labels }`
fact-endpoints = Service `{ $service }` has { $ready } ready endpoints of { $all }; selector `{ $selector }`
fact-selector = Service `{ $service }` selects `{ $selector }`; no pod carries that
fact-no-pod-ready = { $pods ->
        [one] 1 pod matches
       *[other] { $pods } pods match
    } `{ $selector }`, none is ready
fact-ports-declared = the Service targets `{ $port }`; the containers declare { $ports }
why-selector = Then the selector matches the pods it is meant for.
why-endpoints-look = Repair the pods behind it; the Service itself is as it should be.
why-target-port = Set the port that the containers declare.

cause-service-missing = `{ $caller }` needs the Service `{ $service }`, and there is none of that name in `{ $namespace }`.
cause-service-port-name-mismatch = Service `{ $service }` sends to the port named `{ $port }`, and no container of its pods has a port of that name (they declare { $declared }).
cause-service-port-name-mismatch-none = Service `{ $service }` sends to the port named `{ $port }`, and the containers of its pods declare no port at all.
cause-service-protocol-mismatch = Service `{ $service }` offers `{ $port }`, and its pods declare that port under another protocol ({ $declared }).
cause-service-protocol-mismatch-ingress = Ingress `{ $ingress }` speaks { $told } to Service `{ $service }`, whose pods speak { $speaks } on that port.
cause-ingress-backend-missing = Ingress `{ $ingress }` sends `{ $way }` to the Service `{ $service }`, which does not exist.
cause-ingress-backend-missing-near = Ingress `{ $ingress }` sends `{ $way }` to the Service `{ $service }`, which does not exist; `{ $right }` does.
cause-ingress-port-mismatch = Ingress `{ $ingress }` sends `{ $way }` to port `{ $port }` of Service `{ $service }`, which offers only { $ports }.
cause-ingress-class-missing = Nobody serves Ingress `{ $ingress }`: its class `{ $class }` does not exist.
cause-ingress-class-missing-none = Nobody serves Ingress `{ $ingress }`: it names no class, and no class is the default one.
cause-ingress-tls-secret-missing = Ingress `{ $ingress }` has no certificate to show: the Secret `{ $secret }` does not exist in `{ $namespace }`.
cause-ingress-host-conflict = `{ $ingress }` and `{ $other }` both claim `{ $way }`: one sends it to `{ $service }`, the other to `{ $before }`.
cause-gateway-route-misrouted-service = HTTPRoute `{ $route }` sends to the Service `{ $service }`, which does not exist.
cause-gateway-route-misrouted-port = HTTPRoute `{ $route }` sends to port `{ $port }` of Service `{ $service }`, which offers only { $ports }.
cause-gateway-route-misrouted-gateway = HTTPRoute `{ $route }` is attached to the Gateway `{ $gateway }`, which does not exist in `{ $namespace }`.
cause-gateway-route-misrouted-listener = HTTPRoute `{ $route }` is attached to the listener `{ $section }` of Gateway `{ $gateway }`, which has none of that name.
cause-gateway-route-misrouted-refused = The gateway does not take HTTPRoute `{ $route }`: `{ $condition }` is False ({ $reason }).
cause-network-policy-blocks = NetworkPolicy `{ $policy }` does not let `{ $caller }` in to `{ $to }`.
cause-network-policy-blocks-egress = NetworkPolicy `{ $policy }` does not let `{ $caller }` out to `{ $to }`.
cause-network-policy-blocks-dns = NetworkPolicy `{ $policy }` does not let `{ $caller }` ask the DNS server ({ $to }): no name resolves for it.
cause-network-policy-blocks-ingress = NetworkPolicy `{ $policy }` does not let the Ingress controller (namespace `{ $namespace }`) in to the pods of Service `{ $service }`.
cause-network-policy-blocks-all = NetworkPolicy `{ $policy }` lets nobody in to the pods of Service `{ $service }`.
cause-loadbalancer-pending = Service `{ $service }` has waited { $span } for its load balancer, and its controller cannot build one.
cause-loadbalancer-pending-nobody = Service `{ $service }` has waited { $span } for a load balancer, and no controller says anything about it: nobody in this cluster seems to build them.
cause-dns-service-down = The cluster's DNS server is down: { $pods ->
        [0] `{ $workload }` has no pod
        [one] the only pod of `{ $workload }` is not ready
       *[other] none of the { $pods } pods of `{ $workload }` is ready
    }. No name resolves.
cause-dns-service-upstream = The cluster's DNS server `{ $workload }` gets no answer from *{ $resolver }*, whom it asks for names outside the cluster: those do not resolve.
cause-kube-proxy-down = kube-proxy does not run on node `{ $node }`: its pods reach Services at addresses that are no longer right.
cause-kube-proxy-down-everywhere = kube-proxy runs on none of { $nodes ->
        [one] 1 node
       *[other] { $nodes } nodes
    }: Services lead to addresses that are no longer right.

fact-service-absent = no Service `{ $service }` in `{ $namespace }` ({ $services ->
        [one] 1 other is there
       *[other] { $services } others are there
    })
fact-workload-without-service = `{ $workload }` is there ({ $ready } ready), without a Service of that name
fact-ports-none = the Service targets `{ $port }`; the containers declare no port
fact-probe-scheme = the readiness probe on the port of `{ $service }` succeeds over { $scheme }
fact-ingress-sends = Ingress `{ $ingress }` sends `{ $way }` to `{ $service }`, port { $port }
fact-service-ports = Service `{ $service }` offers { $ports }
fact-ingress-classes = { $count ->
        [0] no IngressClass is there
       *[other] IngressClasses that are there: { $classes }
    }
fact-ingress-no-default = no IngressClass is marked as the default one{ $count ->
        [0] {""}
       *[other] {" "}(there are: { $classes })
    }
fact-ingress-published = `{ $ingress }` still has the address that a controller gave it
fact-ingress-no-address = no controller has given `{ $ingress }` an address
fact-traffic-controller-says = The controller says: `{ $line }`
fact-ingress-tls = `{ $ingress }` takes its certificate from the Secret `{ $secret }`
fact-gateway-has = looked for `{ $what }`; { $count ->
        [0] there is none
       *[other] there is: { $there }
    }
fact-policy-selects = the rules of `{ $policy }` and of the policies beside it allow `{ $caller }` no connection to `{ $to }`
fact-policy-closes = `{ $policy }` selects the pods of `{ $service }`, and no rule allows whoever asks
fact-loadbalancer-no-address = `{ $service }` has no address of its own yet (class: { $class })
fact-caller-says = `{ $caller }` says: `{ $line }`
fact-proxy-pod = pod `{ $pod }` is { $reason }, { $restarts ->
        [one] 1 restart
       *[other] { $restarts } restarts
    }
fact-hop-ingress = in order: Ingress `{ $ingress }` sends `{ $way }` to port { $port } of `{ $service }`, which is there
fact-hop-endpoints = in order: `{ $service }` has { $ready } of { $all } endpoints ready
fact-hop-no-policy = in order: no NetworkPolicy in `{ $namespace }`

why-service-missing = Create `{ $service }`, or have the caller call what took its place.
why-service-expose = `{ $workload }` runs: give it its Service back, on the port its callers use.
why-service-protocol = Set the protocol that the containers declare.
why-ingress-protocol = Tell the Ingress controller what the pods speak.
why-ingress-backend = Set the Service that is meant; an Ingress sends only to Services of its own namespace.
why-ingress-port = Set a port that the Service offers, preferably by its name.
why-ingress-class = Set a class that a controller of this cluster serves.
why-ingress-tls = Create the Secret `{ $secret }` (type `kubernetes.io/tls`), or see why cert-manager has not: `kubectl describe certificate`.
why-ingress-conflict = Leave `{ $way }` to one of them: give the other another host or path, or remove it.
why-gateway-service = Set a Service that exists; in another namespace it needs a ReferenceGrant.
why-gateway-parent = Set a Gateway and a listener that exist.
why-gateway-refused = Do what the message says: listener, allowed namespaces, host names, ReferenceGrant.
why-network-policy = Allow it in a rule: from `{ $caller }` to `{ $to }`, and nothing more.
why-network-policy-open = Add a rule for whoever is to reach `{ $service }`.
why-loadbalancer-told = Do what the event says; the controller tries again by itself.
why-loadbalancer-nobody = Install what builds load balancers here (cloud controller, MetalLB), or use an Ingress or NodePort.
why-dns-service-down = Get its pods to run: see their log and what changed in the ConfigMap `coredns`; until then every call by name fails.
why-dns-service-upstream = See why { $resolver } does not answer (firewall, security group, the resolver itself), or forward to another one in the ConfigMap `coredns`.
why-kube-proxy-down = Restart kube-proxy on `{ $node }`; see its log if it does not stay up, and drain the node meanwhile.
why-kube-proxy-everywhere = See its log and what changed in the ConfigMap `kube-proxy`.
