//! "… is attempting to grant RBAC permissions not currently held": who wants to make a role or a binding with
//! rights that it does not hold itself, and which rights these are.

use std::sync::LazyLock;

use regex::Regex;

use super::Right;
use crate::finding::{Kind, Subject};
use crate::text::pattern;

/// Who tries to hand on what it does not hold (`pkg/registry/rbac/validation/rule.go`, `ConfirmNoEscalation`).
static GRANTS: LazyLock<Option<Regex>> = LazyLock::new(|| {
    pattern(r#"(?:(?P<kind>clusterroles|clusterrolebindings|roles|rolebindings)\.rbac\.authorization\.k8s\.io \\?"(?P<role>[A-Za-z0-9.:-]+)\\?" is forbidden: )?user \\?"system:serviceaccount:(?P<ns>[a-z0-9-]+):(?P<sa>[a-z0-9.-]+)\\?" \(groups=[^)]*\) is attempting to grant RBAC permissions not currently held:"#).ok()
});
/// A rule as it is written there (`rbac/v1/helpers.go`, `CompactString`).
static RULE: LazyLock<Option<Regex>> = LazyLock::new(|| {
    pattern(r"\{(?:APIGroups:\[(?P<groups>[^\]]*)\], )?(?:Resources:\[(?P<resources>[^\]]*)\], )?(?:NonResourceURLs:\[(?P<urls>[^\]]*)\], )?(?:ResourceNames:\[[^\]]*\], )?Verbs:\[(?P<verbs>[^\]]*)\]\}").ok()
});
/// Rules of one role that are named.
const RULES: usize = 12;

/// The account, the role, and the rights of it that it does not hold itself.
pub(super) fn handed_on(words: &str) -> Option<(Subject, String, Vec<Right>)> {
    let found = GRANTS.as_ref()?.captures(words)?;
    let group = |name: &str| found.name(name).map(|it| it.as_str());
    let account = Subject::new(Kind::ServiceAccount, group("ns")?, group("sa")?);
    let everywhere = group("kind").is_some_and(|kind| kind.starts_with("cluster"));
    let namespace = account.namespace.clone().filter(|_| !everywhere);
    let rules = words.get(found.get(0)?.end()..)?;
    let rules = RULE.as_ref()?.captures_iter(rules).take(RULES);
    let rights = rules.flat_map(|rule| {
        let list = |name: &str| items(rule.name(name).map_or("", |it| it.as_str()));
        let (verbs, groups) = (list("verbs").join(","), list("groups"));
        let of = |resource: &String| match groups.first().map(String::as_str) {
            None | Some("") => resource.clone(),
            Some(group) => format!("{resource}.{group}"),
        };
        let all = list("resources")
            .iter()
            .map(of)
            .chain(list("urls"))
            .collect::<Vec<_>>();
        let namespace = namespace.clone();
        all.into_iter().map(move |resource| Right {
            verb: verbs.clone(),
            resource,
            namespace: namespace.clone(),
        })
    });
    let rights: Vec<Right> = rights.collect();
    let role = group("role").unwrap_or_default().to_owned();
    (!rights.is_empty()).then_some((account, role, rights))
}

/// The items of a list as Go quotes it, with or without the quotes of a log around; only what may stand in
/// a command.
fn items(list: &str) -> Vec<String> {
    let each = list
        .split_whitespace()
        .map(|item| item.trim_matches(['"', '\\']));
    let safe = |item: &&str| {
        item.chars()
            .all(|c| c.is_ascii_alphanumeric() || "./*-_".contains(c))
    };
    each.filter(safe).map(str::to_owned).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rights_that_would_be_handed_on_and_are_not_held() {
        let plain = "roles.rbac.authorization.k8s.io \"runner\" is forbidden: user \"system:serviceaccount:ci:operator\" (groups=[\"system:serviceaccounts\" \"system:authenticated\"]) is attempting to grant RBAC permissions not currently held:\n{APIGroups:[\"\"], Resources:[\"pods\"], Verbs:[\"get\" \"list\"]}\n{APIGroups:[\"apps\"], Resources:[\"deployments\"], Verbs:[\"patch\"]}";
        let escaped = plain.replace('"', "\\\"").replace('\n', "\\n");
        for words in [plain, &escaped] {
            let (account, role, rights) = handed_on(words).unwrap();
            assert_eq!(
                (account.name.as_str(), role.as_str()),
                ("operator", "runner")
            );
            let shown = |right: &Right| format!("{} {}", right.verb, right.resource);
            let shown: Vec<String> = rights.iter().map(shown).collect();
            assert_eq!(shown, ["get,list pods", "patch deployments.apps"]);
            assert_eq!(rights[0].namespace.as_deref(), Some("ci"));
        }
        let everywhere = plain.replace("roles.rbac", "clusterroles.rbac");
        assert_eq!(handed_on(&everywhere).unwrap().2[0].namespace, None);
        let attack = plain
            .replace("\"pods\"", "\"pods;reboot\"")
            .replace("\"patch\"", "\"$(id)\"");
        let rights = handed_on(&attack).unwrap().2;
        assert!(
            !rights
                .iter()
                .any(|right| right.resource.contains(';') || right.verb.contains('$'))
        );
        assert!(
            handed_on("user \"jane\" is attempting to grant RBAC permissions not currently held:")
                .is_none()
        );
    }
}
