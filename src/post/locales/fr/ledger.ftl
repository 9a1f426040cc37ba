### Ce que chaque lecture d'une enquête dit d'elle-même.
