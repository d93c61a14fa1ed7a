import Testing

@testable import bench

struct UnsentBytesTests {
  /// Compared with the simplest possible queue, with pieces of all sizes, and long enough for
  /// chunks to be discarded.
  @Test func keepsBytesInOrder() throws {
    var queue = UnsentBytes()
    var model: [UInt8] = []
    var next: UInt8 = 0
    for round in 0..<5000 {
      let more = (0..<Int.random(in: 1...50)).map { _ in
        next &+= 1
        return next
      }
      more.withUnsafeBytes { queue.append($0) }
      model += more
      // For a while more is added than removed, then less.
      for _ in 0..<(round % 1000 < 500 ? 1 : 3) where !queue.isEmpty {
        var taken = 0
        let isAll = try queue.sendFirst { bytes in
          #expect(model.starts(with: bytes))
          taken = Int.random(in: 0...bytes.count)
          #expect(bytes.count <= 50)
          return taken
        }
        if isAll { #expect(taken > 0) }
        model.removeFirst(taken)
      }
      #expect(queue.isEmpty == model.isEmpty)
    }
  }
}
