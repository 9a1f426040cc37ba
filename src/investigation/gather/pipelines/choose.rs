//! Which of a controller's jobs are a service's: by their own name, by the repository of a multibranch project, by their
//! folder. `payment-service`, `payment`, `payment-pipeline` and `build-payment` are one name.

use crate::clients::jenkins::Item;

/// Jobs taken for one name.
const EACH: usize = 3;
/// Branches of a multibranch project that are what runs.
const MAIN: [&str; 4] = ["main", "master", "trunk", "develop"];
/// What the names of jobs and services add to the name of the thing.
const AFTER: [&str; 11] = [
    "-service",
    "-svc",
    "-app",
    "-pipeline",
    "-build",
    "-ci",
    "-cd",
    "-cicd",
    "-deploy",
    "-job",
    "-main",
];
const BEFORE: [&str; 5] = ["build-", "deploy-", "ci-", "pipeline-", "svc-"];

/// A name that jobs are looked for by.
#[derive(Clone, Debug)]
pub(super) struct Wanted {
    /// The object it is for.
    pub(super) of: String,
    /// What the jobs may be called.
    pub(super) names: Vec<String>,
    /// Only those whose last build failed: for a wide question.
    pub(super) red_only: bool,
}

/// A job that was chosen: its path, and the object it is for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Chosen {
    pub(super) path: Vec<String>,
    pub(super) of: String,
}

/// A job, its path, and its colour.
#[derive(Clone)]
struct Leaf<'a> {
    path: Vec<&'a str>,
    /// The names it may be found by, the most exact first: its own (of a branch its project's), then its folder's.
    names: [&'a str; 2],
    color: &'a str,
}

/// The jobs of each name; the best sort of match only.
pub(super) fn choose(items: &[Item], wanted: &[Wanted]) -> Vec<Chosen> {
    let mut leaves = Vec::new();
    walk(items, &mut Vec::new(), &mut leaves);
    let of_one = |one: &Wanted| {
        let usable = leaves
            .iter()
            .filter(|leaf| !one.red_only || is_red(leaf.color));
        let scored: Vec<(u8, &Leaf<'_>)> = usable
            .map(|leaf| (score(leaf, &one.names), leaf))
            .filter(|(score, _)| *score > 0)
            .collect();
        let best = scored.iter().map(|(score, _)| *score).max();
        let best = scored
            .into_iter()
            .filter(move |(score, _)| Some(*score) == best);
        let chosen = best.take(EACH).map(|(_, leaf)| Chosen {
            path: leaf.path.iter().map(|name| (*name).to_owned()).collect(),
            of: one.of.clone(),
        });
        chosen.collect::<Vec<_>>()
    };
    let mut all: Vec<Chosen> = Vec::new();
    for chosen in wanted.iter().flat_map(of_one) {
        if !all.iter().any(|known| known.path == chosen.path) {
            all.push(chosen);
        }
    }
    all
}

/// `red`, or `red_anime` while the next build runs; `aborted` may be a time-out.
fn is_red(color: &str) -> bool {
    color.starts_with("red") || color.starts_with("aborted")
}

fn walk<'a>(items: &'a [Item], path: &mut Vec<&'a str>, into: &mut Vec<Leaf<'a>>) {
    for item in items {
        let folder = path.last().copied().unwrap_or_default();
        path.push(&item.name);
        if item.class.ends_with("WorkflowMultiBranchProject") {
            into.extend(branch(item).map(|branch| Leaf {
                path: path.iter().copied().chain([branch.name.as_str()]).collect(),
                names: [&item.name, folder],
                color: branch.color.as_deref().unwrap_or_default(),
            }));
        } else if let Some(color) = &item.color {
            into.push(Leaf {
                path: path.clone(),
                names: [&item.name, folder],
                color,
            });
        } else {
            walk(&item.jobs, path, into);
        }
        path.pop();
    }
}

/// The branch that is deployed: the main one, else the first that is no pull request.
fn branch(project: &Item) -> Option<&Item> {
    let named = |name: &&str| project.jobs.iter().find(|job| job.name == **name);
    let main = MAIN.iter().find_map(named);
    main.or_else(|| project.jobs.iter().find(|job| !job.name.starts_with("PR-")))
}

fn score(leaf: &Leaf<'_>, wanted: &[String]) -> u8 {
    let full = leaf.path.join("/");
    let each = wanted.iter().map(|name| {
        if *name == full || name.eq_ignore_ascii_case(leaf.names[0]) {
            return 3;
        }
        let name = core(name);
        match leaf.names.map(core) {
            [own, _] if own == name => 2,
            [_, folder] if folder == name => 1,
            _ => 0,
        }
    });
    each.max().unwrap_or_default()
}

/// A name without what names add.
pub(super) fn core(name: &str) -> String {
    let mut name = name.to_lowercase().replace(['_', ' ', '.'], "-");
    loop {
        let shorter = AFTER.iter().find_map(|end| name.strip_suffix(end));
        let shorter = shorter.or_else(|| BEFORE.iter().find_map(|start| name.strip_prefix(start)));
        match shorter.filter(|rest| !rest.is_empty()) {
            Some(rest) => name = rest.to_owned(),
            None => return name,
        }
    }
}

/// The last part of an image's repository: `registry/shop/user-service:1.2` → `user-service`.
pub(super) fn repository(image: &str) -> &str {
    let name = image.split('@').next().unwrap_or_default();
    let name = name.rsplit('/').next().unwrap_or_default();
    name.split(':').next().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn job(name: &str, color: &str) -> Item {
        Item {
            name: name.into(),
            color: Some(color.into()),
            ..Item::default()
        }
    }

    fn folder(name: &str, class: &str, jobs: Vec<Item>) -> Item {
        Item {
            name: name.into(),
            class: class.into(),
            jobs,
            ..Item::default()
        }
    }

    fn paths(items: &[Item], name: &str) -> Vec<String> {
        let wanted = Wanted {
            of: name.into(),
            names: vec![name.into()],
            red_only: false,
        };
        let all = choose(items, &[wanted]);
        all.into_iter().map(|one| one.path.join("/")).collect()
    }

    fn controller() -> Vec<Item> {
        let branches = vec![
            job("PR-12", "red"),
            job("feature%2Fx", "red"),
            job("main", "blue"),
        ];
        let multi = "org.jenkinsci.plugins.workflow.multibranch.WorkflowMultiBranchProject";
        vec![
            job("payment", "blue"),
            folder(
                "shop",
                "com.cloudbees.hudson.plugins.folder.Folder",
                vec![
                    folder("user-service", multi, branches),
                    job("build-billing", "red"),
                    folder(
                        "search",
                        "…Folder",
                        vec![job("build", "red"), job("deploy", "blue")],
                    ),
                ],
            ),
        ]
    }

    #[test]
    fn a_job_is_found_by_its_own_name_its_project_or_its_folder() {
        let items = controller();
        assert_eq!(paths(&items, "user-service"), ["shop/user-service/main"]);
        assert_eq!(paths(&items, "payment-service"), ["payment"]);
        assert_eq!(paths(&items, "billing"), ["shop/build-billing"]);
        assert_eq!(
            paths(&items, "search"),
            ["shop/search/build", "shop/search/deploy"]
        );
        assert_eq!(paths(&items, "shop/build-billing"), ["shop/build-billing"]);
        assert_eq!(paths(&items, "checkout"), Vec::<String>::new());
    }

    #[test]
    fn a_wide_question_takes_only_what_is_red() {
        let wanted = |name: &str| Wanted {
            of: name.into(),
            names: vec![name.into()],
            red_only: true,
        };
        let all = choose(&controller(), &[wanted("user-service"), wanted("search")]);
        assert_eq!(all.len(), 1);
        assert_eq!(all[0].path, ["shop", "search", "build"]);
    }

    #[test]
    fn the_repository_of_an_image_is_a_name_too() {
        assert_eq!(
            repository("registry:5000/shop/user-service:1.2"),
            "user-service"
        );
        assert_eq!(repository("shop/api@sha256:00"), "api");
        assert_eq!(core("CI_payment-service.pipeline"), "payment");
    }
}
