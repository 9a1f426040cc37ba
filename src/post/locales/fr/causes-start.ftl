### Ce que disent les causes de la famille « start » : résumés, constats, corrections.
### Balises : `code` et *gras* seulement. Les espaces insécables sont posées au rendu.

cause-configmap-missing = Le ConfigMap *{ $name }* n'existe pas dans `{ $namespace }` : { $pods ->
        [one] { $pods } pod de `{ $workload }` ne peut pas démarrer.
       *[other] { $pods } pods de `{ $workload }` ne peuvent pas démarrer.
    }
cause-secret-missing = Le Secret *{ $name }* n'existe pas dans `{ $namespace }` : { $pods ->
        [one] { $pods } pod de `{ $workload }` ne peut pas démarrer.
       *[other] { $pods } pods de `{ $workload }` ne peuvent pas démarrer.
    }
cause-image-tag-not-found = Les nouveaux pods de `{ $workload }` ne peuvent pas démarrer : le registre `{ $registry }` n'a pas de tag *{ $tag }* pour l'image `{ $image }`.
cause-image-pull-unauthorized = Les nouveaux pods de `{ $workload }` ne peuvent pas démarrer : le registre *{ $registry }* refuse l'image `{ $image }`, faute d'identifiants valables.
cause-image-registry-unreachable = Les nouveaux pods de `{ $workload }` ne peuvent pas démarrer : les nœuds n'arrivent pas à joindre le registre *{ $registry }* pour l'image `{ $image }`.

fact-kubelet-says = Kubernetes dit : `{ $line }`
fact-referenced-by = `{ $workload }` le demande dans `{ $field }`{ $count ->
        [0] {""}
       *[other] {" "}; de même { $others }
    }
fact-image-before = La révision précédente utilisait `{ $image }`
fact-image-still-runs = { $pods ->
        [one] { $pods } pod tourne
       *[other] { $pods } pods tournent
    } encore avec `{ $image }`
fact-pull-secrets = L'image est demandée avec les identifiants de { $names }
fact-no-pull-secret = Le pod ne nomme pas d'`imagePullSecrets` : l'image est demandée anonymement, ou avec les identifiants du nœud
fact-registry-others = D'autres workloads attendent aussi le registre `{ $registry }` : { $others }

why-configmap-missing = Créez-le, ou corrigez le nom dans `{ $workload }`. Si un chart doit le produire, voyez si le manifeste de la release le contient (`helm get manifest`).
why-secret-missing = Créez-le, ou corrigez le nom dans `{ $workload }`. Si un opérateur ou un chart doit le produire, regardez là d'abord.
why-image-tag = Poussez ce tag, ou revenez à un tag qui existe.
why-image-pull-secret-add = Nommez un Secret contenant des identifiants pour `{ $registry }`. Si le dépôt n'y existe pas, le registre répond la même chose.
why-image-pull-secret-renew = Renouvelez les identifiants pour `{ $registry }` dans le Secret nommé, et vérifiez qu'il existe dans ce namespace.
why-registry-unreachable = Voyez depuis un nœud si `{ $registry }` se résout et répond : DNS, proxy, pare-feu, ou le registre lui-même.
