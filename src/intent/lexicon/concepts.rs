//! The names of things in both languages: `paiement` is `payment`, `base de données` is `database`.
//! Applied alike to the words of a question and to the names of live objects.

use std::collections::HashMap;
use std::sync::LazyLock;

use crate::intent::fold::singular;

/// Words for one thing, separated by spaces; the first is its name. Folded, singular.
const CONCEPTS: &[&str] = &[
    "payment paiement payement pay paye payer paying pmt paiment payments-svc paymt",
    "order commande cmd ordering commander",
    "cart panier basket caddie",
    "checkout caisse",
    "user utilisateur usager users",
    "account compte",
    "customer client clientele",
    "billing facturation",
    "invoice facture invoicing",
    "search recherche rechercher chercheur searching",
    "database bdd db base sgbd bd",
    "dashboard dashbord dashbaord tableau-de-bord",
    "auth connexion authentification authentication login signin log-in sign-in identification identite identity sso connecter loguer logger iam authn authenticator authservice",
    "authorization autorisation authz permission droit",
    "registration inscription signup sign-up enregistrement",
    "session sessions",
    "mail courriel email mailer mailing emailing courrier smtp",
    "notification notif notifier notify alerting",
    "stock inventory inventaire stocks",
    "shipping livraison shipment delivery expedition envoi transporteur shipper",
    "parcel colis",
    "tracking suivi tracker",
    "product produit article",
    "catalog catalogue catalogs",
    "price prix pricing tarif tarification",
    "promotion promo coupon remise discount reduction",
    "review avis comment commentaire rating",
    "recommendation recommandation reco recommender suggestion",
    "report rapport reporting reports",
    "export exportation exporter-csv",
    "import importation importer ingestion ingest",
    "file fichier",
    "upload televersement uploader",
    "download telechargement downloader",
    "picture photo",
    "video videos",
    "queue file-d-attente mq broker",
    "cache caching",
    "gateway passerelle gw",
    "proxy mandataire",
    "scheduler ordonnanceur planificateur",
    "worker travailleur ouvrier",
    "backup sauvegarde",
    "warehouse entrepot",
    "booking reservation resa",
    "calendar calendrier agenda",
    "contract contrat",
    "message messagerie messaging messenger msg",
    "chat discussion tchat",
    "profile profil",
    "subscription abonnement",
    "supplier fournisseur vendor",
    "return retour",
    "refund remboursement",
    "tax taxe tva vat",
    "accounting comptabilite compta",
    "bank banque banking",
    "statistic statistique stat analytics analytique",
    "monitoring supervision surveillance",
    "translation traduction",
    "store boutique shop magasin",
    "admin administration backoffice back-office",
    "frontend front front-end storefront",
    "backend back back-end",
    "mobile",
    "postgres postgresql pg psql postgre",
    "mysql mariadb",
    "mongo mongodb",
    "rabbitmq rabbit rmq",
    "elasticsearch elastic es",
    "kafka",
    "redis",
    "prometheus prom",
    "grafana",
    "fraud fraude",
    "wallet portefeuille",
    "ticketing billetterie",
    "support assistance",
    "map carte geo",
    "home accueil homepage",
    "api apis",
    "migration migrate migrations",
    "cron cronjob",
    "location localisation geolocation",
    "loyalty fidelite",
    "audit",
    "quote devis",
    "document doc",
    "ad pub publicite ads",
    "currency devise",
];

/// Names of several words, and the one word they become before names are told apart.
const COMPOUNDS: &[(&[&str], &str)] = &[
    (&["base", "de", "donnees"], "database"),
    (&["base", "de", "donnee"], "database"),
    (&["bases", "de", "donnees"], "database"),
    (&["base", "donnees"], "database"),
    (&["data", "base"], "database"),
    (&["tableau", "de", "bord"], "dashboard"),
    (&["tableaux", "de", "bord"], "dashboard"),
    (&["dash", "board"], "dashboard"),
    (&["file", "d", "attente"], "queue"),
    (&["moteur", "de", "recherche"], "search"),
    (&["check", "out"], "checkout"),
    (&["sign", "in"], "login"),
    (&["sign", "up"], "signup"),
    (&["se", "connecter"], "login"),
    (&["me", "connecter"], "login"),
    (&["nous", "connecter"], "login"),
    (&["back", "office"], "backoffice"),
    (&["front", "end"], "frontend"),
    (&["back", "end"], "backend"),
    (&["e", "mail"], "email"),
    (&["e", "mails"], "email"),
    (&["mot", "de", "passe"], "password"),
    (&["mots", "de", "passe"], "password"),
    (&["page", "d", "accueil"], "home"),
];

static NAMES: LazyLock<HashMap<String, &'static str>> = LazyLock::new(|| {
    let mut names = HashMap::new();
    for line in CONCEPTS {
        let mut words = line.split_whitespace();
        let Some(name) = words.next() else { continue };
        names.insert(singular(name), name);
        for word in words {
            names.entry(singular(word)).or_insert(name);
        }
    }
    names
});

/// One name for all words of one thing: the English one where the list has it, else the singular.
pub(in crate::intent) fn concept(word: &str) -> String {
    let stem = singular(word);
    NAMES.get(&stem).map_or(stem, |name| singular(name))
}

/// The word that the first few of these words make together, and how many they are.
pub(in crate::intent) fn compound(words: &[&str]) -> Option<(&'static str, usize)> {
    COMPOUNDS
        .iter()
        .find(|(parts, _)| words.starts_with(parts))
        .map(|(parts, name)| (*name, parts.len()))
}

/// The thing that a misspelt word names: `comandes`, `paimnet`.
pub(in crate::intent) fn near_concept(word: &str) -> Option<String> {
    let stem = singular(word);
    let allowed = match stem.len() {
        0..6 => return None,
        6..8 => 1,
        _ => 2,
    };
    NAMES
        .iter()
        .filter(|(known, _)| known.len() >= 5 && known.as_bytes()[0] == stem.as_bytes()[0])
        .map(|(known, name)| (strsim::osa_distance(known, &stem), *name))
        .filter(|(slips, _)| *slips <= allowed)
        .min()
        .map(|(_, name)| singular(name))
}

/// Whether a program of that name is of that sort: `postgres` is a database.
pub(in crate::intent) fn is_sort_of(sort: &str, name: &str) -> bool {
    let names: &[&str] = match sort {
        "database" => &[
            "postgre",
            "mysql",
            "mongo",
            "cassandra",
            "cockroach",
            "oracle",
        ],
        "cache" => &["redi", "memcached", "varnish", "valkey"],
        "queue" => &["rabbitmq", "kafka", "nat", "activemq", "pulsar"],
        _ => &[],
    };
    names.contains(&name)
}

/// Whether the word names a thing of the list.
pub(in crate::intent) fn is_concept(word: &str) -> bool {
    NAMES.contains_key(&singular(word))
}
