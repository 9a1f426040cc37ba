### Ce que disent les causes de la famille « workload » : résumés, constats, corrections.
### Balises : `code` et *gras* seulement. Les espaces insécables sont posées au rendu.

cause-scaled-to-zero = `{ $workload }` est réglé à 0 réplica : rien ne tourne.
cause-rollout-bad-revision = La révision { $revision } de `{ $workload }` ne démarre pas : { $ready } réplicas prêts sur { $wanted }.
fact-zero-replicas = `spec.replicas` vaut 0
fact-revisions = révision { $new } : { $new_ready } prêts ; révision { $old } : { $old_ready } prêts sur { $old_replicas }
fact-differs = `{ $container }` : `{ $what }` de `{ $from }` à `{ $to }`
fact-env-changed = `{ $container }` : la valeur de `{ $variable }` a changé
fact-probe-changed = `{ $container }` : une sonde a changé
change-revision = révision { $revision } : { $what }
change-recent = `{ $name }`, il y a { $ago } : { $what }
change-revision-unknown = révision { $revision }
why-scale = Au moins un réplica ; à l'équipe de dire combien.
why-rollback = Revient à la révision { $revision }, qui fonctionnait.
