### Ce que disent les causes de la famille « performance » : résumés, constats, corrections.
### Balises : `code` et *gras* seulement. Les espaces insécables sont posées au rendu.

cause-cpu-throttled = `{ $container }` de `{ $workload }` est freiné par sa limite CPU de { $limit } : bridé pendant { $share } de ses périodes.
cause-error-rate-high = { $share } des requêtes vers `{ $workload }` échouent.
cause-regression-after-change = `{ $workload }` va moins bien depuis un changement à { $at } : { $change }.
fact-throttled = bridé pendant { $share } de ses périodes CPU (normal : moins de 25 %)
fact-throttled-usual = bridé pendant { $share } de ses périodes CPU (hier à la même heure : { $usual })
fact-error-rate = { $share } des requêtes échouent (normal : moins de 5 %)
fact-error-rate-usual = { $share } des requêtes échouent (hier à la même heure : { $usual })
fact-latency-usual = 99 % des réponses en moins de { $value } s (hier à la même heure : { $usual } s)
why-cpu-limit = Le double de la limite actuelle, c'est une estimation : surveiller le bridage ensuite.
why-error-rate = Regarder les dernières erreurs dans son log et le dernier changement.
why-regression = Revient à la révision d'avant le changement.
