import Common
import WireProtocols

// What the flags accept. Each throws the half sentence that ends a usage error: "-n x: must be …".

func positive(_ text: String) throws(UsageError) -> Int {
  guard let number = decimal(text), number > 0 else {
    throw UsageError("must be a whole number above 0")
  }
  return number
}

/// Seconds, as ab takes them, or a number with a unit: `200ms`.
func duration(_ text: String) throws(UsageError) -> Duration {
  let withUnit = Array((decimal(text) == nil ? text : text + "s").utf8)
  guard let duration = parseDuration(withUnit.span), duration > .zero,
    duration <= .seconds(31_536_000)
  else {
    throw UsageError("must be a time above 0 and at most a year, such as 30, 200ms or 2m")
  }
  return duration
}

/// How often in a second: `500`, `0.5` or `500/s`.
func rate(_ text: String) throws(UsageError) -> Double {
  let number = text.hasSuffix("/s") ? text.dropLast(2) : text[...]
  let isPlain = number.utf8.allSatisfy { 0x30...0x39 ~= $0 || $0 == UInt8(ascii: ".") }
  guard isPlain, let rate = Double(number), 0.001...10_000_000 ~= rate else {
    throw UsageError("must be 0.001 to 10000000 in a second, such as 500 or 500/s")
  }
  return rate
}

/// An echo carries three numbers of eight bytes.
func messageSize(_ text: String) throws(UsageError) -> Int {
  guard let size = decimal(text), EchoPayload.smallest...16 << 20 ~= size else {
    throw UsageError("must be \(EchoPayload.smallest) bytes to 16 MiB")
  }
  return size
}

func inFlight(_ text: String) throws(UsageError) -> Int {
  guard let count = decimal(text), 1...1024 ~= count else {
    throw UsageError("must be 1 to 1024")
  }
  return count
}

/// A line break would start a header line of its own, and a request nobody meant to send.
func singleLine(_ text: String) throws(UsageError) -> String {
  guard text.utf8.allSatisfy({ $0 >= 0x20 || $0 == 0x09 }) else {
    throw UsageError("must not contain control characters")
  }
  return text
}

func headerLine(_ text: String) throws(UsageError) -> String {
  let parts = text.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
  guard parts.count == 2, !parts[0].isEmpty, !parts[0].contains(" ") else {
    throw UsageError("must be 'Name: value'")
  }
  return try singleLine(text)
}

func cookie(_ text: String) throws(UsageError) -> String { "Cookie: " + (try singleLine(text)) }

/// RFC 7617; base64 leaves no control characters.
func basicAuthorization(_ text: String) throws(UsageError) -> String {
  "Authorization: Basic " + String(decoding: Base64.encode(Array(text.utf8)), as: UTF8.self)
}

/// A token (RFC 9110 section 5.6.2), as far as a method needs it.
func method(_ text: String) throws(UsageError) -> Method {
  let isToken = text.utf8.allSatisfy { byte in
    UInt8(ascii: "A")...UInt8(ascii: "Z") ~= byte & 0xDF || byte == UInt8(ascii: "-")
  }
  guard isToken, !text.isEmpty else { throw UsageError("must be letters") }
  return Method(description: text)
}

private func decimal(_ text: String) -> Int? {
  let bytes = Array(text.utf8)
  return parseDecimal(bytes.span)
}
