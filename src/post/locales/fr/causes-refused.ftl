### Ce que disent les causes de la famille « refused » : résumés, constats, corrections.
### Balises : `code` et *gras* seulement. Les espaces insécables sont posées au rendu.

cause-quota-exceeded-cpu = Le quota de CPU de `{ $namespace }` est épuisé (`{ $quota }` : { $used } sur *{ $hard }* `{ $resource }`) : les objets de { $workloads } sont refusés.
cause-quota-exceeded-memory = Le quota de mémoire de `{ $namespace }` est épuisé (`{ $quota }` : { $used } sur *{ $hard }* `{ $resource }`) : les objets de { $workloads } sont refusés.
cause-quota-exceeded-pods = Le quota de pods de `{ $namespace }` est épuisé (`{ $quota }` : { $used } sur *{ $hard }* `{ $resource }`) : les objets de { $workloads } sont refusés.
cause-quota-exceeded-services = Le quota de Services de `{ $namespace }` est épuisé (`{ $quota }` : { $used } sur *{ $hard }* `{ $resource }`) : les objets de { $workloads } sont refusés.
cause-quota-exceeded-storage = Le quota de stockage de `{ $namespace }` est épuisé (`{ $quota }` : { $used } sur *{ $hard }* `{ $resource }`) : les objets de { $workloads } sont refusés.
cause-quota-exceeded-objects = Le quota d'objets de `{ $namespace }` est épuisé (`{ $quota }` : { $used } sur *{ $hard }* `{ $resource }`) : les objets de { $workloads } sont refusés.

fact-api-refused = Le serveur d'API a refusé : `{ $line }`
fact-quota = `{ $resource }` dans `{ $namespace }` : { $used } utilisés sur { $hard }, { $requested } de plus demandés
fact-quota-users = Plus gros consommateurs de `{ $resource }` : { $users }
quota-user = { $workload } ({ $amount })

why-quota = C'est ce qui est utilisé plus ce que { $missing ->
        [one] demande l'objet manquant
       *[other] demandent les { $missing } objets manquants
    }, une estimation. Ou libérez de la place : moins de réplicas ou de plus petites requests d'un autre workload. Un quota est la décision de quelqu'un : voyez avec son propriétaire.

cause-service-account-missing = Le ServiceAccount *{ $name }* n'existe pas dans `{ $namespace }` : les pods de { $workloads } ne peuvent pas être créés.
cause-pod-security-denied = Le standard de sécurité *{ $name }* de `{ $namespace }` interdit les pods de { $workloads } : { $why }
cause-pod-security-kubelet = Le kubelet rejette les pods de `{ $workload }` : { $why }
cause-limit-range-violated = La LimitRange de `{ $namespace }` interdit les pods de { $workloads } : *{ $why }*.
cause-admission-webhook-denied = Le webhook d'admission *{ $name }* refuse les pods de { $workloads } : { $why }
cause-admission-webhook-unavailable = Le webhook d'admission *{ $name }* ne répond pas : les pods de { $workloads } ne peuvent pas être créés.
cause-admission-webhook-left-behind = Le webhook d'admission *{ $name }* est encore inscrit dans *{ $subject }*, et il ne reste rien du Service qu'il désigne : les pods de { $workloads } ne peuvent pas être créés.

refused-without-reason = il ne dit pas pourquoi

why-service-account-missing = Créez-le, ou corrigez `serviceAccountName`. Si un chart doit le produire, voyez si la release le contient.
why-pod-security-denied = Renseignez dans le `securityContext` les champs nommés, ou faites changer le standard du namespace : c'est une décision de sécurité.
why-pod-security-kubelet = Retirez ce réglage, ou faites-le accepter par les nœuds (`allowedUnsafeSysctls` du kubelet, profil chargé) : c'est une décision pour tous les pods du nœud.
why-limit-range-violated = Ramenez requests et limits dans ce que la LimitRange permet, ou demandez à son propriétaire de la changer.
why-admission-webhook-denied = Changez ce dont il se plaint. La règle est la décision de quelqu'un : voyez avec son propriétaire avant de la contourner.
why-admission-webhook-unavailable = Ramenez ses pods à l'état Ready. Tant qu'il est absent, tout ce qui doit lui être soumis est refusé.
why-admission-webhook-left-behind = Ce à quoi il appartenait a été désinstallé : supprimez cette configuration, ou réinstallez-le. D'ici là, tout ce qui doit lui être soumis est refusé.

cause-admission-policy-denied = La politique d'admission *{ $name }* refuse les pods de { $workloads } : { $why }
cause-admission-webhook-certificate = Le serveur d'API ne fait pas confiance au certificat du webhook d'admission *{ $name }* : les pods de { $workloads } ne peuvent pas être créés.
cause-rbac-handed-on = Le ServiceAccount *{ $name }* de { $workloads } veut donner des droits qu'il n'a pas lui-même dans { $scope ->
        [namespace] `{ $in }`
       *[cluster] tout le cluster
    }{ $named ->
        [yes] {" "}(rôle `{ $role }`)
       *[no] {""}
    } : { $rights }.

cause-rbac-forbidden = Il manque un droit au ServiceAccount *{ $name }* de { $workloads } dans { $scope ->
        [namespace] `{ $in }`
       *[cluster] tout le cluster
    } : { $rights }{ $lost ->
        [yes] {" "}; une liaison nomme le rôle `{ $role }`, qui n'existe pas.
       *[no] .
    }

why-admission-webhook-certificate = Accordez le `caBundle` de sa configuration et le certificat de son Service : renouvelez ce qui est expiré, et voyez si cert-manager le remplit encore.
why-rbac-handed-on = Kubernetes ne laisse personne donner plus qu'il n'a. Donnez-lui ces droits, ou retirez-les du rôle qu'il veut créer ; le verbe `escalate` lui donnerait tout.
why-rbac-forbidden = { $lost ->
        [yes] Recréez le rôle `{ $role }`, ou faites nommer à la liaison un rôle qui existe.
       *[no] Accordez seulement ce qui lui a été refusé. Donnez de tels droits à un compte à lui, pas à `default` ; un rôle de cluster seulement si la liste porte sur tout le cluster.
    }
