/// A value of RESP, the protocol of Redis: a reply, or a push that no command asked for.
///
/// Types that a program reads in the same way share a case, so RESP2 and RESP3 look the same to it.
public enum RESPValue: Equatable, Sendable {
  /// A simple, bulk or verbatim string. Also a double and a big number, as they were written.
  case string([UInt8])
  /// A code in capital letters, then a text.
  case error(String)
  /// A boolean is 0 or 1.
  case integer(Int)
  case null
  /// An array or a set.
  case array([RESPValue])
  /// Keys and values, alternating.
  case map([RESPValue])
  case push([RESPValue])
}

/// A parser's error: bytes that are not RESP, or a value that is too large. Close the connection,
/// because the parser cannot tell where the next value begins.
public enum RESPError: Error, Equatable, CustomStringConvertible {
  case malformed
  case tooLarge
  case tooDeep

  public var description: String {
    switch self {
    case .malformed: "the reply is not RESP"
    case .tooLarge: "the reply is too large"
    case .tooDeep: "the reply is nested too deeply"
    }
  }
}
