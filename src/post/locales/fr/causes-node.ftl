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

cause-container-runtime-down = Le moteur de conteneurs du nœud *{ $node }* ne répond pas : { $pods ->
        [0] rien n'y tourne.
        [one] { $pods } pod en souffre.
       *[other] { $pods } pods en souffrent.
    }
cause-node-network-unavailable = Le nœud *{ $node }* n'a plus de réseau pour ses pods ({ $reason }) : { $pods ->
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
why-node-network-unavailable = Voyez le pod du plugin réseau sur ce nœud, et son journal.
why-node-memory-pressure = Voyez qui y consomme le plus (`kubectl top pods -A`), donnez aux plus gros une request de mémoire conforme à leur usage, ou ajoutez un nœud.
why-node-disk-pressure = Libérez du disque : images inutilisées, journaux, volumes emptyDir. Des pods sans limite d'ephemeral-storage en sont la raison habituelle.
why-node-pid-pressure = Trouvez le pod qui lance des processus sans fin, et fixez une limite de pids par pod dans le kubelet.

cause-kubelet-down = Le kubelet du nœud *{ $node }* est muet : { $pods ->
        [0] aucun pod de cette question ne s'y trouve.
        [one] { $pods } pod y est touché.
       *[other] { $pods } pods y sont touchés.
    }
cause-node-off = La machine du nœud *{ $node }* est éteinte : { $pods ->
        [0] aucun pod de cette question ne s'y trouve.
        [one] { $pods } pod y est touché.
       *[other] { $pods } pods y sont touchés.
    }
cause-node-unreachable = Le nœud *{ $node }* s'est tu en même temps que d'autres : { $pods ->
        [0] aucun pod de cette question ne s'y trouve.
        [one] { $pods } pod y est touché.
       *[other] { $pods } pods y sont touchés.
    }
cause-node-unreachable-zone = Le nœud *{ $node }* s'est tu en même temps que d'autres de sa zone : { $pods ->
        [0] aucun pod de cette question ne s'y trouve.
        [one] { $pods } pod y est touché.
       *[other] { $pods } pods y sont touchés.
    }
cause-node-network-degraded = Le réseau du nœud *{ $node }* marche mal ({ $reason }) : { $pods ->
        [0] aucun pod de cette question ne s'y trouve.
        [one] { $pods } pod y est touché.
       *[other] { $pods } pods y sont touchés.
    }
cause-node-clock-skew = L'horloge du nœud *{ $node }* n'est plus synchronisée ({ $reason }) : { $pods ->
        [0] aucun pod de cette question ne s'y trouve.
        [one] { $pods } pod y est touché.
       *[other] { $pods } pods y sont touchés.
    }
cause-node-clock-ahead = L'horloge du nœud *{ $node }* avance de { $by }.
cause-node-clock-behind = L'horloge du nœud *{ $node }* retarde de { $by }.
cause-api-server-degraded = Le serveur d'API répond tard ou pas du tout : { $count } fois, à propos de { $objects ->
        [one] { $objects } objet
       *[other] { $objects } objets
    }.
cause-api-server-silent = Le serveur d'API a laissé sans réponse nos lectures de { $count } sortes d'objets.
cause-etcd-degraded = etcd répond tard ou pas du tout : { $count } fois, à propos de { $objects ->
        [one] { $objects } objet
       *[other] { $objects } objets
    }.
cause-certificate-expiring = Un certificat de `{ $workload }` expire dans { $days ->
        [0] moins d'un jour.
        [one] { $days } jour.
       *[other] { $days } jours.
    }
cause-certificate-not-renewed = cert-manager ne peut pas émettre ou renouveler le certificat `{ $certificate }` de { $object }.
cause-metrics-api-down = L'API des métriques de ressources ne répond pas : { $autoscalers ->
        [one] { $autoscalers } autoscaler ne voit rien.
       *[other] { $autoscalers } autoscalers ne voient rien.
    }

fact-nodes-silent = { $count } nœuds se sont tus en moins de cinq minutes (zone { $zone }) : { $nodes }
fact-pod-still-serves = le pod `{ $pod }` du nœud *{ $node }* sert encore des requêtes
fact-clock-ahead = les signes de vie du nœud *{ $node }* sont { $by } dans le futur ; nœuds à l'heure avec nous : { $others }
fact-clock-behind = les signes de vie du nœud *{ $node }* ont { $by } de retard, et il est prêt ; nœuds à l'heure avec nous : { $others }
fact-unanswered = lectures sans réponse : { $kinds }

why-kubelet-down = Voyez le kubelet sur cette machine (`systemctl status kubelet`) et redémarrez-le ; si la machine ne répond pas, c'est elle qu'il faut démarrer ou remplacer.
why-node-off = Démarrez la machine, ou supprimez le nœud pour que ses pods aillent ailleurs.
why-node-unreachable = C'est ce qu'ils partagent qui est en cause : le réseau de la zone, un commutateur, le répartiteur devant le serveur d'API.
why-node-network-degraded = Fermez et videz le nœud, puis voyez son interface, sa table de connexions et son pilote.
why-node-clock-skew = Redémarrez le service de temps de cette machine et laissez-le corriger l'horloge ; jetons et certificats sont refusés d'ici là.
why-api-server-degraded = Voyez qui lui en demande tant, et si son etcd est lent.
why-etcd-degraded = Voyez d'abord son disque, puis son réseau et sa taille.
why-certificate-not-renewed = cert-manager dit ce qui manque (issuer, DNS, chemin du challenge) ; la fin du certificat en service est dans son Secret, qui n'est jamais lu ici.
why-certificate-expiring = Renouvelez-le d'ici là, et voyez pourquoi rien ne le fait.
why-metrics-api-down = Rendez metrics-server prêt : son journal dit s'il joint les kubelets.
