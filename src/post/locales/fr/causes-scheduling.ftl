### Ce que disent les causes de la famille « scheduling » : résumés, constats, corrections.
### Balises : `code` et *gras* seulement. Les espaces insécables sont posées au rendu.
