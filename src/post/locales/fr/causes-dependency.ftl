### Ce que dit le juge des dépendances : résumés, faits, corrections.

cause-dependency-unreachable = `{ $workload }` n'obtient pas de réponse de `{ $address }`.
cause-dependency-unreachable-no-name = `{ $workload }` appelle `{ $address }`, et ce nom n'existe pas dans le DNS.
cause-dependency-unreachable-unnamed = `{ $workload }` ne joint pas une dépendance dont il a besoin, et rien dans son environnement ne dit où elle est : « { $error } ».
cause-dependency-wrong-address = `{ $workload }` appelle `{ $address }`, que rien n'offre ; `{ $right }` existe.
fact-address-configured = `{ $variable }` dit `{ $address }`
fact-no-address = son environnement ne nomme { $count ->
        [0] aucune adresse
        [one] qu'une adresse, et ce n'est pas celle-là
       *[other] que { $count } adresses, et pas celle-là
    }
why-dependency-look = Cherchez pourquoi `{ $address }` ne répond pas ; c'est `{ $address }` qu'il faut réparer.
why-dependency-unnamed = Dites-lui où la trouver ; le nom de la variable est déduit de la ligne de log.
why-address = Mettez l'adresse qui existe.

cause-dns-resolution-failed = `{ $workload }` ne résout pas le nom `{ $address }`, alors que ce Service existe.
cause-dns-resolution-failed-policy = `{ $workload }` ne résout pas `{ $address }` : ses pods n'interrogent pas le serveur DNS du cluster.
cause-dns-resolution-failed-outside = `{ $workload }` appelle `{ $address }`, et le DNS ne connaît pas ce nom.
cause-dns-resolution-failed-unanswered = `{ $workload }` n'obtient pas de réponse du DNS pour `{ $address }`.
fact-dns-policy = `dnsPolicy` { $policy ->
        [hostNetwork] est `ClusterFirst`, et le pod est sur le réseau du nœud
       *[other] est `{ $policy }`
    } : c'est le serveur DNS du nœud qui est interrogé, et il ne connaît aucun Service
fact-service-there = le Service `{ $service }` existe
why-dns-policy = Ainsi, c'est le serveur DNS du cluster qui est interrogé.
why-dns-look = Voyez depuis un pod du même nœud si `{ $address }` se résout (`nslookup`), et ce que dit le journal du serveur DNS.
why-dns-outside = Corrigez le nom `{ $address }`, ou faites-le inscrire là où il manque.
