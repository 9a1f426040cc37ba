//! Labels that would stand on each other are moved apart.

/// Centres of labels in one column, moved so that each has its height: as near to where they belong as can be.
/// Given and returned in the same order; all stay between `top` and `bottom`, unless they are too many for it.
pub(super) fn apart(wanted: &[f32], height: f32, (top, bottom): (f32, f32)) -> Vec<f32> {
    let mut order: Vec<usize> = (0..wanted.len()).collect();
    order.sort_by(|a, b| wanted[*a].total_cmp(&wanted[*b]));
    let mut placed: Vec<f32> = order
        .iter()
        .map(|at| wanted[*at].min(bottom).max(top))
        .collect();
    // Each round moves two that are too near by half of what is missing each; few labels, so a few rounds do.
    for _ in 0..40 {
        for n in 1..placed.len() {
            let missing = height - (placed[n] - placed[n - 1]);
            if missing > 0.0 {
                placed[n - 1] = (placed[n - 1] - missing / 2.0).max(top);
                placed[n] = (placed[n] + missing / 2.0).min(bottom);
            }
        }
    }
    let mut result = vec![0.0; wanted.len()];
    for (at, y) in order.into_iter().zip(placed) {
        result[at] = y;
    }
    result
}

/// A label in the band above the plot.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Flag {
    /// Its left end.
    pub left: f32,
    /// Its row, 0 is the one nearest to the plot.
    pub row: usize,
}

/// Two labels, and a label and another mark's line, are this far from each other.
const APART: f32 = 14.0;
/// Rows tried before a label is put across a line.
const ROWS: usize = 3;

/// Places for labels, each at its mark (its `x` and the label's width): over it, or to its left, or to its right,
/// in as few rows as can be, so that no label stands on another one or on another mark's line.
pub(super) fn flags(marks: &[(f32, f32)], (left, right): (f32, f32)) -> Vec<Flag> {
    let mut taken: Vec<(usize, f32, f32)> = Vec::new();
    for (n, &(x, width)) in marks.iter().enumerate() {
        let within = |start: f32| start.min(right - width).max(left);
        let clear = |row: usize, start: f32| {
            let (from, to) = (start - APART, start + width + APART);
            let lines = marks.iter().enumerate().filter(|(other, _)| *other != n);
            let free_of = |other: f32| other <= from || other >= to;
            taken
                .iter()
                .all(|&(at, a, b)| at != row || to < a || from > b)
                && lines.map(|(_, mark)| mark.0).all(free_of)
        };
        let places = [within(x - width / 2.0), within(x - width), within(x)];
        let all = (0..ROWS).flat_map(|row| places.map(|start| (row, start)));
        let found = all.into_iter().find(|&(row, start)| clear(row, start));
        let (row, start) = found.unwrap_or((n, places[0]));
        taken.push((row, start, start + width));
    }
    let flag = |(row, left, _)| Flag { left, row };
    taken.into_iter().map(flag).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_stand_beside_each_other_and_within_the_plot() {
        let placed = apart(&[100.0, 101.0, 99.0, 300.0], 30.0, (0.0, 310.0));
        let mut sorted = placed.clone();
        sorted.sort_by(f32::total_cmp);
        assert!(
            sorted.windows(2).all(|two| two[1] - two[0] > 29.0),
            "{placed:?}"
        );
        assert!(
            placed[2] < placed[0] && placed[0] < placed[1],
            "in their order: {placed:?}"
        );
        assert!(
            (placed[3] - 300.0).abs() < 0.5,
            "the far one stays: {placed:?}"
        );
        let ends = apart(&[0.0, 0.0, 310.0, 310.0], 30.0, (0.0, 310.0));
        assert!(ends.iter().all(|y| (0.0..=310.0).contains(y)), "{ends:?}");
        assert!(
            ends[1] - ends[0] > 29.0 && ends[3] - ends[2] > 29.0,
            "{ends:?}"
        );
        assert_eq!(apart(&[], 30.0, (0.0, 1.0)), Vec::<f32>::new());
    }

    #[test]
    fn labels_of_marks_stand_clear_of_each_other_and_of_each_others_lines() {
        let far = flags(&[(100.0, 150.0), (500.0, 150.0)], (50.0, 900.0));
        assert_eq!(far[0], Flag { left: 50.0, row: 0 });
        assert_eq!(
            far[1],
            Flag {
                left: 425.0,
                row: 0
            },
            "over its mark"
        );
        let near = flags(&[(500.0, 150.0), (540.0, 250.0)], (50.0, 900.0));
        assert_eq!(
            near,
            [
                Flag {
                    left: 350.0,
                    row: 0
                },
                Flag {
                    left: 540.0,
                    row: 0
                }
            ]
        );
        let end = flags(&[(890.0, 150.0)], (50.0, 900.0));
        assert_eq!(
            end,
            [Flag {
                left: 750.0,
                row: 0
            }],
            "it does not leave the sheet"
        );
        let same = flags(
            &[(500.0, 150.0), (500.0, 150.0), (500.0, 150.0)],
            (50.0, 900.0),
        );
        let rows: Vec<usize> = same.iter().map(|flag| flag.row).collect();
        assert!(
            rows[0] != rows[1] && rows[1] != rows[2] && rows[0] != rows[2],
            "{same:?}"
        );
    }
}
