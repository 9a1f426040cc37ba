//! What the drawer offers: the incidents that wait, how one would ask about each, what repairs it,
//! and which of them are there now.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::{Mutex, MutexGuard, PoisonError};

use serde_json::{Value, json};

use crate::sandbox::world::Scenario;

/// French, then English.
type Words = [&'static str; 2];

/// One thing to ask.
struct Item {
    /// The number in the domain's list.
    id: &'static str,
    /// The incident behind it; without one, nothing is wrong or everything is meant.
    scenario: Option<Scenario>,
    ask: Words,
    /// The fix, as a person would do it.
    repair: Words,
}

const ITEMS: &[Item] = &[
    Item {
        id: "S1",
        scenario: Some(Scenario::PaymentOutOfMemory),
        ask: [
            "@devops Service payment est lent en production",
            "@devops payment is slow in production",
        ],
        repair: [
            "relever la limite mémoire à 1Gi",
            "raise the memory limit to 1Gi",
        ],
    },
    Item {
        id: "S2",
        scenario: Some(Scenario::OrdersSelector),
        ask: [
            "@devops Le dashboard n'affiche plus les commandes",
            "@devops the dashboard does not show orders any more",
        ],
        repair: [
            "corriger le sélecteur du Service",
            "correct the Service's selector",
        ],
    },
    Item {
        id: "S4",
        scenario: Some(Scenario::BillingDatabase),
        ask: [
            "@devops billing-service redémarre sans arrêt en prod",
            "@devops billing-service keeps restarting in prod",
        ],
        repair: ["créer le Secret de la base", "create the database's Secret"],
    },
    Item {
        id: "S5",
        scenario: Some(Scenario::UserConfig),
        ask: [
            "@devops user-service ne démarre pas en production",
            "@devops user-service does not start in production",
        ],
        repair: ["créer le ConfigMap", "create the ConfigMap"],
    },
    Item {
        id: "S6",
        scenario: Some(Scenario::RedisConnections),
        ask: [
            "@devops redis-master plante en production",
            "@devops redis-master is crashing in production",
        ],
        repair: ["porter maxclients à 2000", "raise maxclients to 2000"],
    },
    Item {
        id: "S12",
        scenario: Some(Scenario::NotificationTag),
        ask: [
            "@devops le déploiement de notification-service est bloqué",
            "@devops the rollout of notification-service is stuck",
        ],
        repair: ["publier le tag 1.8.2", "push the tag 1.8.2"],
    },
    Item {
        id: "S15",
        scenario: Some(Scenario::ReportsPending),
        ask: [
            "@devops report-generator reste en Pending en production",
            "@devops report-generator is stuck in Pending in production",
        ],
        repair: [
            "demander 1 CPU au lieu de 3,5",
            "request 1 CPU instead of 3.5",
        ],
    },
    Item {
        id: "ok",
        scenario: None,
        ask: [
            "@devops est-ce que catalog-service va bien en production ?",
            "@devops is catalog-service healthy in production?",
        ],
        repair: ["", ""],
    },
    Item {
        id: "all",
        scenario: None,
        ask: [
            "@devops tout est cassé en production",
            "@devops everything is broken in production",
        ],
        repair: ["", ""],
    },
];

/// Which incidents are there, and which were said to fire.
#[derive(Debug, Default)]
pub(super) struct Lab(Mutex<Known>);

#[derive(Debug, Default)]
struct Known {
    repaired: HashSet<Scenario>,
    firing: HashMap<Scenario, BTreeMap<String, String>>,
}

impl Lab {
    fn lock(&self) -> MutexGuard<'_, Known> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Notes that it is broken or repaired; whether that is new.
    pub fn set(&self, scenario: Scenario, broken: bool) -> bool {
        let repaired = &mut self.lock().repaired;
        if broken {
            repaired.remove(&scenario)
        } else {
            repaired.insert(scenario)
        }
    }

    pub fn is_broken(&self, scenario: Scenario) -> bool {
        !self.lock().repaired.contains(&scenario)
    }

    /// An alert of it was posted, with these labels.
    pub fn fire(&self, scenario: Scenario, labels: BTreeMap<String, String>) {
        self.lock().firing.insert(scenario, labels);
    }

    /// The labels of the alert of it that was open; it is no more.
    pub fn recover(&self, scenario: Scenario) -> Option<BTreeMap<String, String>> {
        self.lock().firing.remove(&scenario)
    }

    /// The list for the drawer.
    pub fn json(&self) -> Value {
        let words = |[fr, en]: Words| json!({ "fr": fr, "en": en });
        let items = ITEMS.iter().map(|item| {
            let mut shown = json!({ "id": item.id, "ask": words(item.ask) });
            if let Some(scenario) = item.scenario {
                shown["workload"] = scenario.workload().into();
                shown["broken"] = self.is_broken(scenario).into();
                shown["repair"] = words(item.repair);
            }
            shown
        });
        items.collect()
    }
}
