### Conclusions d'une enquête et messages qui l'entourent. Première ligne : ce qu'il faut savoir.

headline-probably = Cause probable. { $summary }
headline-perhaps = Piste à confirmer. { $summary }
headline-elsewhere = { $summary } C'est ce dont souffre `{ $target }`.
headline-healthy = `{ $target }` va bien : { $checks ->
        [one] 1 vérification
       *[other] { $checks } vérifications
    }, rien d'anormal.
headline-instead = Rien ne s'appelle `{ $name }` ici ; voici ce qui ne va pas autour. { $summary }
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
