//! The certificates, keys and kubeconfig files of one control plane.

use std::path::{Path, PathBuf};

use anyhow::Result;
use rcgen::{
    BasicConstraints, CertificateParams, CertifiedIssuer, DnType, ExtendedKeyUsagePurpose, IsCa,
    KeyPair, KeyUsagePurpose,
};
use serde_json::json;

/// A certificate authority made for one run, and the folder it writes to.
pub struct Authority {
    /// The folder that certificates, keys and kubeconfig files go to.
    folder: PathBuf,
    /// The signing certificate and its key.
    issuer: CertifiedIssuer<'static, KeyPair>,
}

impl Authority {
    /// Makes the authority and writes `ca.crt` and the service-account keys.
    pub fn new(folder: &Path) -> Result<Self> {
        Self::named("vigie test authority", folder)
    }

    /// The same under a name of its own.
    pub fn named(name: &str, folder: &Path) -> Result<Self> {
        let mut params = CertificateParams::default();
        params.distinguished_name.push(DnType::CommonName, name);
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        params.key_usages = vec![
            KeyUsagePurpose::KeyCertSign,
            KeyUsagePurpose::DigitalSignature,
        ];
        let issuer = CertifiedIssuer::self_signed(params, KeyPair::generate()?)?;
        std::fs::write(folder.join("ca.crt"), issuer.pem())?;
        let accounts = KeyPair::generate()?;
        std::fs::write(folder.join("accounts.key"), accounts.serialize_pem())?;
        std::fs::write(folder.join("accounts.pub"), accounts.public_key_pem())?;
        Ok(Self {
            folder: folder.to_owned(),
            issuer,
        })
    }

    /// Writes `<file>.crt` and `<file>.key`, good for serving on loopback and for
    /// calling as `user` of `group`.
    pub fn issue(&self, file: &str, user: &str, group: Option<&str>) -> Result<()> {
        self.issue_until(file, user, group, None)
    }

    /// The same for a certificate that ended years ago.
    pub fn issue_expired(&self, file: &str, user: &str) -> Result<()> {
        self.issue_until(file, user, None, Some(2020))
    }

    fn issue_until(
        &self,
        file: &str,
        user: &str,
        group: Option<&str>,
        until_year: Option<i32>,
    ) -> Result<()> {
        let names = ["127.0.0.1", "localhost", "kubernetes.default.svc"].map(str::to_owned);
        let mut params = CertificateParams::new(names)?;
        params.distinguished_name.push(DnType::CommonName, user);
        if let Some(group) = group {
            params
                .distinguished_name
                .push(DnType::OrganizationName, group);
        }
        if let Some(year) = until_year {
            params.not_after = rcgen::date_time_ymd(year, 1, 1);
        }
        params.extended_key_usages = vec![
            ExtendedKeyUsagePurpose::ServerAuth,
            ExtendedKeyUsagePurpose::ClientAuth,
        ];
        let key = KeyPair::generate()?;
        let certificate = params.signed_by(&key, &self.issuer)?;
        std::fs::write(self.folder.join(format!("{file}.crt")), certificate.pem())?;
        std::fs::write(self.folder.join(format!("{file}.key")), key.serialize_pem())?;
        Ok(())
    }

    /// Issues a client certificate and writes `<file>.kubeconfig` that uses it.
    pub fn kubeconfig(&self, file: &str, user: &str, group: Option<&str>, port: u16) -> Result<()> {
        self.issue(file, user, group)?;
        let path = |end: &str| self.folder.join(format!("{file}.{end}"));
        let user = json!({"client-certificate": path("crt"), "client-key": path("key")});
        write_kubeconfig(
            &path("kubeconfig"),
            &self.folder.join("ca.crt"),
            port,
            "default",
            &user,
        )
    }
}

/// Writes a kubeconfig with one cluster on loopback, one user, one context. JSON
/// is YAML, so no writer of YAML is needed.
pub fn write_kubeconfig(
    path: &Path,
    authority: &Path,
    port: u16,
    namespace: &str,
    user: &serde_json::Value,
) -> Result<()> {
    let cluster = json!({
        "server": format!("https://127.0.0.1:{port}"),
        "certificate-authority": authority,
    });
    let config = json!({
        "apiVersion": "v1",
        "kind": "Config",
        "clusters": [{"name": "test", "cluster": cluster}],
        "users": [{"name": "test", "user": user}],
        "contexts": [{
            "name": "test",
            "context": {"cluster": "test", "user": "test", "namespace": namespace},
        }],
        "current-context": "test",
    });
    std::fs::write(path, serde_json::to_vec_pretty(&config)?)?;
    Ok(())
}
