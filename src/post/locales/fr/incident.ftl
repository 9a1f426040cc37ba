### Ce qu'un incident dit dans son fil et au lead.
