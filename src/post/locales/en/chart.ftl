### Words of the pictures: short labels, and one sentence that says what is to be seen. No clock times in the
### sentences: the picture shows them in the reader's time zone.

chart-no-data = no data

chart-limit = limit
chart-request = request
chart-full = full
chart-maximum = maximum
chart-threshold = threshold

chart-now = now
chart-yesterday = yesterday
chart-other-pods = other pods

chart-mark-deploy = deploy
chart-mark-symptom = first symptom
chart-mark-killed = killed

chart-title-memory = Memory of { $object }
chart-title-cpu = CPU of { $object }
chart-title-latency = Answer time of { $object }, 99th percentile
chart-title-errors = Failed requests of { $object }
chart-title-requests = Requests to { $object }
chart-title-volume = Volume { $object }
chart-title-disk = Disk of { $object }
chart-title-replicas = Replicas of { $object }
chart-title-connections = Connections to { $object }

chart-milliseconds = { $value } ms

chart-memory-killed =
    { $times ->
        [0] Memory climbs to its limit of { $limit }, and the container is killed.
        [one] Memory climbs to its limit of { $limit }, and the container is killed.
       *[other] Memory climbs to its limit of { $limit } again and again: the container was killed { $times } times.
    }
chart-memory-near = Memory is at { $share } of its limit of { $limit }.
chart-memory-node = { $share } of the node's memory is in use.
chart-cpu-throttled = CPU is held at its limit of { $limit }: throttled in { $share } of the periods.
chart-cpu-near = CPU is at { $share } of its limit of { $limit }.
chart-cpu-node = { $share } of the node's CPU is in use.
chart-latency-usual = { $now } now, { $usual } at the same time yesterday.
chart-latency-rose = { $now } now, { $usual } before.
chart-errors-usual = { $now } of the requests fail, { $usual } at the same time yesterday.
chart-errors-rose = { $now } of the requests fail, { $usual } before.
chart-requests-usual = { $now } requests a second, { $usual } at the same time yesterday.
chart-requests-rose = { $now } requests a second, { $usual } before.
chart-filling = It is { $now } full.
chart-filling-soon = It is { $now } full, and at this pace it is full in { $span }.
chart-replicas-max =
    { $max ->
        [one] The one replica that the autoscaler may have is in use.
       *[other] All { $max } replicas that the autoscaler may have are in use.
    }
chart-connections-max = { $now } of { $max } connections are in use.
