//! Common words: they name no object, and most of them tell the language.

use std::collections::HashMap;
use std::sync::LazyLock;

use crate::text::Language;

/// French words that English does not have.
const FR: &str = "
    l d n s c j m t qu le la les un une des du de au aux ce cet cette ces ca cela ceci celui celle ceux celles mon ma
    mes ton ta tes son sa ses notre nos votre vos leur leurs je tu il elle nous vous ils elles moi toi lui eux se me te
    et ou ni car donc or mais que qui quoi dont quel quelle quels quelles pourquoi pq pk prk comment cmt quand combien
    est es suis sommes etes sont etait etaient etais ete sera serait seront soit etre ai avons avez ont avait avaient
    eu aura aurait avoir fait fais font faire faisait vais allons allez vont aller peux peut peuvent pouvez pouvons
    pourrait pourrais pourriez pouvoir veux veut voulez veulent voudrais voudrait vouloir dois doit doivent devrait
    devoir faut faudrait sais sait savez savoir crois croit pense penses dit dire disent dites voir vu regarde
    regarder regardez verifier verifie pas plus jamais rien aucun aucune personne sans avec dans sur sous vers chez
    par pour entre depuis pendant avant apres lors jusque jusqu jusquau contre malgre selon en y ya a dessus dessous
    tres trop peu beaucoup assez moins aussi encore toujours deja bientot tot tard maintenant mtn mnt aujourd
    aujourdhui aujourd'hui hier demain matin midi soir nuit apres-midi aprem journee semaine mois an annee heure
    heures minute minutes seconde secondes h min mn jour jours lundi mardi mercredi jeudi vendredi samedi dimanche
    janvier fevrier mars avril mai juin juillet aout septembre octobre novembre decembre oui non si bien bon bonne bons mal tout
    toute tous toutes meme autre autres chaque quelque quelques certain certains certaines plusieurs tel telle comme
    alors ainsi puis ensuite enfin voila voici ici la-bas dessous svp stp please merci bonjour salut coucou bonsoir
    bjr slt re gars mec mecs collegues collegue gens monde equipe equipes petit petite petits petites gros grosse
    grand grande nouveau nouvelle nouveaux nouvelles ancien ancienne dernier derniere derniers dernieres premier
    premiere vraiment carrement completement totalement souvent parfois soudain soudainement subitement dun coup
    environ presque juste seulement uniquement surtout notamment apparemment normalement visiblement bizarrement
    truc trucs chose choses machin bidule bordel putain punaise puree zut mince oups aie houla ouais ouaip nan lol
    site sites appli applis plateforme outil outils systeme infra env environnement environnements cluster serveur
    serveurs page pages ecran fenetre bouton truc bosse bosser travail boulot taf utilise utiliser utilises marche
    marchent fonctionne fonctionnent tourne tournent lance lancer ouvre ouvrir charge charger chargement arrive
    arrivent arrives arrivons arriver passe passent passer reste restent rester semble semblent parait commence
    commencent commencer continue continuent essaie essaye essayer tente tenter donne donner donnez mettre mets met
    mettent prend prennent prends prendre vient viennent viens venir devient deviennent trouve trouver cherche
    chercher regardent suite cause raison probleme problemes souci soucis pb pbs probleme genre niveau cote coup
    fois gros coups peu part parts moment moments instant temps reel train cours dis previens prevenez prevenir servce sevice serivce servic faut-il c'est cest cetait ces jai
    jarrive jai yen ya yapu ta ton kel kelle ki koi kwa ke keske kesk ds ns vs tt ts tjs tjrs tjr bcp vrmt qd qqun
    qqn qqch dsl desole desolee svp steplait stepl pr ac avc jsp jcrois chepa nn pu ptin merde putin cb
    quelquun quelque-chose urgent urgence vite rapidement asap repond repondent renvoie renvoient retourne retournent clients utilisateurs internautes
    replicas replica go mo ko giga mega pourcent degres etage savoir plait dispo fonctionnel accessible utilisable
    lorsqu lorsque puisque parce afin quoique bref fini finie finis tombe alerte alertes aucuns via grosso modo
    hello salutations tlm tous tousse merciii vas-y celui-ci celle-ci ceux-ci celui-la celle-la la-dessus peut-etre
    c-a-d rendez-vous es-tu est-elle n'est prod-la jour-la semaine-la depuis-hier avance quelquefois vis-a-vis
    deploye deployee deployes deploiement deploiements remarque remarques remonte remontent signale signalent
    signaler constate constatons voit vois voient voyons lien rapport besoin attention info infos question
    entier entiere total totale globale global general generale partout nulle tombent mises mise jour
    deux trois quatre cinq six sept huit neuf dix onze douze quinze vingt trente cent mille dizaine dizaines douzaine
    termine terminent terminer finit finissent finir plaint plaignent plaindre rame rament ramer gauche droite
    acces affiche affichent afficher sert servent servir consommateur consommateurs
";

/// English words that French does not have.
const EN: &str = "
    the it an this that these those there here its it's he she they them their theirs his her our ours your yours my mine
    we you us i im ive ill id youre youve theyre were weve whos whats wheres hows thats theres lets let is are am was
    be been being isnt arent wasnt werent do does did done doing dont doesnt didnt have has had having havent hasnt
    hadnt can cant cannot could couldnt would wouldnt should shouldnt will wont shall may might must not no nor never
    nothing none nobody anything anyone anybody any some someone somebody something everything everyone everybody all
    every each both either neither other others another such same and or but if then else so because cause since
    although though while when whenever where why how what which who whom whose of in to from with without at by for
    about into onto over under between through during before after above below off out up again further once only just
    also too very much many more most less least few little lot lots bit quite rather really actually basically
    seriously maybe perhaps probably apparently seems seem seemed seeming looks look looking looked like feels feel
    get gets getting got gotten give gives giving gave show shows showing showed see sees seeing saw seen say says
    saying said tell tells telling told ask asks asking asked know knows knowing think thinks guess want wants wanted
    need needs needed please pls plz thanks thank hello hi hey folks guys team teams people hiya yall everyone
    today yesterday tomorrow tonight now morning afternoon evening night week weeks month months year years day days
    hour hours minute minutes second seconds mins secs hr hrs ago later soon earlier recently lately currently still
    yet already always often sometimes suddenly almost nearly around monday tuesday wednesday thursday friday saturday
    sunday january february march april june july august september october november december whole entire
    new old last first next good well fine ok okay yes yeah yep yup nope sure right bad worse worst big small long
    short high low huge quick quickly fast keeps keep kept keeping stays stay stayed staying remains remain remained stuck start starts started starting stop stops stopped
    going goes go gone went come comes coming came make makes making made take takes taking took try tries trying
    tried use uses using used work works working worked run runs running ran happen happens happening happened
    having thing things stuff way ways part parts time times place kind sort reason site sites website websites
    platform system systems page pages screen button app's environment environments env server servers cluster
    customers users clients customer's anyway somehow somewhere anymore anywhere everywhere whatsoever whats wtf omg
    damn hell shit fuck fucking dude bro mate sir madam lol help me myself yourself it'll as than per via etc please
    wondering wonder check checking checked anything cannot able unable having completely totally entirely fully
    half quarter dozen hundred thousand percent replicas replica pls u ur r y'all gonna wanna gotta kinda dunno idk
    afaik imo imho fyi btw asap bits issue issues problem problems trouble our noticed notice noticing report reports
    reported reporting reporters experiencing experience receive receives receiving return returns returning throw throws
    throwing serve serves serving load loads loading open opens opening close another second due lots couple far near
    against across along behind beside beyond inside outside upon within toward towards till until except despite
    think thought believe hope appears appear available expected unexpected usual usually normal normally behaviour
    behavior behaving randomly random constantly continuously repeatedly intermittently intermittent times few
    having mine one ones two three four five six seven eight nine ten whenever answer answers answering
    respond responds responding reach reaching access question info details information attention lately overnight
    deploy deployed deploying deployments reply replies someone's weekend it'd they'd we'd i'd you'd hows
    lose loses losing lost left right eleven twelve plenty tons complain complains complaining
    anyone's lets's happens visible usable functional af ngl
";

/// Words of both languages, and of the trade.
const BOTH: &str = "
    a on me plus son or as one des par main for do help si us tu sale pays est-ce ne no ok k www http https com prod-
    svp pls x xx etc vs ps re aka ie eg max min avg moyenne web-site
    cpu ram memoire memory mem disk disque image images tag tags version versions config conf configuration log logs
    metrics metrique metriques metric graph graphs graphe graphes http api-server k8s kubernetes kube kubectl slack
    devops bot vigie incident incidents code codes status statut error errors erreur erreurs url urls link port ports
    replica replicas limit limits limite limites request requests requete requetes trafic traffic endpoint endpoints
    secret secrets warning warnings env var variable variables container containers conteneur conteneurs
    deployment statefulset daemonset namespace ns service services svc app application applications appli
    microservice microservices composant component workload workloads pod pods job jobs node nodes noeud noeuds
    resource resources ressource ressources total data-center maintenance cluster clusters
    certificat certificate cert certs tls ssl
    today info infos test tests support ticket tickets jira release releases deploy rollout build builds pipeline pipelines
    hello merci thanks top super cool nice
";

static WORDS: LazyLock<HashMap<&'static str, Option<Language>>> = LazyLock::new(|| {
    let mut words = HashMap::new();
    for (list, language) in [(FR, Some(Language::Fr)), (EN, Some(Language::En))] {
        for word in list.split_whitespace() {
            words
                .entry(word)
                .and_modify(|said| *said = None)
                .or_insert(language);
        }
    }
    // A word listed in both languages tells neither; the last list overrules.
    words.extend(BOTH.split_whitespace().map(|word| (word, None)));
    words
});

/// Whether the folded word is too common to name an object.
pub(in crate::intent) fn is_stop(word: &str) -> bool {
    WORDS.contains_key(word)
        || (word.chars().all(|c| c.is_ascii_digit()))
        || word.chars().count() == 1
}

/// The language that a common word tells, if it tells one.
pub(in crate::intent) fn stop_language(word: &str) -> Option<Language> {
    WORDS.get(word).copied().flatten()
}
