//! What PROJ makes: systems, and the ways between them.

use crate::Kind;
use crate::context::{Context, text_of};
use proj_sys as sys;
use std::ptr::{self, NonNull};

/// An object of PROJ, which belongs to the context that made it and must not outlive it.
#[derive(Debug)]
pub(crate) struct Object(NonNull<sys::PJ>);

impl Drop for Object {
    fn drop(&mut self) {
        // SAFETY: it was made by PROJ for us and is destroyed once.
        unsafe { sys::proj_destroy(self.0.as_ptr()) };
    }
}

impl Object {
    /// Takes over what PROJ has made; `None` of null.
    pub fn new(made: *mut sys::PJ) -> Option<Self> {
        NonNull::new(made).map(Self)
    }

    pub fn as_ptr(&self) -> *mut sys::PJ {
        self.0.as_ptr()
    }

    /// The horizontal part of a compound system, or the system that a bound one binds.
    pub fn horizontal(&self, context: &Context) -> Option<Self> {
        // SAFETY: the object is ours and alive, and so is the context that made it.
        let inner = unsafe {
            match sys::proj_get_type(self.as_ptr()) {
                sys::PJ_TYPE_PJ_TYPE_COMPOUND_CRS => {
                    sys::proj_crs_get_sub_crs(context.as_ptr(), self.as_ptr(), 0)
                }
                _ => ptr::null_mut(),
            }
        };
        Self::new(inner)
    }

    pub fn kind(&self, context: &Context) -> Kind {
        // SAFETY: the object is ours and alive.
        match unsafe { sys::proj_get_type(self.as_ptr()) } {
            sys::PJ_TYPE_PJ_TYPE_GEOGRAPHIC_CRS
            | sys::PJ_TYPE_PJ_TYPE_GEOGRAPHIC_2D_CRS
            | sys::PJ_TYPE_PJ_TYPE_GEOGRAPHIC_3D_CRS => Kind::Geographic,
            sys::PJ_TYPE_PJ_TYPE_PROJECTED_CRS | sys::PJ_TYPE_PJ_TYPE_DERIVED_PROJECTED_CRS => {
                Kind::Projected
            }
            sys::PJ_TYPE_PJ_TYPE_GEOCENTRIC_CRS => Kind::Geocentric,
            sys::PJ_TYPE_PJ_TYPE_VERTICAL_CRS => Kind::Vertical,
            sys::PJ_TYPE_PJ_TYPE_ENGINEERING_CRS => Kind::Engineering,
            sys::PJ_TYPE_PJ_TYPE_BOUND_CRS => {
                // SAFETY: the object is ours and alive, and so is the context that made it.
                let bound = unsafe { sys::proj_get_source_crs(context.as_ptr(), self.as_ptr()) };
                Self::new(bound).map_or(Kind::Other, |bound| bound.kind(context))
            }
            _ => Kind::Other,
        }
    }

    pub fn name(&self) -> String {
        // SAFETY: the object is ours and alive; the text belongs to it.
        unsafe { text_of(sys::proj_get_name(self.as_ptr())) }.unwrap_or_default()
    }

    /// The body that a system is of, where it is of one.
    pub fn body(&self, context: &Context) -> Option<String> {
        // SAFETY: the object is ours and alive; the text belongs to it.
        unsafe { text_of(sys::proj_get_celestial_body_name(context.as_ptr(), self.as_ptr())) }
    }

    pub fn area(&self, context: &Context) -> Option<[f64; 4]> {
        let [mut west, mut south, mut east, mut north] = [0.0; 4];
        // SAFETY: the object is ours and alive, the numbers live during the call, and null is allowed
        // for the name.
        let known = unsafe {
            sys::proj_get_area_of_use(
                context.as_ptr(),
                self.as_ptr(),
                &mut west,
                &mut south,
                &mut east,
                &mut north,
                ptr::null_mut(),
            )
        };
        // PROJ says −1000 where the register has no box.
        let area = [west, south, east, north];
        (known != 0 && area.iter().all(|edge| *edge >= -180.0)).then_some(area)
    }

    /// Whether a system stands on an ellipsoid within a few centimeters of that of WGS84.
    pub fn is_on_wgs84(&self, context: &Context) -> bool {
        const WGS84_M: f64 = 6_378_137.0;
        const WGS84_FLATTENING: f64 = 298.257_223_563;
        // SAFETY: the object is ours and alive, and so is the context that made it.
        let ellipsoid = unsafe { sys::proj_get_ellipsoid(context.as_ptr(), self.as_ptr()) };
        let Some(ellipsoid) = Self::new(ellipsoid) else { return false };
        let [mut semi_major, mut flattening] = [0.0; 2];
        // SAFETY: as above; the numbers live during the call, and null is allowed for the others.
        let known = unsafe {
            sys::proj_ellipsoid_get_parameters(
                context.as_ptr(),
                ellipsoid.as_ptr(),
                &mut semi_major,
                ptr::null_mut(),
                ptr::null_mut(),
                &mut flattening,
            )
        };
        known != 0
            && (semi_major - WGS84_M).abs() < 1.0
            && (flattening - WGS84_FLATTENING).abs() < 1e-3
    }

    /// Whether a transformation passes over the difference of two datums, because nothing is known of it.
    pub fn is_ballpark(&self, context: &Context) -> bool {
        // SAFETY: the object is a transformation of ours and alive, and so is the context that made it.
        let found = unsafe {
            sys::proj_coordoperation_has_ballpark_transformation(context.as_ptr(), self.as_ptr())
        };
        found == 1
    }

    /// A pair transformed; `None` where PROJ gives no finite one.
    pub fn forward(&self, x: f64, y: f64) -> Option<[f64; 2]> {
        let coordinates = sys::PJ_COORD { xyzt: sys::PJ_XYZT { x, y, z: 0.0, t: f64::INFINITY } };
        // SAFETY: the object is a transformation of ours and alive; all four numbers of a coordinate
        // are set, before and after.
        let (to, fault) = unsafe {
            sys::proj_errno_reset(self.as_ptr());
            let to = sys::proj_trans(self.as_ptr(), sys::PJ_DIRECTION_PJ_FWD, coordinates);
            (to.xyzt, sys::proj_errno(self.as_ptr()))
        };
        (fault == 0 && to.x.is_finite() && to.y.is_finite()).then_some([to.x, to.y])
    }
}
