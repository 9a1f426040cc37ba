### Ce que disent les causes des sondes : résumés, constats, corrections.
### Balises : `code` et *gras* seulement. Les espaces insécables sont posées au rendu.

cause-liveness-probe-wrong-port = `{ $workload }` : la sonde liveness de `{ $container }` interroge le port *{ $asked }*, où rien n'écoute ; Kubernetes tue donc sans cesse un conteneur sain.
cause-liveness-probe-wrong-port-to = `{ $workload }` : la sonde liveness de `{ $container }` interroge le port *{ $asked }*, alors que l'application écoute sur *{ $actual }* ; Kubernetes tue donc sans cesse un conteneur sain.
cause-liveness-probe-wrong-path = `{ $workload }` : la sonde liveness de `{ $container }` interroge le chemin *{ $path }*, que l'application n'a pas (404) ; Kubernetes tue donc sans cesse un conteneur sain.
cause-liveness-probe-wrong-protocol = `{ $workload }` : la sonde liveness de `{ $container }` (`{ $handler }`) parle un autre protocole que l'application ; Kubernetes tue donc sans cesse un conteneur sain.
cause-liveness-probe-too-early = `{ $workload }` : la sonde liveness tue `{ $container }` avant la fin de son démarrage : elle abandonne au bout de { $window }, et aucun démarrage n'a abouti.
cause-liveness-probe-too-early-measured = `{ $workload }` : la sonde liveness tue `{ $container }` avant la fin de son démarrage : elle abandonne au bout de { $window }, le démarrage prend { $startup }.
cause-liveness-probe-too-strict = `{ $workload }` : la sonde liveness tue `{ $container }` parce qu'elle n'attend la réponse que { $timeout }, { $failures ->
        [one] { $failures } fois
       *[other] { $failures } fois de suite
    } ; l'application répond, mais plus lentement.
cause-readiness-probe-wrong-port = `{ $workload }` : la sonde readiness de `{ $container }` interroge le port *{ $asked }*, où rien n'écoute ; les pods ne reçoivent donc aucun trafic.
cause-readiness-probe-wrong-port-to = `{ $workload }` : la sonde readiness de `{ $container }` interroge le port *{ $asked }*, alors que l'application écoute sur *{ $actual }* ; les pods ne reçoivent donc aucun trafic.
cause-readiness-probe-wrong-path = `{ $workload }` : la sonde readiness de `{ $container }` interroge le chemin *{ $path }*, que l'application n'a pas (404) ; les pods ne reçoivent donc aucun trafic.
cause-readiness-probe-wrong-protocol = `{ $workload }` : la sonde readiness de `{ $container }` (`{ $handler }`) parle un autre protocole que l'application ; les pods ne reçoivent donc aucun trafic.
cause-readiness-probe-failing = `{ $workload }` : le conteneur `{ $container }` tourne mais échoue à sa sonde readiness ; ses pods ne reçoivent donc aucun trafic.
cause-readiness-probe-failing-status = `{ $workload }` : le conteneur `{ $container }` tourne mais se dit lui-même non prêt (HTTP { $code } sur `{ $path }`) ; ses pods ne reçoivent donc aucun trafic.
cause-readiness-probe-failing-no-answer = `{ $workload }` : le conteneur `{ $container }` tourne mais ne répond pas à temps à sa sonde readiness ; ses pods ne reçoivent donc aucun trafic.
cause-readiness-probe-failing-refused = `{ $workload }` : le conteneur `{ $container }` tourne mais refuse la connexion de sa sonde readiness ; ses pods ne reçoivent donc aucun trafic.

fact-probe-failed = { $count } fois : `{ $line }`
fact-container-killed-by-probe = Arrêté par Kubernetes (code { $code }), { $restarts ->
        [one] { $restarts } redémarrage
       *[other] { $restarts } redémarrages
    }, sans erreur de sa part
fact-container-ports = Ports déclarés par le conteneur : { $ports } ; la sonde interroge { $asked }
fact-probe-window = La sonde abandonne { $window } après le démarrage ; la dernière exécution a duré { $run }
fact-probe-patience = Délai de la sonde : { $timeout }, { $failures ->
        [one] { $failures } échec tue
       *[other] { $failures } échecs de suite tuent
    }
fact-log-last-line = Dernière ligne du journal avant la fin : `{ $line }`

why-probe-port = Mettez le port sur lequel l'application écoute.
why-probe-path = Mettez un chemin auquel l'application répond.
why-probe-path-unknown = Mettez le chemin du point de santé de l'application.
why-probe-protocol = La sonde doit parler ce que l'application parle sur ce port.
why-probe-delay-measured = C'est le démarrage mesuré plus la moitié ({ $wanted } s), une estimation. Une `startupProbe` avec assez d'essais est encore préférable : elle n'attend que le temps nécessaire.
why-probe-delay = { $wanted } s est une estimation : mesurez le démarrage. Une `startupProbe` avec assez d'essais est encore préférable : elle n'attend que le temps nécessaire.
why-probe-timeout = C'est une estimation ; la valeur doit dépasser la plus lente des réponses normales. Demandez-vous aussi pourquoi la réponse est lente : limite CPU, garbage collector, contrôle qui en appelle d'autres.
why-readiness-failing = L'application se dit elle-même non prête : son journal et ce dont dépend son contrôle de santé disent pourquoi. La sonde, elle, interroge le bon endroit.

cause-startup-probe-failing-port = `{ $workload }` : la sonde startup de `{ $container }` interroge le port *{ $asked }*, où rien n'écoute ; le conteneur n'est donc jamais considéré comme démarré.
cause-startup-probe-failing-port-to = `{ $workload }` : la sonde startup de `{ $container }` interroge le port *{ $asked }*, alors que l'application écoute sur *{ $actual }* ; le conteneur n'est donc jamais considéré comme démarré.
cause-startup-probe-failing-path = `{ $workload }` : la sonde startup de `{ $container }` interroge le chemin *{ $path }*, que l'application n'a pas (404) ; le conteneur n'est donc jamais considéré comme démarré.
cause-startup-probe-failing-protocol = `{ $workload }` : la sonde startup de `{ $container }` (`{ $handler }`) parle un autre protocole que l'application ; le conteneur n'est donc jamais considéré comme démarré.
cause-startup-probe-failing-budget = `{ $workload }` : la sonde startup abandonne `{ $container }` au bout de { $window }, et aucun démarrage n'était terminé : son délai est trop court, ou le démarrage reste bloqué.
cause-startup-probe-failing-budget-measured = `{ $workload }` : la sonde startup abandonne `{ $container }` au bout de { $window }, alors qu'un démarrage prend { $startup }.

why-probe-budget-measured = Il faut assez d'essais pour le démarrage mesuré plus la moitié ({ $wanted } s), une estimation.
why-probe-budget = Il faut assez d'essais pour { $wanted } s, une estimation : mesurez d'abord le démarrage. S'il reste bloqué, plus de temps n'y fera rien.
