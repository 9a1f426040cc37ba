//! The label sets of the metrics, and the one metric that is read from elsewhere at each scrape.

use std::fmt;

use prometheus_client::collector::Collector;
use prometheus_client::encoding::{DescriptorEncoder, EncodeLabelSet, EncodeMetric as _};
use prometheus_client::metrics::MetricType;
use prometheus_client::metrics::counter::ConstCounter;

use crate::text::Redactor;

macro_rules! labels {
    ($($name:ident { $($label:ident: $kind:ty),+ })*) => {$(
        #[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
        pub(super) struct $name { $(pub $label: $kind),+ }
    )*};
}

labels! {
    Build { version: &'static str }
    Call { method: &'static str, outcome: &'static str }
    Event { r#type: &'static str, outcome: &'static str }
    Investigated { trigger: &'static str, outcome: &'static str }
    Method { method: &'static str }
    Outcome { outcome: &'static str }
    Question { lang: &'static str, want: String, outcome: &'static str }
    Read { source: String, outcome: &'static str }
    Reason { reason: &'static str }
    Source { source: String }
}

/// `vigie_redactions_total{rule}`: the redactor counts for itself.
pub(super) struct RedactionCounts(pub Redactor);

impl fmt::Debug for RedactionCounts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("RedactionCounts")
    }
}

impl Collector for RedactionCounts {
    fn encode(&self, mut encoder: DescriptorEncoder<'_>) -> Result<(), fmt::Error> {
        let help = "Secrets taken out of outgoing text";
        let mut family =
            encoder.encode_descriptor("redactions", help, None, MetricType::Counter)?;
        for (rule, count) in self.0.counts().filter(|(_, count)| *count > 0) {
            let labels = [("rule", rule)];
            let metric = family.encode_family(&labels)?;
            ConstCounter::new(count).encode(metric)?;
        }
        Ok(())
    }
}
