/// The fuzzer's input: bytes from a client, and how they are cut into packets.
///
/// The sizes of the packets follow the bytes, so that seeds are plain requests: they are the last
/// four bytes, used again and again.
struct Delivery {
  let bytes: [UInt8]
  let sizes: [Int]

  init?(_ data: UnsafePointer<UInt8>, _ count: Int) {
    guard count >= 4 else { return nil }
    let all = UnsafeBufferPointer(start: data, count: count)
    bytes = Array(all.dropLast(4))
    sizes = all.suffix(4).map { Int($0) + 1 }
  }

  /// The ends of the packets.
  var cuts: [Int] {
    var cuts: [Int] = []
    var end = 0
    while end < bytes.count {
      end = min(end + sizes[cuts.count % sizes.count], bytes.count)
      cuts.append(end)
    }
    return cuts
  }
}
