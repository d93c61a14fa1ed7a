import Glibc

/// Looks up a glibc function that Swift's Glibc module leaves out, because it is a GNU extension or
/// is declared in a separate header.
/// - Parameter name: the name in the manual page. `Function` must be its type, with
///   `@convention(c)`.
func gnuFunction<Function>(_ name: String) -> Function? {
  dlsym(nil, name).map { unsafeBitCast($0, to: Function.self) }
}
