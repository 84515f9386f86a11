//! Points and segments in the pixels of the stage.

use core::f32::consts::TAU;
use core::ops::{Add, Mul, Sub};

/// A point or a direction, in pixels; `y` grows downwards.
#[derive(Clone, Copy, PartialEq, Debug, Default)]
pub(crate) struct Point {
    /// To the right.
    pub(crate) x: f32,
    /// Downwards.
    pub(crate) y: f32,
}

impl Point {
    /// The point at these coordinates.
    pub(crate) const fn new(x: f32, y: f32) -> Self {
        Self { x, y }
    }

    /// The direction at this angle, clockwise from the right.
    ///
    /// To far less than a pixel: sine and cosine of angles however large, exact to the last bit,
    /// are two kilobytes that everybody would load.
    pub(crate) fn at_angle(angle: f32) -> Self {
        // A quarter of what is left of it without whole turns: at most an eighth of a turn.
        let part = (angle - (angle / TAU).round_ties_even() * TAU) / 4.0;
        let square = part * part;
        let sine = part * (1.0 - square / 6.0 * (1.0 - square / 20.0 * (1.0 - square / 42.0)));
        let ends = 1.0 - square / 30.0 * (1.0 - square / 56.0);
        let cosine = 1.0 - square / 2.0 * (1.0 - square / 12.0 * ends);
        let twice = |it: Self| Self::new(it.x * it.x - it.y * it.y, 2.0 * it.x * it.y);
        twice(twice(Self::new(cosine, sine)))
    }

    /// Its distance from the origin.
    pub(crate) fn length(self) -> f32 {
        self.dot(self).sqrt()
    }

    /// The scalar product.
    pub(crate) fn dot(self, other: Self) -> f32 {
        self.x * other.x + self.y * other.y
    }

    /// The cross product: positive if `other` lies clockwise of it.
    pub(crate) fn cross(self, other: Self) -> f32 {
        self.x * other.y - self.y * other.x
    }

    /// The same direction with length one; nothing stays nothing.
    pub(crate) fn unit(self) -> Self {
        let length = self.length();
        if length > 0.0 { self * (1.0 / length) } else { self }
    }

    /// Turned by a right angle, clockwise.
    pub(crate) fn turned(self) -> Self {
        Self::new(-self.y, self.x)
    }

    /// The point `share` of the way to `other`.
    pub(crate) fn towards(self, other: Self, share: f32) -> Self {
        self + (other - self) * share
    }
}

impl Add for Point {
    type Output = Self;
    fn add(self, other: Self) -> Self {
        Self::new(self.x + other.x, self.y + other.y)
    }
}

impl Sub for Point {
    type Output = Self;
    fn sub(self, other: Self) -> Self {
        Self::new(self.x - other.x, self.y - other.y)
    }
}

impl Mul<f32> for Point {
    type Output = Self;
    fn mul(self, factor: f32) -> Self {
        Self::new(self.x * factor, self.y * factor)
    }
}

/// The point of the segment from `start` to `end` that is nearest to `point`.
pub(crate) fn nearest_on_segment(point: Point, start: Point, end: Point) -> Point {
    let along = end - start;
    let square = along.dot(along);
    if square == 0.0 {
        return start;
    }
    let share = ((point - start).dot(along) / square).clamp(0.0, 1.0);
    start + along * share
}

/// Whether the segment `a`–`b` crosses the segment `c`–`d`.
pub(crate) fn segments_cross(a: Point, b: Point, c: Point, d: Point) -> bool {
    let side = |p: Point, q: Point, r: Point| (q - p).cross(r - p) > 0.0;
    side(a, b, c) != side(a, b, d) && side(c, d, a) != side(c, d, b)
}

/// How often the line through all of `line` crosses the segment from `start` to `end`.
pub(crate) fn crossings(line: &[Point], start: Point, end: Point) -> usize {
    line.windows(2).filter(|part| segments_cross(part[0], part[1], start, end)).count()
}

/// How far `point` is from the line through all of `line`.
pub(crate) fn distance_to_line(point: Point, line: &[Point]) -> f32 {
    line.windows(2)
        .map(|part| (nearest_on_segment(point, part[0], part[1]) - point).length())
        .fold(f32::INFINITY, f32::min)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn directions_are_those_of_the_library() {
        for step in -2_000..2_000_i16 {
            let angle = f32::from(step) / 100.0;
            let away = Point::at_angle(angle) - Point::new(angle.cos(), angle.sin());
            assert!(away.length() < 1e-5, "{angle}");
        }
    }
}
