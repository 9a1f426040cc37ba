### Conclusions d'une enquête et messages qui l'entourent. Première ligne : ce qu'il faut savoir.

headline-probably = Cause probable. { $summary }
headline-perhaps = Piste à confirmer. { $summary }
headline-elsewhere = { $summary } C'est ce dont souffre `{ $target }`.
headline-healthy = `{ $target }` va bien : { $checks ->
        [one] 1 vérification
       *[other] { $checks } vérifications
    }, rien d'anormal.
firing-object = L'alerte `{ $alert }` est active ; Kubernetes ne montre rien d'anormal sur `{ $target }` ({ $checks ->
        [one] 1 vérification
       *[other] { $checks } vérifications
    })
firing-objects = L'alerte `{ $alert }` est active ; Kubernetes ne montre rien d'anormal sur { $targets } ({ $checks ->
        [one] 1 vérification
       *[other] { $checks } vérifications
    })
firing-place = L'alerte `{ $alert }` est active ; Kubernetes ne montre rien d'anormal dans { $place } ({ $workloads ->
        [one] 1 workload regardé
       *[other] { $workloads } workloads regardés
    })
firing-still = L'alerte `{ $alert }` est toujours active. { $summary }
headline-firing = { $firing }.
headline-firing-unmeasured = { $firing } ; ce que dit l'alerte n'a pas été mesuré.
headline-firing-measured = { $firing }. { $number }.
other-problems = { $count ->
        [one] Et 1 autre problème : { $names }
       *[other] Et { $count } autres problèmes : { $names }
    }
other-problems-bare = { $count ->
        [one] Et 1 autre problème.
       *[other] Et { $count } autres problèmes.
    }
headline-unmeasured = Kubernetes ne montre rien d'anormal sur `{ $target }` ({ $checks ->
        [one] 1 vérification
       *[other] { $checks } vérifications
    }), mais je n'ai pas pu mesurer { $what } : je ne peux pas dire que tout va bien.
measure-latency = les temps de réponse
measure-errors = les requêtes en échec
headline-untied = Rien ne relie l'alerte `{ $alert }` à un objet ; problèmes ouverts dans { $place }, peut-être sans rapport : { $names }
headline-untied-well = Rien ne relie l'alerte `{ $alert }` à un objet, et rien d'anormal dans { $place }.
headline-instead = Rien ne s'appelle `{ $name }` ici ; voici ce qui ne va pas autour. { $summary }
headline-around = `{ $name }` va bien ; voici ce qui ne va pas autour. { $summary }
headline-several-healthy = { $targets } vont bien : { $checks ->
        [one] 1 vérification
       *[other] { $checks } vérifications
    }, rien d'anormal.
headline-job-done = Le Job `{ $target }` s'est bien terminé il y a { $ago } ; il est donc normal qu'aucun pod ne tourne.
headline-cron-well = `{ $target }` va bien : sa dernière exécution s'est bien terminée il y a { $ago } ; entre deux exécutions, il n'y a pas de pod.
headline-build-well = Le job Jenkins `{ $job }` va bien : le build #{ $number } est passé il y a { $ago }{ $unstable ->
        [yes] {", instable : des tests ont échoué sans l'arrêter."}
       *[no] {"."}
    }
headline-recovered = `{ $target }` va de nouveau bien : la panne a duré de { $from } à { $until } ({ $span }).
headline-expected = Rien n'est cassé dans `{ $target }` : { $what }
headline-unknown = Pas de cause trouvée pour `{ $target }` : rien de ce que j'ai pu lire ne l'explique.
headline-could-not-look = Je ne peux pas dire comment va `{ $target }` : { $what }
headline-not-found = Aucun objet ne s'appelle `{ $name }` ici.
headline-not-found-in = Aucun objet ne s'appelle `{ $name }` dans { $place }.
headline-wide-healthy = Tout va bien dans { $place } : { $workloads ->
        [one] 1 workload regardé
       *[other] { $workloads } workloads regardés
    }, rien d'anormal.

looking = Je regarde { $target }…
looking-started = commencé à { $time }
which = De quoi parlez-vous exactement ?
which-hint = Appuyez sur un bouton, ou répondez avec le nom. Je regarde dès que je sais.
not-found-hint = Reposez la question avec un de ces noms, ou précisez le namespace : `namespace/nom`.
not-found-nothing = Aucun nom ne s'en approche. Vérifiez l'environnement, ou demandez-moi `aide`.
