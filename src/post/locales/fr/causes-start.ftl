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
why-image-name-invalid = Corrigez `image` : en minuscules, sans espace, un tag au plus. Souvent, une variable du pipeline était vide.
why-image-pull-rate-limited = Attendez que la limite se renouvelle, téléchargez avec un compte, ou passez par un miroir.
why-image-architecture-mismatch = Construisez l'image aussi pour cette architecture, ou liez les pods aux nœuds de la bonne (`nodeSelector: kubernetes.io/arch`).
why-image-never-pulled = Mettez `imagePullPolicy: IfNotPresent`, ou chargez l'image sur les nœuds.
why-volume-attach-failed = Un volume en ReadWriteOnce ne peut être que sur un seul nœud : voyez quel pod ou quel nœud le tient encore, et libérez-le d'abord.
why-sandbox-network-failed = Le plugin réseau du nœud doit refonctionner : son pod sur ce nœud, et les adresses de pods encore libres.

cause-image-pull-secret-missing = Le Secret d'images *{ $name }* n'existe pas dans `{ $namespace }` : le registre `{ $registry }` refuse donc les images de { $workloads }.
cause-volume-mount-failed = { $how ->
        [host-path] `{ $workload }` : sur le nœud, le `hostPath` *{ $what }* du volume `{ $volume }` n'est pas ce que demande son `type` ; les pods ne peuvent pas démarrer.
        [sub-path] `{ $workload }` : le `subPath` du volume `{ $volume }` ne mène pas à ce qui y est monté (un fichier sur un répertoire, ou rien) ; les pods ne peuvent pas démarrer.
        [driver] `{ $workload }` : le pilote de stockage *{ $what }* du volume `{ $volume }` n'est pas sur le nœud ; les pods ne peuvent pas démarrer.
        [nfs] `{ $workload }` : le serveur NFS du volume `{ $volume }` ({ $what }) ne répond pas ; les pods ne peuvent pas démarrer.
        [nfs-denied] `{ $workload }` : le serveur NFS refuse au nœud de monter *{ $what }* (volume `{ $volume }`) ; les pods ne peuvent pas démarrer.
        [nfs-path] `{ $workload }` : le serveur NFS n'exporte pas *{ $what }* (volume `{ $volume }`) ; les pods ne peuvent pas démarrer.
        [helper] `{ $workload }` : le nœud n'a pas de programme pour monter le volume `{ $volume }` ({ $what }) ; les pods ne peuvent pas démarrer.
        [file-system] `{ $workload }` : le système de fichiers du volume `{ $volume }` est abîmé, ou n'est pas celui qui est nommé ; il ne peut pas être monté.
        [waited] `{ $workload }` : le volume `{ $volume }` n'est pas monté à temps, et personne ne dit pourquoi.
       *[other] `{ $workload }` : le volume `{ $volume }` ne peut pas être monté ; les pods ne peuvent pas démarrer.
    }
cause-container-runtime-error = { $how ->
        [memory] `{ $workload }` : la limite de mémoire du conteneur `{ $container }` est trop petite pour même le démarrer ; souvent, son unité manque.
        [root] `{ $workload }` : le conteneur `{ $container }` ne doit pas tourner en root (`runAsNonRoot`), et l'image `{ $image }` nomme root ou un utilisateur sans numéro.
        [user] `{ $workload }` : l'utilisateur avec lequel le conteneur `{ $container }` doit tourner n'existe pas dans l'image `{ $image }`.
        [workdir] `{ $workload }` : le conteneur `{ $container }` ne peut pas entrer dans son répertoire de travail *{ $what }*.
        [device] `{ $workload }` : le périphérique que demande le conteneur `{ $container }` ({ $what }) n'est pas sur le nœud.
        [profile] `{ $workload }` : le profil seccomp ou AppArmor du conteneur `{ $container }` n'est pas sur le nœud.
        [gpu] Le pilote GPU du nœud *{ $node }* ne fonctionne pas : le conteneur `{ $container }` de `{ $workload }` ne peut pas démarrer.
        [disk] Le disque du nœud *{ $node }* n'a plus de place pour créer le conteneur `{ $container }` de `{ $workload }`.
        [name] Le moteur de conteneurs du nœud *{ $node }* tient encore une tentative précédente du conteneur `{ $container }` de `{ $workload }` : il est trop lent, ou bloqué.
        [cgroup] Le nœud *{ $node }* n'arrive pas à mettre en place le cgroup du conteneur `{ $container }` de `{ $workload }`.
        [slow] Le moteur de conteneurs du nœud *{ $node }* ne crée pas à temps le conteneur `{ $container }` de `{ $workload }`.
       *[other] `{ $workload }` : le moteur de conteneurs n'arrive pas à créer le conteneur `{ $container }`.
    }

why-image-pull-secret-missing = Créez-le, avec un compte qui peut lire `{ $image }`, ou corrigez le nom dans `imagePullSecrets` (du pod ou de son ServiceAccount). Un Secret d'un autre namespace ne compte pas.
why-volume-mount-failed = { $how ->
        [host-path] Créez-le sur le nœud, corrigez le chemin, ou mettez un autre `type` (`DirectoryOrCreate`).
        [sub-path] Corrigez `subPath` : la clé ou le chemin doit exister dans le volume, et être un fichier là où un fichier est monté.
        [driver] Voyez si le DaemonSet du pilote tourne sur ce nœud, et si son nom est le bon.
        [nfs] Voyez depuis un nœud si le serveur se résout et répond sur le port 2049 : pare-feu, adresse, ou le serveur lui-même.
        [nfs-denied] Ajoutez les nœuds aux clients de l'export, sur le serveur.
        [nfs-path] Corrigez le chemin, ou exportez-le sur le serveur.
        [helper] Installez-le sur les nœuds (`nfs-common`, `cifs-utils`), ou prenez un pilote qui l'apporte.
        [file-system] Faites d'abord vérifier le volume (`fsck`), sur une copie si les données comptent ; ou corrigez `fsType`.
        [waited] Voyez le journal du kubelet et du pilote sur ce nœud.
       *[other] Les mots cités sont ceux du pilote de stockage : commencez par là.
    }
why-container-runtime-error = { $how ->
        [memory] Fixez une limite avec laquelle l'application peut vivre : `512Mi`, et non `512`.
        [root] Mettez dans `runAsUser` le numéro d'un utilisateur de l'image, ou construisez l'image avec un `USER` numérique.
        [user] Mettez dans `runAsUser` un utilisateur de l'image, de préférence par son numéro.
        [workdir] Corrigez `workingDir`, ou créez-le dans l'image pour son utilisateur.
        [device] Placez-le sur des nœuds qui ont le périphérique, avec son device plugin.
        [profile] Mettez le profil sur les nœuds, ou prenez `RuntimeDefault`.
        [gpu] Réparez le pilote, ou écartez ces pods du nœud jusque-là.
        [disk] Libérez le disque du nœud : images, journaux, restes de pods évincés.
        [name] Voyez la charge et le disque du nœud ; redémarrez son moteur de conteneurs si la tentative ne finit jamais.
        [cgroup] Voyez le kubelet et le moteur de ce nœud : pilote de cgroup, version, systemd.
        [slow] Voyez la charge et le disque du nœud, et le journal de son moteur.
       *[other] Les mots cités sont ceux du moteur : ils disent ce qui lui manque.
    }
