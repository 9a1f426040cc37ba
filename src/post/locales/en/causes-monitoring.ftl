### What the causes of the family "monitoring" say: summaries, evidence, fixes. Written with the judges.
### Marks: `code` and *bold* only. Arguments are escaped when they are rendered.

cause-target-down = Prometheus gets no answer from `{ $workload }`: { $down ->
        [one] 1 of { $all } targets does not answer.
       *[other] { $down } of { $all } targets do not answer.
    }
cause-target-down-port = Prometheus gets no answer from `{ $workload }`: its pods are ready, and nothing listens on port { $port }.
cause-target-missing-labels = Prometheus does not scrape `{ $workload }`: the ServiceMonitor `{ $monitor }` selects `{ $label }`, which the Service `{ $service }` does not carry.
cause-target-missing-namespace = Prometheus does not scrape `{ $workload }`: the ServiceMonitor `{ $monitor }` does not look into the namespace { $namespace }.
cause-target-missing-port = Prometheus does not scrape `{ $workload }`: the ServiceMonitor `{ $monitor }` asks for the port `{ $port }`, and the Service `{ $service }` has none of that name.
cause-target-missing-ignored = Prometheus does not scrape `{ $workload }`: it does not take the ServiceMonitor `{ $monitor }`, which lacks the label `{ $label }` that all the others carry.
cause-target-missing-none = Nothing tells Prometheus to scrape `{ $workload }`: no ServiceMonitor selects its Service, and it is not among the targets.
cause-scrape-failing-denied = Prometheus may not read the metrics of `{ $workload }`: the application refuses it.
cause-scrape-failing-path = What answers Prometheus for `{ $workload }` is no page of metrics: the path is wrong.
cause-scrape-failing-scheme = Prometheus and `{ $workload }` do not speak the same protocol (HTTP or HTTPS).
cause-scrape-failing-tls = Prometheus does not trust the certificate of `{ $workload }`.
cause-scrape-failing-limit = `{ $workload }` gives more than Prometheus may take: the whole scrape is thrown away.
cause-scrape-failing-server = `{ $workload }` answers Prometheus with an error of its own.
cause-no-data = Prometheus scrapes `{ $workload }` without an error, and gets no sample.
cause-no-data-dropped = Prometheus scrapes `{ $workload }` and throws every sample away: a relabeling drops them.
cause-rule-error = The rule `{ $rule }` of the group `{ $group }` cannot be evaluated.
cause-alert-misconfigured = The alert *{ $alert }* asks for the job `{ $job }`, which nothing is scraped as; there is `{ $near }`.

fact-scrape-error = the last scrape: `{ $line }`
fact-scrape-url = asked: `{ $url }`
fact-no-target = none of Prometheus' { $targets } targets is `{ $workload }`
fact-monitor-selects = it selects `{ $label }`; the Service carries { $labels }
fact-monitor-namespaces = it looks into { $namespaces }
fact-monitors-taken = { $count ->
        [one] the ServiceMonitor that is scraped carries
       *[other] all { $count } ServiceMonitors that are scraped carry
    } `{ $label }`
fact-samples = { $scraped } samples at most, { $kept } kept
fact-rule-error = evaluation: `{ $line }`
fact-rule-query = expression: `{ $line }`
fact-jobs = { $count } jobs are scraped, `{ $near }` among them

why-target-down = Repair the pods, or the way to them (NetworkPolicy): Prometheus only shows that they do not answer.
why-scrape-port = See on which port the application serves its metrics, and name that one (`targetPort` of the Service); { $port } is not it.
why-monitor-selector = The selector has to name labels of the Service, not of its pods.
why-service-labels = The Service needs the label itself: labels of its pods and its own selector do not count.
why-monitor-namespace = Without a `namespaceSelector` a ServiceMonitor sees its own namespace only.
why-monitor-port = The name has to be that of a port of the Service, not a number.
why-service-port-name = A ServiceMonitor finds a port by its name; this one has none.
why-monitor-label = Prometheus takes only what its `serviceMonitorSelector` names. Check it there (`kubectl get prometheus -A -o yaml`); this label is what the others share.
why-scrape-denied = Give Prometheus the credentials the application wants, or let it read the metrics without.
why-scrape-path = Set the path under which the application serves its metrics.
why-scrape-scheme = Set the scheme that the port speaks.
why-scrape-tls = Give Prometheus the authority of that certificate and the name in it, or renew it.
why-scrape-limit = Find what makes so many series (a label with ids in it); raise the limit only if all are wanted.
why-scrape-server = Its log says why the page of metrics fails.
why-no-data = Look at what the page of metrics says: the exporter has nothing to export, or its registry is not the one served.
why-no-data-dropped = Correct the rule that drops: `keep` with a pattern that nothing matches is the usual one.
why-rule-error = Correct the expression: the message names what is wrong in it.
why-alert-misconfigured = As it stands it can never fire. See which job is meant.
why-monitor-none = Add a ServiceMonitor that selects its Service, unless it is scraped in another way.
