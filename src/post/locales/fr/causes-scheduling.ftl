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
ruled-out-other = { $count } pour d'autres raisons
fact-node-label-absent = Aucun des { $nodes } nœuds n'a de label `{ $key }`
fact-node-label-values = Les nœuds ont `{ $key }` avec d'autres valeurs : { $values }
fact-node-taint = `{ $taint }` sur { $count ->
        [one] le nœud `{ $node }`
       *[other] { $count } nœuds, dont `{ $node }`
    }
fact-claim-absent = Aucun PVC `{ $name }` parmi les { $claims } de `{ $namespace }`

why-request-too-big = Demandez ce qu'un nœud peut donner (la nouvelle valeur est sa taille, une estimation), ou ajoutez des nœuds plus grands.
why-nodes-full = Demandez moins s'il a besoin de moins (la nouvelle valeur est ce qui tiendrait), libérez un nœud, ou ajoutez-en un.
why-node-selector = Choisissez un label que portent les nœuds, ou posez `{ $label }` sur un nœud.
why-taint = Seulement s'il est censé tourner sur ces nœuds. Sinon, ajoutez des nœuds sans ce taint.
why-pvc-near = `{ $near }` existe, et porte presque le même nom.
why-pvc-missing = Créez le PVC, ou corrigez son nom dans `{ $workload }`.
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
