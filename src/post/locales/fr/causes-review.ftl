### Ce que dit une revue : ce qui manque, le constat, et pourquoi cela compte.
### Balises : `code` et *gras* seulement. Les espaces insécables sont posées au rendu.

cause-no-liveness-probe = `{ $workload }` : le conteneur `{ $container }` n'a pas de livenessProbe. S'il se fige, personne ne le redémarre.
cause-no-readiness-probe = `{ $workload }` : le conteneur `{ $container }` n'a pas de readinessProbe. Il reçoit des requêtes avant de pouvoir répondre.
cause-no-resource-limits = `{ $workload }` : le conteneur `{ $container }` n'a pas de limite de mémoire. Une fuite emporte le nœud entier.
cause-no-resource-requests = `{ $workload }` : le conteneur `{ $container }` ne demande pas ce qu'il lui faut ; il est mal placé et expulsé en premier.
cause-no-autoscaler = `{ $workload }` n'a pas d'autoscaler. Une pointe de trafic tombe sur les réplicas qui sont là.
cause-single-replica = `{ $workload }` n'a qu'un réplica. Chaque redémarrage, chaque drain de son nœud est une coupure.
cause-latest-tag = `{ $workload }` : l'image de `{ $container }` n'a pas de tag fixe. Personne ne sait ce qui tourne, ni comment y revenir.
cause-no-pdb = `{ $workload }` n'a pas de PodDisruptionBudget. Un drain peut prendre tous ses réplicas d'un coup.
cause-runs-as-root = `{ $workload }` : le conteneur `{ $container }` peut tourner en root.
cause-secret-in-env-literal = `{ $workload }` : un secret est écrit en clair dans l'environnement de `{ $container }`.

fact-no-liveness-probe = `{ $container }` sert un port et n'a pas de livenessProbe
fact-no-readiness-probe = `{ $container }` sert un port et n'a pas de readinessProbe
fact-no-memory-limit = pas de resources.limits.memory sur `{ $container }`
fact-no-requests = ni request ni limite sur `{ $container }` pour { $names }
fact-no-autoscaler = aucun HorizontalPodAutoscaler dans { $namespace } ne le vise
fact-replicas = réplicas : { $replicas }
fact-image-moves = image : `{ $image }`
fact-no-budget = aucun PodDisruptionBudget dans { $namespace } ne sélectionne ses pods
fact-privileged = `{ $container }` est privileged
fact-user-root = `{ $container }` a runAsUser 0
fact-user-unset = ni le pod ni `{ $container }` ne disent runAsNonRoot ou runAsUser : c'est l'image qui décide
fact-env-literal = valeurs écrites dans le manifeste (noms seulement) : { $names }

why-no-liveness-probe = C'est un exemple ; prenez un chemin qui ne dépend de rien d'autre, et laissez-lui le temps de démarrer.
why-no-readiness-probe = C'est un exemple ; prenez un chemin qui dit s'il peut servir.
why-no-resource-limits = C'est un exemple ; le pic des derniers jours plus la moitié est un bon début.
why-no-resource-requests = C'est un exemple ; mettez ce qu'il consomme un jour ordinaire.
why-no-autoscaler = C'est un exemple ; le minimum est ce qu'il faut un jour calme.
why-single-replica = Il en faut deux au moins, sur des nœuds différents, s'il peut tourner en double.
why-latest-tag = C'est un exemple ; mettez la version construite, ou son digest.
why-no-pdb = Ainsi, un seul à la fois peut partir.
why-runs-as-root = Ajoutez un `runAsUser` supérieur à 0 si l'image nomme root.
why-secret-in-env-literal = Mettez-le dans un Secret et référencez-le ; la valeur qui était dans le manifeste est à renouveler.

review-headline = Il manque { $count ->
        [one] { $count } chose
       *[other] { $count } choses
    } sur { $place }, le plus risqué d'abord :
review-nothing = { $place } est bien configuré : sondes, ressources, réplicas, image et utilisateur sont comme il faut.
review-line = { $summary } À mettre : `{ $field }`, `{ $value }`
