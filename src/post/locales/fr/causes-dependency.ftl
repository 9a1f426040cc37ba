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
why-dependency-look = Chercher pourquoi `{ $address }` ne répond pas ; c'est `{ $address }` qu'il faut réparer.
why-dependency-unnamed = Lui dire où la trouver ; le nom de la variable est déduit du log.
why-address = L'adresse qui existe.
