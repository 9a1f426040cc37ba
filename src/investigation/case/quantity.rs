//! Kubernetes quantities: `512Mi`, `250m`, `2`, `12345678n`, `1e3`.
//! Syntax from the API reference, `io.k8s.apimachinery.pkg.api.resource.Quantity`.

use k8s_openapi::apimachinery::pkg::api::resource::Quantity;

/// The quantity as a number of base units (bytes, CPUs); `None` when it is not a quantity.
fn value(quantity: &str) -> Option<f64> {
    let split = quantity
        .find(|c: char| !(c.is_ascii_digit() || c == '.' || c == '-' || c == '+'))
        .unwrap_or(quantity.len());
    let (number, suffix) = quantity.split_at(split);
    let number: f64 = number.parse().ok()?;
    let factor = match suffix {
        "" => 1.0,
        "n" => 1e-9,
        "u" => 1e-6,
        "m" => 1e-3,
        "k" => 1e3,
        "M" => 1e6,
        "G" => 1e9,
        "T" => 1e12,
        "P" => 1e15,
        "E" => 1e18,
        "Ki" => 1024.0,
        "Mi" => 1_048_576.0,
        "Gi" => 1_073_741_824.0,
        "Ti" => 1_099_511_627_776.0,
        "Pi" => 1_125_899_906_842_624.0,
        "Ei" => 1_152_921_504_606_846_976.0,
        exponent => return format!("{number}{exponent}").parse().ok(),
    };
    Some(number * factor)
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "clamped to the range just before"
)]
fn whole(value: f64) -> u64 {
    value.round().clamp(0.0, 9e18) as u64
}

/// Bytes.
#[must_use]
pub fn bytes(quantity: &Quantity) -> Option<u64> {
    value(&quantity.0).map(whole)
}

/// Thousandths of a CPU.
#[must_use]
pub fn millicores(quantity: &Quantity) -> Option<u64> {
    value(&quantity.0).map(|cpus| whole(cpus * 1000.0))
}

/// Bytes as a person would write them in a manifest: the largest binary unit that stays whole, else
/// rounded to mebibytes.
#[must_use]
pub fn show_bytes(bytes: u64) -> String {
    const UNITS: [(u64, &str); 4] = [
        (1 << 40, "Ti"),
        (1 << 30, "Gi"),
        (1 << 20, "Mi"),
        (1 << 10, "Ki"),
    ];
    for (size, unit) in UNITS {
        if bytes >= size && bytes.is_multiple_of(size) {
            return format!("{}{unit}", bytes / size);
        }
    }
    if bytes >= 1 << 20 {
        format!("{}Mi", (bytes + (1 << 19)) >> 20)
    } else {
        bytes.to_string()
    }
}

/// Millicores as a person would write them in a manifest: `250m`, `2`.
#[must_use]
pub fn show_millicores(millicores: u64) -> String {
    if millicores > 0 && millicores.is_multiple_of(1000) {
        (millicores / 1000).to_string()
    } else {
        format!("{millicores}m")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quantities_are_read_as_the_api_defines_them() {
        let read = |text: &str| bytes(&Quantity(text.into()));
        assert_eq!(read("512Mi"), Some(512 << 20));
        assert_eq!(read("2Gi"), Some(2 << 30));
        assert_eq!(read("1e3"), Some(1000));
        assert_eq!(read("128974848"), Some(128_974_848));
        assert_eq!(read("1500M"), Some(1_500_000_000));
        assert_eq!(read("lots"), None);
        assert_eq!(read(""), None);
        assert_eq!(millicores(&Quantity("250m".into())), Some(250));
        assert_eq!(millicores(&Quantity("1.5".into())), Some(1500));
        assert_eq!(millicores(&Quantity("12345678n".into())), Some(12));
    }

    #[test]
    fn quantities_are_shown_as_people_write_them() {
        assert_eq!(show_bytes(512 << 20), "512Mi");
        assert_eq!(show_bytes(1 << 30), "1Gi");
        assert_eq!(show_bytes((768 << 20) + 17), "768Mi");
        assert_eq!(show_millicores(250), "250m");
        assert_eq!(show_millicores(2000), "2");
    }
}
