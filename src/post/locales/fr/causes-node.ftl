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

fact-node-condition = Ready vaut { $status } depuis { $lasting } ({ $reason }) : `{ $message }`
fact-pods-on-node = { $pods ->
        [one] { $pods } pod s'y trouve
       *[other] { $pods } pods s'y trouvent
    } : { $workloads }

why-node-silent = Voyez si la machine tourne et si son réseau et son kubelet répondent. Si elle ne revient pas, videz-la ou remplacez-la : ses pods partent d'eux-mêmes au bout de cinq minutes, sauf ceux liés à un volume du nœud.
why-node-not-ready = Son kubelet dit pourquoi ; ce qu'il nomme (plugin réseau, moteur de conteneurs, disque) est à réparer sur place.
