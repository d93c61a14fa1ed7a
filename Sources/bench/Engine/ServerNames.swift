import BenchSupport

/// The `Server` fields of a run's responses: the first one, and the first that differs from it.
///
/// A server that the user forgot may still listen on the port, or two servers may share it
/// (socket(7), `SO_REUSEPORT`). Then the figures belong to neither.
struct ServerNames: Sendable {
  private var firstBytes: [UInt8] = []
  private var otherBytes: [UInt8] = []

  /// Compares bytes, because it runs once per response.
  mutating func note(_ bytes: some Collection<UInt8>) {
    if firstBytes.isEmpty {
      firstBytes = Array(bytes)
    } else if otherBytes.isEmpty && !bytes.isEmpty && !firstBytes.elementsEqual(bytes) {
      otherBytes = Array(bytes)
    }
  }

  var first: String { String(decoding: firstBytes, as: UTF8.self).printable }
  var other: String { String(decoding: otherBytes, as: UTF8.self).printable }

  func write(to json: inout JSONText) {
    json.member("server_software", first)
    if !otherBytes.isEmpty { json.member("other_server_software", other) }
  }

  /// A warning for the report; empty if there was only one server.
  var warnings: [String] {
    otherBytes.isEmpty
      ? []
      : [
        "",
        "WARNING: different servers answered, \(first) and \(other): do two listen on this port?",
      ]
  }
}
