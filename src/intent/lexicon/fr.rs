//! What French words say. Folded: lower case, no accents, elisions apart (`n affiche plus`).

use super::{Line, Tag};
use crate::finding::Symptom;
use crate::intent::ask::{Change, Danger};

/// The French lines of the table; for the notation see [`super::super::pattern`].
#[rustfmt::skip]
pub(super) const LINES: &[Line] = &[
    (Tag::Symptom(Symptom::Slow),
     "lent|lente|lents|lentes|lenteur|lenteurs|lentement|lant; rame|rames|rament|ramait|ramer|ramait; lag|lags|lagg|lague|lagues|laguent|lagge|laggent; \
      traine|trainent|trainer; mouline|moulinent|mouliner; a la ramasse; met|mettent|mettre|mets ~ temps|plombes|heures|minutes|secondes|sec|siecles|eternite; \
      prend|prennent|prendre ~ temps|plombes|heures|minutes|secondes|sec|siecles; temps de reponse; latence|latences; \
      trop|super|hyper|tres|si|aussi|vachement long|longue|longs|longues|longtemps; interminable|interminables; charge|chargent|tourne|tournent ~ indefiniment|infini|vide; \
      perf|perfs|performance|performances ~ degrade*|mauvaise*|nulle*|pourrie*|baisse*|catastrophique*|chute*; degrade|degrades|degradee|degradees|degradation; \
      ralenti*; escargot; tortue; de plus en plus long|longue; rame ~ mort; temps de chargement"),
    (Tag::Symptom(Symptom::Errors),
     "erreur|erreurs|err; plein|pleins d|de erreur|erreurs|500|502|503|504|5xx; bug|bugs|bugue|bugge|buggue|buguent|bugguent|bugge; \
      echoue|echouent|echoues|echouer|echec|echecs; foire|foirent|foirer; merde|merdent|merdouille; ne|peut|peuvent|arrive|arrivent ~ pas|plus a|? joindre|contacter|appeler|resoudre; \
      refuse|refusent ~ connexion|connexions; se|me|nous connecter a|au|aux; connexion|connexions ~ refusee|refusees|refuse|perdue|perdues|impossible|impossibles|coupee|coupees; probleme|problemes|pb|souci|soucis|erreur|erreurs de connexion|connexions a|avec|au; rejete|rejetee|rejetes|rejetees|rejette; \
      plante|plantent une|des|sur ~ erreur; deconnecte|deconnectes|deconnectee|deconnectees; \
      enregistre|enregistrent|enregistrer|sauvegarde|sauvegardent|sauvegarder|genere|generent|generer|cree|creent|creer|ajoute|ajoutent|ajouter|valide|valident|valider|importe|importent|importer|exporte|exportent|exporter|imprime|impriment|imprimer|telecharge|telechargent|telecharger|depose|deposent|deposer|synchronise|synchronisent|synchroniser ~ plus|pas|jamais; \
      impossible|impossibles d|de ajouter|enregistrer|sauvegarder|generer|creer|valider|supprimer|modifier|telecharger|deposer|importer|exporter|imprimer|envoyer"),
    (Tag::Symptom(Symptom::Unavailable),
     "hs|ko; plus aucun|aucune ~ ne|n; en carafe|rade|vrac|panne|rideau|croix; panne|pannes; tombe|tombes|tombee|tombees|tombent|tomber; mort|morte|morts|mortes; creve|crevee|creves; \
      repond|repondent|repondait|repon|reponds|repondre|rep|part|partent|envoie|envoient ~ plus|pas|pa|pu|jamais|rien; plus de reponse; aucune reponse; sans reponse; pas de reponse; coupe|coupent ~ seconde|secondes|sec|minute|minutes; injoignable*; inaccessible*; indisponible*; indisponibilite; indispo|indispos; \
      hors service|ligne|usage|d; marche|marchent|fonctionne|fonctionnent|march|marchait|fonctionnait|fonctione|tourne|tournent|passe|passent ~ plus|pas|pa|pu|plu|po|jamais; \
      rien|plus ne|? marche|fonctionne|va|repond|tourne|charge; casse|cassee|casses|cassees|cass; pete|petee|petes|explose|explosee; en feu|flammes|flamme; enfeu; brule; cramee|crame|cramer; \
      plus acces|d acces|acces; arrive|arrives|arrivons|arrivent|arrivez|arive|jarrive|jarive|peut|peux|peuvent|pouvons ~ plus|pas|pa|jamais ~ acceder|connecter|ouvrir|atteindre|loguer|logger|payer|commander; \
      impossible|impossibles d|de|a|? se|? acceder|connecter|joindre|ouvrir|atteindre|charger|payer|commander|loguer|contacter; ouvre|ouvrent|charge|chargent ~ plus|pas|pa|jamais; \
      hors d usage; kaput; fini de marcher; coupure; interruption de service; la cata; est mort|morte; fige|figee|figes|figees; dans les choux; aux fraises; mais|et pas|plus en|sur"),
    (Tag::Symptom(Symptom::Restarting),
     "redemarre|redemarrent|redemarres|redemarrage|redemarrages|redemarrer|redemarrait; reboote|rebootent|rebooter; crashe|crashent|crashs|crasher|crashait|crache|crachent; \
      plante|plantent|plantage|plantages|planter|plantait|plantee; en boucle; se relance|relancent; plus de memoire; manque|manquent de memoire|ram; memoire insuffisante; tue|tues|tuee par|car|faute; fait|font tuer|killer|kill|oomkill; \
      boucle de redemarrage|crash; se coupe|coupent; meurt|meurent"),
    (Tag::Symptom(Symptom::NotReady),
     "pas|jamais|plus pret|prets|prete|pretes|ready; passe|passent|passer ~ pas|jamais|plus ready|prets|pret; demarre|demarrent|demarrer|demare|demarrait|lance|lancent|boote ~ pas|plus|jamais|pa; \
      sonde|sondes ~ echoue*|ko|rouge*|echec|plante|repond|passe*; demarrage|demarrages impossible|impossibles|ko"),
    (Tag::Symptom(Symptom::Pending),
     "en attente; drain|drains|drainage de|du|d|le|? noeud|node|? ~ bloque|bloquee|coince|coincee|fige|figee|stuck; avance|avancent|avancer|avancait|progresse|progressent ~ pas|plus|jamais; bloque|bloques|bloquee|bloquees|coince|coinces|coincee|coincees|reste|restent ~ pending|containercreating|creation|attente; pas|plus|jamais schedule*|planifie*|place|places|ordonnance*; \
      pas de place sur|dans les|le|un noeud*|node|nodes|cluster; aucun noeud|node"),
    (Tag::Symptom(Symptom::MissingData),
     "affiche|affichent|afiche|affich|afficher|montre|montrent|voit|vois|voient|voyons|voir|voyez|remonte|remontent|remonter|apparait|apparaissent|apparaitre|napparait|saffiche|saffichent|retourne|renvoie|recoit|recois|recoivent|recevons|recevoir|arrivent|trouve|trouvent|sort|recupere|contient ~ plus|pas|pa|pu|rien|jamais|aucun|aucune; \
      disparu|disparue|disparus|disparues|disparait|disparaissent; page|pages|ecran|ecrans|liste|listes|tableau|tableaux|resultat|resultats ~ blanche|blanches|blanc|blancs|vide|vides; vide|vides; manque|manquent|manquante|manquantes|manquant|manquants; \
      plus|pas|aucun|aucune|0|zero de|d|? donnees|donnee|commande|commandes|resultat|resultats|produit|produits|data|datas|mail|mails|notification|notifications|image|images|log|logs|article|articles|stock|stocks|utilisateurs|clients|factures|facture|message|messages|alertes|email|emails; \
      perdu|perdus ~ affichage; date|datent|datait|dataient de|d|du ~ hier|avant-hier|semaine|mois|jours|lundi|mardi|mercredi|jeudi|vendredi|samedi|dimanche; incomplet|incomplete|incomplets|incompletes"),
    (Tag::Symptom(Symptom::NoMetrics),
     "plus|pas|aucune|aucun|manque|manquent|sans de|des|les|aucune|aucun|mes|? metrique|metriques|metric|metrics|graphe|graphes|graph|graphs|graphique|graphiques|courbe|courbes|monitoring|supervision; \
      metrique|metriques|metric|metrics|graphe|graphes|graphs|graphique|graphiques|courbe|courbes ~ manquante|manquantes|disparu|disparue|disparus|disparues|absente|absentes|vide|vides|remontent|remonte|affichent|affiche|plate|plates|plus|pas; \
      grafana|prometheus ~ vide|vides|plat|plus rien|metrique*; affiche|affichent|voit|vois|voient|remonte|remontent|trouve ~ plus|pas|aucune|aucun les|de|des|aucune|mes|? metrique|metriques|metrics|graphe|graphes|graphs|graphique|graphiques|courbe|courbes; \
      cible|cibles|target|targets ~ tombee*|injoignable*|perdue*"),
    (Tag::Symptom(Symptom::DeployFailed),
     "deploiement|deploiements|deploy|deploys|deploie|deployer|release|releases|mep|mise|rollout|helm|upgrade|rollback|livraison|pipeline|pipelines|build|builds|jenkins|argocd|argo|ci|chart|argo-cd ~ echoue|echouee|echoues|echouent|rate|ratee|rates|coince|coincee|coinces|coincees|bloque|bloquee|bloques|plante|plantee|plantes|ko|casse|cassee|casses|foire|rouge|rouges|echec|erreur|degrade|degraded|outofsync|plus|pas|jamais|peteee|pete; \
      echec|echecs|erreur ~ deploiement|deploiements|deploy|release|mep|helm|rollout|upgrade|pipeline|build; deploie|deploy|deployer|livrer|releaser ~ plus|pas; impossible de deployer|livrer|releaser|deploy; arrive|arrivons|arrivent|arrives|peut|peux ~ plus|pas a|? deployer|livrer|releaser; \
      build|builds|pipeline|pipelines|job|jobs jenkins|ci|? rouge|rouges|casse|cassee|casses|cassees|pete|petee|echoue|echouent|ko; job|jobs jenkins ~ echoue|echouent|echec|rouge|rouges|casse|plante|ko|bloque|attend; quality-gate|quality-gates|sonar|sonarqube ~ rouge|rouges|echoue|echec|ko|bloque|bloquee|bloquent|passe|casse|cassee|erreur|refuse; quality|qualite gate|gates ~ rouge|rouges|echoue|echec|ko|bloque|bloquee|bloquent|passe|casse|cassee|erreur|refuse; build|builds|pipeline|pipelines|jenkins ~ en echec|erreur; build|builds|pipeline|pipelines ~ attend|attendent|attente|file|queue|demarre|part|partent|lance|avance pas|plus|?; deploiement|rollout ~ tourne|boucle|bloque|coince|fige; \
      build|builds|pipeline|pipelines ~ reste|restent|est|sont en file|queue; tourne|tournent|reste|restent toujours|encore en|sur version|la|? 0*|1*|2*|3*|4*|5*|6*|7*|8*|9*|v0*|v1*|v2*|v3*|v4*|v5*|v6*|v7*|v8*|v9*; toujours|encore ~ ancienne|vieille|precedente version|image|release; \
      merge|merges|mergee|merger|commit|commits ~ pas|jamais|rien ~ deploye|deployee|livre|livree|parti|partie|passe|bouge|change"),
    (Tag::Symptom(Symptom::DiskFilling),
     "disque|disques|disk|volume|volumes|pvc|stockage|partition|pv|fs ~ plein|pleine|pleins|full|sature|saturee|satures|sature*|rempli*|remplit|rempli|100|99|98|97|96|95|90|deborde; plus|manque de|d|? place|espace|espace; espace disque; pas assez d|de espace|place; reste ~ go|giga d|de ~ espace|disque"),
    (Tag::Symptom(Symptom::JobFailed),
     "job|jobs|cronjob|cronjobs|cron|crons|batch|batchs|traitement|traitements ~ echoue|echoues|echouent|echec|echecs|rate|rates|plante|plantes|plantent|ko|casse|foire|rouge|bloque|coince|erreur|tombe|crash*; \
      job|jobs|cronjob|cronjobs|cron|crons|batch|batchs|traitement|traitements ~ pas|plus|jamais|pa ete|? passe|passes|tourne|tournes|tournent|execute|executes|lance|lances|parti|partis|declenche|demarre|fini|finis|termine|termines; \
      job|jobs|cronjob|cronjobs|cron|batch|traitement|traitements ~ tourne|passe|lance|execute|declenche|tournent|passent|finit|termine ~ pas|plus|jamais|pa|pu"),
    (Tag::Symptom(Symptom::NotScaling),
     "scale|scalent|scaler|skale|scal ~ pas|plus|jamais|pa|pu; hpa|autoscaling|autoscaler|autoscale|auto-scaling ~ pas|plus|bloque|coince|marche|reagit|casse|hs|ko|fonctionne; monte|montent ~ pas|plus en|? charge|replicas; \
      reste|restent|bloque|coince ~ replica|replicas; mise a l echelle ~ pas|plus"),
    (Tag::Trouble,
     "probleme|problemes|pb|pbs|prob|probs|blem; souci|soucis; bizarre|bizarres|bizarrement|chelou|etrange|etranges; anormal*; cloche; alerte|alertes; n importe quoi; nimp|nimporte; urgent|urgente|urgence; au secours; sos; ca va pas|plus; \
      va|vont pas|mal|plus; galere|galerent; wtf; se|ce passe|passe-t-il; quoi ce bordel; rouge|rouges; critique|critiques; sature|saturee|satures|saturation; consomme|consomment|bouffe|bouffent ~ trop|beaucoup|toute|tout; fuite memoire; \
      deconne|deconnent; vrille; sucette; part|partent en couille|live; instable|instables; inutilisable|inutilisables; impacte|impactes|impactee; se plaignent|plaint|plaindre; pourquoi; ralent; rale|ralent; foutu|foutue; delire"),
    (Tag::Danger(Danger::DataLoss),
     "perte|pertes de|des|d|? donnees|donnee|data|commandes|factures|messages; perdu|perdus|perdue|perdues|perd|perdent|perdons|perdre ~ donnees|donnee|data|base|bdd|commandes|paiements; donnees|donnee|data|base|bdd|table|tables|commandes ~ perdue|perdues|perdu|perdus|effacee|effacees|efface|supprimee|supprimees|supprime|corrompue|corrompues|corrompu|ecrasee|ecrasees|detruite|detruites|videe|videes; \
      corruption ~ donnees|donnee|base|bdd|index|data|disque; efface|effacee|effaces|supprime|supprimee|ecrase|detruit|detruite|droppe|drop|truncate|corrompu|corrompue ~ donnees|donnee|base|bdd|table|tables|data|volume|pvc|backup|sauvegarde|sauvegardes|bucket; vide|efface|supprime|detruit|ecrase la|les|une base|bdd|table|tables|prod|production; sauvegarde|sauvegardes|backup|backups ~ perdue|perdues|perdu|corrompue|corrompues|corrompu|ecrasee|ecrasees|supprimee|supprimees"),
    (Tag::Danger(Danger::Security),
     "faille|failles; pirate|pirates|piratee|piratage; hacke|hackee|hackes|hacker|hackers; intrusion|intrusions; intrus; fuite|fuites de|des|d ~ donnees|donnee|data|secrets|secret|tokens|token|mots|mot|cle|cles|identifiants; \
      incident|probleme|question|alerte|souci|pb|enjeu|risque de|d securite; donnees|donnee|secret|secrets|token|tokens|passe|cle|cles|identifiants|mdp|password|base ~ exposee|exposees|expose|exposes|fuite|leak*|compromis|compromise|compromises|vole|volee|volees|publique|publics|public; \
      compromis|compromise|compromises; acces non autorise*; acces|connexion|connexions frauduleux|frauduleuse|frauduleuses|suspect|suspecte|suspectes|illegitime*; vulnerabilite*; cyberattaque|attaque|attaques|attaquant|attaquants|attaque*; escalade de privilege|privileges; rancongiciel; usurpation"),
    (Tag::Danger(Danger::Irreversible),
     "irreversible*; irrecuperable*; irremediable*; suppression definitive; supprime|efface|supprimee|detruit|perdu definitivement; definitivement supprime|supprimee|efface|effacee|perdu|perdue|perdus|perdues|detruit; \
      rollback|retour|restauration ~ impossible; impossible de rollback|restaurer|revenir|recuperer ~ arriere|donnees|?; pas|plus de retour|rollback arriere|possible; namespace|cluster|pvc|volume ~ supprime|efface|detruit; supprime|efface|detruit|supprimer ~ namespace|cluster"),
    (Tag::Logs, "log|logs|journaux; les journaux; traces"),
    (Tag::Version, "version|versions|tag|tags|revision|revisions; quel|quelle|quels|quelles ~ image|images|commit|build|release|chart; image|images de|du|d"),
    (Tag::Changes,
     "qui|ki|quand ~ deploye|deployee|deployes|livre|livree|pousse|mep|release|change|modifie|touche|merge|deploit|deploie; derniers|dernieres|dernier|derniere|recents|recent|recentes ~ deploiements|deploiement|deploy|deploys|changements|changement|modifications|modification|modifs|modif|releases|release|mep|livraisons|livraison|rollouts|mises|mise; \
      qu|quoi|que|ce|est ~ a|ete change|deploye|bouge|livre|modifie|mep; quoi de neuf|nouveau; historique; deploiements|mep|changements|deploys du|d|de|depuis|des|en|cette|sur|pour|aujourdhui|hier; liste|lister ~ deploiements|changements|livraisons|releases|deploys; qui a ~ quoi; ce qui a change|bouge|ete; kestufait"),
    (Tag::Usage,
     "top des|de|du|? pods|pod|nodes|noeuds|conteneurs|containers|memoire|cpu|ram|consommateurs|conso; conso|consos|consommation|consommations; consomme|consomment ~ combien|quoi; combien ~ cpu|memoire|ram|mem; utilisation ~ cpu|memoire|ram|ressources; ressources; usage ~ cpu|memoire|ram|mem; cpu|memoire|ram ~ consommee|consomme|utilisee|utilise"),
    (Tag::Sizing,
     "combien ~ replicas|replica|replique|repliques|instances|instance|pods; quelle|quelles|quel|quels ~ limite|limites|limit|limits|request|requests; bonne|bonnes limites|limite; \
      limite|limites|limit|limits|replicas|repliques|request|requests ~ faut|faut-il|faudrait|faudrait-il|mettre|choisir|suffit|suffisent|suffisante|suffisantes|suffisant|adaptee|adaptees|correcte|correctes; \
      faut|faut-il|faudrait|faudrait-il|doit|doit-on|dois|dois-je|devrait|devrait-on|devrions-nous ~ augmenter|monter|relever|baisser|reduire|diminuer|changer|ajuster|revoir|ajouter|mettre|scaler ~ limite|limites|limit|limits|replicas|replica|repliques|request|requests|memoire|cpu|ram; \
      pourquoi ~ hpa|autoscaler|autoscaling|scaling|scale|scaled|scaler; hpa|autoscaler ~ pourquoi; \
      scaling|autoscaling|scale|hpa|autoscaler|dimensionnement|replicas de|du|d|des|? ~ normal|normale|normaux|attendu|temporaire|durable|suffisant|correct; limite|limites|limit|limits|replicas|requests faut|faut-il|faudrait|doit-on ~ changer|augmenter|revoir|relever|mettre|baisser|choisir; normal ~ scaling|autoscaling|scale|hpa|autoscaler|replicas; dimensionnement|dimensionner"),
    (Tag::Dashboard,
     "dashboard|dashboards pour|de|du|d|des; tableau|tableaux de bord grafana|? pour|de|du|d|des; grafana pour|de|du; dashboard grafana|json; tableau de bord grafana; fais|faire|cree|creer|genere|generer|prepare|preparer|monte|faut moi|nous|? un|le|? nouveau|? dashboard; fais|faire|cree|creer|genere|generer|prepare|preparer|monte|faut moi|nous|? un|le|? nouveau|? tableau de bord"),
    (Tag::Help,
     "aide; aide|aidez moi|nous; a l aide; comment ca|tu marche|marches|fonctionne|fonctionnes; tu|vous sais|sait|peux|savez|pouvez faire quoi; que|quoi sais|peux tu|t faire; tu sais faire|quoi; mode d emploi; quelles commandes; liste ~ commandes; commandes disponibles; comment t utiliser; comment on t utilise; comment je t utilise"),
    (Tag::TestPage,
     "test|teste|testez|tester le|la|l|un|une|? page|pager|alerte|astreinte|escalade|appel|paging; page test|de test; test|tester d|de|du|l ~ page|astreinte|escalade|alerte|pager"),
    (Tag::OnCall, "qui ~ astreinte|astreintes|permanence; qui est|c|sera de garde; qui est le|la|notre lead; c est qui le|la|l|d lead|astreinte; astreinte|permanence c est|? qui"),
    (Tag::Maintenance, "maintenance; en maintenance; mode maintenance"),
    (Tag::MaintenanceOver,
     "fin|finie|fini|finis|termine|terminee|arrete|stoppe|annule|annuler|clos|ferme|leve|sortie|sors|sort|plus de|du|d|la|l|en|? maintenance; maintenance de|? ~ finie|fini|terminee|termine|annulee|annule|levee|close|fin|arretee; plus en maintenance; maintenance est|? ~ finie"),
    (Tag::Acknowledge,
     "je|j|on prends|prend|pren|prens ca|la|le|en|? main|charge|sujet|incident|?; j ai pris; jprends|jprend; m en occupe|charge; men occupe|charge; s en occupe|charge; gere|geres ca|?; je suis dessus; suis dessus; chui dessus; je|j regarde|check|checke|gere|verifie|investigue; on|j y regarde|va|vais|est|suis; on est dessus; acquitte|acquittement|acquitter; pris en charge; je m y colle; c est pour moi; je me|? penche dessus; bien recu"),
    (Tag::Resolve,
     "resolu|resolue|resolus|resolues|resolut; c|est|cest|sont|ete|etait regle|reglee|reglees|regles|repare|reparee|corrige|corrigee|fixe|fixee|reparti|retabli|retablie|retablis|revenu|revenue; probleme|incident|souci|pb regle|corrige|repare|clos|ferme|termine; incident clos; cloture|cloturer|cloturee|clos|close; fermer|ferme l|le|cet incident|ticket; rentre dans l ordre; retour|revenu|revenue a la normale|normal; ca|tout remarche|refonctionne|remarche|reparti; marche|fonctionne|repond a|de nouveau; retabli|retablie; tout est|? ok|bon|reparti|vert"),
    (Tag::Review,
     "review|revue|audite|auditer|audit; fais|faire|fait une|un|le|la|? revue|audit|review; bien|mal|correctement configure|configuree|configures|configurees|parametre|parametree|dimensionne|dimensionnee; bonnes|bonne pratiques|pratique; passe|passer en revue; respecte|respectent les|? bonnes pratiques"),
    (Tag::Escalate,
     "escalade|escalader|escalades|escaladez|escaladons; appelle|appelez|appeler|ping|pinge|pinger|previens|prevenez|prevenir|reveille|reveillez|reveiller|contacte|contactez|contacter|alerte|alertez|alerter|biper|bipe le|la|l|un|? lead|chef|astreinte|responsable|tech-lead|referent; besoin du|d|de un|l|? lead|chef|astreinte|responsable; faut|veux|voudrais le lead"),
    (Tag::RunAgain,
     "relance|relancer|relances|relancez l|le|la|une|? analyse|diagnostic|diag|enquete|investigation|verif|verification|?; encore une fois; reverifie|reverifier|reverifiez; refais|refaire|refaites|recommence|recommencer; regarde|verifie|analyse|check|essaie|cherche|regardes|reessaie encore|nouveau|a|de|? nouveau|encore; reessaie|reessaye|reessayer; rafraichis|rafraichir|actualise|actualiser; de nouveau; nouvelle analyse; une autre fois; pas|toujours|encore|non pas|? resolu|resolue|regle|reglee|corrige|repare|fixe"),
    (Tag::WrongAnswer,
     "mauvaise|fausse|mauvais reponse|analyse|cause|piste|diagnostic|conclusion; c est faux; faux; c|cest|ce|c est|n|? pas ca|cela|bon|bonne la|? cause|reponse|raison|?; pas la bonne|vraie cause|reponse|raison|piste; a cote de la plaque; rien a voir; tu te trompes"),
    (Tag::Silence, "silence; silencer; mets|met|mettre|passe en sourdine|silence|mute; mute; tais|taire l|les|cette|? alerte|alertes; sourdine"),
    (Tag::Absent,
     "absent|absente|absents|absence; suis|serai|sera|seras|est en conge|conges|vacances|rtt|arret|formation|deplacement; suis|serai|sera malade|off|indispo|indisponible|ooo; suis|serai pas|plus la|dispo|disponible"),
    (Tag::Back, "suis|est de retour; suis|est revenu|revenue|rentre|rentree; retour de conges|conge|vacances"),
    (Tag::Act(Change::Restart), "redemarre|redemarrer|redemarres|redemarrez|relance|relancer|relancez|reboote|rebooter|restarte|restarter|kill|killer"),
    (Tag::Act(Change::Rollback), "rollback|rollbacke|rollbacker; reviens|revenir|reviens-en|retour en|a arriere|l|la|? version|?; annule|annuler le|la|? deploiement|release|mep"),
    (Tag::Act(Change::Scale), "scale|scaler|scalez; passe|passer|monte|monter|augmente|augmenter|baisse|baisser|descends ~ replicas|replica|pods|memoire|cpu|limite|limites; augmente|augmenter|ajoute|ajouter"),
    (Tag::Act(Change::Deploy), "deploie|deployer|deployez|redeploie|redeployer|deploye|livre|livrer"),
    (Tag::Act(Change::Delete), "supprime|supprimer|supprimez|efface|effacer|vire|virer|detruis|detruire|degage|degager"),
    (Tag::Status,
     "etat|sante|statut|status; va|vont bien|?; ca va|donne quoi; comment va|vont|se|ca; tout|ca va bien|ok; marche|fonctionne|repond|tourne|vit bien|toujours|correctement|encore|normalement; tu peux regarder|verifier|checker|jeter; regarde|regarder|regardes|verifie|verifier|checke|checker|inspecte|analyse|analyser|diagnostique|diagnostiquer|investigue|investiguer|examine|surveille; jette|jeter un oeil|?; des nouvelles; ou en est"),
    (Tag::Fine,
     "marche|fonctionne|tourne|repond|marchent|fonctionnent bien|nickel|parfaitement|super|correctement|normalement|impec; va|vont bien|mieux; n est|a|etait plus; ok|bon|bien en|sur; nickel; impeccable; rien a signaler; ras; tout est ok|vert|bon|normal; marche|fonctionne|marchent"),
    (Tag::Request, "montre|montrer|donne|donner|donnes|montres|envoie|envoyer|affiche|afficher|file|sors|recupere|recuperer|balance|voir|avoir|lis|lire; je|on veux|veut|voudrais|voudrait|aimerais|peut|peux|pourrait; peux|peut|pourrais|pouvez tu|on|t|vous|?; il me|nous faut|faudrait"),
    (Tag::Chatter, "a|ai|avons|avez|ont recu|recue un|une|des|le|? mail|mails|email|emails|courriel|sms|ticket; comme quoi; equipe|equipes|astreinte|reunion|reu|conge|conges|retro|planning|standup|demo|formation|weekend|vacances; bon|bonne courage|journee|weekend|soiree|nuit|continuation|boulot|travail; merci|merki|mrc|mci|rci|remercie; bien joue|vu; bravo; chapeau; felicitations|felicitation|felicite; genial|parfait|nickel|excellent|formidable; trop fort; mdr|ptdr|lol; d accord|ac; dac|dacc|oki; note|compris|entendu; ca marche; tant mieux; de rien; pas de souci|soucis|probleme|problemes; t inquiete; je vois; oui|ouais|non|nan|ouep|yep; a demain|plus|bientot|tout"),
    (Tag::Hail,
     "tu|vous|t es|est|etes|? la|ici|vivant|reveille|pret|dispo|disponible|reveillee; tes la; es|etes tu|vous la|ici|vivant|reveille|pret|dispo|disponible; y a il|t|? quelqu|quelquun un|?; quelquun|quelqu un|? m entend|recoit|lit; \
      tu|vous m|me entends|recois|lis|vois|entendez|recevez; tu marches|fonctionnes; qui es|est|etes tu|vous; tu|t es|est qui; es|t|tu es|est|? tu|? un|une bot|robot|humain|humaine|ia|machine; comment tu|vous|t|te|? appelles|appelez tu|vous|?; comment tu t appelles; tu t appelles comment; \
      comment vas|allez tu|vous; ca va bien|?; tu|vous vas|allez bien; petit|simple|? test; je teste|test"),
    (Tag::Define,
     "c est|et quoi|koi un|une|des|l|?; c quoi|koi un|une|des|?; qu est ce|c qu|que un|une|des|?; qu est ce que c est qu|que un|une|des|?; que|qu veut|veulent|signifie|signifient dire|?; veut dire quoi|koi; explique|expliquer moi|nous|? ce|c|? qu|que|? est|? un|une|?; definition de|d"),
    (Tag::Greeting, "bonjour|bjr|slt|salut|coucou|bonsoir|bsr|hello|hey|hi|yo|wesh|re; bonne annee"),
];
