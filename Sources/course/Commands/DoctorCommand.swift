import Foundation

/// `course doctor`: says whether this machine has what the book needs, and what to do if it does
/// not.
struct DoctorCommand {
  private struct Finding {
    let isFine: Bool
    let text: String
    let advice: String
  }

  let workshop: Workshop

  func perform() throws -> ExitCode {
    let style = Style.standardOutput
    let findings = [toolchain(), descriptors(), port(), kit()]
    for finding in findings {
      print(finding.isFine ? style.good("✓") : style.bad("✗"), finding.text)
      if !finding.isFine { print("    " + finding.advice) }
    }
    return findings.allSatisfy(\.isFine) ? .passed : .notPassed
  }

  private func toolchain() -> Finding {
    let output = (try? Run(["swiftc", "--version"], silence: 60))?.output ?? ""
    let match = output.firstMatch(of: /Swift version (\d+)\.(\d+)[^ ]*/)
    let version = match.flatMap { match in
      Int(match.output.1).flatMap { major in Int(match.output.2).map { (major, $0) } }
    }
    return Finding(
      isFine: version.map { $0 >= (6, 2) } ?? false,
      text: match.map { String($0.output.0) } ?? "no swiftc",
      advice: "The book needs Swift 6.2 or later: https://www.swift.org/install")
  }

  /// Chapter 3 opens a few hundred connections, and both ends of each are on this machine.
  private func descriptors() -> Finding {
    var limit = rlimit()
    getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
    return Finding(
      isFine: limit.rlim_cur >= 1024, text: "\(limit.rlim_cur) files may be open at once",
      advice: "1024 is enough for the exercises. To raise the limit in this shell: ulimit -n 10240")
  }

  private func port() -> Finding {
    let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    defer { close(descriptor) }
    var (address, yes) = (sockaddr_in(), Int32(1))
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = UInt16(7878).bigEndian
    address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
    // As the servers do, so connections that an earlier server left behind do not count.
    setsockopt(descriptor, SOL_SOCKET, SO_REUSEADDR, &yes, socklen_t(MemoryLayout<Int32>.size))
    let status = withUnsafePointer(to: &address) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        bind(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
      }
    }
    return Finding(
      isFine: status == 0, text: "port 7878 is \(status == 0 ? "free" : "not free")",
      advice: "A server may still be running. To see which: ss -ltnp 'sport = :7878'")
  }

  private func kit() -> Finding {
    do {
      _ = try Kit(workshop)
      return Finding(isFine: true, text: "the exercises' kit compiles", advice: "")
    } catch {
      return Finding(isFine: false, text: "the exercises' kit does not compile", advice: "\(error)")
    }
  }
}
