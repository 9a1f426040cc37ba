### What the causes of the family "workload" say: summaries, evidence, fixes. Written with the judges.
### Marks: `code` and *bold* only. Arguments are escaped when they are rendered.

cause-scaled-to-zero = `{ $workload }` is set to 0 replicas: nothing runs.
cause-rollout-bad-revision = Revision { $revision } of `{ $workload }` does not come up: { $ready } of { $wanted } replicas ready.
fact-zero-replicas = `spec.replicas` is 0
fact-revisions = revision { $new }: { $new_ready } ready; revision { $old }: { $old_ready } ready of { $old_replicas }
fact-differs = `{ $container }`: `{ $what }` from `{ $from }` to `{ $to }`
fact-env-changed = `{ $container }`: the value of `{ $variable }` changed
fact-probe-changed = `{ $container }`: a probe changed
change-revision = revision { $revision }: { $what }
change-recent = `{ $name }`, { $ago } ago: { $what }
change-revision-unknown = revision { $revision }
why-scale = At least one replica; how many is for the team to say.
why-rollback = Goes back to revision { $revision }, which worked.
