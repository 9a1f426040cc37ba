### Ce que disent les causes de la famille « traffic » : résumés, constats, corrections.
### Balises : `code` et *gras* seulement. Les espaces insécables sont posées au rendu.

cause-service-selector-mismatch = Le Service `{ $service }` n'envoie à personne : son sélecteur `{ $selector }` ne correspond à aucun pod, alors que les pods de `{ $workload }` portent d'autres labels.
cause-service-selector-mismatch-nothing = Le Service `{ $service }` n'envoie à personne : son sélecteur `{ $selector }` ne correspond à aucun pod du namespace.
cause-service-no-ready-endpoints = Le Service `{ $service }` n'a aucun endpoint prêt : { $pods ->
        [one] son seul pod n'est pas prêt
       *[other] aucun de ses { $pods } pods n'est prêt
    }.
cause-service-no-ready-endpoints-no-pods = Le Service `{ $service }` n'a aucun endpoint : le workload qu'il sélectionne n'a pas de pod.
cause-service-target-port-mismatch = Le Service `{ $service }` envoie au port `{ $port }`, que ses pods ne servent pas (ils déclarent { $declared }).
fact-pods-labelled = les pods de `{ $workload }` ({ $ready ->
        [one] { $ready } prêt
       *[other] { $ready } prêts
    }) portent `{ $labels }`
fact-endpoints = le Service `{ $service }` a { $ready ->
        [one] { $ready } endpoint prêt
       *[other] { $ready } endpoints prêts
    } sur { $all } ; sélecteur `{ $selector }`
fact-selector = le Service `{ $service }` sélectionne `{ $selector }` ; aucun pod ne porte cela
fact-no-pod-ready = { $pods ->
        [one] { $pods } pod correspond
       *[other] { $pods } pods correspondent
    } à `{ $selector }`, aucun n'est prêt
fact-ports-declared = le Service vise `{ $port }` ; les conteneurs déclarent { $ports }
why-selector = Pour que le sélecteur trouve les pods auxquels il est destiné.
why-endpoints-look = Réparer les pods qui sont derrière ; le Service lui-même est correct.
why-target-port = Le port que déclarent les conteneurs.
