### Mots courts communs à tous les rendus : titres, liaisons, boutons.

literal = { $text }

list-and = et
list-more = { $count ->
        [one] 1 autre
       *[other] { $count } autres
    }
list-empty = aucun

month-1 = janv.
month-2 = févr.
month-3 = mars
month-4 = avr.
month-5 = mai
month-6 = juin
month-7 = juil.
month-8 = août
month-9 = sept.
month-10 = oct.
month-11 = nov.
month-12 = déc.

label-evidence = Ce qui le montre
label-fix = Correction
label-changed = Changé peu avant
label-also = Autres problèmes, indépendants
label-changes = Changé dans les deux dernières heures
label-ruled-out = Vérifié et normal
label-not-looked = Pas pu vérifier
label-nearest = Noms les plus proches
label-advice = À savoir
label-harmless = Explications bénignes possibles (non vérifiées)
label-look-next = Où regarder ensuite
label-runbook = Runbook
label-graph = Courbe
label-next = Et maintenant

confidence-high = Confiance : élevée ({ $percent }).
confidence-medium = Confiance : moyenne ({ $percent }).
confidence-low = Confiance : faible ({ $percent }), à confirmer.

since-affected =
    { $affected ->
        [0] Depuis { $time } ({ $span }).
        [one] Depuis { $time } ({ $span }), 1 pod touché.
       *[other] Depuis { $time } ({ $span }), { $affected } pods touchés.
    }

evidence-source = { $fact } — { $source }
evidence-source-time = { $fact } — { $source }, { $time }

fix-change = { $object } – `{ $field }` { $from } → { $to }. { $why }
fix-set = { $object } – mettez `{ $field }` à { $to }. { $why }
fix-unset = { $object } – corrigez `{ $field }` (valeur actuelle : { $from }). { $why }
fix-field = { $object } – `{ $field }`. { $why }
fix-act = { $object } – { $why }
value = `{ $value }`

fix-team = L'équipe peut le faire sans demander.
fix-lead = En production, il faut d'abord l'accord du lead.

changed-at = { $what }, { $time }
changed-before = { $what }, { $time }, { $span } avant le début du problème
changed-just-before = { $what }, { $time }, juste avant le début du problème
advice-note = { $note } — playbook { $playbook }
alert-number = { $what } : { $now } maintenant
alert-number-day = { $what } : { $now } maintenant, { $day } hier à la même heure
alert-number-week = { $what } : { $now } maintenant, { $week } il y a une semaine
alert-number-both = { $what } : { $now } maintenant, { $day } hier à la même heure, { $week } il y a une semaine
number-p99 = p99 des temps de réponse
number-errors = Part des requêtes en échec
number-of = Le chiffre de l'alerte ({ $metrics })
number-of-rule = Le chiffre de la règle de l'alerte
also-line = { $summary } ({ $percent })

more-evidence =
    { $count ->
        [one] et 1 autre constat
       *[other] et { $count } autres constats
    }
more-lines =
    { $count ->
        [one] et 1 autre
       *[other] et { $count } autres
    }

not-permitted = { $step } : accès refusé ({ $detail })
timed-out = { $step } : pas de réponse ({ $detail })
not-measured-latency = temps de réponse : aucune métrique de ce service ne les donne
not-measured-errors = requêtes en échec : aucune métrique de ce service ne les donne
not-configured = { $step } : non configuré.

footer-elapsed = { $elapsed }, { $requests ->
        [one] 1 requête
       *[other] { $requests } requêtes
    }
footer-cluster = cluster { $cluster }
footer-read-only = lecture seule

button-acknowledge = Je m'en occupe
button-resolve = Résolu
button-escalate = Appeler le lead
button-run-again = Relancer
button-wrong-answer = Réponse fausse
button-cancel = Annuler

confirm-escalate-title = Appeler le lead maintenant ?
confirm-escalate = J'appelle { $lead } tout de suite, dans le fil et par message direct.
confirm-escalate-nobody = Aucun lead ne peut être appelé : l'incident est marqué, et personne n'est prévenu.
confirm-resolve-title = C'est terminé ?
confirm-resolve = L'incident est clos et tous les appels au lead sont annulés.

seconds = { $seconds } s
