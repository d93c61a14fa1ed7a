// Small readings of header bytes.

extension Span<UInt8> {
  /// Whether these are the bytes of `lowercase`, where ASCII letters may come in either case.
  func equalsIgnoringCase(_ lowercase: StaticString) -> Bool {
    guard count == lowercase.utf8CodeUnitCount else { return false }
    for index in indices {
      let byte = self[index]
      let isCapital = byte >= UInt8(ascii: "A") && byte <= UInt8(ascii: "Z")
      if (isCapital ? byte | 0x20 : byte) != lowercase.utf8Start[index] { return false }
    }
    return true
  }

  /// The part of `range` without the blanks around it (RFC 9110 section 5.6.3).
  func trimmingBlanks(_ range: Range<Int>) -> Range<Int> {
    var (start, end) = (range.lowerBound, range.upperBound)
    while start < end, self[start].isBlank { start += 1 }
    while start < end, self[end - 1].isBlank { end -= 1 }
    return start..<end
  }

  /// A list taken apart at its last comma: what stands in front of it, and the last item (RFC 9110 section 5.6.1).
  func splitAtLastComma(_ list: Range<Int>) -> (front: Range<Int>, item: Range<Int>) {
    guard let comma = list.last(where: { self[$0] == UInt8(ascii: ",") }) else {
      return (list.lowerBound..<list.lowerBound, trimmingBlanks(list))
    }
    return (list.lowerBound..<comma, trimmingBlanks(comma + 1..<list.upperBound))
  }
}

extension UInt8 {
  /// Space or tab.
  var isBlank: Bool { self == 0x20 || self == 0x09 }
}
