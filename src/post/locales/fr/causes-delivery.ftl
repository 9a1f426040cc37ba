### Ce que disent les causes de la famille « delivery » : résumés, constats, corrections.
### Balises : `code` et *gras* seulement. Les espaces insécables sont posées au rendu.

cause-helm-release-failed = La release Helm *{ $release }* dans { $namespace } est en échec : sa révision { $revision } n'est pas passée.
cause-helm-release-pending = La release Helm *{ $release }* dans { $namespace } est `{ $status }` depuis { $span } : une opération a été coupée, et Helm refuse toutes les autres tant qu'elle reste là.
cause-helm-hook-failed = Le hook `{ $job }` ({ $phases }) de la release Helm *{ $release }* a échoué : la release s'arrête là.
cause-helm-hook-failed-of-unknown = Le hook Helm `{ $job }` ({ $phases }) a échoué : sa release s'arrête là.
cause-helm-values-drift = `{ $workload }` a été modifié à la main après la dernière écriture de Helm : { $fields } (par `{ $manager }`). La release *{ $release }* ne décrit plus ce qui tourne.

fact-helm-revision = la révision { $revision } est `{ $status }`
fact-hook-job = le Job a échoué ({ $reason }) ; c'est un hook pour { $phases }
fact-hook-log = son journal : `{ $line }`
fact-drift = `{ $manager }` a écrit en dernier dans { $fields }
fact-drift-helm = dernière écriture de Helm lui-même

why-helm-release-failed = Trouvez d'abord ce qui a échoué (`helm status`, les événements), corrigez les values et relancez l'upgrade ; la révision { $revision } est la dernière qui a marché.
why-helm-release-pending = Revenez à la révision { $revision }, la dernière qui a marché : cela lève le verrou. Relancez ensuite l'upgrade, une fois sûr qu'aucun pipeline n'y travaille encore.
why-helm-first = Il n'y a pas de révision où revenir : retirez la release à moitié faite, puis réinstallez. Vérifiez d'abord qu'aucun volume à garder ne part avec.
why-helm-hook-failed = Corrigez ce que son journal nomme, puis relancez l'upgrade : les hooks repartent à chaque fois.
why-drift-keep = Si le changement est voulu, mettez-le dans les values, sinon le prochain upgrade le reprend.
why-drift-look = S'il ne l'est pas, relancez l'upgrade avec les values de la release. Ceci montre qui a écrit quoi.

cause-argocd-sync-failed = La dernière synchronisation de l'Application Argo CD *{ $app }* a échoué : le cluster n'est pas ce que dit Git.
cause-argocd-sync-failed-on = La dernière synchronisation de l'Application Argo CD *{ $app }* a échoué sur { $kind } `{ $name }` : le cluster n'est pas ce que dit Git.
cause-argocd-rendering = Argo CD n'arrive pas à produire les manifestes de *{ $app }* (révision `{ $revision }`) : rien de neuf n'est déployé.
cause-argocd-out-of-sync = L'Application Argo CD *{ $app }* est OutOfSync et ne se synchronise pas d'elle-même : { $count ->
        [one] { $count } objet diffère
       *[other] { $count } objets diffèrent
    } de Git ({ $names }).
cause-argocd-out-of-sync-automated = L'Application Argo CD *{ $app }* reste OutOfSync alors qu'elle se synchronise d'elle-même : { $count ->
        [one] { $count } objet diffère
       *[other] { $count } objets diffèrent
    } de Git ({ $names }).
cause-argocd-degraded = L'Application Argo CD *{ $app }* est Degraded{ $count ->
        [0] .
       *[other] {" : "}{ $names }.
    }
cause-argocd-wave-blocked = La synchronisation de *{ $app }* attend depuis { $span } dans la vague { $wave } : { $kind } `{ $name }` ne devient pas sain, et les vagues suivantes ne sont pas appliquées.
cause-argocd-hook-blocked = La synchronisation de *{ $app }* attend depuis { $span } son hook { $kind } `{ $name }`, qui ne se termine pas.
cause-argocd-project-denied = Le projet Argo CD *{ $project }* ne permet pas ce que veut l'Application *{ $app }* : rien n'est déployé.
cause-argocd-repo-error = Argo CD n'a pas le droit de lire le dépôt `{ $repository }` de *{ $app }* : ses identifiants sont refusés, ou le dépôt n'existe pas pour eux.
cause-argocd-repo-revision = Argo CD ne trouve pas `{ $revision }`, ou le chemin de *{ $app }* dedans, dans `{ $repository }`.
cause-argocd-repo-network = Argo CD n'atteint pas le dépôt `{ $repository }` de *{ $app }*.

fact-argocd-says = Argo CD dit `{ $line }`
fact-argocd-result = { $kind } `{ $name }` : `{ $line }`
fact-argocd-behind = pas encore appliqués : { $names }
fact-argocd-health = sync { $sync }, santé { $health }
fact-argocd-missing = absents du cluster : { $names }

why-argocd-sync-failed = Corrigez dans Git ce que le message nomme, puis relancez la synchronisation.
why-argocd-rendering = Corrigez le chart ou ses values : `helm template` ou `kustomize build` sur la même révision montre la même erreur.
why-argocd-out-of-sync = Regardez la différence (`argocd app diff`), puis synchronisez. Pour que cela se fasse tout seul : `spec.syncPolicy.automated`.
why-argocd-diff = Quelque chose écrit dans ces champs à côté d'Argo CD (un autoscaler, un webhook, quelqu'un). Voyez quoi, puis sortez le champ de Git ou mettez-le sous `ignoreDifferences`.
why-argocd-degraded = Regardez les objets nommés : Argo CD ne fait que répéter leur état.
why-argocd-wave = Rendez `{ $name }` sain, ou arrêtez l'opération (`argocd app terminate-op`) et placez-le dans une vague plus tardive.
why-argocd-project = Autorisez la source, la destination ou le type d'objet dans le projet, ou mettez l'Application dans un projet qui le permet. La décision revient au propriétaire du projet.
why-argocd-repo-access = Renouvelez les identifiants du dépôt dans Argo CD (`argocd repo list` montre son état) ; les jetons expirent.
why-argocd-repo-revision = Corrigez `targetRevision` ou `path`, ou poussez la branche ou le tag qui manque.
why-argocd-repo-network = Voyez si l'hôte Git répond depuis le pod du repo-server : DNS, proxy, NetworkPolicy, certificat.

cause-jenkins-stage-failed = Le job Jenkins *{ $job }* est rouge : le build #{ $number } a échoué{ $known ->
        [yes] {" "}à l'étape *{ $stage }*
       *[no] {""}
    }{ $matter ->
        [compile] {" "}: le code ne se construit pas, c'est une affaire de code.
        [test] {" "}: un test échoue, c'est une affaire de code ou de test.
        [quality-gate] {" "}: le code ne passe pas la quality gate SonarQube.
        [image-build] {" "}: l'image ne peut pas être construite, c'est une affaire de Dockerfile et de ce qu'il utilise.
        [image-push] {" "}: le registre ne prend pas l'image, c'est une affaire de registre.
        [helm] {" "}: le déploiement avec Helm échoue, c'est une affaire de chart, de values ou de cluster.
        [smoke] {" "}: ce qui a été déployé ne passe pas les tests d'après déploiement.
        [agent] {" "}: l'agent a été perdu en cours de route, c'est une affaire de Jenkins et de ses agents.
        [credentials] {" "}: des identifiants manquent ou sont refusés, c'est une affaire de credentials Jenkins.
        [checkout] {" "}: les sources ne peuvent pas être récupérées, c'est une affaire de Git.
        [late] {" "}: le temps imparti est écoulé.
       *[other] {"."}
    }
cause-jenkins-agent-unavailable = Un build du job Jenkins *{ $job }* attend un agent depuis { $span } : { $lack ->
        [offline] { $known ->
            [yes] tous les agents pour `{ $label }` sont hors ligne.
           *[no] les agents qui pourraient le prendre sont hors ligne.
        }
        [none] { $known ->
            [yes] aucun n'a le label `{ $label }`.
           *[no] aucun n'a le label demandé.
        }
       *[busy] { $known ->
            [yes] tous les agents pour `{ $label }` sont occupés.
           *[no] tous les agents sont occupés.
        }
    }
cause-sonar-quality-gate-failed = Le projet SonarQube *{ $project }* ne passe pas sa quality gate{ $count ->
        [0] {""}
       *[other] {" "}({ $metrics })
    }{ $stops ->
        [yes] {" "}; c'est ce qui arrête le job Jenkins *{ $job }*.
       *[no] {"."}
    }

fact-jenkins-line = son journal : `{ $line }`
fact-jenkins-build = { $count ->
        [one] le build #{ $number } a échoué après { $span }
       *[other] le build #{ $number } a échoué après { $span } ; rouge depuis le #{ $first }, { $count } builds de suite
    }
fact-jenkins-good = le dernier build qui est passé est le #{ $number }
fact-jenkins-commit = rouge depuis le commit `{ $commit }` de { $author } (build #{ $number }) : « { $message } »{ $others ->
        [0] {""}
        [one] {" "}et un autre commit
       *[other] {" "}et { $others } autres commits
    }
fact-jenkins-revision = le build #{ $number } portait sur le commit `{ $commit }`
fact-jenkins-waits = Jenkins dit `{ $why }`
fact-jenkins-offline = l'agent `{ $agent }` est hors ligne{ $taken ->
        [yes] , retiré par quelqu'un
       *[no] {""}
    }{ $told ->
        [yes] {" "}: `{ $reason }`
       *[no] {""}
    }
fact-sonar-condition = `{ $metric }` vaut { $actual }, { $comparator ->
        [lower] il faut au moins { $threshold }
       *[higher] { $threshold } au plus est admis
    }
fact-sonar-status = la quality gate est `{ $status }`

why-jenkins-stage-failed = { $matter ->
        [compile] Corrigez ce que nomme la première ligne, ou annulez ce commit.
        [test] Lancez ce test seul sur le même commit : corrigez le code, ou le test si c'est lui qui se trompe. Un test qui passe quand on le relance est instable et mérite son propre ticket.
        [quality-gate] Ouvrez le projet dans SonarQube et corrigez ce que la gate nomme ; elle ne regarde pas ce qui était là avant, sauf si on le lui demande.
        [image-build] Construisez l'image sur le même commit (`docker build .`) ; l'étape qui échoue est celle que nomme le journal.
        [image-push] Voyez si le registre répond et s'il a de la place, puis relancez le build : le code n'y est pour rien.
        [helm] `helm status` et les événements du namespace disent ce qui n'est pas devenu prêt ; relancez le build une fois cela corrigé.
        [smoke] Regardez ce qui a été déployé : cela tourne déjà. Revenez à la révision d'avant si des gens s'en servent.
        [agent] Relancez le build ; s'il est encore perdu, regardez la mémoire, le disque et le nœud de cet agent.
        [credentials] Renouvelez le credential dans Jenkins (Administrer Jenkins, Credentials) ou corrigez son ID dans le Jenkinsfile, puis relancez le build.
        [checkout] Voyez si l'hôte Git répond depuis l'agent et si la branche existe, puis relancez le build.
        [late] Voyez dans les dernières lignes ce qu'il attendait avant d'augmenter le délai.
       *[other] Corrigez ce que nomment les lignes du journal, puis relancez le build.
    }
why-jenkins-agent-unavailable = { $lack ->
        [offline] Remettez l'agent en ligne (Administrer Jenkins, Nœuds ; le journal de l'agent dit pourquoi il ne se connecte pas). Agents en pods : cherchez des pods de Jenkins qui attendent ou échouent.
        [none] Corrigez le label dans le Jenkinsfile, ou donnez ce label à un agent ou à un modèle de pod.
       *[busy] Attendez, arrêtez un build qui ne finit pas, ou ajoutez des exécuteurs ou des agents avec ce label.
    }
why-sonar-quality-gate-failed = Corrigez ce que comptent ces conditions, ou couvrez-le par des tests, puis relancez l'analyse. Abaisser la gate est une décision de son propriétaire.
