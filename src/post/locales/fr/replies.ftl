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
logs-none = `{ $pod }` n'a rien écrit dans ses logs.
logs-withheld = Les logs ne sont pas affichés dans ce canal. Demandez-les là où c'est permis, ou utilisez la commande ci-dessous.
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
help-question = Une question : `les logs de payment`, `quelle version tourne en staging ?`, `qui a déployé quoi aujourd'hui ?`, `top des pods`
help-incident = Dans un incident : `je m'en occupe`, `résolu`, `escalade`, `relance`, `réponse fausse`
help-maintenance = Maintenance : `maintenance payment 2h`, `fin de maintenance`
help-lead = Le lead : `test page`, `absent jusqu'à lundi`
help-promise = Je lis seulement, je ne change rien dans le cluster. Ce qui n'est pas résolu au bout d'une heure va au lead.

done-maintenance = Maintenance de { $what } jusqu'à { $until } : les alertes n'appellent personne avant. Je réponds aux questions comme d'habitude.
done-maintenance-over = La maintenance de { $what } est terminée.
no-maintenance = Il n'y a pas de maintenance de { $what }.
done-absent = { $who } : absence notée (retour : { $until }), j'appelle le lead suivant.
done-back = { $who } est de retour.
test-page-sent = Page de test envoyée à { $lead }.
i-only-read = Je lis seulement, je ne change rien. La commande, à lancer vous-même :
nothing-understood = Je n'ai pas compris quoi regarder. Nommez un service, ou demandez `aide`.

refuse-channel = Je n'ai pas le droit de répondre dans ce canal. Demandez à l'équipe de l'ajouter à `channels`.
refuse-user = Vous n'avez pas le droit de me poser de questions ici. Demandez à l'équipe de vous ajouter à `access.users`.
refuse-guest = Les invités et les membres d'autres espaces ne peuvent pas me poser de questions.
refuse-too-many = Trop de questions à la fois. Réessayez dans { $span }.
trouble = J'ai eu une panne et je n'ai pas pu finir. Elle est notée sous `{ $incident }` ; reposer la question peut aider.
