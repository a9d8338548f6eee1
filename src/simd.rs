//! Runtime SIMD dispatch (pulp): loop bodies are compiled for each instruction set, and the widest that the processor
//! supports is used.
//!
//! The choice is made here and nowhere else. All instruction sets do the same additions and multiplications in the
//! same order, without fused operations, so that results are the same to the bit on every processor.

use pulp::Arch;
pub(crate) use pulp::NullaryFnOnce;
use std::sync::OnceLock;

/// The widest SIMD instruction set allowed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Width {
    /// The instructions that every processor of the architecture has.
    Baseline,
    /// 256-bit instructions, if available.
    Avx2,
    /// The widest available instructions.
    Widest,
}

static ARCH: OnceLock<Arch> = OnceLock::new();

/// Restricts the instruction set from now on, to check that results stay the same.
///
/// Returns whether the restriction took effect: after the first vectorized work it no longer does.
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

/// Runs work with the widest SIMD instructions that the processor supports.
///
/// Only code inlined into the work profits: functions called in its inner loops are marked `#[inline(always)]`, and
/// this function is called once around many loops rather than within them. A small closure is inlined without a mark.
/// A long traversal is a type of its own whose [`NullaryFnOnce::call`] is marked, because compilers do not inline
/// large closures, marked or not, and then compile them for the baseline processor.
#[inline(always)]
pub(crate) fn vectorized<W: NullaryFnOnce>(work: W) -> W::Output {
    ARCH.get_or_init(Arch::new).dispatch(work)
}

/// Returns the integer nearest to a number from 0 to 2^51, in a form that vectorizes: adding 2^52 rounds to an
/// integer, which is then found in the lowest bits.
#[inline(always)]
pub(crate) fn nearest_whole(number: f64) -> u64 {
    const ROUND: f64 = 4_503_599_627_370_496.0;
    (number + ROUND).to_bits() & 0x000F_FFFF_FFFF_FFFF
}

/// Returns the integer nearest to a number from 0 to 255, like [`nearest_whole`].
#[inline(always)]
pub(crate) fn nearest_byte(number: f32) -> u8 {
    const ROUND: f32 = 8_388_608.0;
    ((number + ROUND).to_bits() & 0xFF) as u8
}
