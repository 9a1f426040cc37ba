### Ce que disent les causes de la famille « node » : résumés, constats, corrections.
### Balises : `code` et *gras* seulement. Les espaces insécables sont posées au rendu.

cause-node-not-ready = Le nœud *{ $node }* n'est pas prêt ({ $reason }) : { $pods ->
        [0] aucun pod de cette question ne s'y trouve.
        [one] { $pods } pod y est touché.
       *[other] { $pods } pods y sont touchés.
    }
cause-node-not-ready-silent = Le nœud *{ $node }* ne répond plus (son kubelet est muet) : { $pods ->
        [0] aucun pod de cette question ne s'y trouve.
        [one] { $pods } pod y est touché.
       *[other] { $pods } pods y sont touchés.
    }

fact-node-condition = { $condition } vaut { $status } depuis { $lasting } ({ $reason }) : `{ $message }`
fact-pods-on-node = { $pods ->
        [one] { $pods } pod s'y trouve
       *[other] { $pods } pods s'y trouvent
    } : { $workloads }

why-node-silent = Voyez si la machine tourne et si son réseau et son kubelet répondent. Si elle ne revient pas, videz-la ou remplacez-la : ses pods partent d'eux-mêmes au bout de cinq minutes, sauf ceux liés à un volume du nœud.
why-node-not-ready = Son kubelet dit pourquoi ; ce qu'il nomme (plugin réseau, moteur de conteneurs, disque) est à réparer sur place.

cause-container-runtime-down = Le runtime de conteneurs du nœud *{ $node }* ne répond pas : { $pods ->
        [0] rien n'y tourne.
        [one] { $pods } pod en souffre.
       *[other] { $pods } pods en souffrent.
    }
cause-node-network-unavailable = Le nœud *{ $node }* n'a pas de réseau de pods qui marche ({ $reason }) : { $pods ->
        [0] rien n'y tourne.
        [one] { $pods } pod en souffre.
       *[other] { $pods } pods en souffrent.
    }
cause-node-memory-pressure = Le nœud *{ $node }* manque de mémoire et expulse des pods : { $pods ->
        [0] rien n'y tourne.
        [one] { $pods } pod en souffre.
       *[other] { $pods } pods en souffrent.
    }
cause-node-disk-pressure = Le nœud *{ $node }* manque de disque et expulse des pods : { $pods ->
        [0] rien n'y tourne.
        [one] { $pods } pod en souffre.
       *[other] { $pods } pods en souffrent.
    }
cause-node-pid-pressure = Le nœud *{ $node }* manque d'identifiants de processus : { $pods ->
        [0] rien n'y tourne.
        [one] { $pods } pod en souffre.
       *[other] { $pods } pods en souffrent.
    }

why-container-runtime-down = Voyez containerd ou CRI-O sur cette machine (`journalctl -u containerd`) et redémarrez-le ; les conteneurs qui tournent y survivent.
why-node-network-unavailable = Voyez le pod du plugin réseau sur ce nœud, et ses logs.
why-node-memory-pressure = Voyez qui y consomme le plus (`kubectl top pods -A`), donnez aux plus gros une request de mémoire conforme à leur usage, ou ajoutez un nœud.
why-node-disk-pressure = Libérez du disque : images inutilisées, logs, volumes emptyDir. Des pods sans limite d'ephemeral-storage en sont la raison habituelle.
why-node-pid-pressure = Trouvez le pod qui lance des processus sans fin, et fixez une limite de pids par pod dans le kubelet.
