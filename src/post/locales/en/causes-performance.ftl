### What the causes of the family "performance" say: summaries, evidence, fixes. Written with the judges.
### Marks: `code` and *bold* only. Arguments are escaped when they are rendered.

cause-cpu-throttled = `{ $container }` of `{ $workload }` is held back by its CPU limit of { $limit }: throttled in { $share } of its periods.
cause-error-rate-high = { $share } of the requests to `{ $workload }` fail.
cause-regression-after-change = `{ $workload }` got worse right after a change at { $at }: { $change }.
fact-throttled = throttled in { $share } of its CPU periods (normal: under 25 %)
fact-throttled-usual = throttled in { $share } of its CPU periods (same time yesterday: { $usual })
fact-error-rate = { $share } of the requests fail (normal: under 5 %)
fact-error-rate-usual = { $share } of the requests fail (same time yesterday: { $usual })
fact-latency-usual = 99 % of the answers within { $value } s (same time yesterday: { $usual } s)
why-cpu-limit = Twice the present limit, a judgement: watch the throttling afterwards.
why-error-rate = Look at the newest errors in its log and at what changed last.
why-regression = Goes back to the revision before the change.
