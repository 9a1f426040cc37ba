### Ce que disent les causes de la famille « container » : résumés, constats, corrections.
### Balises : `code` et *gras* seulement. Les espaces insécables sont posées au rendu.

cause-oom-killed = `{ $workload }` : le conteneur `{ $container }` est tué par manque de mémoire à sa limite de *{ $limit }* ({ $restarts ->
        [one] { $restarts } redémarrage
       *[other] { $restarts } redémarrages
    }) ; { $ready ->
        [one] { $ready } réplica sur { $wanted } porte la charge.
       *[other] { $ready } réplicas sur { $wanted } portent la charge.
    }
cause-oom-killed-no-limit = `{ $workload }` : le conteneur `{ $container }` manque de mémoire, sans limite propre ({ $restarts ->
        [one] { $restarts } redémarrage
       *[other] { $restarts } redémarrages
    }) ; { $ready ->
        [one] { $ready } réplica sur { $wanted } porte la charge.
       *[other] { $ready } réplicas sur { $wanted } portent la charge.
    }
cause-crash-command-not-found = `{ $workload }` : la commande `{ $command }` du conteneur `{ $container }` n'existe pas dans l'image `{ $image }`.
cause-crash-command-not-found-image = `{ $workload }` : l'image `{ $image }` du conteneur `{ $container }` ne peut pas lancer son propre point d'entrée : fichier ou commande introuvable.
cause-crash-missing-env = `{ $workload }` : le conteneur `{ $container }` { $runs ->
        [yes] ne devient pas prêt
        [serves] échoue
       *[no] s'arrête
    } parce que la variable `{ $variable }` manque ou est vide.
cause-crash-application-error = `{ $workload }` : le conteneur `{ $container }` s'arrête de lui-même avec le code { $code } : `{ $error }`
cause-crash-application-error-no-log = `{ $workload }` : le conteneur `{ $container }` s'arrête de lui-même avec le code { $code } ; aucun journal disponible pour dire pourquoi.
cause-connection-limit-reached = `{ $workload }` n'a plus de connexion à donner : sa limite de *{ $limit }* est atteinte.
cause-connection-limit-reached-unknown = `{ $workload }` n'a plus de connexion à donner : sa limite est atteinte.
cause-connection-limit-own-pool = `{ $workload }` : toutes les connexions du pool du conteneur `{ $container }` sont prises, et les requêtes en attendent une en vain.
cause-oom-killed-starved = `{ $workload }` : le conteneur `{ $container }` manque de mémoire sans être tué{ $known ->
        [yes] {" "}(sa limite est de *{ $limit }*)
       *[no] {""}
    }, et échoue à ce qu'on lui demande.

fact-log-says = Le journal dit : `{ $line }`
fact-runtime-says = Le moteur de conteneurs dit : `{ $line }`
fact-replicas-ready = { $ready ->
        [one] { $ready } réplica prêt
       *[other] { $ready } réplicas prêts
    } sur { $wanted }
fact-memory-peak = Usage le plus haut des dernières 24 h : { $peak }, limite { $limit }
fact-container-killed = Terminé en { $reason }, code { $code } ; { $restarts ->
        [one] { $restarts } redémarrage
       *[other] { $restarts } redémarrages
    } ; limite mémoire { $limit }, request { $request }
fact-container-exited = Terminé avec le code { $code } ; { $restarts ->
        [one] { $restarts } redémarrage
       *[other] { $restarts } redémarrages
    } ; { $ready ->
        [one] { $ready } réplica prêt sur { $wanted }
       *[other] { $ready } réplicas prêts sur { $wanted }
    }
fact-variable-absent = `{ $variable }` n'est pas dans l'`env` du conteneur{ $sources ->
        [0] , et rien ne vient d'`envFrom`
        [one] { " " }; { $sources } source `envFrom` ne la fournit peut-être pas
       *[other] { " " }; { $sources } sources `envFrom` ne la fournissent peut-être pas
    }

why-memory-from-peak = C'est l'usage le plus haut des dernières 24 h plus la moitié, une estimation. Si la mémoire croît sans fin, une limite plus haute ne fait que gagner du temps : cherchez la fuite.
why-memory-doubled = C'est le double de la limite, une estimation : le besoin réel n'est pas connu. Si la mémoire croît sans fin, cherchez la fuite.
why-memory-set-limit = Fixez une limite, pour qu'il ne prenne pas la mémoire du nœud ; la valeur dépend de ce qu'il consomme.
why-command = Corrigez la commande, ou ajoutez-la à l'image.
why-missing-env = Définissez-la, ou ajoutez la clé au ConfigMap ou au Secret d'où elle doit venir.
why-connection-limit = C'est le double de la limite, une estimation. Voyez d'abord qui tient les connexions : la somme des pools des clients doit rester en dessous.

cause-crash-not-executable = `{ $workload }` : ce que le conteneur `{ $container }` doit lancer n'est pas exécutable (image `{ $image }`).
cause-crash-segfault = `{ $workload }` : le conteneur `{ $container }` plante dans du code natif (segmentation fault).
cause-crash-bad-config = `{ $workload }` : le conteneur `{ $container }` { $runs ->
        [yes] ne devient pas prêt
       *[no] s'arrête
    } parce qu'il n'arrive pas à lire sa configuration.
cause-database-auth-failed = `{ $workload }` : la base de données refuse la connexion{ $known ->
        [yes] {" "}de *{ $named }*
       *[no] {""}
    }, et le conteneur `{ $container }` { $runs ->
        [yes] ne devient pas prêt.
        [serves] échoue.
       *[no] s'arrête.
    }
cause-database-read-only = `{ $workload }` : sa base de données n'accepte pas d'écriture, et le conteneur `{ $container }` { $runs ->
        [yes] ne devient pas prêt.
        [serves] échoue.
       *[no] s'arrête.
    }
cause-database-read-only-replica = `{ $workload }` écrit dans *{ $server }*, qui est un réplica et n'accepte pas d'écriture : c'est ce que dit `{ $variable }`.
cause-database-read-only-server = La base de données *{ $server }* n'accepte pas d'écriture, et `{ $workload }` { $runs ->
        [yes] ne devient pas prêt.
        [serves] échoue.
       *[no] s'arrête.
    }
cause-disk-full-server = *{ $server }* n'a plus de place sur son disque, et refuse ce que `{ $workload }` écrit.
cause-disk-full-evicted = `{ $workload }` : { $pods ->
        [one] un pod a été évincé pour avoir rempli
       *[other] { $pods } pods ont été évincés pour avoir rempli
    } plus de disque local que permis : { $why }
cause-disk-full = `{ $workload }` : le conteneur `{ $container }` n'a plus de place sur son disque.
cause-permission-denied = `{ $workload }` : le conteneur `{ $container }` n'a pas le droit d'utiliser *{ $named }*.
cause-permission-denied-port = `{ $workload }` : le conteneur `{ $container }` n'a pas le droit d'écouter{ $known ->
        [yes] {" "}sur le port *{ $named }*
       *[no] {""}
    } : le système le refuse.
cause-tls-certificate-invalid = `{ $workload }` : le conteneur `{ $container }` { $runs ->
        [yes] ne devient pas prêt
        [serves] échoue
       *[no] s'arrête
    } parce qu'un certificat n'est pas accepté.
cause-tls-certificate-invalid-server = Le certificat de *{ $server }* n'est plus valable, et `{ $workload }` ne l'accepte pas.
cause-port-conflict = `{ $workload }` : le conteneur `{ $container }` ne peut pas écouter{ $known ->
        [yes] {" "}sur le port *{ $named }*
       *[no] {" "}sur l'un de ses ports
    } : il est déjà pris.

why-crash-not-executable = Construisez l'image pour l'architecture du nœud, et rendez le point d'entrée exécutable (`chmod +x`).
why-crash-segfault = Revenez à la révision précédente, et donnez le core dump à qui la construit : c'est un bug, le plus souvent d'une bibliothèque native.
why-crash-bad-config = Corrigez le fichier ou l'option nommés ; un ConfigMap n'est relu qu'au prochain démarrage.
why-database-auth-failed = Accordez l'utilisateur et le mot de passe du Secret avec la base ; après une rotation, les pods doivent être redémarrés.
why-database-read-only = Voyez si l'adresse mène à un réplica, ou si la base a basculé ou est passée en lecture seule ; les écritures doivent aller au primaire.
why-database-replica = Donnez-lui l'adresse du primaire pour ce qu'il écrit ; un réplica ne sert qu'à la lecture.
why-disk-full = Libérez ou agrandissez ce qu'il écrit : la taille du PVC, la limite d'`ephemeral-storage`, ou des journaux et fichiers temporaires que personne n'efface.
why-disk-full-evicted = Relevez la limite d'`ephemeral-storage` ou le `sizeLimit` de l'`emptyDir`, ou trouvez ce qui le remplit : fichiers temporaires, journaux écrits dans le conteneur.
why-permission-denied = Réglez `fsGroup` ou `runAsUser` sur le propriétaire du chemin, ou montez-y un `emptyDir` si le système de fichiers racine est en lecture seule.
why-permission-denied-port = Faites-le écouter au-dessus de 1024 et adaptez le `targetPort` du Service, ou donnez-lui la capability `NET_BIND_SERVICE`.
why-connection-own-pool = Voyez ce qui les retient : une requête SQL lente ou bloquée, ou du code qui ne rend pas sa connexion. Agrandir le pool n'aide que si le serveur a encore des connexions à donner.
why-tls-certificate-invalid = Renouvelez le certificat, faites confiance à son autorité, ou appelez le serveur par le nom pour lequel il est fait : la ligne citée dit lequel.
why-port-conflict = Donnez un autre port à l'un des deux : les conteneurs d'un pod partagent ses ports, et avec `hostNetwork` tous les pods d'un nœud.

cause-init-container-failing = `{ $workload }` : l'étape `{ $container }` (init container) échoue avec le code { $code }, l'application ne démarre donc jamais : `{ $error }`
cause-init-container-failing-no-log = `{ $workload }` : l'étape `{ $container }` (init container) échoue avec le code { $code }, l'application ne démarre donc jamais ; aucun journal disponible pour dire pourquoi.
cause-init-container-waiting = `{ $workload }` : l'étape `{ $container }` (init container) attend{ $known ->
        [yes] {" "}*{ $for }*
       *[no] {""}
    } depuis { $lasts }, l'application ne démarre donc jamais.
cause-application-errors-in-log = `{ $workload }` : le conteneur `{ $container }` tourne et écrit des erreurs, { $count } de la même sorte en { $span }{ $new ->
        [yes] , inconnues de la révision précédente
        [no] , comme la révision précédente
       *[unknown] {""}
    } : `{ $template }`
cause-volume-permission-denied = `{ $workload }` : le conteneur `{ $container }` n'a pas le droit d'utiliser *{ $path }* : le volume `{ $volume }` qui y est monté { $how ->
        [mode] donne ses fichiers à quelqu'un d'autre (mode des fichiers)
        [server] appartient à quelqu'un d'autre sur son serveur ou son nœud
        [owner] appartient à quelqu'un d'autre malgré `fsGroup`
       *[group] appartient à quelqu'un d'autre, et le pod ne fixe pas de `fsGroup`
    }{ $known ->
        [yes] {" "}(il tourne avec l'utilisateur { $user }).
       *[no] .
    }

fact-container-serves = Tourne et se dit prêt ; { $ready ->
        [one] { $ready } réplica prêt sur { $wanted }
       *[other] { $ready } réplicas prêts sur { $wanted }
    }
fact-container-unready = Tourne sans être prêt ; { $restarts ->
        [one] { $restarts } redémarrage
       *[other] { $restarts } redémarrages
    } ; { $ready ->
        [one] { $ready } réplica prêt sur { $wanted }
       *[other] { $ready } réplicas prêts sur { $wanted }
    }
fact-init-runs = `{ $container }` tourne depuis { $lasts } ; rien ne peut démarrer après elle
fact-log-errors = { $all } erreurs dans son journal en { $span }, dont { $count } de cette sorte
fact-volume-owner = `{ $volume }` est monté sur `{ $mount }`{ $known ->
        [yes] {" "}; le conteneur tourne avec l'utilisateur { $user }
       *[no] {" "}; l'utilisateur est celui de l'image
    }

why-init-container-failing = Corrigez ce que dit `{ $container }` ; l'étape est retentée d'elle-même. D'ici là, le journal de l'application reste vide.
why-init-container-waiting = { $known ->
        [yes] Voyez si *{ $for }* existe, est prêt et joignable d'ici. L'étape reprend d'elle-même dès que la réponse vient.
       *[no] Voyez dans sa commande et son journal ce qu'elle attend. Elle reprend d'elle-même dès que la réponse vient.
    }
why-application-errors-in-log = { $new ->
        [yes] Elles sont venues avec la révision : revenez à la précédente, ou corrigez.
       *[other] Lisez les lignes autour : ce qu'elle faisait, et pour qui. Rien d'autre n'a été trouvé qui les expliquerait.
    }
why-volume-permission-denied = { $how ->
        [mode] Réglez `defaultMode` pour que son utilisateur puisse lire, ou `fsGroup` sur son groupe.
        [server] `fsGroup` ne fait rien pour `hostPath` et NFS : donnez-y le répertoire à l'utilisateur du conteneur, ou faites-le tourner avec son propriétaire.
        [owner] Voyez à qui sont les fichiers : le pilote ne gère peut-être pas `fsGroup`, ou un autre utilisateur en a écrit ensuite (`fsGroupChangePolicy`).
       *[group] Avec `fsGroup`, le kubelet donne le volume au groupe du conteneur.
    }
