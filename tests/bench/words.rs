//! A hundred questions that differ, about ten services: the seven incidents, and three that are well.

use vigie::sandbox::Scenario;

/// Ways to say that something is wrong with a service.
const WAYS: [&str; 10] = [
    "@devops Service {} est lent en production",
    "@devops why is {} slow in production?",
    "@devops {} ne répond plus en production",
    "@devops can you look at {} in production?",
    "@devops problème sur {} en production",
    "@devops {} does not start in production",
    "@devops il y a des erreurs sur {} en production",
    "@devops errors on {} in production since this morning",
    "@devops que se passe-t-il avec {} en production ?",
    "@devops {} keeps restarting in production",
];

/// Services of the sandbox that nothing is wrong with.
const WELL: [&str; 3] = ["catalog-service", "web-frontend", "checkout-service"];

/// Question number `index`; a hundred differ.
pub fn question(index: usize) -> String {
    let sick = Scenario::ALL.iter().map(|one| one.workload());
    let services: Vec<&str> = sick.chain(WELL).collect();
    let service = services[index % services.len()];
    let way = WAYS[(index / services.len() + index) % WAYS.len()];
    way.replace("{}", service)
}
