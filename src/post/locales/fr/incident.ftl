### Ce qu'un incident dit dans son fil et au lead.

## Pourquoi le lead est appelé, et pourquoi maintenant

page-because-unresolved = Pas résolu après { $after }.
page-because-unacknowledged = Production, et personne ne s'en est chargé en { $after }.
page-because-critical-alert = Alerte critique en production : `{ $alert }`.
page-because-no-ready-replica = `{ $workload }` est critique et n'a aucun réplica prêt.
page-because-data-loss = Des données risquent d'être perdues.
page-because-security = C'est peut-être un problème de sécurité.
page-because-irreversible = Quelque chose d'irréversible est peut-être en jeu.
page-because-asked = { $by } demande le lead.
page-because-test = Test de { $by } : vous êtes joignable, rien n'est cassé.
page-because-before-loss = C'était déjà urgent avant que je perde ma mémoire, et la raison avec elle.
page-because-memory-lost =
    { $found ->
        [0] Mon stockage est vide ou plus ancien que ce que j'avais promis, et je n'ai retrouvé aucun incident ouvert dans Slack. Ce qui était ouvert hors des canaux que je lis est oublié : demandez à l'équipe. Absences et maintenances annoncées dans Slack sont à redire.
        [one] Mon stockage est vide ou plus ancien que ce que j'avais promis. J'ai repris l'incident encore ouvert que j'ai retrouvé dans Slack, avec ses échéances. Ce qui était ouvert hors des canaux que je lis est oublié ; absences et maintenances annoncées dans Slack sont à redire.
       *[other] Mon stockage est vide ou plus ancien que ce que j'avais promis. J'ai repris les { $found } incidents encore ouverts que j'ai retrouvés dans Slack, avec leurs échéances. Ce qui était ouvert hors des canaux que je lis est oublié ; absences et maintenances annoncées dans Slack sont à redire.
    }

page-late-down = { $span } de retard : j'étais arrêté à l'échéance.
page-late-maintenance = { $span } de retard : une maintenance retenait l'appel.
page-late-learned = { $span } de retard : je ne l'ai appris qu'après l'échéance.
page-late-slow = { $span } de retard : Slack ou mon stockage ne répondait pas à temps.
page-repeat = Répétition : je ne sais pas si le premier message est arrivé.

page-skipped-absent = Pas { $who } : absence (retour : { $until }).
page-skipped-deactivated = Pas { $who } : compte Slack désactivé.
page-skipped-unknown = Pas { $who } : inconnu de Slack.
page-skipped-dnd = Pas { $who } : mode « ne pas déranger ».
page-skipped-refused = Pas { $who } : Slack a refusé le message (`{ $code }`).

page-nobody = Aucun lead n'est joignable dans Slack.
page-quiet = Pour mémoire, le lead est déjà au courant.
page-open-since = Ouvert depuis { $time } ({ $span }).
page-open-since-in = Ouvert depuis { $time } ({ $span }), dans { $place }.
page-no-diagnosis = Pas encore de constat : l'enquête est en cours ou n'a pas pu aboutir.
page-looked-again = Vérifié de nouveau à { $time }.
page-not-looked-again = Je n'ai pas pu vérifier de nouveau avant ce message ; les faits datent de { $time }.
page-notice-test = Test : vous êtes joignable.
page-notice-memory-lost = J'ai perdu ma mémoire.
page-asked = Demandé par { $who } : « { $text } »
page-thread = fil de l'incident

label-why-now = Pourquoi maintenant
label-impact = Impact
label-tried = Ce qui a été fait
label-proposed = Ce que je propose
label-several = { $count } incidents vous attendent

tried-investigations =
    { $count ->
        [one] 1 enquête, à { $time }
       *[other] { $count } enquêtes, la dernière à { $time }
    }
tried-acknowledged = { $by } s'en occupe depuis { $time }
tried-nobody = Personne ne s'en occupe

## Et maintenant

next-standard = Si ce n'est pas résolu à { $due }, j'appelle { $lead }.
next-production = Si personne ne s'en charge avant { $due }, j'appelle { $lead }.
next-immediate = J'appelle { $lead } maintenant.
next-held = Maintenance jusqu'à { $due } : aucun appel avant.
the-lead = le lead

## Lignes du fil

line-acknowledged = { $by } s'en occupe.
line-acknowledged-clock = { $by } s'en occupe. Si ce n'est pas résolu à { $due }, j'appelle { $lead }.
line-acknowledged-lead = { $by } s'en occupe. Je n'appelle plus personne.
line-remembered = J'ai perdu ma mémoire et repris cet incident d'après ce fil, avec ses échéances. Les boutons plus haut ne répondent plus ; ceux de ma prochaine réponse, si.
line-resolved = Résolu, dit { $by }. Je n'appelle plus personne.
line-resolved-alert = Résolu : l'alerte est terminée. Je n'appelle plus personne.
line-reopened = Rouvert par { $by }.
line-reopened-alert = Rouvert : l'alerte est revenue.
line-escalated = { $by } appelle le lead maintenant.
line-marked-wrong = C'est noté, { $by } : cette réponse est fausse. Je garde la question, la réponse et ses faits pour améliorer les suivantes (`vigie incidents show`).
line-offer-to-close = Tout semble aller bien. Je ne ferme pas d'incident moi-même : c'est terminé ?
line-missed = Ce message m'a échappé quand il a été posté ({ $time }) ; je l'ai retrouvé depuis.
line-alert-recovered = L'alerte est terminée. Comme des gens ont aussi posé la question, c'est à eux de fermer : c'est terminé ?
line-not-allowed = Vous n'avez pas le droit de faire cela ici. Demandez à l'équipe, ou faites-vous ajouter à `access.users`.
line-button-expired = Ce bouton est trop ancien. Reposez la question et je regarde de nouveau.
line-button-used = Quelqu'un a déjà appuyé.
line-button-used-by = { $by } a déjà appuyé.
line-already-open = C'est déjà ouvert.
line-already-acknowledged = Quelqu'un s'en occupe déjà.
line-already-resolved = C'est déjà résolu.
line-already-called = Le lead a été appelé à { $time }.
line-already-called-who = { $lead } a été appelé à { $time }.
line-handled-in = Même problème que dans { $link } : c'est traité là-bas.
line-reported-again =
    { $count ->
        [one] Signalé aussi dans { $link }.
       *[other] Signalé { $count } fois maintenant, la dernière dans { $link }.
    }
line-stopped = Cet appel est sans objet depuis { $time } : { $why }

stopped-acknowledged = { $by } s'en occupe.
stopped-resolved = { $by } l'a résolu.
stopped-recovered = l'alerte est terminée.
stopped-healthy = la première enquête n'a rien trouvé à signaler.
stopped-joined = c'est le même problème que `{ $incident }`.
stopped-lower = c'est en { $environment }, où personne n'est appelé avant une heure.
stopped-lower-unknown = ce n'est pas en production, personne n'est appelé avant une heure.
stopped-superseded = un message plus récent le dit.

footer-incident = `{ $incident }`
other-thread = un autre fil
log-withheld = (ligne de log, non affichée dans ce canal)
event-withheld = (événement, non affiché dans ce canal)
metric-withheld = (mesure, non affichée dans ce canal)

line-flapping = { $name } va et vient : déclenchée { $times } fois. Je n'ajoute plus de ligne à ce sujet ; l'incident reste ouvert jusqu'à 15 minutes de calme.

# L'alerte dans ses propres mots, première ligne de sa réponse et de son appel.
alert-front = *{ $name }* ({ $severity }) : { $words }{ $more ->
    [0] {""}
    [one] {" "}(et 1 autre alerte)
   *[other] {" "}(et { $more } autres alertes)
}
alert-front-bare = *{ $name }* ({ $severity }){ $more ->
    [0] {""}
    [one] {" "}(et 1 autre alerte)
   *[other] {" "}(et { $more } autres alertes)
}
runbook-own = Le runbook de l'équipe ({ $host })
graph-own = Ce que mesure la règle de l'alerte ({ $host })
# Les alertes d'un incident, par nom.
alert-firing = { $count ->
    [one] L'alerte *{ $name }* est active depuis { $since }.
   *[other] { $count } alertes *{ $name }* sont actives, la première depuis { $since }.
}
alert-firing-again = { $count ->
    [one] L'alerte *{ $name }* est active depuis { $since } ; elle s'est déclenchée { $times } fois jusqu'ici.
   *[other] { $count } alertes *{ $name }* sont actives, la plus récente depuis { $since } ; elles se sont déclenchées { $times } fois jusqu'ici.
}
alert-over = { $count ->
    [one] L'alerte *{ $name }* est terminée depuis { $since }.
   *[other] { $count } alertes *{ $name }* sont terminées, la dernière depuis { $since }.
}
alert-silenced = { $until ->
    [none] L'alerte *{ $name }* est mise en silence dans Alertmanager par { $by }.
   *[other] L'alerte *{ $name }* est mise en silence dans Alertmanager par { $by } jusqu'à { $until }.
}
alert-inhibited = Alertmanager retient l'alerte *{ $name }* : une autre alerte le dit déjà.
alert-muted = Alertmanager ne signale pas l'alerte *{ $name }* à cette heure-ci (`mute_time_intervals`).
alerts-more = { $count ->
    [one] Une autre alerte en fait partie.
   *[other] { $count } autres alertes en font partie.
}
# Alertmanager n'envoie pas plus d'alertes d'un groupe que max_alerts ; chez Grafana, c'est Max alerts.
alerts-cut-unknown = { $count ->
    [one] Une autre alerte de ce groupe a été coupée par { $sender ->
        [grafana] Grafana (*Max alerts*)
       *[alertmanager] Alertmanager (`max_alerts`)
    } ; je ne sais pas laquelle.
   *[other] { $count } autres alertes de ce groupe ont été coupées par { $sender ->
        [grafana] Grafana (*Max alerts*)
       *[alertmanager] Alertmanager (`max_alerts`)
    } ; je ne sais pas lesquelles.
}
alerts-cut-asked = { $count ->
    [one] Une autre alerte de ce groupe a été coupée par Alertmanager (`max_alerts`). Je l'ai demandée : { $found ->
        [0] elle n'est plus active.
       *[other] elle est active et prise en compte.
    }
   *[other] { $count } autres alertes de ce groupe ont été coupées par Alertmanager (`max_alerts`). Je les ai demandées : { $found ->
        [0] aucune n'est plus active.
        [one] une seule est active ; elle est prise en compte.
       *[other] { $found } sont actives et prises en compte.
    }
}

line-silenced = { $count ->
    [one] Son alerte est mise en silence dans Alertmanager jusqu'à { $until }, à la demande de { $by }. L'incident reste ouvert.
   *[other] Ses { $count } alertes sont mises en silence dans Alertmanager jusqu'à { $until }, à la demande de { $by }. L'incident reste ouvert.
}
line-not-silenced = Pas de mise en silence : { $why }. C'est possible depuis la page d'Alertmanager.
line-others-not-silenced = Les autres alertes ne sont pas mises en silence : { $why }. C'est possible depuis la page d'Alertmanager.
line-nothing-to-silence = Rien à mettre en silence : aucune de ses alertes n'est active et signalée en ce moment.
button-silence = Silence 1 h
confirm-silence-title = Mettre en silence ?
confirm-silence = Alertmanager n'enverra plus rien pour ces alertes pendant une heure. L'incident et ses échéances restent.

line-trial-arrived = Test reçu : l'alerte *{ $name }* est bien arrivée jusqu'à moi. Je n'ouvre pas d'incident et je n'appelle personne.
line-watchdog-silent = { $source ->
    [none] L'alerte Watchdog se tait depuis { $since } ; elle arrivait toutes les { $every }. Prometheus, Alertmanager ou le chemin jusqu'à moi est coupé : d'autres alertes n'arrivent peut-être pas non plus.
   *[other] L'alerte Watchdog de { $source } se tait depuis { $since } ; elle arrivait toutes les { $every }. Prometheus, Alertmanager ou le chemin jusqu'à moi est coupé : d'autres alertes n'arrivent peut-être pas non plus.
}
line-watchdog-back = { $source ->
    [none] L'alerte Watchdog est de retour : les alertes arrivent.
   *[other] L'alerte Watchdog de { $source } est de retour : les alertes arrivent.
}

line-rule-advice = *{ $name }* s'est déclenchée { $times } fois en { $days } jours sans cause trouvée. { $first }{ $second }{ $careful }{ $unread } Je ne le redirai que si la règle change.
advice-nothing = {""}
advice-or = {" "}Ou bien : { $way }
advice-threshold-above = Seuil `{ $from }` → `{ $to }` : 99 % des valeurs des { $days } derniers jours ne dépassent pas { $usual } ; `{ $from }` a été dépassé { $fired } fois assez longtemps, `{ $to }` { $would } fois.
advice-threshold-below = Seuil `{ $from }` → `{ $to }` : 99 % des valeurs des { $days } derniers jours sont d'au moins { $usual } ; la valeur est passée sous `{ $from }` { $fired } fois assez longtemps, sous `{ $to }` { $would } fois.
advice-hold = `for: { $to }` au lieu de `{ $from }` : { $under } déclenchements sur { $of } ont duré moins de { $lasted }.
advice-hold-longer = Un `for` plus long de `{ $to }` : { $under } déclenchements sur { $of } ont duré moins de { $lasted }.
advice-critical = {" "}Elle est critique : à voir avec son responsable avant de l'assouplir.
advice-unread = {" "}(Non lu : { $why }.)
unread-rule = la règle, { $why }
unread-values = les valeurs, { $why }
unread-no-rule = la règle, Prometheus n'en a aucune de ce nom, ou plusieurs
unread-not-configured = aucun Prometheus n'est configuré pour moi ici
unread-cluster = pas de connexion à cet environnement
unread-unreachable = Prometheus est injoignable
unread-late = Prometheus n'a pas répondu à temps
unread-forbidden = Prometheus me refuse l'accès
unread-refused = Prometheus refuse la requête (`{ $why }`)
unread-status = Prometheus répond avec le statut { $status }
unread-nonsense = la réponse n'est pas celle d'un Prometheus
unread-large = la réponse est trop grosse
