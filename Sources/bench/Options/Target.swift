import CommandLineOptions
import Common

/// The target of the load: an `http` or `ws` URL split into its parts (RFC 3986, RFC 9110 section
/// 4.2.1, RFC 6455 section 3).
struct Target: Equatable, Sendable {
  /// A name or an address; an IPv6 address without its brackets, but with its zone.
  let host: String
  let port: UInt16
  /// The request target: path and query, never empty.
  let path: String
  /// The value of the `Host` field: with brackets, without port 80 and without the zone, which is
  /// only meaningful on this machine (RFC 6874 section 4).
  let authority: String
}

extension Target {
  /// Reads a URL; as with ab, `http://` may be left out. A fragment is dropped: it is never sent.
  init(url: String) throws(UsageError) {
    let rest = try Self.withoutScheme(url)
    guard url.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F }) else {
      throw UsageError("invalid URL '\(url)': spaces and non-ASCII bytes must be percent-encoded")
    }
    let authorityEnd = rest.firstIndex { "/?#".contains($0) } ?? rest.endIndex
    let (name, port) = try Self.splitAuthority(rest[..<authorityEnd], of: url)
    let target = rest[authorityEnd...].prefix { $0 != "#" }
    // In a URL the zone's percent sign is itself percent-encoded (RFC 6874 section 2).
    let address = name.dropFirst().dropLast().split(separator: "%25", maxSplits: 1)
    host = name.first == "[" ? address.joined(separator: "%") : String(name)
    self.port = port
    path = target.first == "/" ? String(target) : "/" + target
    let known = name.first == "[" ? name.prefix { $0 != "%" && $0 != "]" } + "]" : name
    authority = port == 80 ? String(known) : "\(known):\(port)"
  }

  private static func withoutScheme(_ url: String) throws(UsageError) -> Substring {
    // Without "//", the first colon is the one before the port: localhost:7878/.
    guard let separator = url.firstRange(of: "://") else { return url[...] }
    guard ["http", "ws"].contains(url[..<separator.lowerBound].lowercased()) else {
      throw UsageError("invalid URL '\(url)': only http:// and ws:// are supported")
    }
    return url[separator.upperBound...]
  }

  /// `host`, `host:port`, `[address]` or `[address]:port`; a name that starts with `[` keeps its
  /// brackets.
  private static func splitAuthority(
    _ authority: Substring, of url: String
  ) throws(UsageError) -> (name: Substring, port: UInt16) {
    if authority.contains("@") {
      throw UsageError("invalid URL '\(url)': give user and password with -A")
    }
    let nameEnd: Substring.Index
    if authority.first == "[" {
      guard let bracket = authority.firstIndex(of: "]") else {
        throw UsageError("invalid URL '\(url)': no ']' after the address")
      }
      nameEnd = authority.index(after: bracket)
    } else {
      nameEnd = authority.firstIndex(of: ":") ?? authority.endIndex
    }
    let (name, rest) = (authority[..<nameEnd], authority[nameEnd...])
    if authority.first != "[" && authority.count(where: { $0 == ":" }) > 1 {
      throw UsageError(
        "invalid URL '\(url)': an IPv6 address needs brackets, as in http://[::1]:80/")
    }
    guard !name.isEmpty, name != "[]" else { throw UsageError("invalid URL '\(url)': no host") }
    if rest.isEmpty { return (name, 80) }
    guard rest.first == ":", let port = UInt16(rest.dropFirst()), port > 0,
      rest.dropFirst().first != "+"
    else {
      throw UsageError("invalid URL '\(url)': the port must be 1 to 65535")
    }
    return (name, port)
  }
}
