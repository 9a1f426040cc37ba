//! A proxy that is `slack.com` for whoever trusts its authority: Alertmanager edits its messages
//! (`update_message`) only at that address. What comes through is handed on as plain HTTP.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::Arc;
use std::thread;

use anyhow::{Context, Result};
use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, IsCa, KeyPair};
use rustls::pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer};
use rustls::{ServerConfig, ServerConnection, StreamOwned};

/// The name it answers for.
const NAME: &str = "slack.com";

/// A running proxy, which ends with the process.
pub struct Door {
    /// Its loopback port.
    port: u16,
    /// The authority to be trusted, in PEM.
    authority: tempfile::NamedTempFile,
}

impl Door {
    /// Opens it: requests go to this address.
    ///
    /// # Errors
    /// When there is no port, or no certificate can be made.
    pub fn open(to: SocketAddr) -> Result<Self> {
        let (config, pem) = certified()?;
        let authority = tempfile::NamedTempFile::new()?;
        std::fs::write(authority.path(), pem)?;
        let listener = TcpListener::bind("127.0.0.1:0")?;
        let port = listener.local_addr()?.port();
        thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let config = Arc::clone(&config);
                // A client that goes away has no answer to wait for.
                thread::spawn(move || serve(stream, config, to));
            }
        });
        Ok(Self { port, authority })
    }

    /// The proxy's address.
    pub fn url(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    /// The file of the authority that signed its certificate.
    pub fn authority(&self) -> &std::path::Path {
        self.authority.path()
    }
}

/// A certificate for [`NAME`], and the authority that signed it.
fn certified() -> Result<(Arc<ServerConfig>, String)> {
    let mut params = CertificateParams::default();
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    let issuer = CertifiedIssuer::self_signed(params, KeyPair::generate()?)?;
    let key = KeyPair::generate()?;
    let params = CertificateParams::new(vec![NAME.to_owned()])?;
    let certificate = params.signed_by(&key, &issuer)?;
    let key = PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(key.serialize_der()));
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()?
        .with_no_client_auth()
        .with_single_cert(vec![certificate.der().clone()], key)?;
    Ok((Arc::new(config), issuer.pem()))
}

/// One connection: `CONNECT`, the handshake, one request and its answer.
fn serve(mut stream: TcpStream, config: Arc<ServerConfig>, to: SocketAddr) -> Result<()> {
    let mut byte = [0];
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        stream.read_exact(&mut byte)?;
        head.push(byte[0]);
    }
    let wanted = format!("CONNECT {NAME}:443 ");
    anyhow::ensure!(head.starts_with(wanted.as_bytes()), "another place");
    stream.write_all(b"HTTP/1.1 200 Connection established\r\n\r\n")?;
    let tls = StreamOwned::new(ServerConnection::new(config)?, stream);
    let mut tls = BufReader::new(tls);
    let request = request(&mut tls)?;
    let mut onward = TcpStream::connect(to)?;
    onward.write_all(&request)?;
    let mut answer = Vec::new();
    onward.read_to_end(&mut answer)?;
    let tls = tls.get_mut();
    tls.write_all(&answer)?;
    tls.conn.send_close_notify();
    tls.flush()?;
    Ok(())
}

/// A request with its body, which asks for one answer only.
fn request(from: &mut impl BufRead) -> Result<Vec<u8>> {
    let mut head = String::new();
    from.read_line(&mut head)?;
    let mut length = 0;
    loop {
        let mut line = String::new();
        from.read_line(&mut line)?;
        if line.trim().is_empty() {
            break;
        }
        let (name, value) = line.split_once(':').context("no header")?;
        if name.eq_ignore_ascii_case("content-length") {
            length = value.trim().parse()?;
        }
        if !name.eq_ignore_ascii_case("connection") {
            head.push_str(&line);
        }
    }
    head.push_str("Connection: close\r\n\r\n");
    let mut all = head.into_bytes();
    let mut body = vec![0; length];
    from.read_exact(&mut body)?;
    all.extend(body);
    Ok(all)
}
