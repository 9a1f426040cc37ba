### The answer that comes with a dashboard, and the words inside its file.

dashboard-headline = A Grafana dashboard for `{ $workload }`, as a JSON file.
dashboard-import = In Grafana: Dashboards, New, Import. The data source, the namespace and the workload are variables.
dashboard-verified = Checked in Prometheus: { $count ->
        [one] one metric of this workload has series now, and only this one has a panel.
       *[other] { $count } metrics of this workload have series now, and only these have a panel.
    }
dashboard-unverified = *Not checked*: Prometheus did not tell which series this workload has. The panels use the names of cAdvisor, kube-state-metrics and the plainest request counter; some may stay empty.
dashboard-unasked = *Not checked*: no Prometheus is configured for me here. The panels use the names of cAdvisor, kube-state-metrics and the plainest request counter; some may stay empty.
dashboard-without-series = *Not checked*: Prometheus has no series of this workload in the last hour. The panels use the names of cAdvisor, kube-state-metrics and the plainest request counter, and will stay empty until something is scraped.
dashboard-requests-untold = Left out: requests, errors and answer times. Prometheus did not tell whether somebody counts them.
dashboard-without-requests = Left out: requests, errors and answer times. No counter of requests that I know has series of it.
dashboard-without-containers = Left out: CPU, memory and network. There are no series of cAdvisor.
dashboard-without-state = Left out: limits, restarts and replicas. There are no series of kube-state-metrics.
dashboard-of-what = Name the service that the dashboard is for: `dashboard for payment`.
dashboard-no-workload = I found no workload behind { $place } to make a dashboard for.
dashboard-title = { $workload }
dashboard-title-unverified = { $workload } (not checked)
dashboard-described = Requests, resources and their limits. Every panel was made for metrics that had series.
dashboard-described-unverified = Requests, resources and their limits. Not checked: the names of the metrics are the usual ones, and panels may stay empty.
dashboard-variable-source = Data source
dashboard-variable-namespace = Namespace
dashboard-variable-workload = Workload
dashboard-rollouts = Rollouts
dashboard-rollout = rollout
dashboard-requests = Requests per second
dashboard-errors = Failed requests
dashboard-latency = Answer time
dashboard-cpu = CPU, request and limit of a pod
dashboard-throttling = CPU throttled
dashboard-memory = Memory, request and limit of a pod
dashboard-restarts = Restarts in an hour
dashboard-replicas = Replicas
dashboard-network = Network
dashboard-connections = Connection pool
dashboard-collector = Time in garbage collection
dashboard-heap = Heap
dashboard-event-loop = Delay of the event loop
dashboard-threads = Threads
dashboard-goroutines = Goroutines
dashboard-files = Open files
dashboard-all = all
dashboard-failed = failed
dashboard-request = request
dashboard-limit = limit
dashboard-ready = ready
dashboard-wanted = wanted
dashboard-scaler-max = maximum of the autoscaler
dashboard-scaler-wanted = wanted by the autoscaler
dashboard-received = received by {"{{pod}}"}
dashboard-sent = sent by {"{{pod}}"}
dashboard-used = used by {"{{pod}}"}
dashboard-waiting = waiting in {"{{pod}}"}
