### Réponses aux questions simples, aide et refus.
