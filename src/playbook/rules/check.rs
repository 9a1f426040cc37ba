//! What a condition may contain, and whether its types fit.

use std::collections::BTreeMap;

use cel::ExecutionError;
use cel::common::ast::{CallExpr, Expr, IdedExpr, operators};

use super::context;
use crate::finding::{Kind, Symptom, Verdict};
use crate::playbook::promql::Wrong;
use crate::playbook::{Facts, Pods, Replicas};

/// Fields of `pods`.
const PODS: [&str; 3] = ["total", "ready", "restarts"];
/// Fields of `replicas`.
const REPLICAS: [&str; 2] = ["wanted", "ready"];
/// Variables without fields.
const PLAIN: [&str; 6] = ["verdict", "causes", "findings", "symptoms", "kind", "alert"];
/// Functions and operators a condition may call. None of them loops or makes its value larger than the
/// condition itself.
const CALLS: [&str; 22] = [
    operators::CONDITIONAL,
    operators::LOGICAL_AND,
    operators::LOGICAL_OR,
    operators::LOGICAL_NOT,
    operators::SUBSTRACT,
    operators::ADD,
    operators::MULTIPLY,
    operators::DIVIDE,
    operators::MODULO,
    operators::EQUALS,
    operators::NOT_EQUALS,
    operators::GREATER_EQUALS,
    operators::LESS_EQUALS,
    operators::GREATER,
    operators::LESS,
    operators::NEGATE,
    operators::IN,
    "size",
    "double",
    "int",
    "startsWith",
    "contains",
];

/// Walks an expression and collects what it may not contain.
pub(super) struct Check<'a> {
    pub queries: &'a [&'a str],
    pub problems: Vec<Wrong>,
}

impl Check<'_> {
    fn wrong(&mut self, what: String, fix: impl Into<String>) {
        self.problems.push((what, fix.into()));
    }

    pub fn expression(&mut self, expression: &IdedExpr) {
        match &expression.expr {
            Expr::Literal(_) => {}
            Expr::Ident(name) if PLAIN.contains(&name.as_str()) => {}
            Expr::Ident(name) => self.variable(name),
            Expr::Select(select) => match &select.operand.expr {
                Expr::Ident(name) => self.field(name, &select.field),
                _ => self.wrong(
                    format!("`.{}` stands behind something without fields", select.field),
                    "use metrics, pods or replicas",
                ),
            },
            Expr::List(list) => list.elements.iter().for_each(|one| self.expression(one)),
            Expr::Call(call) => self.call(call),
            Expr::Comprehension(_) => self.wrong(
                "loops are not allowed in a condition".to_owned(),
                "use `\"oom-killed\" in causes` instead of causes.exists(…)",
            ),
            Expr::Map(_) | Expr::Struct(_) | Expr::Unspecified => self.wrong(
                "only values, comparisons and calls are allowed in a condition".to_owned(),
                "compare one of the variables with a value",
            ),
        }
    }

    fn variable(&mut self, name: &str) {
        let fix = match name {
            "metrics" => "name one of its queries: metrics.<query>",
            "pods" => "write pods.total, pods.ready or pods.restarts",
            "replicas" => "write replicas.wanted or replicas.ready",
            _ => "use metrics, pods, replicas, verdict, causes, findings, symptoms, kind or alert",
        };
        self.wrong(format!("`{name}` is not a value of the case"), fix);
    }

    fn field(&mut self, name: &str, field: &str) {
        let known: &[&str] = match name {
            "metrics" => self.queries,
            "pods" => &PODS,
            "replicas" => &REPLICAS,
            _ => return self.variable(name),
        };
        if !known.contains(&field) {
            let list = known.join(", ");
            let fix = match (name, known.is_empty()) {
                ("metrics", true) => "add a query of that name".to_owned(),
                ("metrics", false) => format!("add a query of that name, or use: {list}"),
                _ => format!("write one of: {list}"),
            };
            self.wrong(format!("`{name}.{field}` is not known"), fix);
        }
    }

    fn call(&mut self, call: &CallExpr) {
        if !CALLS.contains(&call.func_name.as_str()) {
            self.wrong(
                format!("`{}` cannot be called in a condition", call.func_name),
                "allowed: has, size, double, int, startsWith, contains, in and the operators",
            );
        }
        for argument in call.target.iter().map(AsRef::as_ref).chain(&call.args) {
            self.expression(argument);
        }
    }

    /// Evaluates it, and each side of its `&&` and `||`, on a case where everything is known: what fails
    /// there, fails always.
    pub fn types(&mut self, expression: &IdedExpr) {
        if let Expr::Call(call) = &expression.expr
            && [
                operators::LOGICAL_AND,
                operators::LOGICAL_OR,
                operators::LOGICAL_NOT,
            ]
            .contains(&call.func_name.as_str())
        {
            call.args.iter().for_each(|side| self.types(side));
            return;
        }
        let (facts, metrics) = sample(self.queries);
        match cel::Value::resolve(expression, &context(&facts, &metrics)) {
            Ok(cel::Value::Bool(_)) | Err(ExecutionError::DivisionByZero(_)) => {}
            Ok(_) => self.wrong(
                "the condition gives neither true nor false".to_owned(),
                "compare the value: metrics.x > 1.0",
            ),
            Err(error) => self.wrong(
                format!("the condition cannot be evaluated: {error}"),
                "metrics are doubles (1.0), pods and replicas are ints (1); double(pods.total) converts",
            ),
        }
    }
}

/// A case in which everything is known.
fn sample(queries: &[&str]) -> (Facts, BTreeMap<String, f64>) {
    let facts = Facts {
        namespace: Some("production".to_owned()),
        workload: Some("payment".to_owned()),
        kind: Some(Kind::Deployment),
        symptoms: vec![Symptom::Slow],
        verdict: Verdict::Unknown,
        unsure: false,
        causes: Vec::new(),
        findings: Vec::new(),
        pods: Some(Pods {
            total: 3,
            ready: 2,
            restarts: 1,
        }),
        replicas: Some(Replicas {
            wanted: 3,
            ready: 2,
        }),
        alert: Some("KubePodCrashLooping".to_owned()),
        labels: BTreeMap::new(),
    };
    let metrics = queries.iter().map(|name| ((*name).to_owned(), 1.0));
    (facts, metrics.collect())
}
