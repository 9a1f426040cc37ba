### Ce que disent les causes de la famille « monitoring » : résumés, constats, corrections.
### Balises : `code` et *gras* seulement. Les espaces insécables sont posées au rendu.

cause-target-down = Prometheus n'obtient pas de réponse de `{ $workload }` : { $down ->
        [one] { $down } cible sur { $all } ne répond pas.
       *[other] { $down } cibles sur { $all } ne répondent pas.
    }
cause-target-down-port = Prometheus n'obtient pas de réponse de `{ $workload }` : ses pods sont prêts, mais rien n'écoute sur le port { $port }.
cause-target-missing-labels = Prometheus ne scrape pas `{ $workload }` : le ServiceMonitor `{ $monitor }` sélectionne `{ $label }`, que le Service `{ $service }` ne porte pas.
cause-target-missing-namespace = Prometheus ne scrape pas `{ $workload }` : le ServiceMonitor `{ $monitor }` ne regarde pas dans le namespace { $namespace }.
cause-target-missing-port = Prometheus ne scrape pas `{ $workload }` : le ServiceMonitor `{ $monitor }` demande le port `{ $port }`, et le Service `{ $service }` n'en a pas de ce nom.
cause-target-missing-ignored = Prometheus ne scrape pas `{ $workload }` : il ne prend pas le ServiceMonitor `{ $monitor }`, à qui manque le label `{ $label }` que portent tous les autres.
cause-target-missing-none = Rien ne dit à Prometheus de scraper `{ $workload }` : aucun ServiceMonitor ne sélectionne son Service, et il n'est pas parmi les cibles.
cause-scrape-failing-denied = Prometheus n'a pas le droit de lire les métriques de `{ $workload }` : l'application le refuse.
cause-scrape-failing-path = Ce qui répond à Prometheus pour `{ $workload }` n'est pas une page de métriques : le chemin est faux.
cause-scrape-failing-scheme = Prometheus et `{ $workload }` ne parlent pas le même protocole (HTTP ou HTTPS).
cause-scrape-failing-tls = Prometheus ne fait pas confiance au certificat de `{ $workload }`.
cause-scrape-failing-limit = `{ $workload }` donne plus que Prometheus n'a le droit de prendre : tout le scrape est jeté.
cause-scrape-failing-server = `{ $workload }` répond à Prometheus par une erreur à lui.
cause-no-data = Prometheus scrape `{ $workload }` sans erreur, et ne reçoit aucun échantillon.
cause-no-data-dropped = Prometheus scrape `{ $workload }` et jette tous les échantillons : un relabeling les écarte.
cause-rule-error = La règle `{ $rule }` du groupe `{ $group }` ne peut pas être évaluée.
cause-alert-misconfigured = L'alerte *{ $alert }* demande le job `{ $job }`, sous lequel rien n'est scrapé ; il existe `{ $near }`.

fact-scrape-error = dernier scrape : `{ $line }`
fact-scrape-url = demandé : `{ $url }`
fact-no-target = aucune des { $targets } cibles de Prometheus n'est `{ $workload }`
fact-monitor-selects = il sélectionne `{ $label }` ; le Service porte { $labels }
fact-monitor-namespaces = il regarde dans { $namespaces }
fact-monitors-taken = { $count ->
        [one] le ServiceMonitor scrapé porte
       *[other] les { $count } ServiceMonitors scrapés portent tous
    } `{ $label }`
fact-samples = { $scraped } échantillons au plus, { $kept } gardés
fact-rule-error = évaluation : `{ $line }`
fact-rule-query = expression : `{ $line }`
fact-jobs = { $count } jobs sont scrapés, dont `{ $near }`

why-target-down = Réparez les pods, ou le chemin jusqu'à eux (NetworkPolicy) : Prometheus montre seulement qu'ils ne répondent pas.
why-scrape-port = Voyez sur quel port l'application sert ses métriques, et nommez celui-là (`targetPort` du Service) ; ce n'est pas { $port }.
why-monitor-selector = Le sélecteur doit nommer des labels du Service, pas de ses pods.
why-service-labels = Le Service doit porter le label lui-même : ceux de ses pods et son propre sélecteur ne comptent pas.
why-monitor-namespace = Sans `namespaceSelector`, un ServiceMonitor ne voit que son propre namespace.
why-monitor-port = Le nom doit être celui d'un port du Service, et non un numéro.
why-service-port-name = Un ServiceMonitor trouve un port par son nom ; celui-ci n'en a pas.
why-monitor-label = Prometheus ne prend que ce que nomme son `serviceMonitorSelector`. Vérifiez-le là (`kubectl get prometheus -A -o yaml`) ; ce label est ce que les autres ont en commun.
why-scrape-denied = Donnez à Prometheus les identifiants que veut l'application, ou laissez lire les métriques sans.
why-scrape-path = Mettez le chemin sous lequel l'application sert ses métriques.
why-scrape-scheme = Mettez le schéma que parle ce port.
why-scrape-tls = Donnez à Prometheus l'autorité de ce certificat et le nom qu'il porte, ou renouvelez-le.
why-scrape-limit = Trouvez ce qui fait tant de séries (un label plein d'identifiants) ; ne relevez la limite que si toutes sont voulues.
why-scrape-server = Son journal dit pourquoi la page de métriques échoue.
why-no-data = Voyez ce que dit la page de métriques : l'exporteur n'a rien à exporter, ou son registre n'est pas celui qui est servi.
why-no-data-dropped = Corrigez la règle qui écarte : un `keep` dont le motif ne correspond à rien, le plus souvent.
why-rule-error = Corrigez l'expression : le message nomme ce qui y est faux.
why-alert-misconfigured = En l'état, elle ne peut jamais se déclencher. Voyez quel job est voulu.
why-monitor-none = Ajoutez un ServiceMonitor qui sélectionne son Service, sauf s'il est scrapé autrement.
