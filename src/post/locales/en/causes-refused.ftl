### What the causes of the family "refused" say: summaries, evidence, fixes. Written with the judges.
### Marks: `code` and *bold* only. Arguments are escaped when they are rendered.

cause-quota-exceeded-cpu = The quota of `{ $namespace }` on CPU has no room left (`{ $quota }`: { $used } of *{ $hard }* `{ $resource }`), so the objects of { $workloads } are refused.
cause-quota-exceeded-memory = The quota of `{ $namespace }` on memory has no room left (`{ $quota }`: { $used } of *{ $hard }* `{ $resource }`), so the objects of { $workloads } are refused.
cause-quota-exceeded-pods = The quota of `{ $namespace }` on pods has no room left (`{ $quota }`: { $used } of *{ $hard }* `{ $resource }`), so the objects of { $workloads } are refused.
cause-quota-exceeded-services = The quota of `{ $namespace }` on Services has no room left (`{ $quota }`: { $used } of *{ $hard }* `{ $resource }`), so the objects of { $workloads } are refused.
cause-quota-exceeded-storage = The quota of `{ $namespace }` on storage has no room left (`{ $quota }`: { $used } of *{ $hard }* `{ $resource }`), so the objects of { $workloads } are refused.
cause-quota-exceeded-objects = The quota of `{ $namespace }` on `{ $resource }` has no room left (`{ $quota }`: { $used } of *{ $hard }*), so the objects of { $workloads } are refused.

fact-api-refused = The API server refused: `{ $line }`
fact-quota = `{ $resource }` in `{ $namespace }`: { $used } used of { $hard }, { $requested } more requested
fact-quota-users = Largest users of `{ $resource }`: { $users }
quota-user = { $workload } ({ $amount })

why-quota = What is used plus what { $missing ->
        [one] the missing object asks
       *[other] the { $missing } missing objects ask
    } for, a judgement. Or free some: fewer replicas or smaller requests of another workload. A quota is somebody's decision: ask its owner.
