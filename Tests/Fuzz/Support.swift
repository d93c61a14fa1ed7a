// What the fuzz targets share. A target is compiled into one module together with the sources of `Common`, so it sees what is
// internal there.

/// SwiftPM writes this from chat.html, which has nothing to do with what is tested here.
enum PackageResources {
  // swift-format-ignore: AlwaysUseLowerCamelCase
  static let chat_html: [UInt8] = Array("<!doctype html>".utf8)
}

/// What the fuzzer made up: bytes from a client, and how they are cut into packets.
///
/// The cuts stand behind the bytes, so that seeds are plain requests: the last four bytes are the packets' sizes, used over and
/// over.
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

/// Time stands still, unless a target moves it.
let start = Instant(nanoseconds: 1_000_000_000_000)

extension IOBuffers {
  static var atStart: IOBuffers {
    var buffers = IOBuffers(inputSize: 0)
    (buffers.now, buffers.output.date) = (start, HTTPDate(secondsSince1970: 0))
    return buffers
  }
}
