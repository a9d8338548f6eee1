//! Runtime SIMD dispatch (pulp): loop bodies are compiled for each instruction set, and the widest that the processor
//! has is used.
//!
//! Which of them runs is decided here and nowhere else. All of them do the same
//! additions and multiplications in the same order, without fused ones, so that answers are the same to
//! the bit on every processor.

use pulp::Arch;
pub(crate) use pulp::NullaryFnOnce;
use std::sync::OnceLock;

/// Which SIMD instructions to use, at most.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Width {
    /// Those that every processor of the kind has.
    Baseline,
    /// 256 bits where there are any.
    Avx2,
    /// The widest there are.
    Widest,
}

static ARCH: OnceLock<Arch> = OnceLock::new();

/// Keeps to some instruction set from now on, for whoever wants to see that the answers stay the same.
///
/// Says whether it took effect: after the first work is done it no longer does.
pub fn keep_to(width: Width) -> bool {
    let arch = match width {
        Width::Baseline => Arch::Scalar,
        #[cfg(target_arch = "x86_64")]
        Width::Avx2 => pulp::x86::V3::try_new().map_or(Arch::Scalar, Arch::V3),
        #[cfg(not(target_arch = "x86_64"))]
        Width::Avx2 => Arch::new(),
        Width::Widest => Arch::new(),
    };
    ARCH.set(arch).is_ok()
}

/// Does some work with the widest SIMD instructions that the processor has.
///
/// Only what is inlined into the work profits: what it calls in its inner loops is marked
/// `#[inline(always)]`, and this is called once around many loops rather than within them. A small
/// closure is inlined by itself; a whole walk is a type of its own whose [`NullaryFnOnce::call`] is
/// marked so, since compilers leave large closures where they are, marked or not, and then compile them
/// for the plainest processor.
#[inline(always)]
pub(crate) fn vectorized<W: NullaryFnOnce>(work: W) -> W::Output {
    ARCH.get_or_init(Arch::new).dispatch(work)
}

/// The whole number nearest to a number from 0 to 2^51, in a form that processors compute for many at
/// once: adding 2^52 rounds to whole numbers, which then stand in the lowest bits.
#[inline(always)]
pub(crate) fn nearest_whole(number: f64) -> u64 {
    const ROUND: f64 = 4_503_599_627_370_496.0;
    (number + ROUND).to_bits() & 0x000F_FFFF_FFFF_FFFF
}

/// The whole number nearest to a number from 0 to 255, as [`nearest_whole`].
#[inline(always)]
pub(crate) fn nearest_byte(number: f32) -> u8 {
    const ROUND: f32 = 8_388_608.0;
    ((number + ROUND).to_bits() & 0xFF) as u8
}
