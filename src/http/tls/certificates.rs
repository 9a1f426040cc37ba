//! The webhook's certificate, its key and the CA of its clients, as they are on disk: read at the start, and
//! again when they changed, because whoever renews them (cert-manager) writes them anew and restarts nobody.

use std::fmt;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use anyhow::{Context as _, bail, ensure};
use chrono::{DateTime, TimeDelta, Utc};
use ring::digest::{Context, SHA256};
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::server::WebPkiClientVerifier;
use rustls::{RootCertStore, ServerConfig};

use crate::clock::Clock;

/// The files are looked at again at the first connection after this long.
const LOOK_AGAIN: TimeDelta = TimeDelta::minutes(1);

const CERT: &str = "VIGIE_ALERTS_TLS_CERT";
const KEY: &str = "VIGIE_ALERTS_TLS_KEY";
const CLIENT_CA: &str = "VIGIE_ALERTS_CLIENT_CA";

/// Where they are. All are PEM.
#[derive(Clone, Debug)]
pub struct Files {
    /// Certificate chain (`VIGIE_ALERTS_TLS_CERT`).
    pub cert: PathBuf,
    /// Its private key (`VIGIE_ALERTS_TLS_KEY`).
    pub key: PathBuf,
    /// CA that client certificates have to come from (`VIGIE_ALERTS_CLIENT_CA`); none asks for none.
    pub client_ca: Option<PathBuf>,
}

/// Certificate, key and CA as they are on disk.
pub struct Certificates {
    files: Files,
    clock: Clock,
    kept: Mutex<Kept>,
}

/// What was read last.
struct Kept {
    config: Arc<ServerConfig>,
    /// Of all files, to know whether they changed.
    digest: Vec<u8>,
    looked_at: DateTime<Utc>,
}

impl Certificates {
    /// Reads the files.
    ///
    /// # Errors
    /// Names the variable and the file that cannot be read, holds something else, or does not fit the others.
    pub fn read(files: Files, clock: Clock) -> anyhow::Result<Self> {
        let (config, digest) = read(&files)?;
        let looked_at = clock.now();
        let kept = Mutex::new(Kept {
            config: Arc::new(config),
            digest,
            looked_at,
        });
        Ok(Self { files, clock, kept })
    }

    /// What the next handshake is done with.
    pub(super) async fn current(self: &Arc<Self>) -> Arc<ServerConfig> {
        if self.is_due() {
            let own = Arc::clone(self);
            // A disk that hangs holds up this connection and no other.
            if let Err(error) = tokio::task::spawn_blocking(move || own.look()).await {
                tracing::error!(%error, "the webhook's certificate could not be looked at");
            }
        }
        Arc::clone(&self.kept().config)
    }

    /// True for one caller a minute.
    fn is_due(&self) -> bool {
        let now = self.clock.now();
        let mut kept = self.kept();
        // A clock that was set back must not stop it.
        let due = (now - kept.looked_at).abs() >= LOOK_AGAIN;
        if due {
            kept.looked_at = now;
        }
        due
    }

    /// Takes what is on disk, if that is new and can be used.
    fn look(&self) {
        match read(&self.files) {
            Ok((_, digest)) if digest == self.kept().digest => {}
            Ok((config, digest)) => {
                let mut kept = self.kept();
                kept.config = Arc::new(config);
                kept.digest = digest;
                tracing::info!("the webhook's certificate was renewed");
            }
            Err(error) => {
                let why = format!("{error:#}");
                tracing::error!(why, "the webhook goes on with the certificate that it has");
            }
        }
    }

    fn kept(&self) -> std::sync::MutexGuard<'_, Kept> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl fmt::Debug for Certificates {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Certificates")
            .field("files", &self.files)
            .finish_non_exhaustive()
    }
}

/// What the files make, and their digest.
fn read(files: &Files) -> anyhow::Result<(ServerConfig, Vec<u8>)> {
    let mut digest = Context::new(&SHA256);
    let cert = bytes(CERT, &files.cert, &mut digest)?;
    let key = bytes(KEY, &files.key, &mut digest)?;
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let builder = ServerConfig::builder_with_provider(Arc::clone(&provider))
        .with_safe_default_protocol_versions()?;
    let builder = match &files.client_ca {
        None => builder.with_no_client_auth(),
        Some(path) => {
            let ca = bytes(CLIENT_CA, path, &mut digest)?;
            let roots = Arc::new(roots(&ca).with_context(|| unusable(CLIENT_CA, path))?);
            let verifier = WebPkiClientVerifier::builder_with_provider(roots, provider).build();
            builder.with_client_cert_verifier(verifier.with_context(|| unusable(CLIENT_CA, path))?)
        }
    };
    let chain = chain(&cert).with_context(|| unusable(CERT, &files.cert))?;
    let key = PrivateKeyDer::from_pem_slice(&key).with_context(|| unusable(KEY, &files.key))?;
    let config = match builder.with_single_cert(chain, key) {
        Ok(config) => config,
        Err(rustls::Error::InconsistentKeys(_)) => bail!(
            "{KEY}: {} is not the key of the certificate in {CERT}: {}",
            files.key.display(),
            files.cert.display()
        ),
        Err(error) => return Err(error).with_context(|| unusable(KEY, &files.key)),
    };
    Ok((config, digest.finish().as_ref().to_vec()))
}

fn bytes(variable: &str, path: &Path, digest: &mut Context) -> anyhow::Result<Vec<u8>> {
    let bytes = std::fs::read(path).with_context(|| unusable(variable, path))?;
    digest.update(&bytes.len().to_le_bytes());
    digest.update(&bytes);
    Ok(bytes)
}

fn unusable(variable: &str, path: &Path) -> String {
    format!("{variable}: {} cannot be used", path.display())
}

fn chain(pem: &[u8]) -> anyhow::Result<Vec<CertificateDer<'static>>> {
    let chain: Vec<_> = CertificateDer::pem_slice_iter(pem).collect::<Result<_, _>>()?;
    ensure!(!chain.is_empty(), "there is no certificate in it");
    Ok(chain)
}

fn roots(pem: &[u8]) -> anyhow::Result<RootCertStore> {
    let mut roots = RootCertStore::empty();
    for certificate in chain(pem)? {
        roots.add(certificate)?;
    }
    Ok(roots)
}
