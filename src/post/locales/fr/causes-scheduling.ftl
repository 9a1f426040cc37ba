### Ce que disent les causes de la famille « scheduling » : résumés, constats, corrections.
### Balises : `code` et *gras* seulement. Les espaces insécables sont posées au rendu.

cause-insufficient-cpu = `{ $workload }` ne peut pas être placé : il demande *{ $requested }* de CPU par pod, et aucun nœud n'en a autant de libre.
cause-insufficient-cpu-free = `{ $workload }` ne peut pas être placé : il demande *{ $requested }* de CPU par pod, et le nœud possible le moins chargé (`{ $node }`) n'a que { $room } de libre.
cause-insufficient-cpu-allocatable = `{ $workload }` ne peut pas être placé : il demande *{ $requested }* de CPU par pod, et les nœuds possibles sont pleins (le plus grand, `{ $node }`, offre { $room } en tout).
cause-insufficient-cpu-too-big = `{ $workload }` ne pourra jamais être placé : il demande *{ $requested }* de CPU par pod, et le plus grand nœud possible (`{ $node }`) offre { $room } en tout.
cause-insufficient-memory = `{ $workload }` ne peut pas être placé : il demande *{ $requested }* de mémoire par pod, et aucun nœud n'en a autant de libre.
cause-insufficient-memory-free = `{ $workload }` ne peut pas être placé : il demande *{ $requested }* de mémoire par pod, et le nœud possible le moins chargé (`{ $node }`) n'a que { $room } de libre.
cause-insufficient-memory-allocatable = `{ $workload }` ne peut pas être placé : il demande *{ $requested }* de mémoire par pod, et les nœuds possibles sont pleins (le plus grand, `{ $node }`, offre { $room } en tout).
cause-insufficient-memory-too-big = `{ $workload }` ne pourra jamais être placé : il demande *{ $requested }* de mémoire par pod, et le plus grand nœud possible (`{ $node }`) offre { $room } en tout.
cause-node-selector-mismatch = `{ $workload }` ne peut pas être placé : il choisit des nœuds avec le label *{ $label }*, et aucun des { $nodes } nœuds ne convient.
cause-taint-not-tolerated = `{ $workload }` ne peut pas être placé : les nœuds qui conviendraient sont réservés par le taint *{ $taint }*, qu'il ne tolère pas.
cause-pvc-missing = Le volume demandé (PVC) *{ $name }* n'existe pas dans `{ $namespace }` : `{ $workload }` ne peut pas être placé ({ $pods ->
        [one] { $pods } pod en attente
       *[other] { $pods } pods en attente
    }).
cause-insufficient-other = `{ $workload }` ne peut pas être placé : il demande *{ $requested }* de `{ $resource }` par pod, et aucun nœud n'en a autant de libre.
cause-insufficient-other-free = `{ $workload }` ne peut pas être placé : il demande *{ $requested }* de `{ $resource }` par pod, et le nœud possible le moins chargé (`{ $node }`) n'a que { $room } de libre.
cause-insufficient-other-allocatable = `{ $workload }` ne peut pas être placé : il demande *{ $requested }* de `{ $resource }` par pod, et les nœuds possibles n'en ont plus (le plus grand, `{ $node }`, offre { $room } en tout).
cause-insufficient-other-too-big = `{ $workload }` ne pourra jamais être placé : il demande *{ $requested }* de `{ $resource }` par pod, et le plus grand nœud possible (`{ $node }`) offre { $room } en tout.
cause-insufficient-other-absent = `{ $workload }` ne peut pas être placé : il demande *{ $requested }* de `{ $resource }` par pod, et aucun des nœuds où il peut tourner n'en offre.
cause-insufficient-other-pods = `{ $workload }` ne peut pas être placé : les nœuds où il peut tourner portent déjà autant de *pods* qu'ils en acceptent (`{ $node }` en accepte { $room }).
cause-insufficient-other-volumes = `{ $workload }` ne peut pas être placé : tous les nœuds où il peut tourner ont déjà autant de *volumes* attachés qu'ils en acceptent.
cause-node-affinity-mismatch = `{ $workload }` ne peut pas être placé : son affinité de nœud exige *{ $rule }*, et aucun des { $nodes } nœuds ne convient.
cause-pod-affinity-unsatisfied = `{ $workload }` ne peut pas être placé : il doit tourner près de pods *{ $selector }* (même `{ $key }`), et aucun nœud voisin ne peut le prendre.
cause-pod-affinity-unsatisfied-absent = `{ $workload }` ne peut pas être placé : il doit tourner près de pods *{ $selector }* (même `{ $key }`), et aucun pod de ce genre ne tourne.
cause-pod-affinity-unsatisfied-words = `{ $workload }` ne peut pas être placé : les pods près desquels il doit tourner ne sont pas là où il pourrait aller.
cause-pod-anti-affinity-conflict = `{ $workload }` ne peut pas être placé : il ne doit pas partager son `{ $key }` avec des pods *{ $selector }*, et il y en a partout où il pourrait aller.
cause-pod-anti-affinity-conflict-own = `{ $workload }` a plus de pods que de places : son anti-affinité permet un pod par `{ $key }`, et toutes les places possibles sont prises ({ $pods ->
        [one] { $pods } pod en attente
       *[other] { $pods } pods en attente
    }).
cause-pod-anti-affinity-conflict-theirs = `{ $workload }` ne peut pas être placé : l'anti-affinité de `{ $owner }`, dont des pods tournent sur les nœuds restants (`{ $node }`), l'en écarte.
cause-pod-anti-affinity-conflict-words = `{ $workload }` ne peut pas être placé : l'anti-affinité de pods déjà en marche l'écarte de tous les nœuds restants.
cause-topology-spread-unsatisfied = `{ $workload }` ne peut pas être placé : ses pods doivent être répartis selon `{ $key }` avec un écart d'au plus *{ $skew }*, et aucun nœud disponible ne le respecte.
cause-topology-spread-unsatisfied-label = `{ $workload }` ne peut pas être placé : ses pods doivent être répartis selon *{ $key }*, un label qu'aucun nœud ne porte.
cause-topology-spread-unsatisfied-default = `{ $workload }` ne peut pas être placé : aucun nœud disponible ne respecte la répartition exigée.
cause-node-cordoned = Le nœud *{ $node }* est mis hors service (cordon) et ne prend plus de pods ; `{ $workload }` n'a pas d'autre nœud où aller ({ $cordoned ->
        [one] { $cordoned } nœud ainsi fermé conviendrait
       *[other] { $cordoned } nœuds ainsi fermés conviendraient
    }).
cause-node-cordoned-others-full = Le nœud *{ $node }* est mis hors service (cordon) et ne prend plus de pods ; il pourrait prendre `{ $workload }`, et { $open ->
        [one] l'autre nœud prévu pour lui ne le peut pas
       *[other] les { $open } autres nœuds prévus pour lui ne le peuvent pas
    }.
cause-host-port-unavailable = `{ $workload }` ne peut pas être placé : il lui faut le port *{ $port }* de l'hôte, déjà pris sur chaque nœud où il pourrait tourner.
cause-host-port-unavailable-own = `{ $workload }` ne peut pas être placé : ses propres pods tiennent le port *{ $port }* de l'hôte sur chaque nœud possible, et un nœud ne l'a qu'une fois.
cause-pvc-storage-class-missing = Le PVC *{ $name }* demande la classe de stockage *{ $class }*, qui n'existe pas : `{ $workload }` attend son volume.
cause-pvc-storage-class-missing-default = Le PVC *{ $name }* ne nomme aucune classe de stockage et le cluster n'en a pas par défaut : rien ne crée son volume, et `{ $workload }` attend.
cause-pvc-storage-class-missing-empty = Le PVC *{ $name }* demande un volume sans classe de stockage (`storageClassName: ""`), et il n'y en a aucun : `{ $workload }` attend.
cause-pvc-storage-class-missing-other = Le PVC *{ $name }* demande la classe de stockage *{ $class }*, et son volume `{ $volume }` est de la classe `{ $theirs }` : `{ $workload }` attend.
cause-pvc-access-mode-mismatch = Le PVC *{ $name }* demande *{ $modes }*, et le volume `{ $volume }` n'offre que { $given } : `{ $workload }` attend.
cause-pvc-access-mode-mismatch-volume-mode = Le PVC *{ $name }* demande un volume en mode *{ $mode }*, et `{ $volume }` est en mode { $other } : `{ $workload }` attend.
cause-pvc-access-mode-mismatch-provisioner = Le PVC *{ $name }* demande *{ $modes }*, que la classe de stockage `{ $class }` ne sait pas fournir : `{ $workload }` attend son volume.
cause-pvc-capacity-mismatch = Le PVC *{ $name }* demande *{ $requested }*, et le volume `{ $volume }` n'a que { $capacity } : `{ $workload }` attend.
cause-pvc-selector-mismatch = Le PVC *{ $name }* choisit des volumes *{ $selector }*, et aucun volume libre ne porte cela (`{ $volume }` conviendrait sinon) : `{ $workload }` attend.
cause-pvc-selector-mismatch-provisioner = Le PVC *{ $name }* a un sélecteur (`{ $selector }`), que le provisionneur de `{ $class }` n'accepte pas : `{ $workload }` attend son volume.
cause-pvc-provisioning-failed = Le volume du PVC *{ $name }* ne peut pas être créé (classe de stockage `{ $class }`), et `{ $workload }` attend : { $line }
cause-pvc-provisioning-failed-silent = Le volume du PVC *{ $name }* n'est toujours pas créé après { $minutes } minutes : le provisionneur `{ $provisioner }` de `{ $class }` ne répond pas, et `{ $workload }` attend.
cause-pvc-provisioning-failed-by-hand = Le PVC *{ $name }* est de la classe `{ $class }`, dont les volumes se créent à la main, et il n'y en a aucun : `{ $workload }` attend.
cause-pv-bound-elsewhere = Le volume *{ $volume }*, qu'il faut au PVC `{ $name }`, appartient au PVC *{ $holder }* : `{ $workload }` attend.
cause-pv-released = Le volume *{ $volume }* est encore réservé au PVC supprimé { $holder } ({ $phase }) : `{ $name }` ne peut pas l'avoir, et `{ $workload }` attend.
cause-volume-zone-conflict = `{ $workload }` ne peut pas être placé : le volume de son PVC *{ $name }* ne s'utilise que dans *{ $place }*, et aucun nœud n'y est.
cause-volume-zone-conflict-labels = `{ $workload }` ne peut pas être placé : le volume de son PVC *{ $name }* ne s'utilise que dans *{ $place }*, et il n'a pas le droit de tourner sur les nœuds de cet endroit ({ $there }).
cause-volume-zone-conflict-words = `{ $workload }` ne peut pas être placé : son volume ({ $claims }) ne s'utilise pas depuis les nœuds qui pourraient le prendre.
cause-preempted = Des pods de `{ $workload }` (priorité { $priority }) ont été évincés par des pods plus prioritaires, et aucun nœud n'a plus de place pour eux.
cause-preempted-by = Des pods de `{ $workload }` (priorité { $priority }) ont été évincés par `{ $by }` (priorité *{ $theirs }*), et aucun nœud n'a plus de place pour eux.
cause-scheduling-gated = { $pods ->
        [one] { $pods } pod
       *[other] { $pods } pods
    } de `{ $workload }` { $pods ->
        [one] est retenu
       *[other] sont retenus
    } par la barrière d'ordonnancement *{ $gates }* : l'ordonnanceur ne les regarde pas tant qu'elle n'est pas levée.

fact-scheduler-says = L'ordonnanceur dit : `{ $line }`
fact-node-room-free = Demandé en { $resource } : { $requested } ; libre sur `{ $node }`, le meilleur { $candidates ->
        [one] (seul) nœud possible
       *[other] de { $candidates } nœuds possibles
    } : { $free } sur { $allocatable }
fact-node-room = Demandé en { $resource } : { $requested } ; `{ $node }`, le plus grand { $candidates ->
        [one] (seul) nœud possible
       *[other] de { $candidates } nœuds possibles
    }, offre { $allocatable } en tout
fact-nodes-ruled-out = Sur { $nodes } nœuds : { $reasons }
ruled-out-cpu = { $count } sans assez de CPU libre
ruled-out-memory = { $count } sans assez de mémoire libre
ruled-out-selector = { $count } sans les labels choisis
ruled-out-taint = { $count } avec un taint qu'il ne tolère pas
ruled-out-cordoned = { $count } hors service (cordon)
ruled-out-ports = { $count } où le port de l'hôte est pris
ruled-out-pods = { $count } avec autant de pods qu'il en accepte
ruled-out-resource = { $count } sans assez de { $resource } libre
ruled-out-attached = { $count } ayant autant de volumes qu'ils en acceptent
ruled-out-volume = { $count } d'où son volume ne s'utilise pas
ruled-out-volume-bind = { $count } sans volume à lier
ruled-out-spread = { $count } où la répartition serait rompue
ruled-out-affinity = { $count } sans les pods dont il doit être proche
ruled-out-anti-affinity = { $count } avec des pods dont il doit être loin
ruled-out-others = { $count } avec des pods qui doivent être loin de lui
ruled-out-other = { $count } pour d'autres raisons
fact-node-label-absent = Aucun des { $nodes } nœuds n'a de label `{ $key }`
fact-node-label-values = Les nœuds ont `{ $key }` avec d'autres valeurs : { $values }
fact-node-taint = `{ $taint }` sur { $count ->
        [one] le nœud `{ $node }`
       *[other] { $count } nœuds, dont `{ $node }`
    }
fact-claim-absent = Aucun PVC `{ $name }` parmi les { $claims } de `{ $namespace }`
fact-resource-absent = Aucun des { $candidates } nœuds où il peut tourner n'offre `{ $resource }`
fact-pods-near = Pods `{ $selector }` en marche : { $count }
fact-pods-apart = Pods `{ $selector }` en marche : { $count }, sur { $nodes }
fact-pods-excluding = Des pods de `{ $owner }` sur `{ $node }` exigent d'être loin de lui
fact-spread-places = Pods par `{ $key }` : { $places }
fact-node-cordoned = `{ $node }` est marqué « unschedulable » ({ $cordoned ->
        [one] le seul nœud fermé qui conviendrait
       *[other] un des { $cordoned } nœuds fermés qui conviendraient
    })
fact-host-port-held = Le port { $port } de `{ $node }` est tenu par `{ $owner }` (pris sur { $count ->
        [one] { $count } nœud
       *[other] { $count } nœuds
    })
fact-volume-place = Le volume `{ $volume }` ne s'utilise que dans { $place } ; nœuds à cet endroit : { $there }
fact-class-absent = Pas de classe de stockage `{ $class }` parmi { $count } : { $classes }
fact-class-no-default = Aucune des { $count } classes de stockage n'est celle par défaut : { $classes }
fact-class-no-volume = Aucun volume sans classe ; classes de stockage : { $classes } ({ $count })
fact-class-by-hand = La classe `{ $class }` a pour provisionneur `{ $provisioner }`, qui ne crée rien
fact-provisioner-says = Le provisionneur dit ({ $count } fois) : `{ $line }`
fact-provisioner-silent = Ni volume ni nouvelle de `{ $provisioner }` depuis { $minutes } minutes
fact-volume-gives = `{ $volume }` ({ $phase }) : { $capacity }, { $given }, classe `{ $theirs }`
fact-claim-asks = `{ $name }` demande { $requested }, { $modes }, classe `{ $class }`
fact-scheduling-gates = Barrières d'ordonnancement : { $gates }
fact-preempted = `{ $victim }` : { $line }

why-request-too-big = Demandez ce qu'un nœud peut donner (la nouvelle valeur est sa taille, une estimation), ou ajoutez des nœuds plus grands.
why-nodes-full = Demandez moins s'il a besoin de moins (la nouvelle valeur est ce qui tiendrait), libérez un nœud, ou ajoutez-en un.
why-node-selector = Choisissez un label que portent les nœuds, ou posez `{ $label }` sur un nœud.
why-taint = Seulement s'il est censé tourner sur ces nœuds. Sinon, ajoutez des nœuds sans ce taint.
why-pvc-near = `{ $near }` existe, et porte presque le même nom.
why-pvc-missing = Créez le PVC, ou corrigez son nom dans `{ $workload }`.
why-resource-absent = Vérifiez que les nœuds qui ont `{ $resource }` existent, que leur device plugin tourne, et que le pod a le droit d'y aller.
why-places-full = Ajoutez un nœud, ou augmentez `maxPods` du kubelet si le réseau des pods le permet.
why-node-affinity = Étiquetez un nœud pour que `{ $rule }` soit vrai, ou ramenez la règle à ce que portent les nœuds ({ $expressions ->
        [one] sa seule condition
       *[other] une de ses { $expressions } conditions
    }).
why-pod-affinity = Démarrez les pods `{ $selector }`, corrigez le sélecteur, ou rendez la règle préférée.
why-pod-anti-affinity = Rendez la règle préférée si le partage est tolérable, ou ajoutez un nœud.
why-pod-anti-affinity-own = Réduisez le nombre de réplicas, ajoutez des nœuds, ou rendez la règle préférée. Si seul un déploiement attend : `maxSurge: 0` et `maxUnavailable: 1`.
why-pod-anti-affinity-theirs = Restreignez la règle à ce qui doit vraiment être séparé, rendez-la préférée, ou ajoutez un nœud.
why-topology-spread = Faites de la place là où il y a le moins de pods, ou permettez de rompre la répartition s'il le faut.
why-node-cordoned = Seulement si la maintenance de `{ $node }` est finie. Sinon, ajoutez un nœud ou faites de la place sur les autres.
why-host-port = Exposez-le par un Service plutôt que par le port de l'hôte, ou n'ayez pas plus de pods que de nœuds. Si seul un déploiement attend : `maxSurge: 0`.
why-class-missing = La classe d'un PVC ne se change pas : créez la classe, ou supprimez le PVC et recréez-le avec une classe qui existe.
why-class-default = `{ $class }` est la seule classe : par défaut, elle servirait aux PVC qui n'en nomment pas.
why-provisioner-mode = Demandez un mode que la classe fournit (le plus souvent ReadWriteOnce), ou une classe de fichiers partagés. Le PVC est à recréer.
why-provisioner-selector = Retirez le sélecteur : le volume est créé pour ce PVC. Le PVC est à recréer.
why-provisioning-failed = Voyez le journal du provisionneur de `{ $class }` ; quota, droits et paramètres de la classe sont les échecs les plus fréquents.
why-provisioner-silent = Vérifiez que les pods de `{ $provisioner }` (son contrôleur CSI) tournent.
why-class-by-hand = Créez un volume de la classe `{ $class }`, ou prenez une classe qui les crée.
why-pv-released = Retirez son `claimRef`, si les données peuvent revenir à `{ $name }` : il redevient disponible.
why-pvc-capacity = Ne demandez pas plus que le volume n'a, ou créez un volume plus grand. Le PVC est à recréer.
why-pvc-mode = Demandez un mode que le volume offre, ou corrigez ceux du volume si son stockage sait faire plus. Le PVC est à recréer.
why-pvc-volume-mode = Demandez le mode `{ $other }`, ou créez un volume en mode `{ $mode }`.
why-pvc-selector = Étiquetez le volume `{ $volume }` pour qu'il soit choisi, ou corrigez le sélecteur. Le PVC est à recréer.
why-pvc-class-other = Demandez la classe du volume. Le PVC est à recréer.
why-pv-bound-elsewhere = Nommez un volume libre, ou supprimez le PVC { $holder } s'il ne sert plus.
why-volume-zone = Ajoutez ou rouvrez un nœud dans { $place }, laissez les pods y tourner, ou restaurez le volume là où il y a des nœuds. Une classe en `WaitForFirstConsumer` évite cela.
why-volume-zone-words = Laissez les pods tourner là où est le volume, ou restaurez-le là où il y a des nœuds. Une classe en `WaitForFirstConsumer` évite cela.
why-preempted = Donnez-lui une classe de priorité s'il compte autant ; sinon, réduisez ce qu'il demande ou ajoutez un nœud.
why-gate-in-template = La barrière est dans son propre modèle : celui qui doit lever `{ $gates }` ne le fait pas. Retirez-la, ou réparez ce contrôleur.
why-gate-of-controller = Un contrôleur ou un webhook a posé `{ $gates }` (une file d'attente, le plus souvent) : voyez là-bas ce qu'il attend.
cause-scheduler-down = L'ordonnanceur `{ $scheduler }` est muet : { $pods ->
        [0] aucun nouveau pod n'est placé.
        [one] { $pods } pod attend un nœud et personne ne s'en occupe.
       *[other] { $pods } pods attendent un nœud et personne ne s'en occupe.
    }
cause-scheduler-unknown = Aucun ordonnanceur nommé `{ $scheduler }` ne répond : { $pods ->
        [one] { $pods } pod l'attend.
       *[other] { $pods } pods l'attendent.
    }
fact-no-scheduler-word = le pod `{ $pod }` attend un nœud sans un mot de `{ $scheduler }` ; pods dans ce cas : { $pods }
why-volumes-attached = Ajoutez un nœud, ou libérez des volumes sur l'un d'eux : la limite est celle du type de machine et de son pilote (la commande la montre dans `allocatable.count`).
