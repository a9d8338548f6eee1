//! The seam at 180° and the poles: shapes that cross them are cut there, so that every piece can be
//! drawn and measured in longitude and latitude.
