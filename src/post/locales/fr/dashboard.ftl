### La réponse qui accompagne un tableau de bord, et les mots de son fichier.

dashboard-headline = Un tableau de bord Grafana pour `{ $workload }`, en fichier JSON.
dashboard-import = Dans Grafana : Dashboards, New, Import. La source de données, le namespace et le workload sont des variables.
dashboard-verified = Vérifié dans Prometheus : { $count ->
        [one] une métrique de ce workload a des séries en ce moment, et elle seule a un panneau.
       *[other] { $count } métriques de ce workload ont des séries en ce moment, et seules celles-ci ont un panneau.
    }
dashboard-unverified = *Non vérifié* : Prometheus n'a pas dit quelles séries ce workload possède. Les panneaux reprennent les noms de cAdvisor, de kube-state-metrics et du compteur de requêtes le plus courant ; certains resteront peut-être vides.
dashboard-unasked = *Non vérifié* : aucun Prometheus n'est configuré pour moi ici. Les panneaux reprennent les noms de cAdvisor, de kube-state-metrics et du compteur de requêtes le plus courant ; certains resteront peut-être vides.
dashboard-without-series = *Non vérifié* : Prometheus n'a aucune série de ce workload dans la dernière heure. Les panneaux reprennent les noms de cAdvisor, de kube-state-metrics et du compteur de requêtes le plus courant ; ils resteront vides tant que rien n'est collecté.
dashboard-requests-untold = Absents : requêtes, erreurs et temps de réponse. Prometheus n'a pas dit si quelqu'un les compte.
dashboard-without-requests = Absents : requêtes, erreurs et temps de réponse. Aucun compteur de requêtes que je connais n'a de série pour lui.
dashboard-without-containers = Absents : CPU, mémoire et réseau. Il n'y a aucune série de cAdvisor.
dashboard-without-state = Absents : limites, redémarrages et réplicas. Il n'y a aucune série de kube-state-metrics.
dashboard-of-what = Précisez le service : `tableau de bord pour payment`.
dashboard-no-workload = Je n'ai trouvé derrière { $place } aucun workload pour lequel faire un tableau de bord.
dashboard-title = { $workload }
dashboard-title-unverified = { $workload } (non vérifié)
dashboard-described = Requêtes, ressources et leurs limites. Chaque panneau repose sur des métriques qui avaient des séries.
dashboard-described-unverified = Requêtes, ressources et leurs limites. Non vérifié : les noms des métriques sont les plus courants, des panneaux peuvent rester vides.
dashboard-variable-source = Source de données
dashboard-variable-namespace = Namespace
dashboard-variable-workload = Workload
dashboard-rollouts = Déploiements
dashboard-rollout = déploiement
dashboard-requests = Requêtes par seconde
dashboard-errors = Requêtes en échec
dashboard-latency = Temps de réponse
dashboard-cpu = CPU, request et limite d'un pod
dashboard-throttling = CPU bridé
dashboard-memory = Mémoire, request et limite d'un pod
dashboard-restarts = Redémarrages par heure
dashboard-replicas = Réplicas
dashboard-network = Réseau
dashboard-connections = Pool de connexions
dashboard-collector = Temps passé en garbage collection
dashboard-heap = Tas
dashboard-event-loop = Retard de la boucle d'événements
dashboard-threads = Threads
dashboard-goroutines = Goroutines
dashboard-files = Fichiers ouverts
dashboard-all = toutes
dashboard-failed = en échec
dashboard-request = request
dashboard-limit = limite
dashboard-ready = prêts
dashboard-wanted = voulus
dashboard-scaler-max = maximum de l'autoscaler
dashboard-scaler-wanted = voulus par l'autoscaler
dashboard-received = reçu par {"{{pod}}"}
dashboard-sent = envoyé par {"{{pod}}"}
dashboard-used = utilisé par {"{{pod}}"}
dashboard-waiting = en attente dans {"{{pod}}"}
