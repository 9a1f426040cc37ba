//! Secrets that are told by their own shape: keys and tokens with a prefix. The families follow
//! gitleaks' list (MIT).

use super::gate::Gate;
use super::rules::{Rule, rule};

/// Rules that look across lines.
pub(super) const BLOCKS: &[Rule] = &[
    rule(
        "private-key",
        "-----begin|-----end",
        r"(?s)-----BEGIN [A-Z0-9 ]*PRIVATE KEY(?: BLOCK)?-----(?:.*?-----END [A-Z0-9 ]*PRIVATE KEY(?: BLOCK)?-----|(?:(?:\s|\\[nrt])*[A-Za-z0-9+/=]{20,})*)|(?:[A-Za-z0-9+/=]{4,}(?:\s|\\[nr])+)+-----END [A-Z0-9 ]*PRIVATE KEY(?: BLOCK)?-----",
        Gate::Sure,
    ),
    rule(
        "kubernetes-secret",
        "secret",
        r#""(?:data|stringData)\\?"\s*:\s*\{([^{}]+)\}[^\n]*"kind\\?"\s*:\s*\\?"Secret|"kind\\?"\s*:\s*\\?"Secret\\?"[^\n]*?"(?:data|stringData)\\?"\s*:\s*\{([^{}]+)\}"#,
        Gate::Sure,
    ),
    rule(
        "kubernetes-secret",
        "kind: secret",
        r"(?m)^kind: Secret\s*$(?:\n.*)*?\n(?:data|stringData):[ \t]*((?:\n[ \t]+\S.*)+)",
        Gate::Sure,
    ),
    rule(
        "kubernetes-secret",
        "kind: secret",
        r"(?m)^(?:data|stringData):[ \t]*((?:\n[ \t]+\S.*)+)(?:\n.*)*?\nkind: Secret\s*$",
        Gate::Sure,
    ),
];

/// Tokens that are told by their own shape; each looks at one line.
pub(super) const TOKENS: &[Rule] = &[
    rule(
        "age-key",
        "age-secret-key-",
        r"AGE-SECRET-KEY-1[0-9A-Z]{20,}",
        Gate::Sure,
    ),
    rule(
        "aws-access-key",
        "akia|asia|abia|acca",
        r"\b(?:AKIA|ASIA|ABIA|ACCA)[A-Z2-7]{16}\b",
        Gate::Sure,
    ),
    rule(
        "gcp-key",
        "aiza|ya29.|gocspx-",
        r"\bAIza[\w-]{35}|\bya29\.[\w-]{20,}|\bGOCSPX-[\w-]{20,}",
        Gate::Sure,
    ),
    rule(
        "azure-key",
        "q~|accountkey|sharedaccesskey",
        r"\b[\w~.-]{3}\dQ~[\w~.-]{31,34}|(?i:(?:account|sharedaccess)key)=([A-Za-z0-9+/]{20,}={0,2})",
        Gate::Sure,
    ),
    rule(
        "alibaba-key",
        "ltai",
        r"\bLTAI[A-Za-z0-9]{17,21}\b",
        Gate::Sure,
    ),
    rule(
        "digitalocean-token",
        "_v1_",
        r"\bdo[opr]_v1_[a-f0-9]{64}",
        Gate::Sure,
    ),
    rule(
        "github-token",
        "ghp_|gho_|ghu_|ghs_|ghr_|github_pat_",
        r"\bgh[pousr]_[A-Za-z0-9]{20,255}|\bgithub_pat_\w{22,255}",
        Gate::Sure,
    ),
    rule(
        "gitlab-token",
        "glpat-|gldt-|glcbt-|glptt-|glft-|glimt-|glagent-|gloas-|glrt-|glsoat-",
        r"\bgl(?:pat|dt|cbt|ptt|ft|imt|agent|oas|rt|soat)-[\w.-]{20,}",
        Gate::Sure,
    ),
    rule(
        "atlassian-token",
        "atbb|atatt3",
        r"\bATBB[A-Za-z0-9]{32}|\bATATT3[\w=-]{60,}",
        Gate::Sure,
    ),
    rule(
        "slack-token",
        "xox|xapp-",
        r"\bxox[abeoprs](?:\.xox[bp])?-[A-Za-z0-9-]{8,}|\bxapp-[A-Za-z0-9-]{10,}",
        Gate::Sure,
    ),
    rule(
        "webhook-url",
        "hooks.slack.com|webhook.office.com|/api/webhooks/",
        r"hooks\.slack\.com/((?:services|workflows|triggers)/[\w/+-]{12,})|webhook\.office\.com/(webhookb2/[\w@/-]{20,})|/api/webhooks/(\d+/[\w-]{30,})",
        Gate::Sure,
    ),
    rule(
        "telegram-token",
        ":aa",
        r"\b\d{6,16}:AA[A-Za-z0-9_-]{33}\b",
        Gate::Sure,
    ),
    rule(
        "jwt",
        "ey|zxlk",
        r"\bey[A-Za-z0-9_-]{10,}\.ey[A-Za-z0-9_-]{10,}(?:\.[A-Za-z0-9_-]*)?|\bZXlK[A-Za-z0-9+/_=-]{60,}",
        Gate::Sure,
    ),
    rule(
        "openshift-token",
        "sha256~",
        r"\bsha256~[\w-]{30,}",
        Gate::Sure,
    ),
    rule(
        "kubeconfig-key",
        "client-key-data|client-certificate-data",
        r#"client-(?:key|certificate)-data["']?\s*:\s*["']?([A-Za-z0-9+/=]{8,})"#,
        Gate::Sure,
    ),
    rule(
        "docker-auth",
        "\"auth",
        r#"\\?"auth\\?"\s*:\s*\\?"([A-Za-z0-9+/=]{8,})"#,
        Gate::Sure,
    ),
    rule(
        "stripe-key",
        "k_live_|k_test_|k_prod_|whsec_",
        r"\b[rs]k_(?:live|test|prod)_[A-Za-z0-9]{10,}|\bwhsec_[A-Za-z0-9+/=]{20,}",
        Gate::Sure,
    ),
    rule(
        "sendgrid-key",
        "sg.",
        r"\bSG\.[\w-]{16,}\.[\w-]{16,}",
        Gate::Sure,
    ),
    rule("twilio-key", "sk", r"\bSK[0-9a-f]{32}\b", Gate::Sure),
    rule(
        "grafana-token",
        "glsa_|glc_|eyjrijoi",
        r"\bglsa_\w{32,}|\bglc_[A-Za-z0-9+/=]{32,}|\beyJrIjoi[A-Za-z0-9+/=]{40,}",
        Gate::Sure,
    ),
    rule(
        "newrelic-key",
        "nrak-|nrii-|nrjs-",
        r"\bNR(?:AK|II|JS)-[A-Za-z0-9_-]{19,}",
        Gate::Sure,
    ),
    rule(
        "sentry-token",
        "sntry",
        r"\bsntry[su]_[A-Za-z0-9+/=_-]{20,}",
        Gate::Sure,
    ),
    rule(
        "ai-key",
        "sk-|hf_",
        r"\bsk-(?:ant|proj|svcacct|admin)-[\w-]{16,}|\bsk-[A-Za-z0-9]{32,}|\bhf_[A-Za-z0-9]{30,}",
        Gate::Sure,
    ),
    rule("npm-token", "npm_", r"\bnpm_[A-Za-z0-9]{36}", Gate::Sure),
    rule("pypi-token", "pypi-", r"\bpypi-[\w-]{50,}", Gate::Sure),
    rule(
        "docker-token",
        "dckr_",
        r"\bdckr_(?:pat|oat)_[\w-]{20,}",
        Gate::Sure,
    ),
    rule(
        "vault-token",
        "hvs.|hvb.|hvr.",
        r"\bhv[sbr]\.[\w-]{20,}",
        Gate::Sure,
    ),
    rule(
        "terraform-token",
        ".atlasv1.",
        r"\b[A-Za-z0-9]{14}\.atlasv1\.[\w-]{40,}",
        Gate::Sure,
    ),
];
