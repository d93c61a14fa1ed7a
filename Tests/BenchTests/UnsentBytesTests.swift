import Testing

@testable import bench

struct UnsentBytesTests {
  /// Against the plainest queue there is, with pieces of all sizes.
  @Test func keepsBytesInOrder() {
    var queue = UnsentBytes()
    var model: [UInt8] = []
    var random = SystemRandomNumberGenerator()
    var next: UInt8 = 0
    for _ in 0..<2000 {
      let more = (0..<Int.random(in: 0...50, using: &random)).map { _ in
        next &+= 1
        return next
      }
      more.withUnsafeBytes { queue.append($0) }
      model += more
      let count = Int.random(in: 0...min(60, model.count), using: &random)
      let sent = queue.withFirst { bytes in
        #expect(bytes.elementsEqual(model))
        return count
      }
      queue.removeFirst(sent)
      model.removeFirst(count)
      #expect(queue.isEmpty == model.isEmpty)
    }
  }
}
