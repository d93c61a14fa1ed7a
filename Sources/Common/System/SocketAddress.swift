import CLinux
import Glibc

/// An IPv4 or IPv6 address with its port, as the kernel keeps it (ip(7), ipv6(7)).
public struct SocketAddress: Sendable, CustomStringConvertible {
  var storage = sockaddr_storage()
  var length = socklen_t(MemoryLayout<sockaddr_storage>.size)

  public init() {}

  /// Uses the first address that ``lookUp(host:port:)`` finds.
  /// - Throws: what that throws.
  public init(host: String, port: UInt16) throws(LookupError) {
    self = try Self.lookUp(host: host, port: port)[0]
  }

  /// Looks up a host name or a numeric address (getaddrinfo(3)). Returns at least one address, the
  /// preferred one first: `localhost` is often both `::1` and 127.0.0.1.
  /// - Throws: ``LookupError`` if there is no address, with the resolver's reason.
  public static func lookUp(host: String, port: UInt16) throws(LookupError) -> [SocketAddress] {
    var hints = addrinfo()
    hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
    hints.ai_flags = AI_NUMERICSERV
    var found: UnsafeMutablePointer<addrinfo>?
    let status = getaddrinfo(host, String(port), &hints, &found)
    guard status == 0, found != nil else {
      throw LookupError(host: host, reason: String(cString: gai_strerror(status)))
    }
    defer { freeaddrinfo(found) }
    return sequence(first: found) { $0?.pointee.ai_next }.compactMap { info in
      info.map { SocketAddress($0.pointee) }
    }
  }

  private init(_ info: addrinfo) {
    length = info.ai_addrlen
    memcpy(&storage, info.ai_addr, Int(length))
  }

  /// `AF_INET` or `AF_INET6`.
  public var family: Int32 { Int32(storage.ss_family) }

  /// The TCP port.
  public var port: UInt16 {
    withUnsafeBytes(of: storage) { bytes in
      // Both families keep the port, in network byte order, right after the family.
      UInt16(bigEndian: bytes.loadUnaligned(fromByteOffset: 2, as: UInt16.self))
    }
  }

  /// `127.0.0.1:7878` or `[::1]:7878`, ready to go into a URL.
  public var description: String {
    var copy = self
    var text = [CChar](repeating: 0, count: Int(NI_MAXHOST))
    let status = copy.withMutablePointer { address, length in
      getnameinfo(
        address, length.pointee, &text, socklen_t(text.count), nil, 0, NI_NUMERICHOST)
    }
    let host =
      status == 0 ? text.withUnsafeBufferPointer { String(cString: $0.baseAddress!) } : "?"
    guard family == AF_INET6 else { return "\(host):\(port)" }
    // A URL percent-encodes the percent sign in front of a zone (RFC 6874 section 2).
    return "[\(host.split(separator: "%").joined(separator: "%25"))]:\(port)"
  }

  /// Calls `body` with the pointers for a system call that reads or fills a `sockaddr`.
  public mutating func withMutablePointer<Result>(
    _ body: (UnsafeMutablePointer<sockaddr>, UnsafeMutablePointer<socklen_t>) -> Result
  ) -> Result {
    withUnsafeMutablePointer(to: &storage) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { body($0, &length) }
    }
  }
}

/// A host name without an address.
public struct LookupError: Error, CustomStringConvertible {
  /// The name as it was given.
  public let host: String
  /// The resolver's reason, in a few words (gai_strerror(3)).
  public let reason: String
  public var description: String { "cannot resolve \(host): \(reason)" }
}
