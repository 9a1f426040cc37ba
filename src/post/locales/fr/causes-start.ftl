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

cause-configmap-key-missing = Le ConfigMap *{ $object }* n'a pas de clé *{ $name }* : { $pods ->
        [one] { $pods } pod de `{ $workload }` ne peut pas démarrer.
       *[other] { $pods } pods de `{ $workload }` ne peuvent pas démarrer.
    }
cause-secret-key-missing = Le Secret *{ $object }* n'a pas de clé *{ $name }* : { $pods ->
        [one] { $pods } pod de `{ $workload }` ne peut pas démarrer.
       *[other] { $pods } pods de `{ $workload }` ne peuvent pas démarrer.
    }
cause-image-not-found = Les nouveaux pods de `{ $workload }` ne peuvent pas démarrer : le registre ne connaît pas le dépôt de l'image *{ $image }*.
cause-image-name-invalid = Les nouveaux pods de `{ $workload }` ne peuvent pas démarrer : *{ $image }* n'est pas un nom d'image valable.
cause-image-pull-rate-limited = Les nouveaux pods de `{ $workload }` ne peuvent pas démarrer : le registre limite le nombre d'images téléchargées, et la limite est atteinte (`{ $image }`).
cause-image-architecture-mismatch = Les nouveaux pods de `{ $workload }` ne peuvent pas démarrer : l'image *{ $image }* n'existe pas pour l'architecture du nœud.
cause-image-never-pulled = Les nouveaux pods de `{ $workload }` ne peuvent pas démarrer : *{ $image }* n'est pas sur le nœud, et `imagePullPolicy: Never` interdit de la télécharger.
cause-volume-attach-failed = Le volume de `{ $workload }` ne peut pas être attaché à son nœud : *{ $name }*.
cause-sandbox-network-failed = Le nœud *{ $object }* n'arrive pas à mettre en place le réseau des nouveaux pods : { $pods ->
        [one] { $pods } pod de `{ $workload }` ne peut pas démarrer.
       *[other] { $pods } pods de `{ $workload }` ne peuvent pas démarrer.
    }

why-configmap-key-missing = Ajoutez la clé, ou corrigez son nom dans `{ $workload }`.
why-secret-key-missing = Ajoutez la clé, ou corrigez son nom dans `{ $workload }`.
why-image-not-found = Corrigez le dépôt dans `image`, ou poussez-y l'image. Certains registres répondent la même chose quand le droit de lire manque.
why-image-name-invalid = Corrigez `image` : en minuscules, sans espace, un tag au plus. Souvent, une variable de la pipeline était vide.
why-image-pull-rate-limited = Attendez que la limite se renouvelle, téléchargez avec un compte, ou passez par un miroir.
why-image-architecture-mismatch = Construisez l'image aussi pour cette architecture, ou liez les pods aux nœuds de la bonne (`nodeSelector: kubernetes.io/arch`).
why-image-never-pulled = Mettez `imagePullPolicy: IfNotPresent`, ou chargez l'image sur les nœuds.
why-volume-attach-failed = Un volume en ReadWriteOnce ne peut être que sur un seul nœud : voyez quel pod ou quel nœud le tient encore, et libérez-le d'abord.
why-sandbox-network-failed = Le plugin réseau du nœud doit refonctionner : son pod sur ce nœud, et les adresses de pods encore libres.
