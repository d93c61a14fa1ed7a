import Common
import WireProtocols

extension Span<UInt8> {
  /// A list, split at its last comma: what comes before it, and the last item (RFC 9110 section
  /// 5.6.1).
  func splitAtLastComma(_ list: Range<Int>) -> (front: Range<Int>, item: Range<Int>) {
    guard let comma = list.last(where: { self[$0] == UInt8(ascii: ",") }) else {
      return (list.lowerBound..<list.lowerBound, trimming(list))
    }
    return (list.lowerBound..<comma, trimming(comma + 1..<list.upperBound))
  }
}

extension UInt8 {
  /// Space or tab.
  var isBlank: Bool { self == 0x20 || self == 0x09 }
}
