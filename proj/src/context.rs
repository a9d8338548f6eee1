//! The place in which PROJ works: where its database is, what it may open and where it may write.

use crate::Refusal;
use crate::object::Object;
use proj_sys as sys;
use std::ffi::{CStr, CString, c_char, c_int, c_void};
use std::ptr::{self, NonNull};

/// The name that PROJ itself has for the database that is compiled into it (`EMBEDDED_PROJ_DB` in its
/// `factory.cpp`). Should a later one call it differently, nothing is found, and every system refused.
const EMBEDDED: &CStr = c"__embedded_proj_db__";

/// Variables that PROJ reads whatever its context says: more databases, other ways over third systems,
/// another meaning of `+init`, and lines on the terminal.
const OBEYED: [&str; 4] =
    ["PROJ_AUX_DB", "PROJ_FORCE_SEARCH_PIVOT", "PROJ_USE_PROJ4_INIT_RULES", "PROJ_LOG_SQLITE3"];

/// A context of PROJ, which belongs to one thread.
#[derive(Debug)]
pub(crate) struct Context(NonNull<sys::PJ_CONTEXT>);

impl Drop for Context {
    fn drop(&mut self) {
        // SAFETY: it was made by proj_context_create and is destroyed once.
        unsafe { sys::proj_context_destroy(self.0.as_ptr()) };
    }
}

impl Context {
    /// A context that knows the embedded database and nothing outside the program.
    pub fn new() -> Result<Self, Refusal> {
        let is_set = |name: &&&str| std::env::var_os(name).is_some();
        if let Some(name) = OBEYED.iter().find(is_set) {
            return Err(Refusal::Environment(name));
        }
        // PROJ says on the terminal that it does not know such a value before anybody can stop it.
        if std::env::var("PROJ_DEBUG").is_ok_and(|value| !is_debug_level(&value)) {
            return Err(Refusal::Environment("PROJ_DEBUG"));
        }
        // SAFETY: it takes nothing and gives a context of ours, or null.
        let context = unsafe { sys::proj_context_create() };
        let context = Self(NonNull::new(context).ok_or(Refusal::NoDatabase)?);
        let at = context.as_ptr();
        // SAFETY: the context is ours; PROJ copies the table of functions and keeps no pointer to it;
        // the functions are sound for any arguments and live as long as the program.
        let refuses_files = unsafe {
            sys::proj_log_level(at, sys::PJ_LOG_LEVEL_PJ_LOG_NONE);
            sys::proj_log_func(at, ptr::null_mut(), Some(say_nothing));
            sys::proj_context_set_fileapi(at, &NO_FILES, ptr::null_mut())
        };
        // SAFETY: as above; the path is a C string, and null is allowed for the lists.
        let opened = unsafe {
            sys::proj_context_set_enable_network(at, 0);
            sys::proj_context_set_database_path(at, EMBEDDED.as_ptr(), ptr::null(), ptr::null())
        };
        if refuses_files == 0 || opened == 0 {
            return Err(Refusal::NoDatabase);
        }
        Ok(context)
    }

    pub fn as_ptr(&self) -> *mut sys::PJ_CONTEXT {
        self.0.as_ptr()
    }

    /// What PROJ makes of a definition.
    pub fn create(&self, definition: &str) -> Result<Object, Refusal> {
        let text = CString::new(definition)
            .map_err(|_| Refusal::Unknown("a character NUL is in it".to_owned()))?;
        // SAFETY: the context is ours and the text a C string that outlives the call.
        let made = unsafe { sys::proj_create(self.as_ptr(), text.as_ptr()) };
        Object::new(made).ok_or_else(|| self.refusal())
    }

    /// The way from one system to another, each with its axes in the order of the register.
    pub fn transformation(&self, from: &Object, to: &Object) -> Result<Object, Refusal> {
        // Grids are not there, and the best way without them is taken without asking the environment.
        let options = [c"ONLY_BEST=NO".as_ptr(), ptr::null()];
        // SAFETY: the context and both objects are ours and belong together; a null area is allowed;
        // the options end with null and outlive the call.
        let made = unsafe {
            sys::proj_create_crs_to_crs_from_pj(
                self.as_ptr(),
                from.as_ptr(),
                to.as_ptr(),
                ptr::null_mut(),
                options.as_ptr(),
            )
        };
        Object::new(made).ok_or_else(|| self.refusal())
    }

    /// The same way, x and longitude first on both sides.
    pub fn ordered(&self, way: &Object) -> Result<Object, Refusal> {
        // SAFETY: the context and the object are ours and belong together.
        let ordered = unsafe { sys::proj_normalize_for_visualization(self.as_ptr(), way.as_ptr()) };
        Object::new(ordered).ok_or_else(|| self.refusal())
    }

    /// PROJ's words for what went wrong last.
    fn refusal(&self) -> Refusal {
        // SAFETY: the context is ours; the text that comes back stays valid until the next call.
        let words = unsafe {
            let code = sys::proj_context_errno(self.as_ptr());
            text_of(sys::proj_context_errno_string(self.as_ptr(), code))
        };
        // A code that is not PROJ's own has no words.
        let words = words.filter(|words| !words.starts_with("Unknown error"));
        Refusal::Unknown(words.unwrap_or_else(|| "it is not in its register".to_owned()))
    }
}

/// The text that PROJ points at.
///
/// # Safety
/// The pointer is null or points at a C string that stays as it is during the call.
pub(crate) unsafe fn text_of(text: *const c_char) -> Option<String> {
    if text.is_null() {
        return None;
    }
    // SAFETY: as the caller promises.
    let text = unsafe { CStr::from_ptr(text) };
    Some(text.to_string_lossy().into_owned()).filter(|text| !text.is_empty())
}

/// Whether PROJ takes a value of `PROJ_DEBUG` without a word.
fn is_debug_level(value: &str) -> bool {
    let named = ["on", "off"].iter().any(|word| value.eq_ignore_ascii_case(word));
    named || value.starts_with(|c: char| c == '-' || c.is_ascii_digit())
}

unsafe extern "C" fn say_nothing(_: *mut c_void, _: c_int, _: *const c_char) {}

/// There are no files, so that neither settings nor grids of other places are found.
static NO_FILES: sys::PROJ_FILE_API = sys::PROJ_FILE_API {
    version: 1,
    open_cbk: Some(open),
    read_cbk: Some(read),
    write_cbk: Some(write),
    seek_cbk: Some(seek),
    tell_cbk: Some(tell),
    close_cbk: Some(close),
    exists_cbk: Some(touch),
    mkdir_cbk: Some(touch),
    unlink_cbk: Some(touch),
    rename_cbk: Some(rename),
};

type File = *mut sys::PROJ_FILE_HANDLE;

unsafe extern "C" fn open(
    _: *mut sys::PJ_CONTEXT,
    _: *const c_char,
    _: sys::PROJ_OPEN_ACCESS,
    _: *mut c_void,
) -> File {
    ptr::null_mut()
}

unsafe extern "C" fn read(
    _: *mut sys::PJ_CONTEXT,
    _: File,
    _: *mut c_void,
    _: usize,
    _: *mut c_void,
) -> usize {
    0
}

unsafe extern "C" fn write(
    _: *mut sys::PJ_CONTEXT,
    _: File,
    _: *const c_void,
    _: usize,
    _: *mut c_void,
) -> usize {
    0
}

unsafe extern "C" fn seek(
    _: *mut sys::PJ_CONTEXT,
    _: File,
    _: std::ffi::c_longlong,
    _: c_int,
    _: *mut c_void,
) -> c_int {
    0
}

unsafe extern "C" fn tell(
    _: *mut sys::PJ_CONTEXT,
    _: File,
    _: *mut c_void,
) -> std::ffi::c_ulonglong {
    0
}

unsafe extern "C" fn close(_: *mut sys::PJ_CONTEXT, _: File, _: *mut c_void) {}

unsafe extern "C" fn touch(_: *mut sys::PJ_CONTEXT, _: *const c_char, _: *mut c_void) -> c_int {
    0
}

unsafe extern "C" fn rename(
    _: *mut sys::PJ_CONTEXT,
    _: *const c_char,
    _: *const c_char,
    _: *mut c_void,
) -> c_int {
    0
}
