### Ce que disent les causes de la famille « workload » : résumés, constats, corrections.
### Balises : `code` et *gras* seulement. Les espaces insécables sont posées au rendu.

cause-scaled-to-zero = `{ $workload }` est réglé à 0 réplica : rien ne tourne.
cause-rollout-bad-revision = La révision { $revision } de `{ $workload }` ne démarre pas : { $ready } réplicas prêts sur { $wanted }.
fact-zero-replicas = `spec.replicas` vaut 0
fact-revisions = révision { $new } : { $new_ready } prêts ; révision { $old } : { $old_ready } prêts sur { $old_replicas }
fact-differs = `{ $container }` : `{ $what }` de `{ $from }` à `{ $to }`
fact-env-changed = `{ $container }` : la valeur de `{ $variable }` a changé
change-revision = révision { $revision } : { $what }
change-recent = `{ $name }`, il y a { $ago } : { $what }
change-revision-unknown = révision { $revision }
why-scale = Il faut au moins un réplica ; à l'équipe de dire combien.
why-rollback = La commande revient à la révision { $revision }, qui fonctionnait.
fact-differs-more = { $first }, et { $more ->
        [one] { $more } autre différence
       *[other] { $more } autres différences
    }
fact-part-added = `{ $container }` : `{ $what }` est nouveau
fact-part-removed = `{ $container }` : `{ $what }` a disparu
fact-part-changed = `{ $container }` : `{ $what }` a changé
fact-pod-part-changed = `{ $what }` des pods a changé
fact-container-added = le conteneur `{ $container }` est nouveau (`{ $image }`)
fact-container-removed = le conteneur `{ $container }` a disparu (`{ $image }`)
change-rollback = retour à la révision { $revision } : { $what }
change-rollback-unknown = retour à la révision { $revision }

cause-rollout-stuck = Le déploiement de `{ $workload }` est bloqué : { $available } réplicas disponibles sur { $wanted }, dont { $updated } de la nouvelle révision, après plus de { $deadline }.
cause-rollout-paused = Le déploiement de `{ $workload }` est en pause : { $updated } réplicas sur { $wanted } ont le changement.
cause-replicas-unavailable = `{ $workload }` n'a que { $ready } réplicas prêts sur { $wanted } depuis { $lasting }.
cause-statefulset-ordinal-stuck = `{ $workload }` attend que son pod `{ $pod }` soit prêt : { $ready } réplicas prêts sur { $wanted }, les suivants ne sont même pas créés.
cause-statefulset-left-behind = `{ $workload }` est bloqué sur le pod `{ $pod }` : il est d'une ancienne révision qui n'a jamais été prête, et rien ne le remplace.
cause-daemonset-misscheduled = `{ $workload }` tourne sur des nœuds qui ne lui sont pas destinés : { $pods ->
        [one] { $pods } pod.
       *[other] { $pods } pods.
    }
cause-daemonset-nowhere = `{ $workload }` ne tourne nulle part : aucun des { $nodes } nœuds ne porte `{ $labels }`.
cause-pdb-blocks-eviction = Le budget de perturbation `{ $budget }` ne laisse aucun pod de `{ $workload }` quitter le nœud *{ $node }*, alors que les { $expected } sont sains.
cause-pdb-blocks-eviction-unwell = Le budget de perturbation `{ $budget }` ne laisse aucun pod de `{ $workload }` quitter le nœud *{ $node }* : seuls { $healthy } sur { $expected } sont sains.
cause-job-backoff-exceeded = Le Job `{ $job }` a abandonné : { $failed ->
        [one] { $failed } pod a échoué
       *[other] { $failed } pods ont échoué
    }, pour { $limit } nouveaux essais permis.
cause-job-failed-by-rule = Le Job `{ $job }` a été arrêté par une règle qui lui est propre (`{ $reason }`), avant d'avoir épuisé ses essais.
cause-job-deadline-exceeded = Le Job `{ $job }` a été arrêté : il a duré plus de { $deadline }.
cause-job-pods-failing = Les pods du Job `{ $job }` échouent : { $failed } fois jusqu'ici, pour { $limit } nouveaux essais permis après le premier.
cause-cronjob-suspended = Le CronJob `{ $cron }` est suspendu : il ne se lance pas.
cause-cronjob-held = Le CronJob `{ $cron }` ne se lance pas : son Job `{ $job }` tourne depuis { $lasting }, et deux à la fois sont interdits.
cause-cronjob-missed-schedules = Le CronJob `{ $cron }` (`{ $schedule }`) est en retard : { $missed ->
        [0] des exécutions ont été manquées.
        [101] plus de 100 exécutions manquent.
        [one] { $missed } exécution manque.
       *[other] { $missed } exécutions manquent.
    }
cause-cronjob-invalid-schedule = Le CronJob `{ $cron }` ne peut pas se lancer : son horaire `{ $schedule }` est illisible.
cause-cronjob-invalid-template = Le CronJob `{ $cron }` ne peut pas se lancer : l'API refuse le Job qu'il décrit.
cause-cronjob-never = Le CronJob `{ $cron }` ne se lance jamais : `{ $schedule }` est une date qui n'arrive jamais.
cause-hpa-at-max = L'autoscaler `{ $hpa }` maintient `{ $workload }` à son maximum de { $max } réplicas depuis { $lasting } et en voudrait plus.
cause-hpa-at-max-briefly = L'autoscaler `{ $hpa }` est à son maximum de { $max } réplicas de `{ $workload }` depuis { $lasting } ; cela peut passer.
cause-hpa-cannot-read-metrics = L'autoscaler `{ $hpa }` ne reçoit pas les métriques de CPU et de mémoire : `{ $workload }` reste à { $replicas } réplicas.
cause-hpa-no-custom-metrics = L'autoscaler `{ $hpa }` ne reçoit pas ses métriques personnalisées : `{ $workload }` reste à { $replicas } réplicas.
cause-hpa-no-external-metrics = L'autoscaler `{ $hpa }` ne reçoit pas ses métriques externes : `{ $workload }` reste à { $replicas } réplicas.
cause-hpa-rivals = Les autoscalers { $hpas } comptent les mêmes pods : aucun ne redimensionne `{ $workload }`.
cause-hpa-target-missing = L'autoscaler `{ $hpa }` n'a rien à redimensionner : { $kind } `{ $workload }` n'existe pas.
cause-hpa-no-requests = L'autoscaler `{ $hpa }` ne peut pas redimensionner `{ $workload }` : le conteneur `{ $container }` n'a pas de request de { $resource }.
cause-controller-manager-down = Le controller manager est muet : { $workloads ->
        [0] personne ne donne suite aux changements des workloads.
        [one] personne ne donne suite au changement de { $workloads } workload.
       *[other] personne ne donne suite aux changements de { $workloads } workloads.
    }

fact-controller-says = { $reason } : `{ $line }`
fact-component-says = `{ $line }`
fact-paused = `spec.paused` vaut true ; { $updated } réplicas sur { $wanted } sont de la dernière révision
fact-pod-revision = le pod `{ $pod }` est de la révision `{ $old }`, c'est `{ $new }` qui est voulue
fact-ordinals-missing = le pod `{ $pod }` n'est pas prêt depuis { $lasting } ; { $missing ->
        [one] { $missing } pod après lui n'est pas créé
       *[other] { $missing } pods après lui ne sont pas créés
    }
fact-misscheduled = { $pods ->
        [one] { $pods } pod tourne
       *[other] { $pods } pods tournent
    } là où il ne devrait pas y en avoir
fact-node-repels = le nœud *{ $node }* porte le taint `{ $taint }`
fact-no-node-selected = `nodeSelector` demande `{ $labels }` ; { $nodes ->
        [one] le seul nœud ne l'a pas
       *[other] aucun des { $nodes } nœuds ne l'a
    }
fact-budget = `{ $rule }` : { $healthy } pods sains sur { $expected }, il en faut { $desired }
fact-cordoned = le nœud *{ $node }* est fermé (cordon) ; pods du budget dessus : { $pods }
fact-cordoned-since = le nœud *{ $node }* est fermé (cordon) depuis { $lasting } ; pods du budget dessus : { $pods }
fact-job-failures = { $failed ->
        [one] { $failed } échec
       *[other] { $failed } échecs
    }, `backoffLimit` vaut { $limit }
fact-job-exit = le dernier pod a fini avec le code { $code }
fact-suspended = `spec.suspend` vaut true
fact-cron-last = horaire `{ $schedule }`, dernière exécution il y a { $lasting }
fact-cron-never = horaire `{ $schedule }`, aucune exécution depuis sa création il y a { $lasting }
fact-cron-running = le Job `{ $job }` tourne depuis { $lasting }
fact-hpa-load = { $resource } est à { $now } % de la request, la cible est { $target } %
fact-lease-silent = le bail (lease) `{ $lease }` n'est plus renouvelé depuis { $lasting }
fact-not-observed = le dernier changement de `{ $workload }` n'a pas été pris en compte

why-rollout-stuck = Ses pods les plus récents disent ce qui les empêche d'être prêts.
why-readiness-gate = Ses conteneurs sont prêts ; la readiness gate est remplie par un autre (le plus souvent le contrôleur du load balancer) : voyez ce contrôleur et les health checks de sa cible.
why-rollout-paused = La commande laisse passer le changement ; voyez d'abord qui l'a mis en pause, et pourquoi.
why-replicas-unavailable = Rien de ce qui a été lu ne dit pourquoi ; c'est aux pods qui ne sont pas prêts qu'il faut regarder.
why-statefulset-left-behind = Le contrôleur attend ce pod avant de continuer et ne le remplace pas de lui-même ; supprimé, il revient avec le nouveau modèle.
why-statefulset-ordinal-stuck = Les pods sont créés dans l'ordre : dès que celui-ci est prêt, les suivants viennent.
why-daemonset-misscheduled = Tolérez le taint si ces pods ont leur place là ; sinon supprimez-les.
why-daemonset-nowhere = Donnez ce label à des nœuds, ou corrigez le sélecteur.
why-pdb-blocks-eviction = Tel quel, rien ne peut jamais partir ; permettre l'absence d'un pod, ou un réplica de plus, laisse le drain continuer.
why-pdb-unwell = Dès que les pods malades seront prêts, le budget en laissera partir un.
why-job-backoff-exceeded = Le journal de son dernier pod dit ce qui a échoué ; une fois corrigé, le Job est à recréer.
why-job-deadline-exceeded = Le double est une estimation ; voyez d'abord s'il n'était pas bloqué.
why-job-pods-failing = Le journal du dernier pod en échec dit ce qu'il faut corriger avant que les essais soient épuisés.
why-cronjob-suspended = La commande le fait reprendre à la prochaine échéance ; voyez d'abord qui l'a suspendu, et pourquoi.
why-cronjob-held = Voyez ce qu'il attend ; le supprimer laisse partir l'exécution suivante.
why-cronjob-missed-schedules = 200 secondes laissent encore partir une exécution en retard et limitent le nombre de manquées ; la commande rattrape la dernière.
why-cronjob-deadline = Le contrôleur passe toutes les dix secondes : un délai plus court peut n'être jamais tenu.
why-cronjob-invalid-schedule = Il faut cinq champs : minute, heure, jour, mois, jour de la semaine ; le fuseau par son nom (`Europe/Paris`).
why-cronjob-invalid-template = L'API dit quel champ.
why-hpa-at-max = C'est ce que la charge demande maintenant ; voyez si les nœuds et ce qu'il y a derrière les supportent.
why-hpa-cannot-read-metrics = C'est metrics-server qui les fournit ; voyez s'il est installé et connaît ces pods.
why-hpa-no-custom-metrics = C'est un adaptateur qui les fournit (Prometheus adapter, KEDA) ; voyez s'il tourne et connaît la métrique sous ce nom.
why-hpa-rivals = L'un d'eux doit disparaître ou nommer un autre workload ; un seul autoscaler peut porter plusieurs métriques.
why-hpa-target-missing = Il doit nommer un workload qui existe (`{ $workload }` ?), ou disparaître.
why-hpa-no-requests = La cible est un pourcentage de la request ; la valeur est une estimation, un peu au-dessus de l'usage actuel quand il est connu.
why-control-plane = Voyez si le pod de { $name } tourne, et ce que dit son journal.
