### Ce que disent les causes de la famille « traffic » : résumés, constats, corrections.
### Balises : `code` et *gras* seulement. Les espaces insécables sont posées au rendu.

cause-service-selector-mismatch = Le Service `{ $service }` ne mène à aucun pod : son sélecteur `{ $selector }` ne correspond à aucun pod, alors que les pods de `{ $workload }` portent d'autres labels.
cause-service-selector-mismatch-nothing = Le Service `{ $service }` ne mène à aucun pod : son sélecteur `{ $selector }` ne correspond à aucun pod du namespace.
cause-service-no-ready-endpoints = Le Service `{ $service }` n'a aucun endpoint prêt : { $pods ->
        [one] son seul pod n'est pas prêt
       *[other] aucun de ses { $pods } pods n'est prêt
    }.
cause-service-no-ready-endpoints-no-pods = Le Service `{ $service }` n'a aucun endpoint : le workload qu'il sélectionne n'a pas de pod.
cause-service-target-port-mismatch = Le Service `{ $service }` envoie au port `{ $port }`, que ses pods ne servent pas (ils déclarent { $declared }).
fact-pods-labelled = les pods de `{ $workload }` ({ $ready ->
        [one] { $ready } prêt
       *[other] { $ready } prêts
    }) portent `{ $labels }`
fact-endpoints = le Service `{ $service }` a { $ready ->
        [one] { $ready } endpoint prêt
       *[other] { $ready } endpoints prêts
    } sur { $all } ; sélecteur `{ $selector }`
fact-selector = le Service `{ $service }` sélectionne `{ $selector }` ; aucun pod ne porte cela
fact-no-pod-ready = { $pods ->
        [one] { $pods } pod correspond
       *[other] { $pods } pods correspondent
    } à `{ $selector }`, aucun n'est prêt
fact-ports-declared = le Service vise `{ $port }` ; les conteneurs déclarent { $ports }
why-selector = Ainsi, le sélecteur trouve les pods auxquels il est destiné.
why-endpoints-look = Réparez les pods qui sont derrière ; le Service lui-même est correct.
why-target-port = Mettez le port que déclarent les conteneurs.

cause-service-missing = `{ $caller }` a besoin du Service `{ $service }`, et il n'y en a aucun de ce nom dans `{ $namespace }`.
cause-service-port-name-mismatch = Le Service `{ $service }` envoie au port nommé `{ $port }`, et aucun conteneur de ses pods n'a de port de ce nom (ils déclarent { $declared }).
cause-service-port-name-mismatch-none = Le Service `{ $service }` envoie au port nommé `{ $port }`, et les conteneurs de ses pods ne déclarent aucun port.
cause-service-protocol-mismatch = Le Service `{ $service }` offre `{ $port }`, et ses pods déclarent ce port sous un autre protocole ({ $declared }).
cause-service-protocol-mismatch-ingress = L'Ingress `{ $ingress }` parle { $told } au Service `{ $service }`, dont les pods parlent { $speaks } sur ce port.
cause-ingress-backend-missing = L'Ingress `{ $ingress }` envoie `{ $way }` au Service `{ $service }`, qui n'existe pas.
cause-ingress-backend-missing-near = L'Ingress `{ $ingress }` envoie `{ $way }` au Service `{ $service }`, qui n'existe pas ; `{ $right }` existe.
cause-ingress-port-mismatch = L'Ingress `{ $ingress }` envoie `{ $way }` au port `{ $port }` du Service `{ $service }`, qui n'offre que { $ports }.
cause-ingress-class-missing = Personne ne sert l'Ingress `{ $ingress }` : sa classe `{ $class }` n'existe pas.
cause-ingress-class-missing-none = Personne ne sert l'Ingress `{ $ingress }` : il ne nomme aucune classe, et aucune n'est celle par défaut.
cause-ingress-tls-secret-missing = L'Ingress `{ $ingress }` n'a pas de certificat à présenter : le Secret `{ $secret }` n'existe pas dans `{ $namespace }`.
cause-ingress-host-conflict = `{ $ingress }` et `{ $other }` revendiquent tous deux `{ $way }` : l'un l'envoie à `{ $service }`, l'autre à `{ $before }`.
cause-gateway-route-misrouted-service = La HTTPRoute `{ $route }` envoie au Service `{ $service }`, qui n'existe pas.
cause-gateway-route-misrouted-port = La HTTPRoute `{ $route }` envoie au port `{ $port }` du Service `{ $service }`, qui n'offre que { $ports }.
cause-gateway-route-misrouted-gateway = La HTTPRoute `{ $route }` est rattachée au Gateway `{ $gateway }`, qui n'existe pas dans `{ $namespace }`.
cause-gateway-route-misrouted-listener = La HTTPRoute `{ $route }` est rattachée au listener `{ $section }` du Gateway `{ $gateway }`, qui n'en a aucun de ce nom.
cause-gateway-route-misrouted-refused = Le gateway ne prend pas la HTTPRoute `{ $route }` : `{ $condition }` est à False ({ $reason }).
cause-network-policy-blocks = La NetworkPolicy `{ $policy }` ne laisse pas `{ $caller }` entrer chez `{ $to }`.
cause-network-policy-blocks-egress = La NetworkPolicy `{ $policy }` ne laisse pas `{ $caller }` sortir vers `{ $to }`.
cause-network-policy-blocks-dns = La NetworkPolicy `{ $policy }` ne laisse pas `{ $caller }` interroger le serveur DNS ({ $to }) : aucun nom ne se résout pour lui.
cause-network-policy-blocks-ingress = La NetworkPolicy `{ $policy }` ne laisse pas le contrôleur d'Ingress (namespace `{ $namespace }`) entrer chez les pods du Service `{ $service }`.
cause-network-policy-blocks-all = La NetworkPolicy `{ $policy }` ne laisse entrer personne chez les pods du Service `{ $service }`.
cause-loadbalancer-pending = Le Service `{ $service }` attend son load balancer depuis { $span }, et son contrôleur n'arrive pas à le créer.
cause-loadbalancer-pending-nobody = Le Service `{ $service }` attend un load balancer depuis { $span }, et aucun contrôleur n'en dit mot : personne ne semble en créer dans ce cluster.
cause-dns-service-down = Le serveur DNS du cluster est arrêté : { $pods ->
        [0] `{ $workload }` n'a aucun pod
        [one] le seul pod de `{ $workload }` n'est pas prêt
       *[other] aucun des { $pods } pods de `{ $workload }` n'est prêt
    }. Aucun nom ne se résout.
cause-dns-service-upstream = Le serveur DNS du cluster `{ $workload }` n'obtient pas de réponse de *{ $resolver }*, à qui il demande les noms extérieurs au cluster : ceux-ci ne se résolvent pas.
cause-kube-proxy-down = kube-proxy ne tourne pas sur le nœud `{ $node }` : ses pods joignent les Services à des adresses qui ne sont plus les bonnes.
cause-kube-proxy-down-everywhere = kube-proxy ne tourne sur aucun des { $nodes } nœuds : les Services mènent à des adresses qui ne sont plus les bonnes.

fact-service-absent = aucun Service `{ $service }` dans `{ $namespace }` ({ $services ->
        [0] il n'y en a aucun
        [one] il y en a un autre
       *[other] il y en a { $services } autres
    })
fact-workload-without-service = `{ $workload }` est là ({ $ready ->
        [one] { $ready } prêt
       *[other] { $ready } prêts
    }), sans Service de ce nom
fact-ports-none = le Service vise `{ $port }` ; les conteneurs ne déclarent aucun port
fact-probe-scheme = la sonde readiness sur le port de `{ $service }` réussit en { $scheme }
fact-ingress-sends = l'Ingress `{ $ingress }` envoie `{ $way }` à `{ $service }`, port { $port }
fact-service-ports = le Service `{ $service }` offre { $ports }
fact-ingress-classes = { $count ->
        [0] il n'y a aucune IngressClass
       *[other] IngressClass présentes : { $classes }
    }
fact-ingress-no-default = aucune IngressClass n'est marquée comme celle par défaut{ $count ->
        [0] {""}
       *[other] {" "}(présentes : { $classes })
    }
fact-ingress-published = `{ $ingress }` a encore l'adresse qu'un contrôleur lui a donnée
fact-ingress-no-address = aucun contrôleur n'a donné d'adresse à `{ $ingress }`
fact-traffic-controller-says = Le contrôleur dit : `{ $line }`
fact-ingress-tls = `{ $ingress }` prend son certificat dans le Secret `{ $secret }`
fact-gateway-has = cherché `{ $what }` ; { $count ->
        [0] il n'y en a aucun
       *[other] il y a : { $there }
    }
fact-policy-selects = les règles de `{ $policy }` et des NetworkPolicy voisines ne permettent à `{ $caller }` aucune connexion vers `{ $to }`
fact-policy-closes = `{ $policy }` sélectionne les pods de `{ $service }`, et aucune règle ne permet d'y entrer
fact-loadbalancer-no-address = `{ $service }` n'a pas encore d'adresse à lui (classe : { $class })
fact-caller-says = `{ $caller }` dit : `{ $line }`
fact-proxy-pod = le pod `{ $pod }` est { $reason }, { $restarts ->
        [one] { $restarts } redémarrage
       *[other] { $restarts } redémarrages
    }
fact-hop-ingress = en ordre : l'Ingress `{ $ingress }` envoie `{ $way }` au port { $port } de `{ $service }`, qui existe
fact-hop-endpoints = en ordre : `{ $service }` a { $ready } endpoints prêts sur { $all }
fact-hop-no-policy = en ordre : aucune NetworkPolicy dans `{ $namespace }`

why-service-missing = Créez `{ $service }`, ou faites appeler à sa place ce qui l'a remplacé.
why-service-expose = `{ $workload }` tourne : rendez-lui son Service, sur le port que demandent ceux qui l'appellent.
why-service-protocol = Mettez le protocole que déclarent les conteneurs.
why-ingress-protocol = Dites au contrôleur d'Ingress ce que parlent les pods.
why-ingress-backend = Mettez le Service voulu ; un Ingress n'envoie qu'aux Services de son propre namespace.
why-ingress-port = Mettez un port que le Service offre, de préférence par son nom.
why-ingress-class = Mettez une classe que sert un contrôleur de ce cluster.
why-ingress-tls = Créez le Secret `{ $secret }` (type `kubernetes.io/tls`), ou voyez pourquoi cert-manager ne l'a pas fait : `kubectl describe certificate`.
why-ingress-conflict = Laissez `{ $way }` à un seul des deux : donnez à l'autre un autre host ou un autre chemin, ou supprimez-le.
why-gateway-service = Mettez un Service qui existe ; dans un autre namespace il faut un ReferenceGrant.
why-gateway-parent = Mettez un Gateway et un listener qui existent.
why-gateway-refused = Faites ce que dit le message : listener, namespaces permis, hostnames, ReferenceGrant.
why-network-policy = Permettez la connexion par une règle : de `{ $caller }` vers `{ $to }`, et rien de plus.
why-network-policy-open = Ajoutez une règle pour ceux qui doivent joindre `{ $service }`.
why-loadbalancer-told = Faites ce que dit l'événement ; le contrôleur réessaie de lui-même.
why-loadbalancer-nobody = Installez ce qui crée les load balancers ici (contrôleur du cloud, MetalLB), ou passez par un Ingress ou un NodePort.
why-dns-service-down = Remettez ses pods en marche : voyez leur journal et ce qui a changé dans le ConfigMap `coredns` ; d'ici là tout appel par un nom échoue.
why-dns-service-upstream = Voyez pourquoi { $resolver } ne répond pas (pare-feu, security group, le résolveur lui-même), ou transmettez à un autre dans le ConfigMap `coredns`.
why-kube-proxy-down = Redémarrez kube-proxy sur `{ $node }` ; s'il ne tient pas, lisez son journal et videz le nœud en attendant.
why-kube-proxy-everywhere = Lisez son journal et voyez ce qui a changé dans le ConfigMap `kube-proxy`.
