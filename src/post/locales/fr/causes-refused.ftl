### Ce que disent les causes de la famille « refused » : résumés, constats, corrections.
### Balises : `code` et *gras* seulement. Les espaces insécables sont posées au rendu.

cause-quota-exceeded-cpu = Le quota de CPU de `{ $namespace }` n'a plus assez de place (`{ $quota }` : { $used } sur *{ $hard }* `{ $resource }`) : les objets de { $workloads } sont refusés.
cause-quota-exceeded-memory = Le quota de mémoire de `{ $namespace }` n'a plus assez de place (`{ $quota }` : { $used } sur *{ $hard }* `{ $resource }`) : les objets de { $workloads } sont refusés.
cause-quota-exceeded-pods = Le quota de pods de `{ $namespace }` n'a plus assez de place (`{ $quota }` : { $used } sur *{ $hard }* `{ $resource }`) : les objets de { $workloads } sont refusés.
cause-quota-exceeded-services = Le quota de Services de `{ $namespace }` n'a plus assez de place (`{ $quota }` : { $used } sur *{ $hard }* `{ $resource }`) : les objets de { $workloads } sont refusés.
cause-quota-exceeded-storage = Le quota de stockage de `{ $namespace }` n'a plus assez de place (`{ $quota }` : { $used } sur *{ $hard }* `{ $resource }`) : les objets de { $workloads } sont refusés.
cause-quota-exceeded-objects = Le quota d'objets de `{ $namespace }` n'a plus assez de place (`{ $quota }` : { $used } sur *{ $hard }* `{ $resource }`) : les objets de { $workloads } sont refusés.

fact-api-refused = Le serveur d'API a refusé : `{ $line }`
fact-quota = `{ $resource }` dans `{ $namespace }` : { $used } utilisés sur { $hard }, { $requested } de plus demandés
fact-quota-users = Plus gros consommateurs de `{ $resource }` : { $users }
quota-user = { $workload } ({ $amount })

why-quota = Ce qui est utilisé plus ce que { $missing ->
        [one] demande l'objet manquant
       *[other] demandent les { $missing } objets manquants
    } : une estimation. Ou libérez de la place : moins de réplicas ou de plus petites demandes d'un autre workload. Un quota est la décision de quelqu'un : voyez avec son propriétaire.
