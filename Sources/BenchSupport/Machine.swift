import Glibc

/// The machine and the software of a measurement. It has no host name: results are published.
package struct Machine {
  package let system: String
  package let processor: String
  package let cores: Int

  package static var current: Machine {
    var name = utsname()
    uname(&name)
    // What follows the first hyphen is the name that the builder chose.
    let release = text(name.release).prefix { $0 != "-" }
    let parts = [text(name.sysname), String(release), text(name.machine)]
    return Machine(
      system: parts.joined(separator: " "), processor: processorName(),
      cores: sysconf(Int32(_SC_NPROCESSORS_ONLN)))
  }

  /// The compiler's version, how it was asked to compile, and the C library.
  package static var toolchain: String {
    #if compiler(>=6.4)
      let compiler = "Swift 6.4 or later"
    #elseif compiler(>=6.3)
      let compiler = "Swift 6.3"
    #else
      let compiler = "Swift 6.2"
    #endif
    #if DEBUG
      let configuration = "debug"
    #else
      let configuration = "release"
    #endif
    return "\(compiler), \(configuration), \(cLibrary)"
  }

  /// confstr(3), for example "glibc 2.36".
  private static var cLibrary: String {
    withUnsafeTemporaryAllocation(of: CChar.self, capacity: 64) { text in
      let size = confstr(Int32(_CS_GNU_LIBC_VERSION), text.baseAddress, text.count)
      return size > 0 ? String(cString: text.baseAddress!) : "unknown C library"
    }
  }

  /// The first "model name" of /proc/cpuinfo (proc(5)); not every architecture has one.
  private static func processorName() -> String {
    guard let bytes = try? readFile("/proc/cpuinfo") else { return "unknown" }
    let line = String(decoding: bytes, as: UTF8.self).split(separator: "\n").first {
      $0.hasPrefix("model name")
    }
    return line?.split(separator: ":").last.map { String($0.drop { $0 == " " }) } ?? "unknown"
  }

  private static func text<Characters>(_ field: Characters) -> String {
    withUnsafeBytes(of: field) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
  }
}
