//! The corpus: what must go and what must stay. All secrets here are made up.

use proptest::prelude::*;

use super::*;

/// `(text, what must not survive, rule)`.
const TRUE: &[(&str, &str, &str)] = &[
    (
        "-----BEGIN RSA PRIVATE KEY-----\nMIIEFAKEFAKEFAKEFAKEFAKE\nabcdefFAKE==\n-----END RSA PRIVATE KEY-----\nafter",
        "FAKEFAKE",
        "private-key",
    ),
    (
        "{\"key\":\"-----BEGIN PRIVATE KEY-----\\nMIIEFAKEFAKEFAKEFAKEFAKE\\n-----END PRIVATE KEY-----\\n\"}",
        "MIIE",
        "private-key",
    ),
    (
        "-----BEGIN EC PRIVATE KEY-----\nMHcCAQEEFAKEFAKEFAKEFAKE\nERROR cut here",
        "MHcC",
        "private-key",
    ),
    (
        "FAKEFAKEFAKEFAKEFAKEFAKEFAKEFAKE\nabcd==\n-----END PRIVATE KEY-----",
        "FAKEFAKE",
        "private-key",
    ),
    (
        "kind: Secret\nmetadata:\n  name: db\ndata:\n  password: RkFLRS1wYXNz\n  user: RkFLRQ==\ntype: Opaque",
        "RkFLRQ",
        "kubernetes-secret",
    ),
    (
        "data:\n  user: RkFLRQ==\nkind: Secret\nmetadata: {}",
        "RkFLRQ",
        "kubernetes-secret",
    ),
    (
        "{\"kind\":\"Secret\",\"data\":{\"user\":\"RkFLRQ==\"}}",
        "RkFLRQ",
        "kubernetes-secret",
    ),
    (
        "{\"data\":{\"user\":\"RkFLRQ==\"},\"kind\":\"Secret\"}",
        "RkFLRQ",
        "kubernetes-secret",
    ),
    (
        "using AKIAFAKEFAKEFAKEFAKE now",
        "AKIAFAKE",
        "aws-access-key",
    ),
    (
        "AIzaFAKEfakeFAKEfakeFAKEfakeFAKEfake1234 x",
        "AIzaFAKE",
        "gcp-key",
    ),
    (
        "AccountKey=FAKEfakeFAKEfakeFAKEfake1234==;Endpoint",
        "FAKEfake",
        "azure-key",
    ),
    (
        "remote: ghp_FAKEfakeFAKEfakeFAKEfakeFAKEfake1234",
        "ghp_",
        "github-token",
    ),
    ("glpat-FAKEfakeFAKEfake1234", "glpat", "gitlab-token"),
    ("slack xoxb-FAKE-1234-abcd failed", "xoxb", "slack-token"),
    ("xapp-1-FAKE0000-0000-fake", "xapp", "slack-token"),
    (
        "POST https://hooks.slack.com/services/T00FAKE/B00FAKE/fakefakefake",
        "B00FAKE",
        "webhook-url",
    ),
    (
        "got eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJGQUtFIn0.FAKEsignature",
        "eyJ",
        "jwt",
    ),
    (
        "oc login --tok sha256~FAKEfakeFAKEfakeFAKEfakeFAKEfakeFAKEfake123",
        "sha256~",
        "openshift-token",
    ),
    (
        "    client-key-data: RkFLRWZha2VGQUtF",
        "RkFL",
        "kubeconfig-key",
    ),
    (
        "{\"auths\":{\"r.example\":{\"auth\":\"RkFLRTpmYWtl\"}}}",
        "RkFL",
        "docker-auth",
    ),
    ("stripe sk_live_FAKEfakeFAKEfake", "sk_live", "stripe-key"),
    (
        "glsa_FAKEfakeFAKEfakeFAKEfakeFAKEfake_0123abcd",
        "glsa",
        "grafana-token",
    ),
    ("key sk-ant-FAKE-fakeFAKEfakeFAKE", "sk-ant", "ai-key"),
    ("VAULT hvs.FAKEfakeFAKEfakeFAKEfake", "hvs", "vault-token"),
    ("authorization: Basic RkFLRTpmYWtl", "RkFL", "authorization"),
    (
        "\"Authorization\":[\"Token FAKE-12345\"]",
        "FAKE-12345",
        "authorization",
    ),
    (
        "curl -H 'Authorization: Bearer FAKEtoken99'",
        "FAKEtoken99",
        "authorization",
    ),
    (
        "sent bearer FAKEtoken99abcd to upstream",
        "FAKEtoken99",
        "bearer",
    ),
    ("Cookie: session=FAKE1234; theme=dark", "FAKE1234", "cookie"),
    ("set-cookie: sid=FAKE1234; Path=/", "FAKE1234", "cookie"),
    (
        "connect postgres://app:FAKE-pass@db.prod:5432/orders",
        "FAKE-pass",
        "url-password",
    ),
    (
        "redis://:FAKEpass@redis-master:6379/0",
        "FAKEpass",
        "url-password",
    ),
    (
        "mongodb+srv://app:FA/KE@p@ss@cluster0.example/x",
        "KE@p",
        "url-password",
    ),
    (
        "https://0123456789abcdef0123456789abcdef@sentry.example/42",
        "0123456789abcdef",
        "url-token",
    ),
    (
        "jdbc:oracle:thin:scott/FAKEtiger@db:1521:orcl",
        "FAKEtiger",
        "jdbc-password",
    ),
    (
        "jdbc:mysql://db:3306/o?user=app&password=FAKEpass&useSSL=true",
        "FAKEpass",
        "password",
    ),
    (
        "jdbc:sqlserver://db;user=sa;password=FAKE{pass;encrypt=true",
        "FAKE{pass",
        "password",
    ),
    ("GET /export?sig=FAKEsig1234&x=1", "FAKEsig", "signed-url"),
    (
        "https://b.s3.example/k?X-Amz-Signature=0123fake0123fake",
        "0123fake",
        "signed-url",
    ),
    ("GET /a?access_token=FAKE.1234", "FAKE.1234", "token"),
    (
        "+ curl -s -u admin:FAKEpass https://x",
        "FAKEpass",
        "command-password",
    ),
    (
        "+ mysql -h db -uroot -pFAKEpass orders",
        "FAKEpass",
        "command-password",
    ),
    (
        "exec app --db-password FAKEpass --port 80",
        "FAKEpass",
        "command-flag",
    ),
    ("DB_PASSWORD=FAKEpass", "FAKEpass", "password"),
    (
        "spring.datasource.password: FAKEpass",
        "FAKEpass",
        "password",
    ),
    ("PGPASSWORD='FAKE pass word' psql", "pass word", "password"),
    (
        "{\"level\":\"info\",\"db\":{\"user\":\"app\",\"password\":\"FAKE \\\"q\\\" pass\"}}",
        "q",
        "password",
    ),
    (
        "msg=\"{\\\"password\\\":\\\"FAKEpass\\\"}\"",
        "FAKEpass",
        "password",
    ),
    ("{\"passwords\":[\"FAKE1\",\"FAKE2\"]}", "FAKE2", "password"),
    (
        "mdp=FAKEpass mot_de_passe : FAKEpass",
        "FAKEpass",
        "password",
    ),
    ("mot de passe: FAKEpass", "FAKEpass", "password"),
    ("contraseña=FAKEpass", "FAKEpass", "password"),
    ("clientSecret: 'FAKEvalue'", "FAKEvalue", "secret"),
    (
        "AWS_SECRET_ACCESS_KEY=FAKE/fake+FAKE",
        "fake+FAKE",
        "secret",
    ),
    ("refresh_token=FAKEvalue", "FAKEvalue", "token"),
    ("X-Api-Key: FAKEvalue", "FAKEvalue", "api-key"),
    (
        "DD_API_KEY=0123456789abcdef0123456789abcdef",
        "0123456789abcdef",
        "api-key",
    ),
    ("<password>FAKEpass</password>", "FAKEpass", "xml-password"),
    ("password=é∂FAKEpass∂é end", "FAKEpass", "password"),
];

/// What every investigation needs to read.
const FALSE: &[&str] = &[
    "registry.example/payment@sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
    "commit 3f786850e387550fdab836ed7e6dc881de23001b by alice",
    "request 123e4567-e89b-12d3-a456-426614174000 took 31 ms",
    "pod payment-service-7c9d8b6f4-x2x9k on node ip-10-0-0-1.eu-west-1.compute.internal",
    "trace_id=4bf92f3577b34da6a3ce929d0e0e4736 span_id=00f067aa0ba902b7",
    "uid: 6f1c2f0e-2c5b-4c3e-9a0e-1f2d3c4b5a69 resourceVersion: 184467",
    "FATAL: password authentication failed for user \"app\"",
    "Access denied for user 'app'@'10.0.0.1' (using password: YES)",
    "invalid token: signature mismatch",
    "Error: password: authentication failed",
    "token: expired at 14:02",
    "configmap \"user-service-config\" not found",
    "secret \"payment-tls\" not found",
    "Secret: payment-db-credentials",
    "couldn't find key DB_PASSWORD in Secret production/payment-db",
    "environment variable DB_PASSWORD is not set",
    "missing required variable: DB_PASSWORD",
    "imagePullSecrets: [regcred]",
    "secretName: payment-tls secretKeyRef: name",
    "max_token=4096 tokens: 512",
    "PWD=/app OLDPWD=/",
    "serviceAccountToken: /var/run/secrets/kubernetes.io/serviceaccount/token",
    "password=$DB_PASSWORD token: ${TOKEN} secret=<none> pwd=******",
    "GET http://payment:8080/users?mail=a@b.example 200",
    "dial tcp 10.0.0.7:5432: connect: connection refused",
    "mailto ops@example.com; ssh://git@git.example/app.git",
    "Basic authentication is required; Bearer authentication failed",
    "bypass=true compass: north author=alice keyboard: azerty monkey=1",
    "primary_key=42 partition_key: orders idempotency-key: 7",
    "java.lang.OutOfMemoryError: Java heap space at com.example.TokenService.run(TokenService.java:42)",
    "cookie: missing",
    "limits.memory: 512Mi requests.cpu=250m",
    "Authorization: denied for role viewer",
    "le jeton est invalide, mot de passe : absent",
];

#[test]
fn every_family_goes() {
    let redactor = Redactor::default();
    for (text, secret, rule) in TRUE {
        let out = redactor.redact(text);
        assert!(!out.contains(secret), "{text:?} became {out:?}");
        assert!(
            out.contains(&format!("[redacted:{rule}]")),
            "{text:?} became {out:?}"
        );
        assert_eq!(
            redactor.redact(&out),
            out,
            "redacting twice changes nothing"
        );
    }
}

#[test]
fn what_an_investigation_reads_stays() {
    let redactor = Redactor::default();
    for text in FALSE {
        assert_eq!(redactor.redact(text), *text);
        assert!(matches!(redactor.redact(text), Cow::Borrowed(_)));
    }
}

#[test]
fn what_stands_around_a_secret_stays() {
    let redactor = Redactor::default();
    let say = |text| redactor.redact(text).into_owned();
    assert_eq!(
        say("postgres://app:FAKE@db:5432/o refused"),
        "postgres://app:[redacted:url-password]@db:5432/o refused"
    );
    assert_eq!(
        say("DB_PASSWORD=FAKE1 DB_HOST=db"),
        "DB_PASSWORD=[redacted:password] DB_HOST=db"
    );
    assert_eq!(
        say("{\"user\":\"app\",\"password\":\"FAKE1\",\"n\":1}"),
        "{\"user\":\"app\",\"password\":\"[redacted:password]\",\"n\":1}"
    );
    assert_eq!(
        say("a\n-----BEGIN PRIVATE KEY-----\nFAKE\n-----END PRIVATE KEY-----\nb"),
        "a\n[redacted:private-key]\nb"
    );
}

#[test]
fn own_secrets_go_in_every_form() {
    let own = "FAKE/own+secret é";
    let redactor = Redactor::new([own, "abc"]);
    let basic = base64::Engine::encode(
        &base64::engine::general_purpose::STANDARD,
        format!("bot:{own}"),
    );
    let padded = base64::Engine::encode(
        &base64::engine::general_purpose::STANDARD,
        format!("xx{own}yy"),
    );
    let forms = [
        own.to_owned(),
        "FAKE%2Fown%2Bsecret%20%C3%A9".into(),
        "FAKE%2fown%2bsecret%20%c3%a9".into(),
        basic,
        padded,
    ];
    for form in forms {
        let out = redactor.redact(&form).into_owned();
        assert!(
            out.contains("[redacted:own-secret]") && out.len() < form.len() + 22,
            "{form} became {out}"
        );
        assert!(!out.contains("own") || out.contains("own-secret"), "{out}");
    }
    assert_eq!(
        redactor.redact("abc is too short to be a secret"),
        "abc is too short to be a secret"
    );
}

#[test]
fn every_string_of_a_payload_is_walked_and_counted() {
    let redactor = Redactor::default();
    let mut payload = serde_json::json!({"text": "xoxb-FAKE-1234-abcd", "blocks": [{"elements": [{"text": "mdp=FAKE1"}, 7, null]}], "password": "a key of ours"});
    redactor.redact_json(&mut payload);
    assert_eq!(
        payload,
        serde_json::json!({"text": "[redacted:slack-token]", "blocks": [{"elements": [{"text": "mdp=[redacted:password]"}, 7, null]}], "password": "a key of ours"})
    );
    let found: Vec<_> = redactor.counts().filter(|(_, count)| *count > 0).collect();
    assert_eq!(found, [("slack-token", 1), ("password", 1)]);
    assert_eq!(
        redactor
            .clone()
            .counts()
            .map(|(_, count)| count)
            .sum::<u64>(),
        2,
        "clones share the counts"
    );
}

#[test]
fn rules_fit_the_bit_set_and_have_key_words_in_lower_case() {
    const { assert!(OWN <= 64, "each rule has a bit") };
    assert_eq!(rules::name(OWN), "own-secret");
    RuleSet::get();
}

proptest! {
    #[test]
    fn any_text_is_safe_to_redact(text in any::<String>()) {
        let redactor = Redactor::default();
        let once = redactor.redact(&text).into_owned();
        prop_assert_eq!(redactor.redact(&once).into_owned(), once);
    }

    #[test]
    fn a_password_goes_whatever_stands_around_it(before in "[a-zé \\n:=]{0,20}", value in "[A-Z0-9]{8,40}", after in "[ \\n,;][a-zé \\n:=]{0,20}") {
        let text = format!("{before} DB_PASSWORD={value}{after}");
        let out = Redactor::default().redact(&text).into_owned();
        prop_assert!(!out.contains(&value), "{}", out);
    }
}
