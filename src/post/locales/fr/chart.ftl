### Mots des images : des étiquettes courtes, et une phrase qui dit ce qu'on y voit. Pas d'heures dans les
### phrases : l'image les montre dans le fuseau du lecteur.

chart-no-data = pas de données

chart-limit = limite
chart-request = request
chart-full = plein
chart-maximum = maximum
chart-threshold = seuil

chart-now = maintenant
chart-yesterday = hier
chart-other-pods = autres pods

chart-mark-deploy = déploiement
chart-mark-symptom = premier symptôme
chart-mark-killed = tué

chart-title-memory = Mémoire de { $object }
chart-title-cpu = CPU de { $object }
chart-title-latency = Temps de réponse de { $object }, 99e centile
chart-title-errors = Requêtes en échec de { $object }
chart-title-requests = Requêtes vers { $object }
chart-title-volume = Volume { $object }
chart-title-disk = Disque de { $object }
chart-title-replicas = Réplicas de { $object }
chart-title-connections = Connexions à { $object }

chart-milliseconds = { $value } ms

chart-memory-killed =
    { $times ->
        [0] La mémoire monte jusqu'à sa limite de { $limit }, et le conteneur est tué.
        [one] La mémoire monte jusqu'à sa limite de { $limit }, et le conteneur est tué.
       *[other] La mémoire remonte sans cesse jusqu'à sa limite de { $limit } : le conteneur a été tué { $times } fois.
    }
chart-memory-near = La mémoire est à { $share } de sa limite de { $limit }.
chart-memory-node = { $share } de la mémoire du nœud est utilisée.
chart-cpu-throttled = Le CPU est tenu à sa limite de { $limit } : freiné dans { $share } des périodes.
chart-cpu-near = Le CPU est à { $share } de sa limite de { $limit }.
chart-cpu-node = { $share } du CPU du nœud est utilisé.
chart-latency-usual = { $now } maintenant, { $usual } hier à la même heure.
chart-latency-rose = { $now } maintenant, { $usual } avant.
chart-errors-usual = { $now } des requêtes échouent, { $usual } hier à la même heure.
chart-errors-rose = { $now } des requêtes échouent, { $usual } avant.
chart-requests-usual = { $now } requêtes par seconde, { $usual } hier à la même heure.
chart-requests-rose = { $now } requêtes par seconde, { $usual } avant.
chart-filling = Rempli à { $now }.
chart-filling-soon = Rempli à { $now } ; à ce rythme, plein dans { $span }.
chart-replicas-max =
    { $max ->
        [one] Le seul réplica que l'autoscaler peut avoir est utilisé.
       *[other] Les { $max } réplicas que l'autoscaler peut avoir sont tous utilisés.
    }
chart-connections-max = { $now } connexions sur { $max } sont utilisées.
