import CommandLineOptions
import Common
import WireProtocols

// Readers for bench's own kinds of values.
extension OptionValue {
  static func positive(_ text: String) throws(UsageError) -> Int {
    guard let number = decimal(text), number > 0 else {
      throw UsageError("expected a whole number above 0")
    }
    return number
  }

  /// Reads seconds, as ab takes them, or a number with a unit: `200ms`.
  static func seconds(_ text: String) throws(UsageError) -> Duration {
    guard let duration = time(decimal(text) == nil ? text : text + "s"), duration > .zero,
      duration <= .seconds(31_536_000)
    else {
      throw UsageError("expected a time above 0 and at most a year, such as 30, 200ms or 2m")
    }
    return duration
  }

  /// Reads a number per second: `500`, `0.5` or `500/s`.
  static func rate(_ text: String) throws(UsageError) -> Double {
    let number = text.hasSuffix("/s") ? text.dropLast(2) : text[...]
    let isPlain = number.utf8.allSatisfy { 0x30...0x39 ~= $0 || $0 == UInt8(ascii: ".") }
    guard isPlain, let rate = Double(number), 0.001...10_000_000 ~= rate else {
      throw UsageError("expected 0.001 to 10000000 per second, such as 500 or 500/s")
    }
    return rate
  }

  /// Reads bytes, or a number with a unit: `16MiB`. An echo carries three numbers of eight bytes.
  static func messageSize(_ text: String) throws(UsageError) -> Int {
    guard let bytes = try? size(text), EchoPayload.smallest...16 << 20 ~= bytes else {
      throw UsageError("expected \(EchoPayload.smallest) bytes to 16MiB")
    }
    return bytes
  }

  static func inFlight(_ text: String) throws(UsageError) -> Int {
    try number(in: 1...1024)(text)
  }

  /// A line break would start another header line, and a request that the user did not mean to
  /// send.
  static func singleLine(_ text: String) throws(UsageError) -> String {
    guard text.utf8.allSatisfy({ $0 >= 0x20 && $0 != 0x7F || $0 == 0x09 }) else {
      throw UsageError("must not contain control characters")
    }
    return text
  }

  /// Reads `Name: value`; the name is a token (RFC 9110 section 5.1).
  static func headerLine(_ text: String) throws(UsageError) -> String {
    let parts = text.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
    guard parts.count == 2, isToken(parts[0]) else { throw UsageError("expected 'Name: value'") }
    return try singleLine(text)
  }

  /// RFC 7617; Base64 leaves no control characters.
  static func basicAuthorization(_ text: String) -> String {
    "Basic " + String(decoding: Base64.encode(Array(text.utf8)), as: UTF8.self)
  }

  /// RFC 9110 section 9.1: a token. CONNECT asks for a tunnel, and no answer ends a tunnel.
  static func method(_ text: String) throws(UsageError) -> Method {
    guard isToken(text[...]) else { throw UsageError("expected a method such as GET") }
    guard text != "CONNECT" else { throw UsageError("bench talks to servers, not through proxies") }
    return Method(description: text)
  }

  /// RFC 9110 section 5.6.2.
  private static func isToken(_ text: Substring) -> Bool {
    !text.isEmpty
      && text.utf8.allSatisfy { byte in
        UInt8(ascii: "0")...UInt8(ascii: "9") ~= byte
          || UInt8(ascii: "a")...UInt8(ascii: "z") ~= byte | 0x20 && byte < 0x80
          || "!#$%&'*+-.^_`|~".utf8.contains(byte)
      }
  }
}
