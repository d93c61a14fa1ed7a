import Testing

@testable import bench

struct UnsentBytesTests {
  /// Against the plainest queue there is, with pieces of all sizes; long enough for chunks to be
  /// cleared away.
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
      // More comes than goes for a while, then less.
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
