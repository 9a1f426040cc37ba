### Réponses aux questions simples, aide et refus.

by-hand = La même chose à la main :

logs-headline = { $count ->
        [one] La dernière ligne
       *[other] Les { $count } dernières lignes
    } de `{ $container }` dans `{ $pod }` :
logs-headline-previous = { $count ->
        [one] La dernière ligne
       *[other] Les { $count } dernières lignes
    } de `{ $container }` dans `{ $pod }`, avant son dernier redémarrage :
logs-none = `{ $pod }` n'a rien écrit dans son journal.
logs-withheld = Les journaux ne sont pas affichés dans ce canal. Demandez-les là où c'est permis, ou utilisez la commande ci-dessous.
usage-withheld = Les mesures ne sont pas affichées dans ce canal. Demandez-les là où c'est permis, ou utilisez la commande ci-dessous.

versions-headline = Ce qui tourne dans { $place } :
version-line = `{ $workload }` : `{ $image }`, réplicas prêts : { $ready } sur { $wanted }, depuis { $time }
version-line-undated = `{ $workload }` : `{ $image }`, réplicas prêts : { $ready } sur { $wanted }

changes-headline =
    { $count ->
        [one] 1 changement dans { $place } depuis { $time } :
       *[other] { $count } changements dans { $place } depuis { $time } :
    }
changes-none = Rien n'a changé dans { $place } depuis { $time }.
change-line = { $time } `{ $workload }` : { $what }

usage-headline = Ce que consomme { $place }, du plus au moins :
usage-line = `{ $pod }` : CPU { $cpu }, mémoire { $memory }
usage-line-limits = `{ $pod }` : CPU { $cpu } sur { $cpu-limit }, mémoire { $memory } sur { $memory-limit }
usage-unavailable = Je ne peux pas lire la consommation de { $place } : l'API de métriques ne donne rien.
no-limit = pas de limite

help-headline = Dites-moi ce qui ne va pas, avec vos mots ; je regarde et je réponds dans le fil.
help-problem = Un problème : `payment est lent en production`, `le dashboard n'affiche plus les commandes`
help-question = Une question : `les logs de payment`, `quelle version tourne en staging ?`, `qui a déployé quoi aujourd'hui ?`, `top des pods`, `combien de réplicas pour payment ?`
help-dashboard = Un tableau de bord Grafana pour un service qui n'en a pas : `tableau de bord pour payment` ; il arrive en fichier JSON
help-alerts = Les alertes : je regarde chacune et je réponds dans son fil. Celle qui se déclenche dix fois sans cause reçoit une proposition de seuil ou de `for`. `silence 2h` dans le fil la fait taire.
help-incident = Dans un incident : `je m'en occupe`, `résolu`, `escalade`, `relance`, `réponse fausse`
help-maintenance = Maintenance : `maintenance payment 2h`, `fin de maintenance`
help-lead = Le lead : `test page`, `absent jusqu'à lundi`, `qui est d'astreinte ?`
help-promise = Je lis seulement, je ne change rien dans le cluster. Ce qui n'est pas résolu au bout d'une heure va au lead.

talk-hello = Je suis là. Dites-moi ce qui ne va pas, avec vos mots ; je regarde et je réponds dans le fil. Par exemple : `{ $example }`. Le reste : `aide`
talk-thanks = Je vous en prie. Quand quelque chose ne va pas, dites-le-moi : `{ $example }`
talk-term = J'enquête sur les incidents, je n'explique pas les mots. Dites-moi ce qui ne va pas, et je dis ce que je trouve et pourquoi : `{ $example }`. Le reste : `aide`
example-problem = { $service } est lent en { $environment }
example-problem-anywhere = { $service } est lent
only-in-slack = Cela, je ne le fais que dans Slack, où `vigie run` l'entend. Dans le terminal, je regarde le cluster :
talk-terminal = J'enquête sur les incidents, et je dis ce que je trouve et pourquoi. Dites-moi ce qui ne va pas, avec vos mots :

done-maintenance = Maintenance de { $what } jusqu'à { $until }, commencée par { $who } : les alertes n'appellent personne avant. Je réponds aux questions comme d'habitude.
maintenance-end-sooner = Pour la finir plus tôt : `fin de maintenance { $words }`
maintenance-longest = Elle finit au bout de { $span }, le plus long en une fois ; annoncez-la de nouveau si elle dure.
maintenance-unread = Je n'ai pas pu vérifier que quelque chose s'appelle ainsi : le cluster n'a pas pu être lu ({ $why }).
maintenance-what = Je n'ai rien noté : maintenance de quoi ? Nommez un service ou un environnement, par exemple `maintenance { $example } { $length }`
maintenance-unknown = Je n'ai rien noté : je ne connais rien qui s'appelle `{ $name }` ici.
maintenance-several = Je n'ai rien noté : { $name } peut désigner plusieurs choses. Laquelle ?
maintenance-so = `maintenance { $words } { $length }`
maintenance-everything = tout
done-maintenance-over = La maintenance de { $what } est terminée (commencée par { $who }, elle aurait duré jusqu'à { $until }).
no-maintenance = Il n'y a pas de maintenance de { $what }.
no-maintenance-at-all = Il n'y a pas de maintenance en cours.
which-maintenance = Laquelle est terminée ? Je n'en ai fini aucune :
maintenance-running = `fin de maintenance { $words }` : commencée par { $who }, jusqu'à { $until }
maintenance-later = Je n'ai rien noté : je ne sais pas commencer une maintenance plus tard, elle commence quand vous l'écrivez. Le moment venu : `maintenance { $what } { $length }`
on-call = Si j'appelais maintenant, ce serait { $who }.
on-call-webhook = Aucun lead ne peut être appelé maintenant : l'appel irait au webhook d'escalade.
on-call-nobody = Personne ne peut être appelé maintenant : ajoutez un lead à la configuration, ou signalez un retour (`de retour`).
on-call-absent = { $who } : absence jusqu'à { $until }.
done-absent = { $who } : absence notée (retour : { $until }), j'appelle le lead suivant.
done-back = { $who } est de retour.
test-page-sent = Page de test envoyée à { $lead }.
i-only-read = Je ne fais que lire. En production, avec l'accord du lead, la commande serait :
nothing-understood = Je n'ai pas compris quoi regarder. Nommez un service, ou demandez `aide`.

refuse-channel = Je n'ai pas le droit de répondre dans ce canal. Demandez à l'équipe de l'ajouter à `channels`.
refuse-user = Vous n'avez pas le droit de me poser de questions ici. Demandez à l'équipe de vous ajouter à `access.users`.
refuse-guest = Les invités et les membres d'autres espaces ne peuvent pas me poser de questions.
refuse-too-many = Trop de questions à la fois. Réessayez dans { $span }.
trouble = J'ai eu une panne et je n'ai pas pu finir. Elle est notée sous `{ $incident }` ; reposer la question peut aider.

sizing-headline = `{ $workload }` : { $what }
sizing-fine = Rien à changer : la taille de `{ $workload }` va avec ce qu'il consomme.
sizing-unknown = Je ne peux pas dire quelles valeurs il faut à `{ $workload }` : sa consommation n'est pas connue. Ce qui est réglé :
sizing-withheld = Les mesures ne sont pas affichées dans ce canal ; voici ce qui est réglé pour `{ $workload }` :
sizing-unreadable = Je n'ai pas pu lire le workload de { $place } et ses pods.
sizing-headline-wide = Dans { $place }, workloads à redimensionner : { $count } sur { $total }
sizing-fine-wide = Rien à changer dans { $place } : { $total } workloads comparés à leur consommation.
sizing-line = `{ $workload }` : { $what }
sizing-also = Et aussi : { $what }
sizing-limit = { $limit } (utilisée à { $share })
sizing-none = aucune
sizing-not-known = inconnu
sizing-now = maintenant
sizing-hour = en 1 h
sizing-day = en 24 h
sizing-replicas = Réplicas prêts : { $ready } sur { $wanted } ; pas d'autoscaler.
sizing-replicas-scaled = Réplicas prêts : { $ready } sur { $wanted } ; l'autoscaler `{ $hpa }` en tient de { $min } à { $max } et en veut { $desired } maintenant.
sizing-replicas-unknown = Réplicas prêts : { $ready } sur { $wanted } ; je n'ai pas pu lire s'il y a un autoscaler.
sizing-at-max-lasting = À son maximum de { $max } depuis { $lasting }, et il en voudrait plus : c'est durable.
sizing-at-max-brief = À son maximum de { $max } depuis { $lasting } seulement : cela peut passer. À partir de 15 min, c'est durable.
sizing-at-max-passing = À son maximum de { $max } depuis { $lasting }, mais la charge est retombée : il redescendra tout seul, environ 5 min après.
sizing-at-max-enough = À son maximum de { $max }, qui suffit tout juste.
sizing-load = { $resource } est à { $now } % de la request, la cible est { $target } % : { $replicas } réplicas × { $now } ÷ { $target } = { $wanted } réplicas.
sizing-rescale = { $time } l'autoscaler : `{ $line }`
sizing-cpu = `{ $container }`, CPU : pic { $peak } { $window }, request { $request }, limite { $limit }
sizing-memory = `{ $container }`, mémoire : pic { $peak } { $window }, request { $request }, limite { $limit }
sizing-trend-rising = CPU d'un pod sur la dernière heure : { $first } → { $last }, en hausse ; hier à la même heure { $usual }. Ce n'est pas fini.
sizing-trend-falling = CPU d'un pod sur la dernière heure : { $first } → { $last }, en baisse ; hier à la même heure { $usual }. C'est temporaire.
sizing-trend-steady = CPU d'un pod sur la dernière heure : { $first } → { $last }, stable ; hier à la même heure { $usual }. C'est durable.
sizing-trend-usual = CPU d'un pod sur la dernière heure : { $first } → { $last }, stable ; hier à la même heure { $usual }. C'est la charge habituelle.
sizing-cpu-limit = `{ $container }`, `resources.limits.cpu` : pic { $peak } { $window }, limite { $from } → { $to } (pic × 2, arrondi au-dessus).
sizing-cpu-request = `{ $container }`, `resources.requests.cpu` : pic { $peak } { $window }, request { $from } → { $to } (pic × 1,2, arrondi au-dessus).
sizing-memory-limit = `{ $container }`, `resources.limits.memory` : pic { $peak } { $window }, limite { $from } → { $to } (pic × 1,5, arrondi au-dessus).
sizing-memory-request = `{ $container }`, `resources.requests.memory` : pic { $peak } { $window }, request { $from } → { $to } (pic × 1,2, arrondi au-dessus).
sizing-memory-killed = `{ $container }`, `resources.limits.memory` : tué à sa limite, limite { $from } → { $to } (le double de la limite, ou le pic { $peak } × 1,5).
sizing-small-request = `{ $container }`, `resources.requests.cpu` : pic { $peak }, request { $from } → { $to } (pic × 1,2). L'autoscaler compte en pourcentage de la request ({ $now } % pour { $target } %) : c'est la request qui est trop petite, pas le maximum.
sizing-max = `spec.maxReplicas` de l'autoscaler `{ $hpa }` : { $replicas } réplicas × { $now } ÷ { $target } = { $asked } réplicas demandés, maximum { $from } → { $to }.
