import CommandLineOptions
import WireProtocols

/// The address of a Redis: `redis://[USER:PASSWORD@]HOST[:PORT][/DATABASE][/PREFIX]`. The user and
/// the password may be percent-encoded (`%40` for `@`), as in every URL (RFC 3986 section 2.1).
struct RedisURL: Sendable {
  let host: String
  let port: UInt16
  /// The arguments of `AUTH`: none, or a user and a password.
  let credentials: [String]
  let database: Int
  /// The prefix of every key. Services with different prefixes can share a Redis without seeing
  /// each other's messages.
  let prefix: String

  /// Parses an address.
  /// - Throws: ``UsageError`` if the text is anything else.
  init(_ text: String) throws(UsageError) {
    guard !text.hasPrefix("rediss://") else {
      throw UsageError("there is no TLS here; use redis:// in a network that you trust")
    }
    let form =
      #/redis://(?:([^:@/]*):([^@/]*)@)?([^:@/\[\] ]+|\[[\da-fA-F:.]+\])(?::(\d+))?(?:/(\d+))?(?:/([\w.~-]{1,64}))?/?/#
    guard let parts = text.wholeMatch(of: form)?.output,
      let port = UInt16(parts.4 ?? "6379"), port > 0, let database = Int(parts.5 ?? "0"),
      let user = Self.decoded(parts.1 ?? ""), let password = Self.decoded(parts.2 ?? "")
    else {
      throw UsageError("expected redis://[USER:PASSWORD@]HOST[:PORT][/DATABASE][/PREFIX]")
    }
    host = parts.3.filter { $0 != "[" && $0 != "]" }
    (self.port, self.database) = (port, database)
    credentials = parts.2 == nil ? [] : [user.isEmpty ? "default" : user, password]
    prefix = String(parts.6 ?? "five-ways")
  }

  private static func decoded(_ text: Substring) -> String? {
    var bytes: [UInt8] = []
    var rest = text.utf8[...]
    while let byte = rest.popFirst() {
      guard byte == UInt8(ascii: "%") else {
        bytes.append(byte)
        continue
      }
      guard let high = rest.popFirst()?.hexDigit, let low = rest.popFirst()?.hexDigit else {
        return nil
      }
      bytes.append(high << 4 | low)
    }
    return String(validating: bytes, as: UTF8.self)
  }
}
