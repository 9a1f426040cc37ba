### Ce que chaque lecture d'une enquête dit d'elle-même.

gap-pods = impossible de lire ses pods.
gap-cluster = impossible de lire le cluster ({ $why }). Si `kubectl get --raw /readyz` vous répond, la panne est entre lui et moi : `vigie doctor` dit où.
gap-jenkins = Jenkins n'a pas pu être lu, personne ne sait donc où en est son pipeline.
gap-sonarqube = SonarQube n'a pas pu être lu, personne ne sait donc où en est sa quality gate.
label-whole-cluster = tout le cluster

expected-starting = { $starting ->
        [one] 1 réplica sur { $wanted } vient de démarrer.
       *[other] { $starting } réplicas sur { $wanted } viennent de démarrer.
    }
expected-scaled = l'autoscaler l'a mis à { $replicas ->
        [one] 1 réplica
       *[other] { $replicas } réplicas
    } il y a { $ago }, et tous sont prêts.
expected-node-leaving = { $by } rend le nœud *{ $node }* (taint `{ $taint }`) : plus rien n'y est placé, et ce qui y tournait est d'abord déplacé.
expected-draining = { $pods ->
        [one] 1 ancien pod termine
       *[other] { $pods } anciens pods terminent
    } le travail en cours : le délai de grâce (`terminationGracePeriodSeconds`) court encore { $left }, et les nouveaux pods sont prêts. Une suppression forcée couperait ce travail.
expected-asleep = KEDA l'a mis à zéro il y a { $ago } : son déclencheur ne demande rien pour l'instant, et il repartira de lui-même quand il y aura du travail.
expected-build-running = le build #{ $number } du job Jenkins { $job } tourne depuis { $ago }.
expected-build-stopped = le build #{ $number } du job Jenkins { $job } n'a pas échoué, il a été arrêté{ $told ->
        [yes] {" "}(`{ $by }`).
       *[no] {"."}
    }
expected-rollout = un déploiement est en cours, { $updated } réplicas sur { $wanted } sont à jour.

ledger-read = { $count ->
        [one] { $count } lu
       *[other] { $count } lus
    }
ledger-failed = { $count ->
        [0] rien n'a pu être lu : { $why }
        [one] { $count } seul lu : { $why }
       *[other] { $count } lus seulement : { $why }
    }
ledger-not-configured = non configuré
ledger-skipped = pas nécessaire

checked-replicas = { $ready ->
        [one] { $ready } réplica prêt
       *[other] { $ready } réplicas prêts
    } sur { $wanted }
checked-no-restarts = aucun redémarrage ({ $containers ->
        [one] { $containers } conteneur
       *[other] { $containers } conteneurs
    })
checked-latency = p99 des temps de réponse à { $now }, { $usual } d'habitude
checked-errors = { $now } des requêtes en échec, { $usual } d'habitude
checked-errors-now = { $now } des requêtes en échec
checked-memory = mémoire à { $share } de la limite au plus
checked-nodes = { $count ->
        [one] le nœud est prêt
       *[other] les { $count } nœuds sont prêts
    }
checked-build = le build #{ $number } du job Jenkins { $job } { $unstable ->
        [yes] est passé il y a { $ago }, instable : des tests ont échoué sans l'arrêter
       *[no] est passé il y a { $ago }
    }
