//! The commands that plain answers print can be pasted into a shell and run.

use super::{act, kubectl, scaled_to};
use crate::finding::{Kind, Subject};
use crate::intent::Change;
use crate::investigation::case::{Case, Scope};

fn of(scope: Scope) -> Case {
    Case {
        scope,
        ..Case::default()
    }
}

#[test]
fn all_namespaces_are_asked_after_the_subcommand() {
    let top = |scope| kubectl(&of(scope), "top pods", "--containers");
    assert_eq!(top(Scope::Cluster), "kubectl top pods -A --containers");
    let names = |names: &[&str]| Scope::Namespaces(names.iter().map(ToString::to_string).collect());
    assert_eq!(top(names(&["a", "b"])), "kubectl top pods -A --containers");
    assert_eq!(
        top(names(&["shop"])),
        "kubectl -n shop top pods --containers"
    );
    assert_eq!(
        kubectl(&of(Scope::Cluster), "get pods", ""),
        "kubectl get pods -A"
    );
}

#[test]
fn the_number_of_replicas_is_the_one_asked_for() {
    let asked = [
        ("scale payment to 0", Some(0)),
        ("scale payment to 3 replicas!", Some(3)),
        ("scale payment from 2 to 5", Some(5)),
        ("passe payment à 4 réplicas", Some(4)),
        ("scale payment à zéro", Some(0)),
        ("scale payment --replicas=6", Some(6)),
        ("scale payment", None),
        ("ajoute 2 réplicas à payment", None),
        ("add 2 pods to payment", None),
        ("augmente la mémoire de payment à 512", None),
        ("raise the cpu limit of payment to 2", None),
        ("scale payment to -1", None),
        ("scale payment to 99999999999", None),
    ];
    for (words, expected) in asked {
        assert_eq!(scaled_to(words), expected, "{words}");
    }
}

#[test]
fn a_command_that_changes_something_stands_under_the_warning_and_has_no_redirection() {
    let subject = Subject::new(Kind::Deployment, "production", "payment");
    let case = of(Scope::Object(subject));
    let all = [
        Change::Restart,
        Change::Rollback,
        Change::Scale,
        Change::Deploy,
        Change::Delete,
    ];
    for change in all {
        let answer = act(&case, change, "scale payment");
        assert_eq!(answer.headline.id, "i-only-read");
        assert!(answer.command.is_none(), "not \"the same by hand\"");
        let command = answer.verbatim.unwrap();
        assert!(!command.raw().contains(['<', '>']), "{}", command.raw());
    }
    let zero = act(&case, Change::Scale, "scale payment to 0")
        .verbatim
        .unwrap();
    assert_eq!(
        zero.raw(),
        "kubectl -n production scale deployment/payment --replicas=0"
    );
}
