import Glibc

/// A function of glibc that Swift's Glibc module leaves out, because it is GNU's own or in a header
/// of its own.
/// - Parameter name: as the manual page calls it. `Function` has to be its type, with
///   `@convention(c)`.
func gnuFunction<Function>(_ name: String) -> Function? {
  dlsym(nil, name).map { unsafeBitCast($0, to: Function.self) }
}
